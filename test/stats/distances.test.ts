import fc from "fast-check";
import { expect, test } from "vitest";
import { andersonDarlingTest } from "../../src/stats/anderson-darling.ts";
import { harrellDavis } from "../../src/stats/harrell-davis.ts";
import { kolmogorovSmirnovTest, kolmogorovTail } from "../../src/stats/kolmogorov-smirnov.ts";
import { tailWasserstein, wasserstein } from "../../src/stats/wasserstein.ts";
import { expectClose, golden } from "./golden.ts";

for (const { name, a, b, D, p_exact, p_kolmogorov_limit } of golden.ks_2samp) {
  test(`known answer: Kolmogorov-Smirnov, ${name}`, () => {
    const { d, p } = kolmogorovSmirnovTest(a, b);
    expectClose(d, D);
    expectClose(p, p_exact);
    expectClose(
      kolmogorovTail(d * Math.sqrt((a.length * b.length) / (a.length + b.length))),
      p_kolmogorov_limit,
    );
  });
}

for (const { name, a, b, statistic_normalised_midrank } of golden.anderson_ksamp) {
  test(`known answer: Anderson-Darling, ${name}`, () => {
    expectClose(andersonDarlingTest([a, b]).statistic, statistic_normalised_midrank);
  });
}

for (const { name, u, v, u_weights, v_weights, W1 } of golden.wasserstein_1) {
  test(`known answer: Wasserstein-1, ${name}`, () => {
    const base = u_weights === undefined ? { values: u } : { values: u, weights: u_weights };
    const head = v_weights === undefined ? { values: v } : { values: v, weights: v_weights };
    expectClose(wasserstein(base, head), W1);
    expectClose(tailWasserstein(base, head, 1), W1);
  });
}

for (const { name, x, p, hd } of golden.harrell_davis) {
  test(`known answer: Harrell-Davis ${p} of ${name}`, () => {
    expectClose(harrellDavis(x, p), hd);
  });
}

const SAMPLE = fc.array(fc.integer({ min: 0, max: 50 }), { minLength: 3, maxLength: 40 });

test("order, sides and scale: the same answers", () => {
  fc.assert(
    fc.property(SAMPLE, SAMPLE, (one, other) => {
      const distance = wasserstein({ values: one }, { values: other });
      expect(wasserstein({ values: other }, { values: [...one].reverse() })).toBeCloseTo(
        distance,
        9,
      );
      const triple = (values: number[]) => values.map((value) => 3 * value);
      expect(wasserstein({ values: triple(one) }, { values: triple(other) })).toBeCloseTo(
        3 * distance,
        9,
      );
      const ks = kolmogorovSmirnovTest(one, other);
      const swapped = kolmogorovSmirnovTest(triple(other), triple(one));
      expect(swapped.d).toBe(ks.d);
      expect(swapped.p).toBeCloseTo(ks.p, 12);
    }),
  );
});

test("Kolmogorov-Smirnov equals brute force over all splits of distinct values", () => {
  const split = fc.shuffledSubarray([1, 2, 3, 4, 5, 6, 7, 8, 9], { minLength: 1, maxLength: 8 });
  fc.assert(
    fc.property(split, (first) => {
      const all = [1, 2, 3, 4, 5, 6, 7, 8, 9];
      const { d, p } = kolmogorovSmirnovTest(
        first,
        all.filter((value) => !first.includes(value)),
      );
      let [reached, splits] = [0, 0];
      for (let mask = 0; mask < 2 ** 9; mask++) {
        const one = all.filter((_, bit) => (mask >> bit) & 1);
        if (one.length !== first.length) continue;
        splits++;
        const other = all.filter((_, bit) => !((mask >> bit) & 1));
        if (kolmogorovSmirnovTest(one, other).d >= d - 1e-12) reached++;
      }
      expectClose(p, reached / splits);
    }),
    { numRuns: 15 },
  );
});

test("a tail that moved shows in the tail distance, in the values' own unit", () => {
  const base = Array.from({ length: 100 }, (_, index) => index);
  const head = base.map((value) => (value >= 95 ? value + 40 : value));
  expectClose(wasserstein({ values: base }, { values: head }), 2);
  expectClose(tailWasserstein({ values: base }, { values: head }, 0.05), 40);
  expect(tailWasserstein({ values: base }, { values: head }, 0.04)).toBeCloseTo(40, 9);
});

test("equal samples are at no distance, and are no evidence", () => {
  const same = [1, 2, 2, 3, 9];
  expect(wasserstein({ values: same }, { values: same })).toBe(0);
  expect(kolmogorovSmirnovTest(same, same)).toEqual({ d: 0, p: 1 });
  expect(andersonDarlingTest([same, same]).p).toBe(0.25);
  expect(() =>
    andersonDarlingTest([
      [5, 5],
      [5, 5],
    ]),
  ).toThrow("distinct");
});

test("samples far apart reach the end of the Anderson-Darling table", () => {
  const low = Array.from({ length: 20 }, (_, index) => index);
  expect(andersonDarlingTest([low, low.map((value) => value + 100)]).p).toBe(0.001);
  const near = andersonDarlingTest([low, low.map((value) => value + 6.5)]).p;
  expect(near).toBeGreaterThan(0.001);
  expect(near).toBeLessThan(0.05);
});

test("the smallest Harrell-Davis sample is its own quantile", () => {
  expectClose(harrellDavis([7], 0.99), 7);
  expect(() => harrellDavis([7], 1)).toThrow("quantile at 1");
});

test("large samples use Kolmogorov's limit and stay fast", () => {
  const base = Array.from({ length: 5000 }, (_, index) => (index * 7919) % 5003);
  const { p } = kolmogorovSmirnovTest(
    base,
    base.map((value) => value + 100),
  );
  expect(p).toBeGreaterThan(0.01);
  expect(p).toBeLessThan(0.5);
});
