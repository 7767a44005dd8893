// One number per process: what a process measured of one metric, from its batches.
//
// A batch is one result line, N operations timed together. The 10th percentile over the batches
// of a process is the typical time with neighbors' interference left out: on a loaded machine it
// moves 0.1 % where the mean moves 8 %. It is blind to garbage collection and tails, so the mean
// stands beside it.
import type { BenchmarkResult } from "../../bench/parse.ts";
import type { Pair } from "../../evidence/pair-text.ts";
import { nearestRank } from "../../stats/quantile.ts";

/** What both processes of a pair measured, at least 0, and the link layout they shared. */
export type MeasuredPair = {
  readonly base: number;
  readonly head: number;
  readonly layout: number;
};

/** How a metric is made of the batches of one process. */
export type Metric = {
  /** A unit of golang/perf or a statistic of one, as in the report. */
  readonly name: string;
  /** The unit of the result lines it is made of; undefined: only a recorder can tell it. */
  readonly unit: string | undefined;
  /** The unit in which a recorder gives it, from single operations; preferred where it stands. */
  readonly recordedUnit: string | undefined;
  readonly summarize: (batches: readonly number[]) => number;
  /** Whether it can be compared exactly: counts of the program, not readings of a clock. */
  readonly isCount: boolean;
};

const mean = (batches: readonly number[]) =>
  batches.reduce((sum, value) => sum + value, 0) / batches.length;

const single = (values: readonly number[]) => nearestRank(values, 0.5);

function time(name: string, unit: string | undefined, summarize: Metric["summarize"]): Metric {
  return {
    name,
    unit,
    recordedUnit: name === "sec/op" ? undefined : name,
    summarize,
    isCount: false,
  };
}

function countOf(name: string): Metric {
  return { name, unit: name, recordedUnit: undefined, summarize: mean, isCount: true };
}

/** In the order they are reported: first what a verdict rests on. */
export const METRICS: readonly Metric[] = [
  time("p10-sec/op", "sec/op", (batches) => nearestRank(batches, 0.1)),
  time("p50-sec/op", undefined, single),
  time("p90-sec/op", undefined, single),
  time("p99-sec/op", undefined, single),
  time("p99.9-sec/op", undefined, single),
  time("cpu-sec/op", undefined, single),
  time("sec/op", "sec/op", mean),
  countOf("B/op"),
  countOf("allocs/op"),
];

/** The metric's values over the batches of one process, none negative; empty if never printed. */
export function batchValues(results: readonly BenchmarkResult[], metric: Metric): number[] {
  const recorded = valuesIn(results, metric.recordedUnit);
  return recorded.length > 0 ? recorded : valuesIn(results, metric.unit);
}

function valuesIn(results: readonly BenchmarkResult[], unit: string | undefined): number[] {
  const found: number[] = [];
  for (const result of results) {
    const value = valueIn(result, unit);
    if (value !== undefined) found.push(value);
  }
  return found;
}

function valueIn({ iterations, values }: BenchmarkResult, unit: string | undefined) {
  for (const at of values) {
    if (at.unit === unit) return at.value >= 0 && iterations >= 1 ? at.value : undefined;
  }
  return undefined;
}

/**
 * The pairs whose times can be compared: where only one side was recorded, single operations would
 * be held against batches.
 */
export function comparablePairs(pairs: readonly Pair[]): Pair[] {
  return pairs.filter(({ base, head }) => isRecorded(base.results) === isRecorded(head.results));
}

/** Whether a recorder timed single operations in this process. */
function isRecorded(results: readonly BenchmarkResult[]): boolean {
  return results.some((result) => valueIn(result, "p10-sec/op") !== undefined);
}

/** Pairs with the metric on both sides; a clock that read 0 measured nothing. */
export function measuredPairs(pairs: readonly Pair[], metric: Metric): MeasuredPair[] {
  const measured: MeasuredPair[] = [];
  for (const { base, head } of pairs) {
    const onBase = processValue(base.results, metric);
    const onHead = processValue(head.results, metric);
    if (onBase === undefined || onHead === undefined) continue;
    if (!metric.isCount && (onBase === 0 || onHead === 0)) continue;
    measured.push({ base: onBase, head: onHead, layout: base.layout });
  }
  return measured;
}

/** Every summary of one value is that value: most processes print one line. */
function processValue(results: readonly BenchmarkResult[], metric: Metric): number | undefined {
  const [only] = results;
  if (results.length === 1 && only !== undefined) {
    return valueIn(only, metric.recordedUnit) ?? valueIn(only, metric.unit);
  }
  const batches = batchValues(results, metric);
  return batches.length > 0 ? metric.summarize(batches) : undefined;
}
