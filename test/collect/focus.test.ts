import fc from "fast-check";
import { expect, test } from "vitest";
import { type Candidate, focusOn } from "../../src/collect/focus.ts";

const NEVER_MEASURED = Number.POSITIVE_INFINITY;

/** Candidates as [effect, pairs]; a pair takes 100 ms. */
function check(candidates: readonly [number, number][], leftMs: number, expected: number[]) {
  const focus = focusOn(
    candidates.map(([effect, pairs]) => ({ effect, pairs })),
    { leftMs, pairMs: 100 },
  );
  expect(focus.map(({ effect }) => effect)).toEqual(expected);
}

test("with time for all, all are measured", () => {
  check(
    [
      [0.1, 12],
      [3, 12],
      [1, 12],
    ],
    3600,
    [3, 1, 0.1],
  );
});

test("with time for two, the two that moved most are", () => {
  check(
    [
      [0.1, 12],
      [3, 12],
      [1, 12],
    ],
    2400,
    [3, 1],
  );
});

test("what is nearly proven needs little, and leaves room for others", () => {
  check(
    [
      [3, 1],
      [2, 1],
      [1, 1],
    ],
    300,
    [3, 2, 1],
  );
});

test("with time for none, the first still is", () => {
  check(
    [
      [0.1, 14],
      [3, 14],
    ],
    1,
    [3],
  );
});

test("what was never measured comes first", () => {
  check(
    [
      [5, 14],
      [NEVER_MEASURED, 14],
      [NEVER_MEASURED, 14],
    ],
    2800,
    [NEVER_MEASURED, NEVER_MEASURED],
  );
});

test("nobody is chosen before somebody who moved more", () => {
  const candidate = fc.record({
    effect: fc.double({ min: 0, noNaN: true }),
    pairs: fc.integer({ min: 1, max: 50 }),
  });
  fc.assert(
    fc.property(fc.array(candidate, { minLength: 1 }), fc.nat(100_000), (all, leftMs) => {
      const focus: Candidate[] = focusOn(all, { leftMs, pairMs: 100 });
      expect(focus.length).toBeGreaterThan(0);
      const least = Math.min(...focus.map(({ effect }) => effect));
      const left = all.filter((at) => !focus.includes(at));
      for (const { effect } of left) expect(effect).toBeLessThanOrEqual(least);
    }),
  );
});
