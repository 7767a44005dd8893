// From findings to the verdict: decide each metric, find causes, apply the gate, conclude.
import type {
  BenchmarkId,
  DeclarationFinding,
  Finding,
  MetricFinding,
} from "../analyze/finding.ts";
import type { BenchmarkRecord, Outcome } from "../evidence/manifest.ts";
import { findCauses } from "./causes.ts";
import { causesOfMoved, heedControls, isControlIn } from "./controls.ts";
import { decideMetrics, type NoiseFloor } from "./decide.ts";
import { applyGate } from "./gate.ts";
import type { Policy } from "./policy.ts";
import { isDescribing, withDescription, withTails } from "./tails.ts";
import { titleOf } from "./title.ts";
import type { BenchmarkVerdict, Conclusion, JudgedMetric, Verdict } from "./verdict.ts";

export type JudgeInput = {
  readonly outcome: Outcome;
  /** Every benchmark of the run, measured or not. */
  readonly benchmarks: readonly BenchmarkRecord[];
  readonly findings: readonly Finding[];
  readonly noiseFloor: NoiseFloor;
  readonly policy: Policy;
};

/** The verdict of a run, whatever its outcome. Pure: the same input gives the same verdict. */
export function judge(input: JudgeInput): Verdict {
  const found = input.findings.filter((finding) => finding.kind === "metric");
  const decide = (findings: readonly MetricFinding[]) =>
    decideMetrics(findings, input.policy, input.noiseFloor);
  const metricsOf = byBenchmark(decide(found.filter((finding) => !isDescribing(finding))));
  const describing = byBenchmark(found.filter(isDescribing));
  const declarations = input.findings.filter((finding) => finding.kind === "declaration");
  const decided = input.benchmarks.map((record) => {
    const plain = withMetrics(record, metricsOf.get(keyOf(record)) ?? []);
    const own = withDescription(plain, describing.get(keyOf(record)) ?? [], decide);
    return isBenchmarkChanged(record, declarations)
      ? { ...own, metrics: own.metrics.map(asAnotherBenchmark) }
      : own;
  });
  const possible = findCauses(decided, input.findings);
  const believed = heedControls(decided, isControlIn(input.benchmarks), possible);
  const causes = causesOfMoved(possible, believed);
  const benchmarks = applyGate(believed, causes, input.policy).map(withTails);
  const { conclusion, title } = conclude(input.outcome, benchmarks) ?? {
    conclusion: conclusionOf(benchmarks),
    title: titleOf(benchmarks, causes),
  };
  return { conclusion, title, benchmarks, causes };
}

function keyOf({ cell, package: importPath, name }: BenchmarkId): string {
  return [cell, importPath, name].join("\0");
}

function byBenchmark<F extends MetricFinding>(findings: readonly F[]): ReadonlyMap<string, F[]> {
  const groups = new Map<string, F[]>();
  for (const finding of findings) {
    const key = keyOf(finding.benchmark);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [finding]);
    else group.push(finding);
  }
  return groups;
}

function withMetrics(record: BenchmarkRecord, metrics: readonly JudgedMetric[]): BenchmarkVerdict {
  const { cell, package: importPath, name, status, reason } = record;
  return { cell, package: importPath, name, status, reason, metrics };
}

/** Whether the benchmark function itself differs: then its numbers compare two programs. */
function isBenchmarkChanged(
  record: BenchmarkRecord,
  declarations: readonly DeclarationFinding[],
): boolean {
  const functionName = record.name.split("/")[0];
  return declarations.some(
    (finding) =>
      finding.change === "changed" &&
      finding.function === functionName &&
      finding.package === record.package &&
      finding.head?.file.endsWith("_test.go") === true,
  );
}

function asAnotherBenchmark(metric: JudgedMetric): JudgedMetric {
  if (metric.decision === "same") return metric;
  const warning = "the benchmark itself changed: base and head do not run the same work";
  return { ...metric, decision: "unknown", warnings: [...metric.warnings, warning] };
}

type Ending = { readonly conclusion: Conclusion; readonly title: string };

/** Outcomes without numbers; undefined where the numbers speak. */
function conclude(outcome: Outcome, benchmarks: readonly BenchmarkVerdict[]): Ending | undefined {
  switch (outcome.kind) {
    case "nothing-to-measure":
      // Proven equal is an answer, the best one; nothing to run says less.
      return outcome.unchanged === true
        ? { conclusion: "success", title: "No machine code changed" }
        : { conclusion: "skipped", title: `Nothing to measure: ${outcome.reason}` };
    case "could-not-measure":
      return { conclusion: "neutral", title: `Could not measure: ${outcome.reason}` };
    case "build-failed":
      // Head is the author's to fix; a base that does not build is nobody's fault here.
      return outcome.side === "head"
        ? { conclusion: "action_required", title: `Head does not build: ${outcome.package}` }
        : { conclusion: "neutral", title: `Base does not build: ${outcome.package}` };
    case "collected":
      return isOutOfTime(benchmarks)
        ? { conclusion: "timed_out", title: "The budget ended before anything could be measured" }
        : undefined;
  }
}

function isOutOfTime(benchmarks: readonly BenchmarkVerdict[]): boolean {
  return (
    benchmarks.some((benchmark) => benchmark.status === "not-measured") &&
    !benchmarks.some((benchmark) => ["measured", "failed"].includes(benchmark.status))
  );
}

function conclusionOf(benchmarks: readonly BenchmarkVerdict[]): Conclusion {
  const metrics = benchmarks.flatMap((benchmark) => benchmark.metrics);
  if (metrics.some((metric) => metric.blocks)) return "failure";
  if (metrics.some((metric) => metric.decision === "regressed")) return "neutral";
  // A benchmark that cannot run might hide anything: not proven bad, not proven fine.
  if (benchmarks.some((benchmark) => benchmark.status === "failed")) return "neutral";
  return metrics.length === 0 ? "neutral" : "success";
}
