import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { withoutRecursion } from "../../../src/analyze/profile/recursion.ts";
import type { ProfileFrame } from "../../../src/pprof/profile.ts";
import { stacksIn, tableOf } from "../../../src/pprof/stack-table.ts";

/** "name:line" of each frame, leaf first. */
function framesOf(stack: readonly string[]): ProfileFrame[] {
  return stack.map((frame) => {
    const [name = "", line = "1"] = frame.split(":");
    return {
      function: { name, file: "m/file.go", startLine: 1 },
      line: Number(line),
      inlined: false,
    };
  });
}

function erased(stack: readonly string[]): string[] {
  const [first] = stacksIn(withoutRecursion(tableOf([{ frames: framesOf(stack), value: 3 }])));
  expect(first?.value).toBe(3);
  return (first?.frames ?? []).map((frame) => `${frame.function.name}:${frame.line}`);
}

describe("a recursive function is on the path once", () => {
  test.each([
    ["itself", "walk:9 walk:8 walk:8 Bench:1", "walk:9 Bench:1"],
    ["through another", "walk:9 visit:3 walk:8 visit:3 walk:7 Bench:1", "walk:9 Bench:1"],
    [
      "and what it calls from there stays",
      "grow:2 visit:3 walk:8 visit:4 Bench:1",
      "grow:2 visit:3 Bench:1",
    ],
    ["two of them", "a:1 a:2 b:1 b:2 Bench:1", "a:1 b:1 Bench:1"],
    [
      "a closure that calls another one is none",
      "f.func2:1 each:2 f.func1:3 f:4",
      "f.func2:1 each:2 f.func1:3 f:4",
    ],
  ])("%s", (_, stack, expected) => {
    expect(erased(stack.split(" ")).join(" ")).toBe(expected);
  });
});

test("leaf and root stay, no function is there twice, all are in their order", () => {
  const stack = fc.array(fc.constantFrom("a", "b", "c", "d", "e"), { minLength: 1, maxLength: 40 });
  fc.assert(
    fc.property(stack, (names) => {
      const numbered = names.map((name, at) => `${name}:${at + 1}`);
      const left = erased(numbered);
      const functions = left.map((frame) => frame.split(":")[0]);
      expect(left[0]).toBe(numbered[0]);
      expect(functions.at(-1)).toBe(names.at(-1));
      expect(new Set(functions).size).toBe(functions.length);
      expect(numbered.filter((frame) => left.includes(frame))).toEqual(left);
    }),
  );
});

test("a stack of 10,000 calls of itself is one call", () => {
  expect(erased(Array.from({ length: 10_000 }, () => "m.walk:5"))).toEqual(["m.walk:5"]);
});
