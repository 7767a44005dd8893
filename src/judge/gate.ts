// Which regressions stop the merge? Deterministic ones alone; a time only with a second key.
//
// The second key is a deterministic change on the metric's path (allocations, or a compiler's
// decision that fits), or confirmation by fresh processes. One key alone is a timing,
// which a noisy machine can forge.

import { isConfirmed } from "./decide.ts";
import { metricPolicy, type Policy } from "./policy.ts";
import type { BenchmarkVerdict, Cause, JudgedMetric } from "./verdict.ts";

/** The same benchmarks with `blocks` set where a metric stops the merge. */
export function applyGate(
  benchmarks: readonly BenchmarkVerdict[],
  causes: readonly Cause[],
  policy: Policy,
): BenchmarkVerdict[] {
  return benchmarks.map((benchmark) => ({
    ...benchmark,
    metrics: benchmark.metrics.map((metric) => ({
      ...metric,
      blocks: blocks(metric, benchmark, causes, policy),
    })),
  }));
}

function blocks(
  metric: JudgedMetric,
  benchmark: BenchmarkVerdict,
  causes: readonly Cause[],
  policy: Policy,
): boolean {
  if (metric.decision !== "regressed" || !metricPolicy(policy, metric.metric).gates) return false;
  if (metric.comparison === "exact") return true;
  return isConfirmed(metric) || hasDeterministicKey(metric, benchmark, causes);
}

/** Whether something that needs no clock says that the metric moved as it did. */
export function hasDeterministicKey(
  metric: JudgedMetric,
  benchmark: BenchmarkVerdict,
  causes: readonly Cause[],
): boolean {
  return (
    benchmark.metrics.some((at) => at.comparison === "exact" && at.decision === metric.decision) ||
    causes.some((cause) => isDeterministicCauseOf(cause, metric, benchmark))
  );
}

const DETERMINISTIC: ReadonlySet<Cause["kind"]> = new Set(["inlining", "escape", "bounds-check"]);

/** A compiler decision counts as a key only where the profile shows its function on the path. */
function isDeterministicCauseOf(
  cause: Cause,
  metric: JudgedMetric,
  benchmark: BenchmarkVerdict,
): boolean {
  return (
    cause.benchmark === benchmark.name &&
    cause.package === benchmark.package &&
    cause.metric === metric.metric &&
    cause.proof === "profile" &&
    DETERMINISTIC.has(cause.kind)
  );
}
