// A histogram in the layout of HdrHistogram, sparse: which value ranges were seen, and how often.
//
// Bucket i below 2 * halfCount is one value; after that each halfCount buckets cover twice the range
// of those before, so that a bucket is at most 1 / halfCount of its value wide: 0.1 % at 3 digits
// (HdrHistogram's AbstractHistogram.java, "countsArrayIndex"). Sparse, because a run fills some
// hundred of 41,984 buckets and a comparison holds thousands of runs.

/** Values are whole numbers in the unit of whoever recorded them; the recorder's are picoseconds. */
export type Histogram = {
  readonly significantDigits: number;
  readonly highestTrackableValue: number;
  /** Buckets that are not empty, ascending. */
  readonly indexes: readonly number[];
  /** One count above 0 for each index. */
  readonly counts: readonly number[];
  /** Their sum, a safe integer. */
  readonly totalCount: number;
};

/** Buckets up to twice this number hold one value each; a power of two. */
export function halfCountOf(significantDigits: number): number {
  return 2 ** Math.ceil(Math.log2(2 * 10 ** significantDigits)) / 2;
}

/** How many buckets a histogram of this range has. */
export function bucketCountOf(significantDigits: number, highestTrackableValue: number): number {
  const halfCount = halfCountOf(significantDigits);
  let doublings = 1;
  for (let top = 2 * halfCount; top <= highestTrackableValue; top *= 2) doublings++;
  return (doublings + 1) * halfCount;
}

/** The lowest value of a bucket and the number of whole values in it. */
export function bucketAt(
  index: number,
  significantDigits: number,
): { readonly low: number; readonly width: number } {
  const halfCount = halfCountOf(significantDigits);
  if (index < 2 * halfCount) return { low: index, width: 1 };
  const doublings = Math.floor(index / halfCount) - 1;
  const width = 2 ** doublings;
  return { low: (index - doublings * halfCount) * width, width };
}

/**
 * The value that a fraction `p` of all counts lies below, interpolated inside its bucket.
 * HdrHistogram's own valueAtPercentile gives the bucket's upper edge; the difference is less than
 * the bucket's width. NaN for an empty histogram.
 */
export function quantile(histogram: Histogram, p: number): number {
  const wanted = Math.min(Math.max(p, 0), 1) * histogram.totalCount;
  let below = 0;
  for (const [at, count] of histogram.counts.entries()) {
    if (below + count >= wanted) {
      const bucket = bucketAt(histogram.indexes[at] as number, histogram.significantDigits);
      // A bucket of one value is that value; no count lies between it and the next.
      if (bucket.width === 1) return bucket.low;
      return bucket.low + (bucket.width * (wanted - below)) / count;
    }
    below += count;
  }
  return Number.NaN;
}

/** Mean of all counts, each taken as the middle of its bucket; NaN for an empty histogram. */
export function mean(histogram: Histogram): number {
  let sum = 0;
  for (const [at, count] of histogram.counts.entries()) {
    const { low, width } = bucketAt(histogram.indexes[at] as number, histogram.significantDigits);
    sum += count * (low + (width - 1) / 2);
  }
  return sum / histogram.totalCount;
}

/**
 * All counts of some histograms together.
 * @throws Error when their layouts differ, or when the sum is no safe integer.
 */
export function mergeHistograms(histograms: readonly Histogram[]): Histogram {
  const [first] = histograms;
  if (first === undefined) throw new Error("no histogram to merge");
  const counts = new Map<number, number>();
  let totalCount = 0;
  for (const histogram of histograms) {
    if (
      histogram.significantDigits !== first.significantDigits ||
      histogram.highestTrackableValue !== first.highestTrackableValue
    ) {
      throw new Error("histograms of different layouts");
    }
    for (const [at, index] of histogram.indexes.entries()) {
      counts.set(index, (counts.get(index) ?? 0) + (histogram.counts[at] as number));
    }
    totalCount += histogram.totalCount;
  }
  if (!Number.isSafeInteger(totalCount)) throw new Error("more counts than can be added exactly");
  const indexes = [...counts.keys()].sort((one, other) => one - other);
  return {
    significantDigits: first.significantDigits,
    highestTrackableValue: first.highestTrackableValue,
    indexes,
    counts: indexes.map((index) => counts.get(index) as number),
    totalCount,
  };
}
