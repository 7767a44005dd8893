// From findings to the verdict: decide each metric, find causes, apply the gate, conclude.
import type { Degradation, Finding, MetricFinding } from "../analyze/finding.ts";
import type { DeclarationFinding } from "../analyze/source-finding.ts";
import type { BenchmarkId } from "../analyze/subject.ts";
import type { BenchmarkRecord, Outcome } from "../evidence/manifest.ts";
import { findCauses } from "./causes.ts";
import { concludeRun } from "./conclude.ts";
import { causesOfMoved, heedControls, isControlIn } from "./controls.ts";
import { decideMetrics, type NoiseFloor } from "./decide.ts";
import { applyGate } from "./gate.ts";
import { withLedgers } from "./ledger.ts";
import type { Policy } from "./policy.ts";
import { isDescribing, withDescription, withTails } from "./tails.ts";
import type { BenchmarkVerdict, JudgedMetric, Verdict } from "./verdict.ts";
import type { Waiver } from "./waivers.ts";

export type JudgeInput = {
  readonly outcome: Outcome;
  /** Every benchmark of the run, measured or not. */
  readonly benchmarks: readonly BenchmarkRecord[];
  readonly findings: readonly Finding[];
  readonly noiseFloor: NoiseFloor;
  readonly policy: Policy;
  /** Regressions that people have accepted, from the configuration or by a command. */
  readonly waivers: readonly Waiver[];
  /** The day that waivers are held against, in UTC: "2026-07-31". */
  readonly today: string;
  /** Strategies that could not work, or only in part. */
  readonly degraded: readonly Degradation[];
  /** Why times of a benchmark may not block here; nothing is barred when absent. */
  readonly barred?: (benchmark: BenchmarkId) => string | undefined;
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
  const { waivers, today } = input;
  const { gate } = input.policy;
  const degraded = new Set(input.degraded.map((at) => at.strategy));
  const { familyAlpha } = input.policy;
  const barred = input.barred ?? (() => undefined);
  const gating = { causes, gate, familyAlpha, waivers, today, degraded, barred };
  const { benchmarks, firedRules } = applyGate(believed, gating);
  const accounted = withLedgers(benchmarks.map(withTails), input.findings);
  const gated = { benchmarks: accounted, firedRules };
  const costlyDecisions = input.findings.filter(isCostlyDecision).length;
  const ending = concludeRun(input.outcome, { gated, causes, gate, costlyDecisions });
  return { ...ending, ...gated, causes };
}

function isCostlyDecision(finding: Finding): boolean {
  return (
    finding.kind === "decision" &&
    finding.direction === "worse" &&
    !finding.position.file.endsWith("_test.go")
  );
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
