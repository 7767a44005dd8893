import { expect, test } from "vitest";
import {
  headKeyOf,
  isPartOf,
  keysOfNames,
} from "../../../../src/analyze/profile/matching/name-keys.ts";

const KEYS = keysOfNames({
  renamed: new Map([["example.com/m.(*T).Scan", "example.com/n.(*T).Read"]]),
  removed: new Set(["example.com/m.skip"]),
  added: new Set(["example.com/m.next"]),
});

test("a renamed function with its closures, and no function whose name only begins alike", () => {
  expect(headKeyOf("example.com/m.(*T).Scan", KEYS.renamed)).toBe("example.com/n.(*T).Read");
  expect(headKeyOf("example.com/m.(*T).Scan.func", KEYS.renamed)).toBe(
    "example.com/n.(*T).Read.func",
  );
  expect(headKeyOf("example.com/m.(*T).Scanner", KEYS.renamed)).toBeUndefined();
});

test("functions that are gone, closures included", () => {
  expect(isPartOf("example.com/m.skip.func", KEYS.removed)).toBe(true);
  expect(isPartOf("example.com/m.skipAll", KEYS.removed)).toBe(false);
});
