import fc from "fast-check";
import { expect, test } from "vitest";
import { type FlameGraph, flameGraph } from "../../src/pprof/flame-graph.ts";
import { foldedText } from "../../src/pprof/folded.ts";
import type { ProfileFrame } from "../../src/pprof/profile.ts";
import { type Stack, stacksOf } from "../../src/pprof/stacks.ts";
import { textProfile } from "../text-profile.ts";

const byName = (frame: ProfileFrame) => frame.function.name;

function stackOf(names: readonly string[], value: number): Stack {
  const frames = names.map((name) => ({
    function: { name, file: "", startLine: 0 },
    line: 0,
    inlined: false,
  }));
  return { frames, value };
}

function drawn(text: string): Stack[] {
  return stacksOf([textProfile(text)], 0);
}

function graphOf(base: readonly Stack[], head: readonly Stack[], operations = 1): FlameGraph {
  const side = (stacks: readonly Stack[]) => ({ stacks, operations });
  return flameGraph({ base: side(base), head: side(head) }, byName);
}

test("boxes are as wide as base and head together, callees above their callers' width", () => {
  const base = drawn("#  4  2 \n m.F m.G \n m.B m.B");
  const head = drawn("#  4  6 \n m.F m.H \n m.B m.B");
  const { boxes, depth } = graphOf(base, head, 2);
  expect(depth).toBe(3);
  expect(boxes.map(({ key, base, head, left, width }) => [key, base, head, left, width])).toEqual([
    ["", 3, 5, 0, 1],
    ["m.B", 3, 5, 0, 1],
    ["m.H", 0, 3, 0.625, 0.375],
    ["m.G", 1, 0, 0.5, 0.125],
    ["m.F", 2, 2, 0, 0.5],
  ]);
});

test("without any cost there is one box", () => {
  expect(graphOf([], []).boxes).toEqual([
    { key: "", depth: 0, left: 0, width: 1, base: 0, head: 0 },
  ]);
});

test("boxes stand within their callers and cost no more, whatever the stacks", () => {
  const stack = fc
    .tuple(fc.array(fc.constantFrom("a", "b", "c"), { minLength: 1 }), fc.nat(50))
    .map(([names, value]) => stackOf(names, value + 1));
  fc.assert(
    fc.property(fc.array(stack), fc.array(stack), (base, head) => {
      for (const { left, width, base: cost } of graphOf(base, head).boxes) {
        expect(left).toBeGreaterThanOrEqual(0);
        expect(left + width).toBeLessThanOrEqual(1 + 1e-9);
        expect(cost).toBeGreaterThanOrEqual(0);
      }
    }),
  );
});

test("a stack of 10,000 frames is cut, and said to be", () => {
  const deep = stackOf(
    Array.from({ length: 10_000 }, (_, at) => `f${at}`),
    1,
  );
  const { boxes, depth, leftOutCount } = graphOf([deep], []);
  expect([boxes.length, depth, leftOutCount]).toEqual([101, 101, 1]);
});

test("folded stacks are root first, and what the format cannot hold is escaped", () => {
  const stacks = [
    stackOf(["go.shape.struct { A int }", "m.B"], 3),
    stackOf(["x;y\n\0\u202e <b>", ""], 4),
    stackOf(["go.shape.struct { A int }", "m.B"], 1),
  ];
  expect(foldedText(stacks, byName)).toBe(
    "<unknown>;x\\x3by\\x0a\\x00\\u{202e} <b> 4\nm.B;go.shape.struct { A int } 4\n",
  );
});
