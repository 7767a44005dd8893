// Quantiles of a sample: nearest rank, median, median absolute deviation, weighted.
//
// Nearest rank returns a value that was really measured and is what HdrHistogram reports, so a
// p99 here and a p99 there mean the same. Interpolating definitions (type 7 of R and NumPy) were
// rejected for tails: they invent values between the last two samples.
//
// No function changes its argument; all copy before they sort.
import assert from "node:assert/strict";

// Absorbs the rounding of p·n: 0.07·100 is 7.000000000000001 and must stay rank 7.
const RANK_SLACK = 1e-9;

/** 1.4826 times the MAD estimates the standard deviation of normal noise: 1 / Φ⁻¹(3/4). */
export const MAD_TO_SD = 1.4826;

/** A sorted copy. Every value must be a number; -0 and 0 are equal. */
export function ascending(values: readonly number[] | Float64Array): Float64Array {
  const sorted = new Float64Array(values);
  // Typed arrays sort NaN to the end.
  sorted.sort();
  assert(!Number.isNaN(sorted.at(-1)), "NaN in a sample");
  return sorted;
}

/** The smallest value with at least the fraction `p` of the sample at or below it; p in [0, 1]. */
export function nearestRank(values: readonly number[] | Float64Array, p: number): number {
  assert(values.length > 0, "quantile of an empty sample");
  if (!(p >= 0 && p <= 1)) assert.fail(`quantile at ${p}`);
  const rank = Math.ceil(p * values.length - RANK_SLACK);
  return ascending(values)[Math.max(rank, 1) - 1] as number;
}

/** The middle value, or the mean of the middle two. */
export function median(values: readonly number[]): number {
  return selectMedian(values.slice());
}

/** As `median`, leaving `values` in another order. */
export function selectMedian(values: number[]): number {
  const { length } = values;
  assert(length > 0, "median of an empty sample");
  for (let at = 0; at < length; at++) if (Number.isNaN(values[at])) assert.fail("NaN in a sample");
  return selectMiddle(values);
}

/** As `selectMedian`, of values that are known to be numbers; at least one. */
export function selectMiddle(values: number[]): number {
  const { length } = values;
  const middle = (length + 1) >> 1;
  const lower = selectRank(values, middle);
  if (length % 2 === 1) return lower;
  // What was selected divides the values: the next one is the smallest of those behind it.
  let upper = values[middle] as number;
  for (let at = middle + 1; at < length; at++) {
    const value = values[at] as number;
    if (value < upper) upper = value;
  }
  return (lower + upper) / 2;
}

/** As `median`, for values already in ascending order. */
export function medianOfSorted(sorted: readonly number[] | Float64Array): number {
  const middle = sorted.length >> 1;
  const upper = sorted[middle] as number;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] as number) + upper) / 2;
}

/**
 * The value of `rank`, counted from 1, among `values`, which are left in another order (Hoare 1961,
 * Commun. ACM 4, "Find"). A few of hundreds are found in a third of the time that sorting takes.
 * @param first the places between which it is known to stand: what was selected before divides.
 */
export function selectRank(
  values: number[],
  rank: number,
  first = 0,
  last = values.length - 1,
): number {
  if (!(rank >= 1 && rank <= values.length)) assert.fail(`rank ${rank} of ${values.length}`);
  const wanted = rank - 1;
  for (let from = first, to = last; from < to; ) {
    const pivot = values[(from + to) >> 1] as number;
    let low = from;
    let high = to;
    while (low <= high) {
      while ((values[low] as number) < pivot) low++;
      while ((values[high] as number) > pivot) high--;
      if (low > high) break;
      const moved = values[low] as number;
      values[low++] = values[high] as number;
      values[high--] = moved;
    }
    if (wanted <= high) to = high;
    else if (wanted >= low) from = low;
    else break;
  }
  return values[wanted] as number;
}

/** Median distance from the median, not scaled; `MAD_TO_SD` makes it a standard deviation. */
export function medianAbsoluteDeviation(values: readonly number[]): number {
  const center = median(values);
  return selectMedian(values.map((value) => Math.abs(value - center)));
}

/**
 * The smallest value whose cumulative weight reaches the fraction `p` of all weight: the inverse
 * of the weighted distribution function. Weights are at least 0, and not all are 0.
 */
export function weightedQuantile(
  values: readonly number[],
  weights: readonly number[],
  p: number,
): number {
  assert.equal(values.length, weights.length);
  assert(p >= 0 && p <= 1, `quantile at ${p}`);
  const order = values.map((_, index) => index);
  order.sort((one, other) => (values[one] as number) - (values[other] as number));
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  assert(total > 0, "quantile of a sample without weight");
  const wanted = p * total * (1 - RANK_SLACK);
  let reached = 0;
  let found = Number.NaN;
  for (const index of order) {
    const weight = weights[index] as number;
    if (weight === 0) continue;
    found = values[index] as number;
    reached += weight;
    if (reached >= wanted) break;
  }
  return found;
}
