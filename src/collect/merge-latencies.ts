// Merges what the processes of a benchmark recorded, one after the other, so that the collector
// never holds more than one histogram of a kind for each benchmark and side.
import type { LatencyDistribution } from "../evidence/latency-log.ts";
import { type Histogram, mergeHistograms } from "../hdr/histogram.ts";
import { mainLoop } from "../hdr/latency.ts";
import type { BenchmarkRecord } from "../hdr/record.ts";

/** "too-wide": strangers' code wrote more different latencies than are kept. */
export type KeptLatencies = LatencyDistribution | "too-wide" | undefined;

/** All benchmarks together: two histograms on two sides, 128 MB when all were full. */
const MAX_BUCKETS_KEPT = 8 << 20;
/** A benchmark from 50 ns to 50 ms fills no more than this; most fill some hundred. */
const MOST_BUCKETS = 1 << 14;
/** The recorder's layout (probe/recorder/histogram.go); what has another was not written by it. */
const DIGITS = 3;
const HIGHEST = 2 ** 50 - 1;

/** How many buckets a histogram may fill where so many benchmarks are measured together. */
export function bucketLimit(benchmarkCount: number): number {
  return Math.min(MOST_BUCKETS, MAX_BUCKETS_KEPT / (4 * Math.max(1, benchmarkCount)));
}

/** The distribution with one more process in it, within `limit` buckets a histogram. */
export function addProcess(
  kept: KeptLatencies,
  record: BenchmarkRecord,
  limit: number,
): KeptLatencies {
  const loop = mainLoop(record);
  if (kept === "too-wide" || loop === undefined) return kept;
  if (!isOfRecorder(loop.batches) || !isOfRecorder(loop.singles)) return kept;
  const batches = merged(kept?.batches, loop.batches);
  const singles = merged(kept?.singles, loop.singles);
  if (Math.max(batches.indexes.length, singles.indexes.length) > limit) return "too-wide";
  if (!Number.isSafeInteger(batches.totalCount + singles.totalCount)) return "too-wide";
  return {
    benchmark: record.benchmark,
    timedSeconds: (kept?.timedSeconds ?? 0) + record.elapsedNs / 1e9,
    batches,
    ...(singles.totalCount === 0 ? {} : { singles }),
  };
}

function isOfRecorder({ significantDigits, highestTrackableValue }: Histogram): boolean {
  return significantDigits === DIGITS && highestTrackableValue === HIGHEST;
}

function merged(kept: Histogram | undefined, more: Histogram): Histogram {
  return kept === undefined ? more : mergeHistograms([kept, more]);
}
