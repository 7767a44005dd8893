// What the tails say beside the metrics that decide: p90 and p99.9 describe a change that was shown
// already, and a p99 that moved alone is said to be one of the tail.
//
// Each further quantile that is tested on every benchmark costs all others a part of their error
// budget, so these are opened only where a metric that decides has moved (statistics: description
// after a gate), and corrected among themselves.
import type { MetricFinding } from "../analyze/finding.ts";
import type { BenchmarkVerdict, JudgedMetric } from "./verdict.ts";

const DESCRIBING: ReadonlySet<string> = new Set(["p90-sec/op", "p99.9-sec/op"]);

/** Whether the metric only describes; the others are decided first, without it. */
export function isDescribing({ metric }: Pick<MetricFinding, "metric">): boolean {
  return DESCRIBING.has(metric);
}

/** The same benchmark with its describing `findings`, as `decide` judges them, where one moved. */
export function withDescription(
  benchmark: BenchmarkVerdict,
  findings: readonly MetricFinding[],
  decide: (own: readonly MetricFinding[]) => readonly JudgedMetric[],
): BenchmarkVerdict {
  if (!benchmark.metrics.some((metric) => direction(metric) !== 0)) return benchmark;
  return { ...benchmark, metrics: [...benchmark.metrics, ...decide(findings)] };
}

/** The same benchmark; a p99 or p99.9 that moved where p10 and p50 did not says so. */
export function withTails(benchmark: BenchmarkVerdict): BenchmarkVerdict {
  const body = benchmark.metrics.filter(({ metric }) => /^p[15]0-/.test(metric));
  if (body.length === 0) return benchmark;
  const metrics = benchmark.metrics.map((metric) => {
    const moved = /^p99(\.9)?-/.test(metric.metric) ? direction(metric) : 0;
    return moved !== 0 && body.every((at) => direction(at) !== moved)
      ? { ...metric, isTailOnly: true }
      : metric;
  });
  return { ...benchmark, metrics };
}

function direction({ decision }: JudgedMetric): -1 | 0 | 1 {
  return decision === "regressed" ? 1 : decision === "improved" ? -1 : 0;
}
