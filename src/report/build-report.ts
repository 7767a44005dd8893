// From the verdict to report.json. Nothing is decided here: values are copied, what JSON cannot
// hold (Infinity, NaN) becomes null, and the published schema has the last word. The report is
// complete in itself: every page can be written again from it alone.
import assert from "node:assert/strict";
import type { ContextFinding, Degradation, Finding, ShiftFinding } from "../analyze/finding.ts";
import type { BenchmarkId } from "../analyze/subject.ts";
import type {
  BenchmarkVerdict,
  Cause,
  ControlOutcome,
  CostLedger,
  JudgedMetric,
  Verdict,
} from "../judge/verdict.ts";
import { annotatedStacks } from "./annotated-stack.ts";
import { firstLines } from "./limits.ts";
import {
  type Report,
  type ReportBaseline,
  type ReportOutcome,
  type ReportPolicy,
  type ReportPreview,
  type ReportStack,
  reportSchema,
} from "./report-schema.ts";
import { sourceFindings } from "./source-findings.ts";

/** What the report says about the run beside findings and verdict. */
export type ReportContext = {
  readonly base: string;
  readonly head: string;
  readonly seed: number;
  /** As given to `go list`, to `go test -bench`, and the wall time for measuring. */
  readonly selection: {
    readonly packages: readonly string[];
    readonly benchPattern: string;
    readonly budgetSeconds: number;
    /** Asked for beside CPU and allocations. */
    readonly profiles?: readonly string[];
  };
  /** The team's rule; what held the merge is the verdict's to say. */
  readonly policy: Omit<ReportPolicy, "held">;
  readonly preview?: ReportPreview | undefined;
  /** What main did before; absent where nothing is known of it. */
  readonly baseline?: ReportBaseline | undefined;
  readonly outcome: ReportOutcome;
  readonly cells: readonly {
    readonly id: string;
    readonly go: string;
    readonly env: Readonly<Record<string, string>>;
  }[];
  readonly noise: {
    /** Smallest change that is more than noise on this machine, a fraction, by metric. */
    readonly floor: Readonly<Record<string, number>>;
    /** Benchmarks that the change cannot reach, as they were measured. */
    readonly controls: readonly ControlOutcome[];
    readonly layoutSeeds: number;
  };
  /** As the runner described it: cpu, cores, load, sandbox, warnings. */
  readonly machine: Readonly<Record<string, unknown>>;
  readonly cost: {
    readonly seconds: {
      readonly checkout: number;
      readonly build: number;
      readonly measure: number;
      readonly analyze: number;
    };
    readonly pairs: number;
    readonly skippedBenchmarks: number;
  };
};

/** A build log is read from its top: Go stops after ten errors. 20,000 bytes hold thousands of lines. */
const LOG_MAX = 20_000;

function finite(value: number): number | null {
  return Number.isFinite(value) ? value : null;
}

function metricOf(metric: JudgedMetric): unknown {
  const { confirmation } = metric;
  return {
    name: metric.metric,
    base: metric.base,
    head: metric.head,
    change: finite(metric.change),
    low: finite(metric.low),
    high: finite(metric.high),
    level: metric.level,
    p: metric.p,
    pAdjusted: metric.pAdjusted,
    pMinimumEffect: metric.pMinimumEffect,
    pairs: metric.pairs,
    comparison: metric.comparison,
    threshold: metric.threshold,
    layoutP: metric.layoutP,
    layoutChanges: metric.layoutChanges.filter(Number.isFinite),
    ...(confirmation && {
      confirmation: { ...confirmation, change: finite(confirmation.change) },
    }),
    decision: metric.decision,
    blocks: metric.blocks,
    ...(metric.isTailOnly === true && { tailOnly: true }),
    ...(metric.rule === undefined ? {} : { rule: metric.rule }),
    ...(metric.waiver === undefined ? {} : { waiver: metric.waiver }),
    couldHide: finite(metric.couldHide),
    bound: finite(metric.bound),
    spread: metric.spread,
    warnings: metric.warnings,
  };
}

function ledgerOf(ledger: CostLedger): unknown {
  const open = <A extends { readonly lowNs: number; readonly highNs: number }>(amount: A) => ({
    ...amount,
    lowNs: finite(amount.lowNs),
    highNs: finite(amount.highNs),
  });
  return {
    ...ledger,
    ...(ledger.measured && { measured: open(ledger.measured) }),
    rows: ledger.rows.map(open),
  };
}

function causeOf(cause: Cause, stack: ReportStack | undefined): unknown {
  const { position, share, ...rest } = cause;
  return {
    ...rest,
    file: position?.file ?? "",
    line: position?.line ?? 0,
    ...(share !== undefined && Number.isFinite(share) && { share }),
    ...(stack && { stack }),
  };
}

function outcomeOf(outcome: ReportOutcome): ReportOutcome {
  return outcome.kind === "build-failed"
    ? { ...outcome, log: firstLines(outcome.log, LOG_MAX) }
    : outcome;
}

/** What describes a benchmark that moved, for its entry; nothing for the others. */
function findingsBehind(findings: readonly Finding[]): (benchmark: BenchmarkVerdict) => object {
  const keyOf = (at: BenchmarkId) => [at.cell, at.package, at.name].join("\0");
  const shifts = new Map<string, ShiftFinding>();
  const contexts = new Map<string, ContextFinding>();
  for (const finding of findings) {
    if (finding.kind === "shift") shifts.set(keyOf(finding.benchmark), finding);
    if (finding.kind === "context") contexts.set(keyOf(finding.benchmark), finding);
  }
  return (benchmark) => {
    if (!benchmark.metrics.some(({ decision }) => MOVED.has(decision))) return {};
    const shift = shifts.get(keyOf(benchmark));
    const context = contexts.get(keyOf(benchmark));
    return {
      ...(shift && {
        latencyShift: {
          baseOperations: shift.baseOperations,
          headOperations: shift.headOperations,
          points: shift.points,
        },
      }),
      ...(context && {
        runtime: {
          mechanism: context.mechanism,
          direction: context.direction,
          pairs: context.pairs,
          readings: context.readings.map(({ movement, ...reading }) => ({
            ...reading,
            moved: movement,
          })),
        },
      }),
    };
  };
}

const MOVED: ReadonlySet<string> = new Set(["regressed", "improved"]);

/**
 * The report as machines read it. Throws (a bug of ours) when a stage gave a value the published
 * schema does not allow, such as an unknown metric or a p outside 0 to 1.
 */
export function buildReport(input: {
  readonly context: ReportContext;
  readonly verdict: Verdict;
  readonly findings: readonly Finding[];
  readonly degraded: readonly Degradation[];
}): Report {
  const { context, verdict } = input;
  const behind = findingsBehind(input.findings);
  const stacks = annotatedStacks(verdict.causes, input.findings);
  const source = sourceFindings(input.findings);
  const known = new Set(context.cells.map((cell) => cell.id));
  for (const benchmark of verdict.benchmarks) {
    assert(known.has(benchmark.cell), `the cell ${benchmark.cell} is in the context`);
  }
  return reportSchema.parse({
    schema: "tailguard.report/1",
    base: context.base,
    head: context.head,
    seed: context.seed,
    selection: context.selection,
    policy: {
      ...context.policy,
      held: verdict.firedRules.map(({ name, text }) => ({ name, block: text })),
    },
    ...(context.preview === undefined ? {} : { preview: context.preview }),
    ...(context.baseline === undefined ? {} : { baseline: context.baseline }),
    conclusion: verdict.conclusion,
    title: verdict.title,
    outcome: outcomeOf(context.outcome),
    cells: context.cells,
    benchmarks: verdict.benchmarks.map((benchmark) => ({
      ...benchmark,
      metrics: benchmark.metrics.map(metricOf),
      ...behind(benchmark),
      ...(benchmark.ledger && { ledger: ledgerOf(benchmark.ledger) }),
    })),
    causes: verdict.causes.map((cause) => causeOf(cause, stacks.get(cause))),
    ...(source === undefined ? {} : { source }),
    noise: {
      ...context.noise,
      controls: context.noise.controls.map((control) => ({
        ...control,
        change: finite(control.change),
        low: finite(control.low),
        high: finite(control.high),
      })),
      machine: context.machine,
    },
    cost: context.cost,
    degraded: input.degraded,
  });
}
