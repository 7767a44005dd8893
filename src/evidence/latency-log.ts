// How long the operations of a benchmark took, over all its counted processes of one side, as a log
// that any HdrHistogram library reads. Values are picoseconds.
//
// A benchmark has up to two histograms, as the recorder keeps them (hdr/latency.ts says which
// answers what): single operations under its own name, and means of consecutive ones behind
// "batches:", which no benchmark's name starts with. Merged, because thirty processes together hold
// the tail that one is too short for. They describe: operations of one process share its luck, so
// the verdict counts pairs.

import type { Histogram } from "../hdr/histogram.ts";
import {
  formatHistogramLog,
  type HistogramLog,
  type LogEntry,
  parseHistogramLog,
} from "../hdr/log.ts";

/** The operations of one benchmark on one side. */
export type LatencyDistribution = {
  /** Full name, without the GOMAXPROCS suffix. */
  readonly benchmark: string;
  /** Time on the benchmark's own clock, all processes together. */
  readonly timedSeconds: number;
  readonly batches: Histogram;
  /** Absent where single operations were too short to be timed. */
  readonly singles?: Histogram;
};

const BATCHES = "batches:";

const COMMENTS = [
  "[Values in picoseconds; Interval_Max in microseconds.]",
  "[Tag: a benchmark's single operations; behind batches:, means of consecutive operations.]",
];

/** The bundle's file; benchmarks in the order given. */
export function formatLatencyLog(distributions: readonly LatencyDistribution[]): string {
  const entries = distributions.flatMap(
    ({ benchmark, timedSeconds: seconds, batches, singles }): LogEntry[] => [
      ...(singles === undefined ? [] : [{ tag: benchmark, seconds, histogram: singles }]),
      { tag: `${BATCHES}${benchmark}`, seconds, histogram: batches },
    ],
  );
  return formatHistogramLog(entries, COMMENTS);
}

/** Reads the bundle's file, up to so many filled buckets; the first entry of a tag counts. */
export function readLatencyLog(
  text: string,
  maxBuckets: number,
): Pick<HistogramLog, "problems" | "buckets"> & {
  readonly distributions: readonly LatencyDistribution[];
} {
  const { entries, problems, buckets } = parseHistogramLog(text, maxBuckets);
  const singles = new Map<string, Histogram>();
  const distributions = new Map<string, LatencyDistribution>();
  for (const { tag, histogram } of entries) {
    if (!tag.startsWith(BATCHES) && !singles.has(tag)) singles.set(tag, histogram);
  }
  for (const { tag, seconds, histogram: batches } of entries) {
    if (!tag.startsWith(BATCHES)) continue;
    const benchmark = tag.slice(BATCHES.length);
    const own = singles.get(benchmark);
    if (distributions.has(benchmark) || batches.totalCount === 0) continue;
    distributions.set(benchmark, {
      benchmark,
      timedSeconds: seconds,
      batches,
      ...(own === undefined || own.totalCount === 0 ? {} : { singles: own }),
    });
  }
  return { distributions: [...distributions.values()], problems, buckets };
}
