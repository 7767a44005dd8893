import { expect, test } from "vitest";
import type { ProfileFrame } from "../../src/pprof/profile.ts";
import {
  callEdges,
  functionCosts,
  mergeStacks,
  stacksOf,
  totalValue,
} from "../../src/pprof/stacks.ts";
import { textProfile } from "../text-profile.ts";

const byName = (frame: ProfileFrame) => frame.function.name;

function drawn(text: string) {
  return stacksOf([textProfile(text)], 0);
}

test("a function that calls itself is counted once", () => {
  const stacks = drawn(
    `
    #        3        2       1
    m.leaf   .        .       .
    m.walk   m.walk   .       .
    m.walk   m.walk   m.walk  .
    m.Bench  m.Bench  m.Bench m.Bench
  `.replace("#        3        2       1", "#        3        2       1       4"),
  );
  expect(Object.fromEntries(functionCosts(stacks, byName))).toEqual({
    "m.leaf": { flat: 3, cum: 3 },
    "m.walk": { flat: 3, cum: 6 },
    "m.Bench": { flat: 4, cum: 10 },
  });
  expect(callEdges(stacks, byName)).toEqual([
    { caller: "m.walk", callee: "m.leaf", value: 3 },
    { caller: "m.Bench", callee: "m.walk", value: 6 },
  ]);
});

test("leaves of the preemption signal are charged to the code below", () => {
  const stacks = drawn(`
    #                     2               3       4       1
    runtime.asyncPreempt  .               .       .
    m.loop                m.loop          .       .
    m.Bench               m.Bench         m.Bench runtime.asyncPreempt
  `);
  expect(Object.fromEntries(functionCosts(stacks, byName))).toEqual({
    "m.loop": { flat: 5, cum: 5 },
    "m.Bench": { flat: 4, cum: 9 },
  });
});

test("profiles are added up, and stacks that differ in lines are one", () => {
  const one = textProfile("#  2  1 \n m.F:1 m.F:2 \n m.Bench:9 m.Bench:9");
  const other = textProfile("#  4  7 \n m.F:3 m.G \n m.Bench:8 m.Bench");
  const merged = mergeStacks(stacksOf([one, other], 0), byName);
  expect(merged.map(({ frames, value }) => [frames.map(byName).join(" "), value])).toEqual([
    ["m.F m.Bench", 7],
    ["m.G m.Bench", 7],
  ]);
  expect(totalValue(merged)).toBe(14);
});

test("samples without a value or a frame are left out", () => {
  expect(drawn("#  0  1 \n m.F m.G").map(({ value }) => value)).toEqual([1]);
  expect(stacksOf([textProfile("m.F")], 5)).toEqual([]);
});
