// Which functions or paths moved, over several profiles a side?
//
// Samples of one run come in bursts, so runs are kept apart: two-group quasi-Poisson with shrunken
// dispersion (stats/quasi-poisson.ts), corrected over all rows of a table (Benjamini-Hochberg), and
// a limit on the size. Two sizes of a run are asked, and both must show the move:
// - per operation. Runs of base and head are neighbors in random order, so a slower machine falls
//   on both sides and is part of the spread;
// - per operation, less what all functions have in common (median of ratios): when everything got
//   dearer alike, no function stands out, and time itself says it.
// The second is asked only where at least eight functions are counted and three in four of them
// agree on what they have in common. Median of ratios alone was rejected: with a benchmark that is
// mostly allocation, more of it moves most functions, so that those it does not move seem to fall
// (false discoveries in simulation 90 %, with both questions 2 %). Shares were, because one stack
// that grew makes all others shrink. Rates: test/analyze/profile/compare-runs.test.ts.

import { benjaminiHochberg } from "../../stats/multiplicity.ts";
import { compareCounts, type GroupCounts } from "../../stats/quasi-poisson.ts";
import { sizeFactors } from "../../stats/size-factors.ts";
import { sum } from "../../stats/sum.ts";
import {
  compareCounts as comparePooled,
  type Move,
  moveOf,
  SHARE_CHANGE_MIN,
  type SideExposure,
  type Sides,
} from "./move.ts";

/** The runs of both sides: what each sampled, and operations by the sampling period in nanoseconds. */
export type RunTotals = { readonly samples: GroupCounts; readonly exposures: GroupCounts };

/** With fewer runs a side their spread cannot be told, and the samples are pooled. */
const FEWEST_RUNS = 3;
/** Rows with fewer samples, both sides together, are not tested (statistics of 300 stacks did so). */
const FEWEST_SAMPLES = 20;
const ALPHA = 0.05;
/** Half a percent of all CPU, and a tenth of the function itself: less explains nothing. */
const SHARE_MIN = 0.005;
const RATIO_MIN = Math.log(1.1);

/** Below eight functions the changed ones outvote the others. */
const FEWEST_VOTERS = 8;
const AGREEING_PART = 0.75;
/** A function agrees when it is within three standard errors of what is common. */
const AGREEING_ERRORS = 3;

/**
 * ln of what all functions have in common, head against base; undefined where they do not agree
 * or are too few. `rows` are the samples of functions themselves (flat), one number a run.
 */
export function commonShift(rows: readonly GroupCounts[], totals: RunTotals): number | undefined {
  if (isPooled(totals)) return undefined;
  const counted = rows.filter((row) => sum(row.base) + sum(row.head) >= FEWEST_SAMPLES);
  const fits = compareCounts(counted, totals.exposures);
  const [baseExposure, headExposure] = [sum(totals.exposures.base), sum(totals.exposures.head)];
  const voters = counted.flatMap((row, at) => {
    const [base, head] = [sum(row.base), sum(row.head)];
    if (Math.min(base, head) < FEWEST_SAMPLES) return [];
    return [{ base, head, dispersion: fits[at]?.dispersion ?? 1 }];
  });
  if (voters.length < FEWEST_VOTERS) return undefined;
  const [baseSize, headSize] = sizeFactors(voters.map(({ base, head }) => [base, head]));
  const exposures = Math.log(headExposure / baseExposure);
  const shift = Math.log((headSize as number) / (baseSize as number)) - exposures;
  const agreeing = voters.filter(({ base, head, dispersion }) => {
    const error = Math.sqrt(dispersion * (1 / base + 1 / head));
    return Math.abs(Math.log(head / base) - exposures - shift) <= AGREEING_ERRORS * error;
  });
  return agreeing.length >= AGREEING_PART * voters.length ? shift : undefined;
}

/** Compares the rows of one table; all have one number a run, in the order of `totals`. */
export function compareRows(
  rows: readonly GroupCounts[],
  totals: RunTotals,
  shift: number | undefined,
): Move[] {
  const sides = pooledSides(totals);
  if (isPooled(totals)) {
    return rows.map((row) => comparePooled(pooled(row), sides));
  }
  const moves: Move[] = rows.map((row) => moveOf(pooled(row), sides));
  const tested = rows.flatMap((row, at) =>
    sum(row.base) + sum(row.head) >= FEWEST_SAMPLES ? [{ row, at }] : [],
  );
  const p = jointP(
    tested.map(({ row }) => row),
    totals.exposures,
    shift,
  );
  const adjusted = benjaminiHochberg(p);
  for (const [index, { row, at }] of tested.entries()) {
    const move = moves[at] as Move;
    const moved = (adjusted[index] ?? 1) <= ALPHA && isLarge(pooled(row), sides, shift);
    moves[at] = { ...move, moved };
  }
  return moves;
}

/**
 * Tells whether a row of so many samples can be found to have moved, or has a part in whether others
 * are: comparing only such rows says the same of them as comparing all.
 */
export function comparableRows(totals: RunTotals): (base: number, head: number) => boolean {
  if (!isPooled(totals)) return (base, head) => base + head >= FEWEST_SAMPLES;
  const { base, head } = pooledSides(totals);
  const isLargeOf = (count: number, { samples }: SideExposure) =>
    count / samples >= SHARE_CHANGE_MIN;
  return (ofBase, ofHead) => isLargeOf(ofBase, base) || isLargeOf(ofHead, head);
}

/** Whether there are too few runs to compare them as such. */
export function isPooled({ exposures: { base, head } }: RunTotals): boolean {
  return Math.min(base.length, head.length) < FEWEST_RUNS;
}

/** The larger p of both questions. */
function jointP(
  rows: readonly GroupCounts[],
  exposures: GroupCounts,
  shift: number | undefined,
): number[] {
  const perOperation = compareCounts(rows, exposures).map(({ p }) => p);
  if (shift === undefined) return perOperation;
  const factor = Math.exp(shift);
  const head = exposures.head.map((exposure) => exposure * factor);
  const relative = compareCounts(rows, { base: exposures.base, head });
  return perOperation.map((p, at) => Math.max(p, relative[at]?.p ?? 1));
}

function isLarge(
  counts: { readonly base: number; readonly head: number },
  { base, head }: Sides,
  shift: number | undefined,
): boolean {
  const [baseNs, headNs] = [counts.base / base.exposure, counts.head / head.exposure];
  const profileNs = Math.max(base.samples / base.exposure, head.samples / head.exposure);
  const ratio = Math.log(headNs / baseNs);
  if (Math.abs(headNs - baseNs) < SHARE_MIN * profileNs || Math.abs(ratio) < RATIO_MIN)
    return false;
  return shift === undefined || Math.sign(ratio) * (ratio - shift) >= RATIO_MIN;
}

function pooledSides({ samples, exposures }: RunTotals): Sides {
  return {
    base: { samples: sum(samples.base), exposure: sum(exposures.base) },
    head: { samples: sum(samples.head), exposure: sum(exposures.head) },
  };
}

function pooled(row: GroupCounts): { readonly base: number; readonly head: number } {
  return { base: sum(row.base), head: sum(row.head) };
}
