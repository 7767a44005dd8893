// The rule a verdict is judged by: from which size on a change is relevant, and what may stop a merge.

import type { BenchmarkId } from "../analyze/subject.ts";
import type { Config, PresetName } from "../plan/config-schema.ts";
import { matchesBenchmark, matchesPackage } from "../plan/glob.ts";
import type { CompiledRule } from "./compile-rule.ts";

import { DEFAULT_FAMILY_ALPHA, type FamilyAlpha } from "./families.ts";

export type MetricPolicy = {
  /** Practical threshold, a fraction: smaller changes do not matter, however certain. */
  readonly threshold: number;
  /** Smallest change that matters, in base units: half an allocation of a pool is noise. */
  readonly smallestChange: number;
};

/** A team's own rule; `text` is the expression it was compiled from. */
export type GateRule = CompiledRule & { readonly name: string; readonly text: string };

export type Gate = {
  readonly preset: PresetName;
  readonly rules: readonly GateRule[];
  /** "block": a run that could not measure, or not all, waits for a person. */
  readonly unmeasured: "pass" | "block";
};

/** Other thresholds, fractions by metric, for the benchmarks that fit both patterns. */
export type ThresholdOverride = {
  readonly benchmark?: string | undefined;
  readonly package?: string | undefined;
  readonly thresholds: ReadonlyMap<string, number>;
};

export type Policy = {
  readonly metrics: Readonly<Record<string, MetricPolicy>>;
  /** The last one that fits counts. */
  readonly overrides: readonly ThresholdOverride[];
  /** False-alarm rate of each family of tests, over all benchmarks. */
  readonly familyAlpha: FamilyAlpha;
  readonly gate: Gate;
};

/**
 * The rule when a team has none. 3 % for typical time: below it code layout alone moves Go
 * programs. Tail and CPU time are noisier: 5 %, and p99.9 10 %. Allocation counts are exact, so any more of them counts; bytes get 1 % for size classes. Where
 * pools make counts differ from run to run, less than half an allocation, or than 16 bytes (the
 * smallest size class that holds a pointer pair, runtime/sizeclasses.go), is the pool's doing.
 */
export const DEFAULT_POLICY: Policy = {
  metrics: {
    "p10-sec/op": { threshold: 0.03, smallestChange: 0 },
    "p50-sec/op": { threshold: 0.03, smallestChange: 0 },
    "p90-sec/op": { threshold: 0.05, smallestChange: 0 },
    "p99-sec/op": { threshold: 0.05, smallestChange: 0 },
    "p99.9-sec/op": { threshold: 0.1, smallestChange: 0 },
    "cpu-sec/op": { threshold: 0.05, smallestChange: 0 },
    "sec/op": { threshold: 0.03, smallestChange: 0 },
    "B/op": { threshold: 0.01, smallestChange: 16 },
    "allocs/op": { threshold: 0.005, smallestChange: 0.5 },
  },
  familyAlpha: DEFAULT_FAMILY_ALPHA,
  overrides: [],
  gate: { preset: "careful", rules: [], unmeasured: "pass" },
};

const UNNAMED: MetricPolicy = { threshold: 0.03, smallestChange: 0 };

/** The policy of one metric of one benchmark. */
export function metricPolicy(
  policy: Policy,
  { metric, benchmark }: { readonly metric: string; readonly benchmark: BenchmarkId },
): MetricPolicy {
  const known = policy.metrics[metric] ?? UNNAMED;
  const own = policy.overrides.findLast(
    (at) =>
      at.thresholds.has(metric) &&
      (at.benchmark === undefined || matchesBenchmark(at.benchmark, benchmark.name)) &&
      (at.package === undefined || matchesPackage(at.package, benchmark.package)),
  );
  return own === undefined
    ? known
    : { ...known, threshold: own.thresholds.get(metric) ?? known.threshold };
}

type Thresholds = NonNullable<Config["thresholds"]>;

/** The default policy with a team's thresholds and gate in place of its own. */
export function policyOf(config: Config, rules: readonly GateRule[]): Policy {
  const { overrides = [], ...byMetric } = config.thresholds ?? {};
  const metrics = { ...DEFAULT_POLICY.metrics };
  for (const [metric, threshold] of thresholdsOf(byMetric)) {
    metrics[metric] = { ...(metrics[metric] ?? UNNAMED), threshold };
  }
  const { gate = DEFAULT_POLICY.gate.preset } = config;
  const preset = typeof gate === "string" ? gate : gate.preset;
  const unmeasured = typeof gate === "string" ? undefined : gate.unmeasured;
  return {
    ...DEFAULT_POLICY,
    metrics,
    overrides: overrides.map(({ benchmark, package: pattern, ...own }) => ({
      benchmark,
      package: pattern,
      thresholds: thresholdsOf(own),
    })),
    gate: { preset, rules, unmeasured: unmeasured ?? (preset === "strict" ? "block" : "pass") },
  };
}

function thresholdsOf(thresholds: Omit<Thresholds, "overrides">): ReadonlyMap<string, number> {
  return new Map(
    Object.entries(thresholds).flatMap(([metric, threshold]) =>
      threshold === undefined ? [] : [[metric, threshold] as const],
    ),
  );
}
