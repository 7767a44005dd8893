// Which functions take more samples in head's profiles than in base's? Counts of several profile
// runs a side, function by function.
//
// Samples of one run come in bursts, so plain Poisson or binomial tests raise a false alarm in 71
// to 100 % of harmless comparisons. Here the variance is φ·mean, φ estimated from the runs; with
// few runs a single function's φ is poor, so it is drawn towards what all functions show
// (empirical Bayes, Smyth 2004, Stat. Appl. Genet. Mol. Biol. 3) and never below 1, the Poisson's
// own. The test is the deviance's F. Mann-Whitney over runs was rejected: its smallest p cannot
// survive the correction.

import assert from "node:assert/strict";
import { betainc, digamma, normalCdf, trigamma } from "./special-functions.ts";
import { sum } from "./sum.ts";

/** Counts of one function, one per run. */
export type GroupCounts = { readonly base: readonly number[]; readonly head: readonly number[] };

/** Relative size of each run, such as `sizeFactors` gives: counts are compared per size. */
export type RunSizes = GroupCounts;

export type TwoGroupFit = {
  /** ln of head's rate over base's; infinite where a side has no counts. */
  readonly logRatio: number;
  /** How much worse one common rate fits than two. */
  readonly devianceDrop: number;
  readonly deviance: number;
  /** Pearson's χ² per degree of freedom. */
  readonly dispersion: number;
  /** Runs minus 2. */
  readonly freedom: number;
};

/** Fits one rate per side; at least three runs in all, sizes above 0. */
export function fitTwoGroups(counts: GroupCounts, sizes?: RunSizes): TwoGroupFit {
  const sides = (["base", "head"] as const).map((side) => ({
    counts: counts[side],
    sizes: sizes?.[side] ?? counts[side].map(() => 1),
  }));
  for (const side of sides) {
    assert(side.counts.length > 0 && side.counts.length === side.sizes.length, "runs");
  }
  const freedom = counts.base.length + counts.head.length - 2;
  assert(freedom > 0, "too few runs");
  const rates = sides.map((side) => sum(side.counts) / sum(side.sizes));
  const common =
    sum(sides.flatMap((side) => side.counts)) / sum(sides.flatMap((side) => side.sizes));
  let [deviance, nullDeviance, pearson] = [0, 0, 0];
  for (const [at, side] of sides.entries()) {
    for (const [run, count] of side.counts.entries()) {
      const size = side.sizes[run] as number;
      const expected = (rates[at] as number) * size;
      deviance += unitDeviance(count, expected);
      nullDeviance += unitDeviance(count, common * size);
      if (expected > 0) pearson += (count - expected) ** 2 / expected;
    }
  }
  return {
    logRatio: common === 0 ? 0 : Math.log((rates[1] as number) / (rates[0] as number)),
    devianceDrop: Math.max(0, nullDeviance - deviance),
    deviance,
    dispersion: pearson / freedom,
    freedom,
  };
}

/** p of the deviance's F with one and `freedom` degrees of freedom, which may be Infinity. */
export function devianceP(devianceDrop: number, dispersion: number, freedom: number): number {
  const f = devianceDrop / dispersion;
  if (!Number.isFinite(freedom)) return 2 * normalCdf(-Math.sqrt(f), 0, 1);
  return betainc(freedom / (freedom + f), freedom / 2, 0.5);
}

export type CountComparison = {
  readonly logRatio: number;
  /** Shrunken, at least 1. */
  readonly dispersion: number;
  readonly p: number;
};

/** Compares many functions that were counted in the same runs; p before any correction. */
export function compareCounts(rows: readonly GroupCounts[], sizes?: RunSizes): CountComparison[] {
  const fits = rows.map((row) => fitTwoGroups(row, sizes));
  const prior = dispersionPrior(
    fits.filter(({ dispersion }) => dispersion > 0).map(({ dispersion }) => dispersion),
    fits[0]?.freedom ?? 1,
  );
  return fits.map((fit) => {
    const shrunken = Number.isFinite(prior.freedom)
      ? (prior.freedom * prior.dispersion + fit.freedom * fit.dispersion) /
        (prior.freedom + fit.freedom)
      : prior.dispersion;
    const dispersion = Math.max(1, shrunken);
    return {
      logRatio: fit.logRatio,
      dispersion,
      p: devianceP(fit.devianceDrop, dispersion, prior.freedom + fit.freedom),
    };
  });
}

/**
 * The dispersion that all functions share and how many degrees of freedom it is worth, by
 * Smyth's moments of ln(dispersion); freedom is Infinity where they differ no more than chance.
 */
export function dispersionPrior(
  dispersions: readonly number[],
  freedom: number,
): { readonly dispersion: number; readonly freedom: number } {
  if (dispersions.length < 2) return { dispersion: 1, freedom: 0 };
  const half = freedom / 2;
  const e = dispersions.map((value) => Math.log(value) - digamma(half) + Math.log(half));
  const mean = sum(e) / e.length;
  const variance = sum(e.map((value) => (value - mean) ** 2)) / (e.length - 1);
  const excess = variance - trigamma(half);
  if (excess <= 0) return { dispersion: Math.exp(mean), freedom: Number.POSITIVE_INFINITY };
  const priorHalf = inverseTrigamma(excess);
  return {
    dispersion: Math.exp(mean + digamma(priorHalf) - Math.log(priorHalf)),
    freedom: 2 * priorHalf,
  };
}

/** The x with trigamma(x) = y > 0: trigamma falls from Infinity to 0, so halving finds it. */
function inverseTrigamma(y: number): number {
  let [low, high] = [1e-8, 1e8];
  for (let step = 0; step < 200; step++) {
    const middle = Math.sqrt(low * high);
    if (trigamma(middle) > y) low = middle;
    else high = middle;
  }
  return Math.sqrt(low * high);
}

/** 2·(y·ln(y/μ) - (y - μ)), the Poisson's. */
function unitDeviance(count: number, expected: number): number {
  assert(count >= 0, `count ${count}`);
  const logPart = count === 0 ? 0 : count * Math.log(count / expected);
  return 2 * (logPart - (count - expected));
}
