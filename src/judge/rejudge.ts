// A verdict that was kept, under another rule. Its decisions stand: the findings behind them are not
// in a report, so what a finer threshold would have shown is not known, and said to be so. Whatever
// else a rule decides (larger thresholds, the gate, waivers) is decided anew.
import type { Degradation } from "../analyze/finding.ts";
import type { Outcome } from "../evidence/manifest.ts";
import { concludeRun } from "./conclude.ts";
import { type NoiseFloor, practicalThreshold } from "./decide.ts";
import { applyGate } from "./gate.ts";
import type { TeamRule } from "./read-policy.ts";
import type { BenchmarkVerdict, Cause, JudgedMetric, Verdict } from "./verdict.ts";

/** What a report keeps of a verdict. */
export type StoredVerdict = {
  readonly outcome: Outcome;
  readonly benchmarks: readonly BenchmarkVerdict[];
  readonly causes: readonly Cause[];
  readonly degraded: readonly Degradation[];
  readonly noiseFloor: NoiseFloor;
  /** What the compiler decides for the worse in code that ships. */
  readonly costlyDecisions: number;
};

export type Rejudged = {
  readonly verdict: Verdict;
  /** Metrics below the threshold they were judged by and above the new one: only evidence tells. */
  readonly undecided: number;
};

/** The same verdict under `rule`, on the day `today`. */
export function rejudge(
  stored: StoredVerdict,
  { policy, waivers }: TeamRule,
  today: string,
): Rejudged {
  const { causes, outcome, costlyDecisions } = stored;
  let undecided = 0;
  const decide = (metric: JudgedMetric): JudgedMetric => {
    const { rule: _rule, waiver: _waiver, ...plain } = metric;
    const threshold = practicalThreshold(metric, policy, stored.noiseFloor);
    const isSmall = Math.abs(metric.change) < threshold;
    if (metric.decision === "same" && !isSmall && threshold < metric.threshold) undecided++;
    const hasMoved = metric.decision === "regressed" || metric.decision === "improved";
    const decision = hasMoved && isSmall ? "same" : metric.decision;
    return { ...plain, decision, threshold, blocks: false };
  };
  const decided = stored.benchmarks.map((at) => ({ ...at, metrics: at.metrics.map(decide) }));
  const { gate, familyAlpha } = policy;
  const degraded = new Set(stored.degraded.map(({ strategy }) => strategy));
  // The right to block that a calibration gives is not in a report: whatever may block, does.
  const barred = () => undefined;
  const gating = { causes, gate, familyAlpha, waivers, today, degraded, barred };
  const gated = applyGate(decided, gating);
  const ending = concludeRun(outcome, { gated, causes, gate, costlyDecisions });
  return { verdict: { ...ending, ...gated, causes }, undecided };
}
