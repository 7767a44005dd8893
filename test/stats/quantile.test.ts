import fc from "fast-check";
import { expect, test } from "vitest";
import {
  median,
  medianAbsoluteDeviation,
  nearestRank,
  weightedQuantile,
} from "../../src/stats/quantile.ts";
import { golden } from "./golden.ts";

for (const [index, { x, w, p, q }] of golden.weighted_quantile.cases.entries()) {
  test(`known answer: weighted quantile ${index}`, () => {
    expect(weightedQuantile(x, w, p)).toBe(q);
  });
}

for (const { name, x, p, nearest_rank } of golden.harrell_davis) {
  test(`known answer: nearest rank ${p} of ${name}`, () => {
    expect(nearestRank(x, p)).toBe(nearest_rank);
  });
}

const SAMPLE = fc.array(fc.double({ noNaN: true, noDefaultInfinity: true }), { minLength: 1 });

test("nearest rank counts what is at or below it, and needs no sorting first", () => {
  fc.assert(
    fc.property(SAMPLE, fc.integer({ min: 0, max: 1000 }), (sample, permille) => {
      const p = permille / 1000;
      const found = nearestRank(sample, p);
      const atOrBelow = sample.filter((value) => value <= found).length;
      const below = sample.filter((value) => value < found).length;
      expect(atOrBelow).toBeGreaterThanOrEqual(p * sample.length - 1e-6);
      if (permille > 0) expect(below).toBeLessThan(p * sample.length + 1e-6);
      expect(
        weightedQuantile(
          sample,
          sample.map(() => 1),
          p,
        ),
      ).toBe(found);
    }),
  );
});

test("ranks do not move by rounding", () => {
  const hundred = Array.from({ length: 100 }, (_, index) => index + 1);
  for (const rank of hundred) expect(nearestRank(hundred, rank / 100)).toBe(rank);
});

test("weights are repetitions", () => {
  const weighted = fc.array(fc.tuple(fc.integer(), fc.integer({ min: 0, max: 5 })), {
    minLength: 1,
  });
  fc.assert(
    fc.property(weighted, fc.double({ min: 0, max: 1, noNaN: true }), (pairs, p) => {
      const repeated = pairs.flatMap(([value, times]) => new Array<number>(times).fill(value));
      if (repeated.length === 0) return;
      const values = pairs.map(([value]) => value);
      expect(
        weightedQuantile(
          values,
          pairs.map(([, times]) => times),
          p,
        ),
      ).toBe(nearestRank(repeated, p));
    }),
  );
});

test("median and its deviation", () => {
  expect(median([3, 1, 2])).toBe(2);
  expect(median([4, 1, 3, 2])).toBe(2.5);
  expect(medianAbsoluteDeviation([1, 2, 3, 4, 1000])).toBe(1);
  expect(() => median([])).toThrow("empty");
  expect(() => median([1, Number.NaN])).toThrow("NaN");
  expect(() => weightedQuantile([1], [0], 0.5)).toThrow("without weight");
});

test("leaves the caller's sample alone", () => {
  const sample = Object.freeze([3, 1, 2]) as readonly number[];
  median(sample);
  nearestRank(sample, 0.9);
  medianAbsoluteDeviation(sample);
  expect(sample).toEqual([3, 1, 2]);
});
