import fc from "fast-check";
import { expect, test } from "vitest";
import { countIn, durationAtNs, type TimeBuckets, totalNs } from "../../src/hdr/time-buckets.ts";

/** Lower bound of the runtime's bucket, as runtime/histogram.go places a duration. */
function lowOf(ns: number): number {
  const width = ns < 512 ? 64 : 2 ** (Math.floor(Math.log2(ns)) - 2);
  return Math.floor(ns / width) * width * 1e-9;
}

function bucketsOf(durationsNs: readonly number[]): TimeBuckets {
  const counts = new Map<number, number>();
  for (const ns of durationsNs) counts.set(lowOf(ns), (counts.get(lowOf(ns)) ?? 0) + 1);
  return [...counts];
}

const durations = fc.array(fc.integer({ min: 0, max: 2 ** 46 }), { minLength: 1, maxLength: 200 });

test("nothing lasted nothing", () => {
  expect([countIn([]), totalNs([]), durationAtNs([], 0.99)]).toEqual([0, 0, 0]);
});

test("the bounds of a bucket, on both sides of the first doubling", () => {
  expect(totalNs([[0, 2]])).toBe(64);
  expect(totalNs([[192e-9, 1]])).toBeCloseTo(224);
  expect(totalNs([[256e-9, 1]])).toBeCloseTo(288);
  expect(totalNs([[512e-9, 1]])).toBeCloseTo(576);
});

test("a total is within an eighth, or half a bucket of 64 ns each", () => {
  fc.assert(
    fc.property(durations, (all) => {
      const exact = all.reduce((sum, ns) => sum + ns, 0);
      expect(Math.abs(totalNs(bucketsOf(all)) - exact)).toBeLessThanOrEqual(
        exact / 8 + 32.001 * all.length,
      );
    }),
  );
});

test("a quantile is one of the durations, as exactly as its bucket", () => {
  fc.assert(
    fc.property(durations, fc.double({ min: 0.01, max: 1, noNaN: true }), (all, p) => {
      const sorted = [...all].sort((one, other) => one - other);
      const exact = sorted[Math.ceil(p * all.length - 1e-9) - 1] as number;
      expect(Math.abs(durationAtNs(bucketsOf(all), p) - exact)).toBeLessThanOrEqual(
        exact / 8 + 32.001,
      );
    }),
  );
});
