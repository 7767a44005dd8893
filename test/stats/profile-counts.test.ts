import fc from "fast-check";
import { expect, test } from "vitest";
import { benjaminiHochberg } from "../../src/stats/multiplicity.ts";
import {
  compareCounts,
  devianceP,
  dispersionPrior,
  fitTwoGroups,
  type GroupCounts,
} from "../../src/stats/quasi-poisson.ts";
import { nextFloat, type Random, seededRandom } from "../../src/stats/random.ts";
import { sizeFactors } from "../../src/stats/size-factors.ts";
import { expectClose, golden } from "./golden.ts";
import { normal } from "./noise.ts";

test("known answer: two groups of counts", () => {
  const { counts, pearson_dispersion, deviance_full, deviance_null, F, p, log_rate_ratio } =
    golden.quasi_poisson_two_groups;
  const fit = fitTwoGroups({ base: counts[0], head: counts[1] });
  expectClose(fit.dispersion, pearson_dispersion);
  expectClose(fit.deviance, deviance_full);
  expectClose(fit.deviance + fit.devianceDrop, deviance_null);
  expectClose(fit.devianceDrop / fit.dispersion, F);
  expectClose(devianceP(fit.devianceDrop, fit.dispersion, fit.freedom), p);
  expectClose(fit.logRatio, log_rate_ratio);
});

const COUNTS = fc.array(fc.nat(100), { minLength: 2, maxLength: 6 });

test("swapping sides keeps the fit and turns the ratio; longer runs count for more", () => {
  fc.assert(
    fc.property(COUNTS, COUNTS, (base, head) => {
      const fit = fitTwoGroups({ base, head });
      const swapped = fitTwoGroups({ base: head, head: base });
      expect(swapped.devianceDrop).toBeCloseTo(fit.devianceDrop, 6);
      expect(swapped.logRatio).toBeCloseTo(-fit.logRatio, 9);
      const doubled = fitTwoGroups(
        { base, head: head.map((count) => 2 * count) },
        { base: base.map(() => 1), head: head.map(() => 2) },
      );
      expect(doubled.logRatio).toBeCloseTo(fit.logRatio, 9);
      expect(
        devianceP(fit.devianceDrop, Math.max(1, fit.dispersion), fit.freedom),
      ).toBeLessThanOrEqual(1);
    }),
  );
});

test("nothing counted is no evidence, counted on one side only is an infinite ratio", () => {
  const none = { base: [0, 0, 0], head: [0, 0, 0] };
  expect(compareCounts([none])[0]).toMatchObject({ logRatio: 0, p: 1 });
  const fresh = compareCounts([{ base: [0, 0, 0], head: [30, 31, 29] }])[0]!;
  expect(fresh.logRatio).toBe(Number.POSITIVE_INFINITY);
  expect(fresh.p).toBeLessThan(0.01);
});

test("equal dispersions share all their degrees of freedom, spread ones few", () => {
  expect(dispersionPrior([1.5, 1.5, 1.5, 1.5], 8).freedom).toBe(Number.POSITIVE_INFINITY);
  const spread = dispersionPrior([0.01, 0.1, 1, 10, 100, 5, 0.5, 20], 8);
  expect(spread.freedom).toBeLessThan(4);
  // One dispersion tells nothing of others.
  expect(dispersionPrior([3], 8)).toEqual({ dispersion: 1, freedom: 0 });
});

/** Samples of one function in one run: bursts of 15 % around its share, then counting noise. */
function burstyCount(random: Random, mean: number): number {
  const rate = mean * Math.exp(0.15 * normal(random));
  return Math.max(0, Math.round(rate + Math.sqrt(rate) * normal(random)));
}

function profileRuns(random: Random, changed: number): GroupCounts[] {
  return Array.from({ length: 120 }, (_, row) => {
    const mean = 400 / (row + 1) + 15;
    const runs = (factor: number) =>
      Array.from({ length: 8 }, () => burstyCount(random, factor * mean));
    return { base: runs(1), head: runs(row < changed ? 2 : 1) };
  });
}

test("harmless profiles seldom alarm, doubled functions are found", () => {
  const random = seededRandom(21);
  let alarmed = 0;
  let found = 0;
  for (let run = 0; run < 60; run++) {
    const adjusted = benjaminiHochberg(compareCounts(profileRuns(random, 0)).map(({ p }) => p));
    if (adjusted.some((p) => p <= 0.05)) alarmed++;
  }
  for (let run = 0; run < 10; run++) {
    const adjusted = benjaminiHochberg(compareCounts(profileRuns(random, 4)).map(({ p }) => p));
    found += adjusted.slice(0, 4).filter((p) => p <= 0.05).length;
  }
  // 5 % of 60 runs are 3; 8 is three standard deviations more.
  expect(alarmed).toBeLessThanOrEqual(8);
  expect(found).toBeGreaterThanOrEqual(36);
});

test("sizes follow the runs' length and not one function that tripled", () => {
  const random = seededRandom(2);
  const lengths = [1, 2, 0.5, 1];
  const rows = Array.from({ length: 50 }, (_, row) =>
    lengths.map((length, run) =>
      Math.round(length * (1000 + 500 * nextFloat(random)) * (row === 0 && run === 3 ? 30 : 1)),
    ),
  );
  const sizes = sizeFactors(rows);
  expect(sizes[1]! / sizes[0]!).toBeCloseTo(2, 0);
  expect(Math.abs(sizes[3]! / sizes[0]! - 1)).toBeLessThan(0.15);
  expect(
    sizeFactors([
      [0, 4],
      [3, 0],
    ]),
  ).toEqual([6 / 7, 8 / 7]);
  expect(sizeFactors([])).toEqual([]);
});
