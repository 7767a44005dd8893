// The order of the stages that work on evidence, and nothing else. Collecting comes before it
// (src/collect/collect.ts) and publishing after it (src/commands).
import { analyzeAst } from "./analyze/ast/analyze-ast.ts";
import { analyzeCompiler } from "./analyze/compiler/analyze-compiler.ts";
import type { Degradation, Finding } from "./analyze/finding.ts";
import { analyzeLatency } from "./analyze/latency/analyze-latency.ts";
import { noiseFloor } from "./analyze/latency/noise-floor.ts";
import { analyzeProfile } from "./analyze/profile/analyze-profile.ts";
import type { Evidence } from "./evidence/evidence.ts";
import { readPairs } from "./evidence/read-pairs.ts";
import { controlOutcomes } from "./judge/controls.ts";
import { judge } from "./judge/judge.ts";
import type { Policy } from "./judge/policy.ts";
import type { Verdict } from "./judge/verdict.ts";
import { buildReport, type ReportContext } from "./report/build-report.ts";
import type { Report } from "./report/report-schema.ts";

export type Judged = {
  readonly report: Report;
  readonly verdict: Verdict;
  readonly findings: readonly Finding[];
};

/**
 * Evidence → findings → verdict → report.
 * @param nowMs a clock in milliseconds, for what the analysis itself costs.
 */
export function judgeEvidence(evidence: Evidence, policy: Policy, nowMs: () => number): Judged {
  const startMs = nowMs();
  const pairs = readPairs(evidence);
  const analyses = [
    analyzeLatency(evidence, pairs),
    analyzeAst(evidence),
    analyzeCompiler(evidence),
    analyzeProfile(evidence),
  ];
  const findings: Finding[] = analyses.flatMap((analysis): readonly Finding[] => analysis.findings);
  const degraded: Degradation[] = [
    ...evidence.manifest.degraded,
    // Where nothing was collected, nothing is missing.
    ...(evidence.manifest.outcome.kind === "collected"
      ? analyses.flatMap((analysis) => analysis.degraded)
      : []),
  ];
  const floor = noiseFloor(pairs);
  const { outcome, benchmarks } = evidence.manifest;
  const verdict = judge({ outcome, benchmarks, findings, noiseFloor: floor, policy });
  const context = contextOf(evidence, verdict, floor, (nowMs() - startMs) / 1000);
  return { report: buildReport({ context, verdict, findings, degraded }), verdict, findings };
}

function contextOf(
  { manifest }: Evidence,
  verdict: Verdict,
  floor: Readonly<Record<string, number>>,
  analyzeSeconds: number,
): ReportContext {
  const { plan, machine, seconds } = manifest;
  const skipped = manifest.benchmarks.filter((at) => at.status === "unaffected");
  return {
    base: plan.base,
    head: plan.head,
    seed: plan.seed,
    selection: {
      packages: plan.packages,
      benchPattern: plan.benchPattern,
      budgetSeconds: plan.budgetSeconds,
    },
    outcome: manifest.outcome,
    cells: manifest.cells.map(({ id, go, env }) => ({ id, go, env })),
    noise: {
      floor,
      controls: controlOutcomes(manifest.benchmarks, verdict.benchmarks),
      layoutSeeds: Math.max(0, ...manifest.cells.map((cell) => cell.layoutSeeds)),
    },
    machine,
    cost: {
      seconds: { ...seconds, analyze: analyzeSeconds },
      pairs: manifest.benchmarks.reduce((total, at) => total + (at.pairs ?? 0), 0),
      skippedBenchmarks: skipped.length,
    },
  };
}
