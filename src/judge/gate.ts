// Which regressions stop the merge? Deterministic ones alone; a time only with a second key.
//
// The second key is a deterministic change on the metric's path (allocations, or a compiler's
// decision that fits), or confirmation by fresh processes. One key alone is a timing,
// which a noisy machine can forge.
//
// What may stop a merge is held to more than what is reported: the change must be beyond 1 %, and
// the error is Holm's, the chance of even one false alarm whatever the dependence, where reports
// bound the share of false ones (Benjamini-Hochberg).
import { adjustWithinFamilies, holm } from "../stats/multiplicity.ts";
import { isConfirmed } from "./decide.ts";
import { familyOf } from "./families.ts";
import { metricPolicy, type Policy } from "./policy.ts";
import type { BenchmarkVerdict, Cause, JudgedMetric } from "./verdict.ts";

/** The same benchmarks with `blocks` set where a metric stops the merge. */
export function applyGate(
  benchmarks: readonly BenchmarkVerdict[],
  causes: readonly Cause[],
  policy: Policy,
): BenchmarkVerdict[] {
  const isCertain = certainIn(benchmarks, policy);
  return benchmarks.map((benchmark) => ({
    ...benchmark,
    metrics: benchmark.metrics.map((metric) => ({
      ...metric,
      blocks:
        metric.decision === "regressed" &&
        metricPolicy(policy, metric.metric).gates &&
        (metric.comparison === "exact" ||
          (isCertain(metric) &&
            (isConfirmed(metric) || hasDeterministicKey(metric, benchmark, causes)))),
    })),
  }));
}

/** Tells the metrics that moved beyond 1 %, with Holm's certainty over all that may block. */
function certainIn(
  benchmarks: readonly BenchmarkVerdict[],
  policy: Policy,
): (metric: JudgedMetric) => boolean {
  const tested = benchmarks
    .flatMap(({ metrics }) => metrics)
    .filter((at) => at.comparison === "paired" && metricPolicy(policy, at.metric).gates);
  const adjusted = adjustWithinFamilies(
    tested.map(({ pMinimumEffect }) => pMinimumEffect),
    tested.map(({ metric }) => familyOf(metric)),
    holm,
  );
  const certain = new Set(
    tested.filter((at, index) => (adjusted[index] ?? 1) <= policy.familyAlpha[familyOf(at.metric)]),
  );
  return (metric) => certain.has(metric);
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
