// Totals and quantiles of the Go runtime's own time histograms, from their buckets' lower bounds.
//
// runtime/histogram.go (the same from Go 1.20 to 1.27): four buckets for each power of two from
// 256 ns on, below it four of 64 ns. A duration counts as the middle of its bucket, so a total of
// many is within a few percent, and one alone within an eighth of itself.

/** Pairs of lower bound in seconds, and count. */
export type TimeBuckets = readonly (readonly [low: number, count: number])[];

const LINEAR_BELOW_NS = 256;
const LINEAR_WIDTH_NS = 64;
const BUCKETS_A_DOUBLING = 4;

function middleNs(lowSec: number): number {
  const lowNs = Math.max(0, lowSec * 1e9);
  if (lowNs < LINEAR_BELOW_NS) return lowNs + LINEAR_WIDTH_NS / 2;
  // The slack absorbs the rounding of the runtime's division: 512 ns must not count as 511.999.
  const doubling = Math.floor(Math.log2(lowNs * (1 + 1e-9)));
  return lowNs + 2 ** doubling / BUCKETS_A_DOUBLING / 2;
}

/** How many durations there are. */
export function countIn(buckets: TimeBuckets): number {
  return buckets.reduce((sum, [, count]) => sum + count, 0);
}

/** All durations together, in nanoseconds. */
export function totalNs(buckets: TimeBuckets): number {
  return buckets.reduce((sum, [low, count]) => sum + middleNs(low) * count, 0);
}

/** The duration, in nanoseconds, that a fraction `p` of them is not above; 0 when there is none. */
export function durationAtNs(buckets: TimeBuckets, p: number): number {
  const wanted = p * countIn(buckets);
  const ascending = [...buckets].sort(([one], [other]) => one - other);
  let reached = 0;
  for (const [low, count] of ascending) {
    reached += count;
    if (count > 0 && reached >= wanted) return middleNs(low);
  }
  return 0;
}
