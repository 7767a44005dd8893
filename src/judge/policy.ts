// The rule a verdict is judged by: thresholds per metric and what may stop a merge.

import { DEFAULT_FAMILY_ALPHA, type FamilyAlpha } from "./families.ts";

export type MetricPolicy = {
  /** Practical threshold, a fraction: smaller changes do not matter, however certain. */
  readonly threshold: number;
  /** Smallest change that matters, in base units: half an allocation of a pool is noise. */
  readonly smallestChange: number;
  /** Whether a regression of this metric can stop the merge. */
  readonly gates: boolean;
};

export type Policy = {
  readonly metrics: Readonly<Record<string, MetricPolicy>>;
  /** False-alarm rate of each family of tests, over all benchmarks. */
  readonly familyAlpha: FamilyAlpha;
};

/**
 * The rule when a team has none. 3 % for typical time: below it code layout alone moves Go
 * programs. Tail and CPU time are noisier: 5 %, and p99.9 10 %. Mean and median are shown and
 * never gate, because one descheduling moves them by more; p90 and p99.9 describe what p99 decides.
 * Allocation counts are exact, so any more of them counts; bytes get 1 % for size classes. Where
 * pools make counts differ from run to run, less than half an allocation, or than 16 bytes (the
 * smallest size class that holds a pointer pair, runtime/sizeclasses.go), is the pool's doing.
 */
export const DEFAULT_POLICY: Policy = {
  metrics: {
    "p10-sec/op": { threshold: 0.03, smallestChange: 0, gates: true },
    "p50-sec/op": { threshold: 0.03, smallestChange: 0, gates: false },
    "p90-sec/op": { threshold: 0.05, smallestChange: 0, gates: false },
    "p99-sec/op": { threshold: 0.05, smallestChange: 0, gates: true },
    "p99.9-sec/op": { threshold: 0.1, smallestChange: 0, gates: false },
    "cpu-sec/op": { threshold: 0.05, smallestChange: 0, gates: true },
    "sec/op": { threshold: 0.03, smallestChange: 0, gates: false },
    "B/op": { threshold: 0.01, smallestChange: 16, gates: true },
    "allocs/op": { threshold: 0.005, smallestChange: 0.5, gates: true },
  },
  familyAlpha: DEFAULT_FAMILY_ALPHA,
};

const UNNAMED: MetricPolicy = { threshold: 0.03, smallestChange: 0, gates: false };

/** The policy of a metric; one that is not named is shown and gates nothing. */
export function metricPolicy(policy: Policy, metric: string): MetricPolicy {
  return policy.metrics[metric] ?? UNNAMED;
}

/** The policy with a team's own thresholds, fractions by metric, in place of the default ones. */
export function withThresholds(
  policy: Policy,
  thresholds: Readonly<Record<string, number | undefined>>,
): Policy {
  const metrics = { ...policy.metrics };
  for (const [metric, threshold] of Object.entries(thresholds)) {
    if (threshold !== undefined) metrics[metric] = { ...metricPolicy(policy, metric), threshold };
  }
  return { ...policy, metrics };
}
