import fc from "fast-check";
import { expect, test } from "vitest";
import { mannWhitneyTest } from "../../src/stats/mann-whitney.ts";
import { expectClose, golden } from "./golden.ts";

for (const entry of golden.mann_whitney) {
  test(`known answer: ${entry.name}`, () => {
    const { u, p } = mannWhitneyTest(entry.a, entry.b);
    expect(u).toBe(entry.U1_first_sample);
    const isApproximate = entry.b.length > 50;
    expectClose(
      p,
      isApproximate
        ? entry.p_asymptotic_continuity_tiecorrected
        : (entry.p_exact_permutation ?? entry.p_exact),
    );
  });
}

test("known answers: the smallest p of n against n", () => {
  for (const [n, p] of Object.entries(golden.mann_whitney_min_two_sided_p_by_n)) {
    const low = Array.from({ length: Number(n) }, (_, index) => index);
    expectClose(
      mannWhitneyTest(
        low,
        low.map((value) => value + 100),
      ).p,
      p as number,
    );
  }
});

const SAMPLE = fc.array(fc.integer({ min: 0, max: 6 }), { minLength: 1, maxLength: 5 });

test("equals brute force over all splits, ties or not", () => {
  fc.assert(
    fc.property(SAMPLE, SAMPLE, (first, second) => {
      expectClose(mannWhitneyTest(first, second).p, bruteForceP(first, second));
    }),
  );
});

test("order, side and scale do not matter to p", () => {
  fc.assert(
    fc.property(SAMPLE, SAMPLE, (first, second) => {
      const { u, p } = mannWhitneyTest(first, second);
      expect(mannWhitneyTest([...first].reverse(), second).p).toBe(p);
      const scaled = mannWhitneyTest(
        first.map((x) => 3 * x),
        second.map((x) => 3 * x),
      );
      expect(scaled).toEqual({ u, p });
      expect(mannWhitneyTest(second, first).u).toBe(first.length * second.length - u);
    }),
  );
});

test("equal values are no evidence, an empty sample is a mistake", () => {
  expect(mannWhitneyTest([5, 5], [5]).p).toBe(1);
  expect(mannWhitneyTest(new Array(60).fill(5), [5]).p).toBe(1);
  expect(() => mannWhitneyTest([], [1])).toThrow("empty");
});

/** benchstat's rule: twice P(U <= the smaller U), 1 in the middle. */
function bruteForceP(first: readonly number[], second: readonly number[]): number {
  const all = [...first, ...second];
  const u = (mask: number) => {
    const inFirst = all.filter((_, bit) => (mask >> bit) & 1);
    const inSecond = all.filter((_, bit) => !((mask >> bit) & 1));
    let sum = 0;
    for (const one of inFirst)
      for (const other of inSecond) sum += Math.sign(one - other) / 2 + 0.5;
    return sum;
  };
  const product = first.length * second.length;
  const observed = u(2 ** first.length - 1);
  if (observed * 2 === product || new Set(all).size === 1) return 1;
  const smaller = Math.min(observed, product - observed);
  let [reached, splits] = [0, 0];
  for (let mask = 0; mask < 2 ** all.length; mask++) {
    if (all.filter((_, bit) => (mask >> bit) & 1).length !== first.length) continue;
    splits++;
    if (u(mask) <= smaller) reached++;
  }
  return Math.min(1, (2 * reached) / splits);
}
