// From report.json back to what the judge left in it, so that another rule can be tried on runs that
// are long over. What the report does not keep has the value that claims least.
import type { Degradation } from "../analyze/finding.ts";
import type { BenchmarkVerdict, Cause, JudgedMetric } from "../judge/verdict.ts";
import type { Report, ReportBenchmark, ReportCause, ReportMetric } from "./report-schema.ts";

/** The verdict's parts; `judge/rejudge.ts` takes them. */
export function storedVerdict(report: Report): {
  readonly outcome: Report["outcome"];
  readonly benchmarks: readonly BenchmarkVerdict[];
  readonly causes: readonly Cause[];
  readonly degraded: readonly Degradation[];
  readonly noiseFloor: Readonly<Record<string, number>>;
  readonly costlyDecisions: number;
} {
  return {
    outcome: report.outcome,
    benchmarks: report.benchmarks.map((benchmark) => {
      const { cell, package: importPath, name, status, reason } = benchmark;
      const metrics = benchmark.metrics.map((metric) => metricOf(metric, benchmark));
      return { cell, package: importPath, name, status, reason, metrics };
    }),
    causes: report.causes.map(causeOf),
    degraded: report.degraded,
    noiseFloor: report.noise.floor,
    costlyDecisions: costlyDecisions(report),
  };
}

/** Those beyond the bound of the report are counted as costly: the costly ones come first. */
function costlyDecisions({ source }: Report): number {
  if (source === undefined) return 0;
  const costly = source.decisions.filter(({ direction }) => direction === "worse").length;
  return costly === source.decisions.length ? costly + source.left.decisions : costly;
}

/** null stands for what JSON cannot hold: a change from nothing, or a number that is not known. */
function metricOf(
  metric: ReportMetric,
  { cell, package: importPath, name }: ReportBenchmark,
): JudgedMetric {
  const { name: metricName, confirmation, tailOnly, rule, waiver, ...same } = metric;
  const change = metric.change ?? Number.POSITIVE_INFINITY;
  return {
    ...same,
    kind: "metric",
    benchmark: { cell, package: importPath, name },
    metric: metricName,
    change,
    low: metric.low ?? change,
    high: metric.high ?? change,
    // Reports of older versions lack it: what blocked was certain, of the rest nothing is known.
    pMinimumEffect: metric.pMinimumEffect ?? (metric.blocks ? 0 : 1),
    couldHide: metric.couldHide ?? Number.POSITIVE_INFINITY,
    bound: metric.bound ?? Number.POSITIVE_INFINITY,
    layoutP: metric.layoutP ?? 1,
    spread: metric.spread ?? Number.POSITIVE_INFINITY,
    ...(confirmation === undefined
      ? {}
      : {
          confirmation: {
            ...confirmation,
            change: confirmation.change ?? Number.POSITIVE_INFINITY,
          },
        }),
    ...(tailOnly === true ? { isTailOnly: true } : {}),
  };
}

function causeOf({ file, line, stack: _stack, share, ...cause }: ReportCause): Cause {
  return {
    ...cause,
    ...(share === undefined ? {} : { share }),
    ...(file === "" ? {} : { position: { file, line } }),
  };
}
