// Which recorded loop speaks for a benchmark, and which of its two histograms answers a quantile.
//
// Batches say where most operations lie: the clock's steps (10 ns on many machines) vanish in a mean
// over some 9 us. But a batch of a hundred operations hides one slow among them, so the tail comes
// from single operations. From 200 ns on a clock step is at most 5 % of a single operation, and
// single ones answer the middle too. Below 40 ns nothing sees a single operation: no tail.
import { bucketAt, type Histogram, mean, quantile } from "./histogram.ts";
import type { BenchmarkRecord, LoopRecord } from "./record.ts";

/** From this median on single operations answer the median and above. */
const SINGLES_FROM_PS = 200_000;
/** Up to this quantile batches answer always: means are the sharper location. */
const LOCATION_UP_TO = 0.25;
/** Up to this quantile batches answer where single operations are too coarse. */
const BATCHES_UP_TO = 0.5;
/** A quantile wants this many values beyond it. */
const VALUES_BEYOND = 5;

/**
 * The loop with the most timed work; undefined when none was timed. Set-up loops that ran with the
 * timer off, or before ResetTimer, are not in the record.
 */
export function mainLoop(record: BenchmarkRecord): LoopRecord | undefined {
  let best: LoopRecord | undefined;
  let bestPs = 0;
  for (const loop of record.loops) {
    if (loop.batches.totalCount === 0) continue;
    const ps = mean(loop.batches) * loop.batches.totalCount;
    if (best === undefined || ps > bestPs) [best, bestPs] = [loop, ps];
  }
  return best;
}

export type LatencyQuantile = {
  readonly valueNs: number;
  readonly from: "batches" | "singles";
  /** Width of the bucket the value lies in: the histogram says no more than this. */
  readonly resolutionNs: number;
};

/** The quantile `p` of one operation; undefined where nothing recorded answers it. */
export function latencyAt(
  loop: Pick<LoopRecord, "medianPs" | "batches" | "singles">,
  p: number,
): LatencyQuantile | undefined {
  const { batches, singles, medianPs } = loop;
  const hasSingles = singles.totalCount * (1 - p) >= VALUES_BEYOND;
  const wantsSingles = p > BATCHES_UP_TO || (p > LOCATION_UP_TO && medianPs >= SINGLES_FROM_PS);
  if (wantsSingles && hasSingles) return answer(singles, "singles", p);
  if (p > BATCHES_UP_TO || batches.totalCount === 0) return undefined;
  return answer(batches, "batches", p);
}

function answer(histogram: Histogram, from: LatencyQuantile["from"], p: number): LatencyQuantile {
  const valuePs = quantile(histogram, p);
  const at = histogram.indexes.find((index) => {
    const { low, width } = bucketAt(index, histogram.significantDigits);
    return valuePs <= low + width;
  });
  const width = bucketAt(at as number, histogram.significantDigits).width;
  return { valueNs: valuePs / 1000, from, resolutionNs: width / 1000 };
}
