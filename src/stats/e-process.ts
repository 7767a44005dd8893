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
  assert(Number.isFinite(d), `log-ratio ${d}`);
  const { firstScale, smallestScale, shift } = state.options;
  const scale =
    state.pairs === 0 ? firstScale : Math.max(medianOfSorted(state.magnitudes), smallestScale);
  const higher = STRENGTHS.map(
    (g, at) => (state.higher[at] as number) + logStake(d - shift, g, scale),
  );
  const lower = STRENGTHS.map(
    (g, at) => (state.lower[at] as number) + logStake(-d - shift, g, scale),
  );
  const logEHigher = logMeanExp(higher);
  const logELower = logMeanExp(lower);
  const logE = logMeanExp([logEHigher, logELower]);
  return {
    options: state.options,
    pairs: state.pairs + 1,
    logE,
    highestLogE: Math.max(state.highestLogE, logE),
    logEHigher,
    logELower,
    higher,
    lower,
    magnitudes: insertSorted(state.magnitudes, Math.abs(d)),
  };
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

function logMeanExp(logs: readonly number[]): number {
  const largest = Math.max(...logs);
  const sum = logs.reduce((total, log) => total + Math.exp(log - largest), 0);
  return largest + Math.log(sum / logs.length);
}

function insertSorted(sorted: readonly number[], value: number): number[] {
  const after = sorted.findIndex((present) => present > value);
  return sorted.toSpliced(after === -1 ? sorted.length : after, 0, value);
}
