// The order of the stages that work on evidence, and nothing else. Collecting comes before it
// (src/collect/collect.ts) and publishing after it (src/commands).
import { analyzeAst } from "./analyze/ast/analyze-ast.ts";
import { analyzeCompiler } from "./analyze/compiler/analyze-compiler.ts";
import { analyzeContext } from "./analyze/context/analyze-context.ts";
import type { Degradation, Finding } from "./analyze/finding.ts";
import { analyzeLatency } from "./analyze/latency/analyze-latency.ts";
import { describeShifts } from "./analyze/latency/describe-shifts.ts";
import { noiseFloor } from "./analyze/latency/noise-floor.ts";
import { analyzeProfile } from "./analyze/profile/analyze-profile.ts";
import type { Calibration } from "./baseline/calibration.ts";
import { describeHistory } from "./baseline/describe-history.ts";
import type { History } from "./baseline/history.ts";
import { barredFromBlocking } from "./baseline/right-to-block.ts";
import type { Evidence } from "./evidence/evidence.ts";
import { readPairs } from "./evidence/read-pairs.ts";
import { controlOutcomes } from "./judge/controls.ts";
import { judge } from "./judge/judge.ts";
import { differencesOf } from "./judge/preview.ts";
import type { TeamRule } from "./judge/read-policy.ts";
import type { BenchmarkVerdict, Verdict } from "./judge/verdict.ts";
import { isOver } from "./judge/waivers.ts";
import { buildReport, type ReportContext } from "./report/build-report.ts";
import type { Report } from "./report/report-schema.ts";

export type Judged = {
  readonly report: Report;
  readonly verdict: Verdict;
  readonly findings: readonly Finding[];
};

/** What evidence is judged by. */
export type Ruling = {
  readonly rule: TeamRule;
  /** The day that waivers are held against, in UTC: "2026-07-31". */
  readonly today: string;
  /** The rule that the change itself brings, to show what it would say of the same findings. */
  readonly preview?: { readonly rule: TeamRule; readonly settings: readonly string[] } | undefined;
  /** What is remembered of the main branch on this kind of machine: context, and misfires. */
  readonly history?: History | undefined;
  /** What trials with a known answer showed: which benchmarks may block. */
  readonly calibration?: Calibration | undefined;
};

/**
 * Evidence → findings → verdict → report.
 * @param nowMs a clock in milliseconds, for what the analysis itself costs.
 */
export function judgeEvidence(evidence: Evidence, ruling: Ruling, nowMs: () => number): Judged {
  const startMs = nowMs();
  const pairs = readPairs(evidence);
  const source = analyzeAst(evidence);
  const analyses = [
    analyzeLatency(evidence, pairs),
    source,
    analyzeCompiler(evidence),
    analyzeProfile(evidence, source.names),
    analyzeContext(evidence, pairs),
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
  const { history, calibration, today } = ruling;
  const machine = evidence.manifest.machine.cpu;
  const misfires = history?.misfires;
  const barred = barredFromBlocking({ calibration, misfires, machine, today });
  const judgeBy = ({ policy, waivers }: TeamRule) =>
    judge({
      outcome,
      benchmarks,
      findings,
      noiseFloor: floor,
      policy,
      waivers,
      today,
      degraded,
      barred,
    });
  const verdict = judgeBy(ruling.rule);
  const described = [...findings, ...describeShifts(evidence, movedBenchmarks(verdict))];
  const then = ruling.preview === undefined ? undefined : judgeBy(ruling.preview.rule);
  const context: ReportContext = {
    ...contextOf(evidence, verdict, floor, (nowMs() - startMs) / 1000),
    policy: policyInReport(ruling),
    ...(history === undefined ? {} : { baseline: baselineInReport(history, verdict) }),
    preview: then && {
      conclusion: then.conclusion,
      title: then.title,
      differences: differencesOf(verdict, then),
      settings: [...(ruling.preview?.settings ?? [])],
    },
  };
  const report = buildReport({ context, verdict, findings: described, degraded });
  return { report, verdict, findings: described };
}

function movedBenchmarks({ benchmarks }: Verdict): BenchmarkVerdict[] {
  return benchmarks.filter(({ metrics }) =>
    metrics.some(({ decision }) => decision === "regressed" || decision === "improved"),
  );
}

function policyInReport({ rule, today }: Ruling): ReportContext["policy"] {
  const { preset, rules, unmeasured } = rule.policy.gate;
  return {
    file: rule.fileName,
    preset,
    rules: rules.map(({ name, text }) => ({ name, block: text })),
    unmeasured,
    waivers: rule.waivers.map((waiver) => ({
      ...waiver,
      metrics: waiver.metrics === "any" ? "any" : [...waiver.metrics],
      ended: isOver(waiver, today),
    })),
  };
}

/** Time and allocations of what moved or could not be told; the rest of main is no news. */
function baselineInReport(history: History, { benchmarks }: Verdict): ReportContext["baseline"] {
  const isNews = new Set(
    benchmarks
      .filter(({ metrics }) => metrics.some(({ decision }) => decision !== "same"))
      .map((at) => [at.cell, at.package, at.name].join("\0")),
  );
  const { commits, series, alarms } = describeHistory(
    history,
    (at) => isNews.has([at.cell, at.package, at.name].join("\0")) && SHOWN_OF_MAIN.has(at.metric),
  );
  return {
    commits,
    machine: history.machine,
    benchmarks: series.slice(0, MOST_OF_MAIN).map(({ reference, ...at }) => ({
      ...at,
      values: [...at.values],
      levelStarts: [...at.levelStarts],
      ...reference,
    })),
    alarms: alarms.slice(0, MOST_OF_MAIN),
  };
}

const SHOWN_OF_MAIN: ReadonlySet<string> = new Set(["p10-sec/op", "allocs/op"]);
/** A reader looks at ten; a machine finds all in the store. */
const MOST_OF_MAIN = 100;

function contextOf(
  { manifest }: Evidence,
  verdict: Verdict,
  floor: Readonly<Record<string, number>>,
  analyzeSeconds: number,
): Omit<ReportContext, "policy" | "preview" | "baseline"> {
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
      ...(plan.extraProfiles?.length ? { profiles: plan.extraProfiles } : {}),
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
