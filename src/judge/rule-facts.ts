// What a rule of the gate can ask about: one benchmark of a judged run, and one regressed metric of
// it at a time.
import type { MetricName } from "../plan/config-schema.ts";

/** How rules call the metrics. */
export const METRIC_WORDS = {
  p10: "p10-sec/op",
  p50: "p50-sec/op",
  p99: "p99-sec/op",
  cpu: "cpu-sec/op",
  mean: "sec/op",
  bytes: "B/op",
  allocs: "allocs/op",
} as const satisfies Record<string, MetricName>;
export type MetricWord = keyof typeof METRIC_WORDS;

/** The word of a metric; undefined for one that rules cannot name. */
export function metricWord(metric: string): MetricWord | undefined {
  const words = Object.keys(METRIC_WORDS) as MetricWord[];
  return words.find((word) => METRIC_WORDS[word] === metric);
}

export type MetricFacts = {
  /** Fractions; 0 where the verdict believes no change. */
  readonly change: number;
  readonly low: number;
  readonly high: number;
  /** Medians in base units. */
  readonly base: number;
  readonly head: number;
  readonly exact: boolean;
  readonly certain: boolean;
  readonly confirmed: boolean;
  readonly proven: boolean;
};

export type RunFacts = {
  /** Strategies that could not work, or only in part. */
  readonly degraded: ReadonlySet<string>;
  /** Benchmarks. */
  readonly measured: number;
  readonly regressed: number;
  readonly unknown: number;
  readonly failed: number;
  readonly unmeasured: number;
};

export type RuleFacts = {
  readonly run: RunFacts;
  readonly name: string;
  readonly package: string;
  readonly cell: string;
  readonly metrics: ReadonlyMap<MetricWord, MetricFacts>;
  /** The regressed metric that the rule is asked about. */
  readonly metric: MetricWord;
};
