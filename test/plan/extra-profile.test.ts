import { expect, test } from "vitest";
import { parseExtraProfiles } from "../../src/plan/extra-profile.ts";

test.each([
  ["mutex", ["mutex"]],
  ["mutex,block,trace", ["mutex", "block", "trace"]],
  ["block,block", ["block"]],
  ["", undefined],
  ["cpu", undefined],
  ["mutex, block", undefined],
  ["mutex,goroutine", undefined],
])("%j", (text, expected) => {
  expect(parseExtraProfiles(text)).toEqual(expected);
});
