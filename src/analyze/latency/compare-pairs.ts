// Base against head over pairs of processes: how large the change is, how sure, what it could hide.
//
// A pair gives one difference, ln(head / base), so that drift of the machine cancels and halving
// and doubling weigh the same. Where a side measured 0 (an allocation that a pool sometimes saves)
// there is no ratio; then all pairs of that metric give (head - base) / the larger median.
//
// p is the smaller of two valid ones, doubled: the e-process's, which holds whenever the run was
// stopped, and the exact signed-rank test's, which holds only where the pairs' outcomes did not
// end the run: at the cap, or when the time was used up. Time is a matter of both sides together
// and cannot favor one.
//
// To stop a merge more is asked: that the change is beyond 1 %, about what layouts alone do to code
// that nothing changed (a minimum-effect test: Murphy and Myors 1999, J. Appl. Psychol. 84). The
// same bet and test on d - 1 %; the confirming pairs go on with the bet, and are a test of
// their own, because how many there are was fixed beforehand.
import { addPairs, eProcessP, startEProcess } from "../../stats/e-process.ts";
import { groupInfluenceP } from "../../stats/group-influence.ts";
import { couldHide } from "../../stats/power.ts";
import { MAD_TO_SD, median, medianAbsoluteDeviation } from "../../stats/quantile.ts";
import { seededRandom } from "../../stats/random.ts";
import { futilityBound } from "../../stats/settled.ts";
import { signedRankTest } from "../../stats/signed-rank.ts";
import { hodgesLehmann, walshInterval } from "../../stats/walsh.ts";
import type { MeasuredPair } from "./process-values.ts";

export type PairComparison = {
  /** Medians over the processes of a side. */
  readonly base: number;
  readonly head: number;
  /** Fractions; Infinity when base is 0 and head is not. */
  readonly change: number;
  readonly low: number;
  readonly high: number;
  readonly level: number;
  readonly p: number;
  /** p that the change is within 1 % either way, over these and the confirming pairs. */
  readonly pMinimumEffect: number;
  readonly couldHide: number;
  /** Largest size of a change that is still likely, a fraction. */
  readonly bound: number;
  /** Robust standard deviation of one pair's difference. */
  readonly spread: number;
  /** Median change per layout, by ascending layout. */
  readonly layoutChanges: readonly number[];
  /** p that layouts without influence differ this much. */
  readonly layoutP: number;
};

// The permutations of one comparison need not differ from those of another: any seed will do.
const PERMUTATION_SEED = 1;

/** Above, no change is shown that could be beyond 1 %, or that a layout could have made. */
const DOUBTFUL_P = 0.05;

/** ln 1.01: the size of change that base against base shows once noise is averaged out. */
const MINIMUM_EFFECT = Math.log(1.01);

/** Differences of pairs, and how a difference reads as a fraction of base. */
type Differences = { readonly values: readonly number[]; readonly toChange: (d: number) => number };

/**
 * Compares at least one pair, in the order measured. `isFixedLength`: the outcomes did not decide
 * how many pairs there are.
 */
export function comparePairs(
  pairs: readonly MeasuredPair[],
  confirming: readonly MeasuredPair[],
  isFixedLength: boolean,
): PairComparison {
  const { values, toChange } = differencesOf(pairs);
  const interval = walshInterval(values);
  const p = pairedP(values, isFixedLength);
  const isDoubtful = p > DOUBTFUL_P;
  const layoutChanges = changesByLayout(pairs, values);
  const layoutsDisagree = Math.min(...layoutChanges) < 0 && Math.max(...layoutChanges) > 0;
  return {
    base: median(pairs.map(({ base }) => base)),
    head: median(pairs.map(({ head }) => head)),
    change: toChange(interval.center),
    low: toChange(interval.low),
    high: toChange(interval.high),
    level: interval.level,
    p,
    pMinimumEffect: isDoubtful
      ? 1
      : minimumEffectP(values, differencesOf(confirming).values, isFixedLength),
    couldHide: asChange(couldHide(interval), toChange),
    bound: asChange(futilityBound(values, interval.center), toChange),
    spread: MAD_TO_SD * medianAbsoluteDeviation(values),
    layoutChanges: layoutChanges.map(toChange),
    layoutP: isDoubtful || !layoutsDisagree ? 1 : layoutInfluence(pairs, values),
  };
}

/** The same over processes that were planned in full beforehand: the signed-rank test alone. */
export function confirmPairs(pairs: readonly MeasuredPair[]): {
  readonly change: number;
  readonly p: number;
  readonly pairs: number;
} {
  const { values, toChange } = differencesOf(pairs);
  return {
    change: toChange(walshInterval(values).center),
    p: signedRankTest(values).p,
    pairs: pairs.length,
  };
}

function differencesOf(pairs: readonly MeasuredPair[]): Differences {
  if (pairs.every(({ base, head }) => base > 0 && head > 0)) {
    return { values: pairs.map(({ base, head }) => Math.log(head / base)), toChange: Math.expm1 };
  }
  const base = median(pairs.map((pair) => pair.base));
  const head = median(pairs.map((pair) => pair.head));
  // Both medians 0: differences of a few runs, of no size that a fraction could name.
  const scale =
    Math.max(base, head) || Math.max(...pairs.map((p) => Math.max(p.base, p.head))) || 1;
  return {
    values: pairs.map((pair) => (pair.head - pair.base) / scale),
    // Nothing falls by more than all of it; base 0 makes every rise infinite.
    toChange: (d) => (d === 0 ? 0 : Math.max(-1, (d * scale) / base)),
  };
}

function pairedP(values: readonly number[], isFixedLength: boolean): number {
  const always = eProcessP(addPairs(startEProcess(), values));
  const once = isFixedLength ? signedRankTest(values).p : 1;
  return Math.min(1, 2 * Math.min(always, once));
}

function minimumEffectP(
  explored: readonly number[],
  confirming: readonly number[],
  isFixedLength: boolean,
): number {
  const bet = startEProcess({ shift: MINIMUM_EFFECT });
  const always = eProcessP(addPairs(bet, [...explored, ...confirming]));
  const once = isFixedLength ? signedRankBeyond(explored) : 1;
  return Math.min(1, 3 * Math.min(always, once, signedRankBeyond(confirming)));
}

/** p of the test that the values, most of them on one side, are beyond the minimum effect there. */
function signedRankBeyond(values: readonly number[]): number {
  if (values.length === 0) return 1;
  const center = hodgesLehmann(values);
  if (Math.abs(center) <= MINIMUM_EFFECT) return 1;
  const sign = Math.sign(center);
  return signedRankTest(values.map((d) => sign * d - MINIMUM_EFFECT)).p;
}

function layoutInfluence(pairs: readonly MeasuredPair[], values: readonly number[]): number {
  const layouts = pairs.map(({ layout }) => layout);
  return groupInfluenceP(values, layouts, seededRandom(PERMUTATION_SEED));
}

function asChange(shift: number, toChange: (d: number) => number): number {
  return Number.isFinite(shift) ? toChange(shift) : Number.POSITIVE_INFINITY;
}

/** Median difference of the pairs of each layout, by ascending layout. */
function changesByLayout(pairs: readonly MeasuredPair[], values: readonly number[]): number[] {
  const byLayout = new Map<number, number[]>();
  for (const [index, { layout }] of pairs.entries()) {
    const own = byLayout.get(layout);
    if (own === undefined) byLayout.set(layout, [values[index] as number]);
    else own.push(values[index] as number);
  }
  return [...byLayout.entries()]
    .sort(([one], [other]) => one - other)
    .map(([, differences]) => median(differences));
}
