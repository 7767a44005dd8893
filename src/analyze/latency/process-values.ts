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
  /** The unit of the result lines it is made of. */
  readonly unit: string;
  readonly summarize: (batches: readonly number[]) => number;
  /** Whether it can be compared exactly: counts of the program, not readings of a clock. */
  readonly isCount: boolean;
};

const mean = (batches: readonly number[]) =>
  batches.reduce((sum, value) => sum + value, 0) / batches.length;

/** In the order they are reported: first what a verdict rests on. */
export const METRICS: readonly Metric[] = [
  {
    name: "p10-sec/op",
    unit: "sec/op",
    summarize: (batches) => nearestRank(batches, 0.1),
    isCount: false,
  },
  { name: "sec/op", unit: "sec/op", summarize: mean, isCount: false },
  { name: "B/op", unit: "B/op", summarize: mean, isCount: true },
  { name: "allocs/op", unit: "allocs/op", summarize: mean, isCount: true },
];

/** The metric's values over the batches of one process, none negative; empty if never printed. */
export function batchValues(results: readonly BenchmarkResult[], metric: Metric): number[] {
  return results.flatMap(({ iterations, values }) => {
    const found = values.find(({ unit }) => unit === metric.unit);
    return found === undefined || found.value < 0 || iterations < 1 ? [] : [found.value];
  });
}

/** Pairs with the metric on both sides; a clock that read 0 measured nothing. */
export function measuredPairs(pairs: readonly Pair[], metric: Metric): MeasuredPair[] {
  return pairs.flatMap(({ base, head }) => {
    const values = [base, head].map(({ results }) => batchValues(results, metric));
    if (values.some((batches) => batches.length === 0)) return [];
    const [onBase, onHead] = values.map(metric.summarize) as [number, number];
    if (!metric.isCount && (onBase === 0 || onHead === 0)) return [];
    return [{ base: onBase, head: onHead, layout: base.layout }];
  });
}
