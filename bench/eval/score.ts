// What a report says of a case, held against what is known of it.
import type { Report, ReportMetric } from "../../src/report/report-schema.ts";
import type { Case } from "./cases.ts";

export type Score = {
  readonly id: string;
  readonly expect: Case["expect"];
  /** What was said: the worst decision over the benchmarks that should show the effect. */
  readonly said: "regressed" | "improved" | "same" | "unknown" | "mixed" | "not measured";
  readonly conclusion: Report["conclusion"];
  readonly title: string;
  /** Largest change of p10 time among the benchmarks of the case; null where none was measured. */
  readonly change: number | null;
  /** Largest size of a change in anything that decides, a fraction. */
  readonly effect: number;
  /** Rank of the first true cause, from 1; 0 when it is not among those named. */
  readonly causeRank: number;
  /** Regressions said of benchmarks outside the list, for harmless cases all of them. */
  readonly others: readonly string[];
  readonly minutes: number;
};

/** The metrics that decide; the mean is only shown. */
const DECIDING = new Set(["p10-sec/op", "p99-sec/op", "B/op", "allocs/op"]);

/** Scores one report. */
export function scoreReport(of: Case, report: Report, minutes: number): Score {
  const listed = report.benchmarks.filter((benchmark) => isListed(of, benchmark.name));
  const deciding = listed.flatMap((benchmark) =>
    benchmark.metrics.filter((metric) => DECIDING.has(metric.name)),
  );
  const times = deciding.filter((metric) => metric.name === "p10-sec/op");
  const changes = times.map((metric) => metric.change ?? Number.POSITIVE_INFINITY);
  const largest = changes.sort((a, b) => Math.abs(b) - Math.abs(a))[0];
  return {
    id: of.id,
    expect: of.expect,
    said: overall(deciding),
    conclusion: report.conclusion,
    title: report.title,
    change: largest ?? null,
    effect: Math.max(
      0,
      ...deciding.map((metric) => Math.abs(metric.change ?? 1)).filter(Number.isFinite),
    ),
    causeRank: causeRank(of, report),
    others: report.benchmarks
      .filter((benchmark) => of.expect === "same" || !isListed(of, benchmark.name))
      .filter((benchmark) =>
        benchmark.metrics.some((at) => DECIDING.has(at.name) && at.decision === "regressed"),
      )
      .map((benchmark) => benchmark.name),
    minutes,
  };
}

/** Whether the benchmark, or the one it is part of, should show the effect of the case. */
export function isListed(of: Case, name: string): boolean {
  const short = name.replace(/^Benchmark/, "");
  return of.benchmarks.some((listed) => short === listed || short.startsWith(`${listed}/`));
}

function overall(metrics: readonly ReportMetric[]): Score["said"] {
  const decisions = new Set(metrics.map((metric) => metric.decision));
  if (metrics.length === 0) return "not measured";
  if (decisions.has("regressed")) return decisions.has("improved") ? "mixed" : "regressed";
  if (decisions.has("improved")) return "improved";
  return decisions.has("unknown") ? "unknown" : "same";
}

/** Causes count in the order the report names them, each function once. */
function causeRank(of: Case, report: Report): number {
  const named = [...new Set(report.causes.map((cause) => cause.function))].filter(Boolean);
  const index = named.findIndex((full) =>
    of.causes.some((truth) => bareName(full) === truth.function),
  );
  return index + 1;
}

/** "example.com/m.(*T).Parse" → "Parse". */
function bareName(full: string): string {
  return full.slice(full.lastIndexOf(".") + 1);
}
