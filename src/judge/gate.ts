// Which regressions stop the merge? Those the preset or a rule of the team names, unless a person
// has accepted them.
//
// Only what the verdict calls a regression can: a rule never sees a change that the statistics do
// not believe. In the presets exact regressions stop it alone, a time only with a second key
// (second-key.ts); a team's own rule says itself what it asks for, by `proven` and its parts. A time
// of a benchmark that has not earned the right, or lost it, blocks under neither
// (src/baseline/right-to-block.ts).
import type { BenchmarkId } from "../analyze/subject.ts";
import type { PresetName } from "../plan/config-schema.ts";
import { isConfirmed } from "./decide.ts";
import type { FamilyAlpha } from "./families.ts";
import type { Gate, GateRule } from "./policy.ts";
import {
  type MetricFacts,
  type MetricWord,
  metricWord,
  type RuleFacts,
  type RunFacts,
} from "./rule-facts.ts";
import { certainIn, hasDeterministicKey, isTakenByEditedCode } from "./second-key.ts";
import type { BenchmarkVerdict, Cause, FiredRule, JudgedMetric } from "./verdict.ts";
import { type Waiver, waiverFor } from "./waivers.ts";

export type GateInput = {
  readonly causes: readonly Cause[];
  readonly gate: Gate;
  readonly familyAlpha: FamilyAlpha;
  readonly waivers: readonly Waiver[];
  /** "2026-07-31", in UTC. */
  readonly today: string;
  /** Strategies that could not work, or only in part. */
  readonly degraded: ReadonlySet<string>;
  /** Why times of a benchmark may not block here, for people; undefined where they may. */
  readonly barred: (benchmark: BenchmarkId) => string | undefined;
};

export type Gated = {
  /** The same benchmarks with `blocks` set where a metric stops the merge. */
  readonly benchmarks: readonly BenchmarkVerdict[];
  /** Rules about the run as a whole that hold. */
  readonly firedRules: readonly FiredRule[];
};

export function applyGate(benchmarks: readonly BenchmarkVerdict[], input: GateInput): Gated {
  const { gate, familyAlpha } = input;
  const run = runFacts(benchmarks, input.degraded);
  const isCertain = certainIn(
    benchmarks,
    familyAlpha,
    (metric) => mayBlock(metric, gate) && input.barred(metric.benchmark) === undefined,
  );
  const nowhere = { run, name: "", package: "", cell: "", metrics: new Map() };
  return {
    benchmarks: benchmarks.map((benchmark) => {
      const { name, package: importPath, cell } = benchmark;
      const metrics = metricFacts(benchmark, input.causes, isCertain);
      const facts = { run, name, package: importPath, cell, metrics };
      return { ...benchmark, metrics: benchmark.metrics.map((at) => gateMetric(at, facts, input)) };
    }),
    firedRules: gate.rules
      .filter((rule) => rule.scope === "run" && rule.holds({ ...nowhere, metric: "p10" }))
      .map(({ name, text }) => ({ name, text })),
  };
}

function gateMetric(
  metric: JudgedMetric,
  facts: Omit<RuleFacts, "metric">,
  { gate, waivers, today, barred }: GateInput,
): JudgedMetric {
  const word = metricWord(metric.metric);
  if (metric.decision !== "regressed" || word === undefined) return metric;
  const rule = ruleThatStops({ ...facts, metric: word }, gate);
  const waiver = waiverFor(metric, waivers, today);
  const bar = metric.comparison === "exact" ? undefined : barred(metric.benchmark);
  const blocks = rule !== undefined && bar === undefined && waiver?.state !== "accepted";
  return {
    ...metric,
    ...(bar === undefined ? {} : { warnings: [...metric.warnings, `may not block: ${bar}`] }),
    blocks,
    ...(blocks ? { rule } : {}),
    ...(waiver === undefined ? {} : { waiver }),
  };
}

/** The name of the first rule that holds for this metric, the preset last. */
function ruleThatStops(facts: RuleFacts, { rules, preset }: Gate): string | undefined {
  const own = rules.find((rule) => isAskedAbout(rule, facts.metric) && rule.holds(facts));
  if (own !== undefined) return own.name;
  const isProven = facts.metrics.get(facts.metric)?.proven === true;
  return isProven && GATED[preset].has(facts.metric) ? preset : undefined;
}

function isAskedAbout({ scope, metrics }: GateRule, metric: MetricWord): boolean {
  return scope === "benchmark" && (metrics.size === 0 || metrics.has(metric));
}

/**
 * Metrics that stop a merge once they are proven. Mean and median are moved by one descheduling by
 * more than the tenth percentile is; only "strict" lets them.
 */
const GATED: Readonly<Record<PresetName, ReadonlySet<MetricWord>>> = {
  observe: new Set(),
  careful: new Set(["p10", "p99", "cpu", "bytes", "allocs"]),
  strict: new Set(["p10", "p50", "p99", "cpu", "mean", "bytes", "allocs"]),
};

function mayBlock({ metric }: JudgedMetric, { preset, rules }: Gate): boolean {
  const word = metricWord(metric);
  if (word === undefined) return false;
  return GATED[preset].has(word) || rules.some((rule) => isAskedAbout(rule, word));
}

function runFacts(
  benchmarks: readonly BenchmarkVerdict[],
  degraded: ReadonlySet<string>,
): RunFacts {
  const count = (is: (benchmark: BenchmarkVerdict) => boolean) => benchmarks.filter(is).length;
  const has = (decision: JudgedMetric["decision"]) => (at: BenchmarkVerdict) =>
    at.metrics.some((metric) => metric.decision === decision);
  return {
    degraded,
    measured: count((at) => at.metrics.length > 0),
    regressed: count(has("regressed")),
    unknown: count(has("unknown")),
    failed: count((at) => at.status === "failed"),
    unmeasured: count((at) => at.status === "not-measured"),
  };
}

function metricFacts(
  benchmark: BenchmarkVerdict,
  causes: readonly Cause[],
  isCertain: (metric: JudgedMetric) => boolean,
): ReadonlyMap<MetricWord, MetricFacts> {
  const facts = new Map<MetricWord, MetricFacts>();
  for (const metric of benchmark.metrics) {
    const word = metricWord(metric.metric);
    if (word === undefined) continue;
    const { base, head, change, low, high } = metric;
    const hasMoved = metric.decision === "regressed" || metric.decision === "improved";
    const exact = metric.comparison === "exact";
    const certain = exact || isCertain(metric);
    const confirmed = isConfirmed(metric);
    const hasKey =
      confirmed ||
      hasDeterministicKey(metric, benchmark, causes) ||
      isTakenByEditedCode(metric, benchmark, causes);
    const proven = exact || (certain && hasKey);
    const moved = { change, low, high, exact, certain, confirmed, proven };
    facts.set(word, { ...(hasMoved ? moved : UNMOVED), base, head });
  }
  return facts;
}

/** What is not believed to have moved has not moved, for a rule. */
const UNMOVED: Omit<MetricFacts, "base" | "head"> = {
  change: 0,
  low: 0,
  high: 0,
  exact: false,
  certain: false,
  confirmed: false,
  proven: false,
};
