// After each round: may this benchmark stop, and does it look changed?
//
// Stopping can never raise false alarms, because the e-process is valid under any rule; it only
// costs power. So pairs go where they are needed: a benchmark stops when the wealth is enough for
// any correction over the family, or when the estimate plus 1.625 standard errors stays under the
// practical threshold (1.3 · 1.25: the bound's own width times the MAD's loss of efficiency
// against the standard deviation) and the interval hides no change of twice the threshold, or at the
// cap. In simulations this needs 6.5 to 10 pairs a benchmark where 30 fixed ones find the same. An
// "equivalence" e-process was rejected: 14 pairs.
import assert from "node:assert/strict";
import type { EProcess } from "./e-process.ts";
import { eProcessP } from "./e-process.ts";
import { couldHide } from "./power.ts";
import { MAD_TO_SD, medianAbsoluteDeviation } from "./quantile.ts";
import { signedRankTest } from "./signed-rank.ts";
import { hodgesLehmann, walshInterval } from "./walsh.ts";

const FUTILITY_WIDTH = 1.625;
// A spread below 0.1 % is the clock's and the compiler's, not known better by five pairs.
const SMALLEST_SPREAD = 0.001;
/** Below five pairs a MAD says nothing. */
export const FEWEST_FOR_FUTILITY = 5;

/**
 * Pairs are called the same only where they hide no change of twice the threshold. A median absolute
 * deviation shrugs off two of five pairs: where a benchmark has two levels (goroutines that contend
 * or not), it called a slow-down by 9 % the same in 26 % of 2,000 simulated runs, and so none are
 * (test/stats/settled.test.ts).
 */
export const MOST_HIDDEN = 2;

export type SettleRule = {
  /** Practical threshold, a fraction: 0.03 is 3 %. */
  readonly threshold: number;
  /** Benchmarks judged together; the evidence must survive a correction over all of them. */
  readonly familySize: number;
  /** False-alarm rate of the family. */
  readonly familyAlpha: number;
  /** Pairs after which a benchmark stops in any case. */
  readonly cap: number;
};

/**
 * The part of the pull request's 5 % that the watched time may spend over all benchmarks: typical
 * time has 2 %, and four metrics tell it (p10, p50, mean, CPU time), of which one alone may move.
 */
export const WATCHED_FAMILY_ALPHA = 0.005;
/** Confirmation is fresh data, so a suspicion may be wrong one time in twenty. */
const SUSPECT_P = 0.05;
/**
 * A quiet machine needs 30 pairs at most; on a busy one 50 settle as "the same" what noise left
 * open at 30. Beyond, the interval narrows slower than a pull request waits.
 */
export const DEFAULT_CAP = 50;

/** Log-ratios ln(head / base) of one benchmark and metric in the order measured, and their bet. */
export type PairsSoFar = { readonly logRatios: readonly number[]; readonly eProcess: EProcess };

/** Why the benchmark needs no more pairs, or "open". */
export type Settlement = "changed" | "no-change" | "cap" | "open";

/** Whether more pairs would still decide something. */
export function settlement(soFar: PairsSoFar, rule: SettleRule): Settlement {
  assert.equal(soFar.logRatios.length, soFar.eProcess.pairs, "bet and pairs differ");
  assert(rule.familySize >= 1 && rule.familyAlpha > 0 && rule.threshold > 0, "rule");
  // 2: the signed-rank test at the cap shares the error budget with the bet.
  const enough = Math.log((2 * rule.familySize) / rule.familyAlpha);
  if (soFar.eProcess.highestLogE >= enough) return "changed";
  if (looksUnchanged(soFar.logRatios, rule.threshold)) return "no-change";
  return soFar.logRatios.length >= rule.cap ? "cap" : "open";
}

function looksUnchanged(logRatios: readonly number[], threshold: number): boolean {
  if (futilityBound(logRatios) >= Math.log1p(threshold)) return false;
  return couldHide(walshInterval(logRatios)) < Math.log1p(MOST_HIDDEN * threshold);
}

/**
 * The direction a benchmark seems to have moved in: worth a profile and confirming processes.
 * Deliberately generous, without correction for family or peeking: what it starts is fresh data.
 */
export function suspect(soFar: PairsSoFar, rule: SettleRule): "slower" | "faster" | undefined {
  if (soFar.logRatios.length === 0) return undefined;
  const estimate = hodgesLehmann(soFar.logRatios);
  if (Math.abs(estimate) < Math.log1p(rule.threshold)) return undefined;
  const p = Math.min(eProcessP(soFar.eProcess), signedRankTest(soFar.logRatios).p);
  if (p > SUSPECT_P) return undefined;
  return estimate > 0 ? "slower" : "faster";
}

/**
 * Largest size of a shift, a log-ratio, that the pairs still make likely; Infinity for so few that
 * two of them may agree by luck.
 * @param center their Hodges-Lehmann estimate, where it is known already.
 */
export function futilityBound(logRatios: readonly number[], center?: number): number {
  if (logRatios.length < FEWEST_FOR_FUTILITY) return Number.POSITIVE_INFINITY;
  const spread = Math.max(MAD_TO_SD * medianAbsoluteDeviation(logRatios), SMALLEST_SPREAD);
  return (
    Math.abs(center ?? hodgesLehmann(logRatios)) +
    (FUTILITY_WIDTH * spread) / Math.sqrt(logRatios.length)
  );
}
