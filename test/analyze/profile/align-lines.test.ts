import fc from "fast-check";
import { expect, test } from "vitest";
import { mostGained } from "../../../src/analyze/profile/align-lines.ts";

type Lines = Readonly<Record<number, number>>;

function gained(base: Lines, head: Lines) {
  const list = (lines: Lines) =>
    Object.entries(lines).map(([line, value]) => ({ line: Number(line), value }));
  const found = mostGained(list(base), list(head));
  return found === undefined ? undefined : `${found.side}:${found.line}`;
}

test.each<readonly [string, Lines, Lines, string | undefined]>([
  [
    "a new line between others that only moved",
    { 10: 64, 12: 32 },
    { 13: 64, 14: 48, 16: 32 },
    "head:14",
  ],
  ["a line that allocates more, all moved", { 10: 64, 12: 32 }, { 20: 64, 22: 96 }, "head:22"],
  ["the only line, new", {}, { 7: 16 }, "head:7"],
  ["a line that is gone", { 10: 64, 12: 32 }, { 10: 64 }, "base:12"],
  ["the same", { 10: 64 }, { 40: 64 }, undefined],
  ["nothing", {}, {}, undefined],
  ["the larger of two gains", { 10: 64 }, { 10: 64, 11: 8, 12: 80 }, "head:12"],
])("%s", (_, base, head, expected) => {
  expect(gained(base, head)).toBe(expected);
});

test("a line inserted into any function is the one that gained", () => {
  const values = fc.array(fc.integer({ min: 1, max: 1000 }), { maxLength: 12 });
  fc.assert(
    fc.property(values, fc.nat(12), fc.integer({ min: 1001, max: 2000 }), (before, place, more) => {
      const at = Math.min(place, before.length);
      const after = [...before.slice(0, at), more, ...before.slice(at)];
      const numbered = (list: readonly number[]) =>
        list.map((value, index) => ({ line: index + 1, value }));
      expect(mostGained(numbered(before), numbered(after))).toEqual({ side: "head", line: at + 1 });
    }),
  );
});
