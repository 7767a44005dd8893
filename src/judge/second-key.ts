// What a change of time needs beside its statistics before it may stop a merge. One key alone is a
// timing, which a noisy machine can forge.
//
// The change must be beyond 1 %, and the error is Holm's, the chance of even one false alarm
// whatever the dependence, where reports bound the share of false ones (Benjamini-Hochberg). The
// second key is a deterministic change on the metric's path (allocations, a compiler's decision that
// fits, or edited code that the profiles of both sides show to take the time), or confirmation by
// fresh processes.
import { adjustWithinFamilies, holm } from "../stats/multiplicity.ts";
import { type FamilyAlpha, familyOf } from "./families.ts";
import type { BenchmarkVerdict, Cause, JudgedMetric } from "./verdict.ts";

/**
 * Tells the metrics that moved beyond 1 %, with Holm's certainty over all that may block: the fewer
 * `mayBlock` names, the less each has to prove.
 */
export function certainIn(
  benchmarks: readonly BenchmarkVerdict[],
  familyAlpha: FamilyAlpha,
  mayBlock: (metric: JudgedMetric) => boolean,
): (metric: JudgedMetric) => boolean {
  const tested = benchmarks
    .flatMap(({ metrics }) => metrics)
    .filter((at) => at.comparison === "paired" && mayBlock(at));
  const adjusted = adjustWithinFamilies(
    tested.map(({ pMinimumEffect }) => pMinimumEffect),
    tested.map(({ metric }) => familyOf(metric)),
    holm,
  );
  const certain = new Set(
    tested.filter((at, index) => (adjusted[index] ?? 1) <= familyAlpha[familyOf(at.metric)]),
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
    causes.some((cause) => DETERMINISTIC.has(cause.kind) && isSeenCauseOf(cause, metric, benchmark))
  );
}

/** Part of the change that the profiles must find at and below the edited function. */
const MOST_OF_IT = 0.5;

/**
 * Whether profiles show most of the change at or below a function that the change edited. That does
 * not excuse a control that moved: edited code is placed anew, and the placement may be the reason.
 */
export function isTakenByEditedCode(
  metric: JudgedMetric,
  benchmark: BenchmarkVerdict,
  causes: readonly Cause[],
): boolean {
  return causes.some(
    (cause) =>
      EDITED.has(cause.kind) &&
      (cause.share ?? 0) >= MOST_OF_IT &&
      isSeenCauseOf(cause, metric, benchmark),
  );
}

const EDITED: ReadonlySet<Cause["kind"]> = new Set([
  "code",
  "signature",
  "allocation",
  "unsafe-pointer",
  "lock",
  "scheduler",
]);
const DETERMINISTIC: ReadonlySet<Cause["kind"]> = new Set(["inlining", "escape", "bounds-check"]);

/** A cause counts as a key only where the profile shows its function on the path. */
function isSeenCauseOf(cause: Cause, metric: JudgedMetric, benchmark: BenchmarkVerdict): boolean {
  return (
    cause.benchmark === benchmark.name &&
    cause.package === benchmark.package &&
    cause.metric === metric.metric &&
    cause.proof === "profile"
  );
}
