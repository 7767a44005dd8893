// May we look after every pair, as often as we like, and still trust an alarm? Yes: a bet that
// gains only if pairs favor one side, and whose expected gain is nothing if they favor none.
//
// Each pair multiplies the wealth by 2 / (1 + exp(-g·d/s)) for a bet on "head is larger", and by
// the mirror image for "head is smaller". When the order inside a pair was drawn at random and
// base and head are equal, d and -d are equally likely given |d|, and the two factors sum to 2:
// the expected wealth stays 1 (Ramdas, Grünwald, Vovk, Shafer 2023, Statistical Science 38, on
// betting; the sigmoid bet bounds the influence of an outlier). By Ville's inequality wealth
// ever reaches 1/a with probability at most a, whatever rule stops the run.
//
// `s` is the median |d| of the pairs before this one, so the stake never depends on its outcome.
// The wealth is the mean over two strengths g and both directions. Repeating a signed-rank or
// t-test after every pair was rejected: nominal 5 % becomes 20 to 25 %; group-sequential
// boundaries need a fixed look schedule.
import assert from "node:assert/strict";
import { medianOfSorted } from "./quantile.ts";

// Strengths of the bets: 1.5 keeps money on noisy pairs, 5 doubles it on clear ones. Two do
// better than a finer grid: about 12 clear pairs for 1:1000 instead of 13.
const STRENGTHS = [1.5, 5] as const;

export type EProcessOptions = {
  /** Stake's scale for the first pair, a log-ratio: the benchmark's usual median |d|. */
  readonly firstScale?: number;
  /** The scale never goes below; keeps a run of equal pairs from betting on rounding. */
  readonly smallestScale?: number;
  /** Bet on changes beyond this size only, a log-ratio of at least 0 (code-layout bias). */
  readonly shift?: number;
};

/** Wealth so far. A value: `addPair` returns a new one. */
export type EProcess = {
  readonly options: Required<EProcessOptions>;
  readonly pairs: number;
  /** ln of the wealth of the two-sided bet, now and at its highest; -Infinity before any pair. */
  readonly logE: number;
  readonly highestLogE: number;
  /** ln of the wealth of the bet on "head larger" and "head smaller" alone. */
  readonly logEHigher: number;
  readonly logELower: number;
  /** ln of the wealth per strength, "head larger" and "head smaller". */
  readonly higher: readonly number[];
  readonly lower: readonly number[];
  /** |d| of all pairs so far, ascending. */
  readonly magnitudes: readonly number[];
};

/** A bet with no pair yet. Scales default to 3 % for the first pair, and never below 0.2 %. */
export function startEProcess(options: EProcessOptions = {}): EProcess {
  const { firstScale = 0.03, smallestScale = 0.002, shift = 0 } = options;
  assert(firstScale > 0 && smallestScale > 0 && shift >= 0, "scales of the bet");
  return {
    options: { firstScale, smallestScale, shift },
    pairs: 0,
    logE: Number.NEGATIVE_INFINITY,
    highestLogE: Number.NEGATIVE_INFINITY,
    logEHigher: 0,
    logELower: 0,
    higher: STRENGTHS.map(() => 0),
    lower: STRENGTHS.map(() => 0),
    magnitudes: [],
  };
}

/** The wealth after one more pair with the log-ratio `d` = ln(head / base), finite. */
export function addPair(state: EProcess, d: number): EProcess {
  return addPairs(state, [d]);
}

/** As `addPair` for one pair after the other. */
export function addPairs(state: EProcess, logRatios: readonly number[]): EProcess {
  const { higher, lower, magnitudes } = state;
  const wealth = {
    ...state,
    higher: [...higher],
    lower: [...lower],
    magnitudes: [...magnitudes],
  };
  for (const d of logRatios) bet(wealth, d);
  if (logRatios.length > 0) wealth.logE = logMeanExp(wealth.higher, wealth.lower);
  wealth.logEHigher = logMeanExp(wealth.higher);
  wealth.logELower = logMeanExp(wealth.lower);
  return wealth;
}

type Wealth = {
  -readonly [K in keyof EProcess]: EProcess[K] extends readonly number[] ? number[] : EProcess[K];
};

/** Changes `wealth`, which nobody else holds yet. */
function bet(wealth: Wealth, d: number): void {
  if (!Number.isFinite(d)) assert.fail(`log-ratio ${d}`);
  const { firstScale, smallestScale, shift } = wealth.options;
  const scale =
    wealth.pairs === 0 ? firstScale : Math.max(medianOfSorted(wealth.magnitudes), smallestScale);
  for (let at = 0; at < STRENGTHS.length; at++) {
    const strength = STRENGTHS[at] as number;
    wealth.higher[at] = (wealth.higher[at] as number) + logStake(d - shift, strength, scale);
    wealth.lower[at] = (wealth.lower[at] as number) + logStake(-d - shift, strength, scale);
  }
  wealth.pairs++;
  // A mean is at most its largest term, and most pairs of an unchanged benchmark set no record.
  const { higher, lower, highestLogE } = wealth;
  if (largestOf(higher, lower) > highestLogE) {
    wealth.highestLogE = Math.max(highestLogE, logMeanExp(higher, lower));
  }
  insertSorted(wealth.magnitudes, Math.abs(d));
}

/** Always-valid p: 1 over the highest wealth so far, at most 1. */
export function eProcessP(state: EProcess): number {
  return Math.min(1, Math.exp(-state.highestLogE));
}

/** ln(2 / (1 + exp(-g·z/s))) without overflow. */
function logStake(z: number, strength: number, scale: number): number {
  const x = (-strength * z) / scale;
  const softplus = x > 0 ? x + Math.log1p(Math.exp(-x)) : Math.log1p(Math.exp(x));
  return Math.LN2 - softplus;
}

/** ln of the mean of exp over both lists. */
function logMeanExp(logs: readonly number[], more: readonly number[] = []): number {
  const largest = largestOf(logs, more);
  let sum = 0;
  for (const log of logs) sum += Math.exp(log - largest);
  for (const log of more) sum += Math.exp(log - largest);
  return largest + Math.log(sum / (logs.length + more.length));
}

function largestOf(logs: readonly number[], more: readonly number[]): number {
  let largest = Number.NEGATIVE_INFINITY;
  for (const log of logs) if (log > largest) largest = log;
  for (const log of more) if (log > largest) largest = log;
  return largest;
}

function insertSorted(sorted: number[], value: number): void {
  let place = sorted.length;
  for (; place > 0 && (sorted[place - 1] as number) > value; place--) {
    sorted[place] = sorted[place - 1] as number;
  }
  sorted[place] = value;
}
