import fc from "fast-check";
import { expect, test } from "vitest";
import { hodgesLehmann, walshInterval } from "../../src/stats/walsh.ts";
import { expectClose, golden } from "./golden.ts";

for (const entry of golden.signed_rank) {
  test(`known answer: ${entry.name}`, () => {
    expectClose(hodgesLehmann(entry.d), entry.hodges_lehmann);
    const { low, high, level, center } = walshInterval(entry.d, 0.95);
    expectClose(center, entry.hodges_lehmann);
    expectClose(low, entry.walsh_ci95[0]);
    expectClose(high, entry.walsh_ci95[1]);
    expectClose(level, entry.walsh_ci95_exact_level);
  });
}

test("few values say which level they can hold", () => {
  const levels = [1, 2, 3, 4, 5].map(
    (n) => walshInterval(Array.from({ length: n }, (_, index) => index)).level,
  );
  expect(levels).toEqual([0, 0.5, 0.75, 0.875, 0.9375]);
  expect(walshInterval([0.5])).toEqual({ center: 0.5, low: 0.5, high: 0.5, level: 0 });
});

test("shifting and scaling the values shifts and scales the interval", () => {
  const values = fc.array(fc.integer({ min: -1000, max: 1000 }), { minLength: 1, maxLength: 30 });
  fc.assert(
    fc.property(values, fc.integer({ min: -50, max: 50 }), (sample, shift) => {
      const plain = walshInterval(sample);
      const moved = walshInterval(sample.map((value) => -2 * value + shift));
      expect(moved.center).toBeCloseTo(-2 * plain.center + shift, 9);
      expect(moved.low).toBeCloseTo(-2 * plain.high + shift, 9);
      expect(moved.high).toBeCloseTo(-2 * plain.low + shift, 9);
      expect(plain.low).toBeLessThanOrEqual(plain.center);
      expect(plain.center).toBeLessThanOrEqual(plain.high);
    }),
  );
});

test("the rank for many values meets the exact one at its limit", () => {
  const exact = walshInterval(Array.from({ length: 300 }, (_, index) => index));
  const approximate = walshInterval(Array.from({ length: 301 }, (_, index) => index));
  expect(Math.abs(exact.low + 0.5 - approximate.low)).toBeLessThan(1.5);
});

test("no values and too many are mistakes of the caller", () => {
  expect(() => walshInterval([])).toThrow("Walsh averages of 0 values");
  expect(() => hodgesLehmann(new Array(2001).fill(1))).toThrow("2001");
});
