import { expect, test } from "vitest";
import {
  headKeyOf,
  isPartOf,
  sourceChanges,
} from "../../../../src/analyze/profile/matching/source-changes.ts";
import { declaration } from "../../../judge/findings.ts";

const at = (file: string) => ({ file, line: 1 });

test("renames of functions in their package, closures included", () => {
  const { renames } = sourceChanges([
    declaration("(*T).Read", { previousName: "(*T).Scan", base: at("m/a.go"), head: at("m/b.go") }),
    declaration("moved", { previousName: "old", base: at("m/a.go"), head: at("n/a.go") }),
    declaration("Limit", { previousName: "Max", declaration: "const" }),
    declaration("same"),
  ]);
  expect([...renames]).toEqual([["example.com/m.(*T).Scan", "example.com/m.(*T).Read"]]);
  expect(headKeyOf("example.com/m.(*T).Scan.func", renames)).toBe("example.com/m.(*T).Read.func");
  expect(headKeyOf("example.com/m.(*T).Scanner", renames)).toBeUndefined();
});

test("functions that are gone and that are new, closures included", () => {
  const { removed, added } = sourceChanges([
    declaration("skip", { change: "removed" }),
    declaration("next", { change: "added" }),
    declaration("table", { change: "added", declaration: "var" }),
    declaration("same"),
  ]);
  expect([[...removed], [...added]]).toEqual([["example.com/m.skip"], ["example.com/m.next"]]);
  expect(isPartOf("example.com/m.skip.func", removed)).toBe(true);
  expect(isPartOf("example.com/m.skipAll", removed)).toBe(false);
});
