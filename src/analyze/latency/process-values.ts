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

/** Whether a recorder timed single operations in this process. */
export function isRecorded(results: readonly BenchmarkResult[]): boolean {
  return valuesIn(results, "p10-sec/op").length > 0;
}

function valuesIn(results: readonly BenchmarkResult[], unit: string | undefined): number[] {
  if (unit === undefined) return [];
  return results.flatMap(({ iterations, values }) => {
    const found = values.find((value) => value.unit === unit);
    return found === undefined || found.value < 0 || iterations < 1 ? [] : [found.value];
  });
}

/**
 * Pairs with the metric on both sides; a clock that read 0 measured nothing. A pair of which only
 * one side was recorded compares single operations with batches: it does not count.
 */
export function measuredPairs(pairs: readonly Pair[], metric: Metric): MeasuredPair[] {
  return pairs.flatMap(({ base, head }) => {
    if (
      metric.recordedUnit !== undefined &&
      isRecorded(base.results) !== isRecorded(head.results)
    ) {
      return [];
    }
    const values = [base, head].map(({ results }) => batchValues(results, metric));
    if (values.some((batches) => batches.length === 0)) return [];
    const [onBase, onHead] = values.map(metric.summarize) as [number, number];
    if (!metric.isCount && (onBase === 0 || onHead === 0)) return [];
    return [{ base: onBase, head: onHead, layout: base.layout }];
  });
}
