// From a measured difference to a decision: regressed, improved, same or unknown.
//
// A difference counts only when it is significant after correction for the number of benchmarks
// AND larger than the practical threshold, which never goes below the noise that base showed
// against itself in the same run. A sign that depends on the link layout, or that fresh processes
// do not confirm, is "unknown": measured, and not believed.
import type { MetricFinding } from "../analyze/finding.ts";
import { adjustWithinFamilies, benjaminiHochberg } from "../stats/multiplicity.ts";
import { MOST_HIDDEN } from "../stats/settled.ts";
import { familyOf } from "./families.ts";
import { metricPolicy, type Policy } from "./policy.ts";
import type { Decision, JudgedMetric } from "./verdict.ts";

/** Noise of this run by metric, a fraction: what base against base moved. */
export type NoiseFloor = Readonly<Record<string, number>>;

/**
 * Decides each metric. `blocks` is still false everywhere: it needs the causes (see gate.ts).
 * The order is that of the argument.
 */
export function decideMetrics(
  findings: readonly MetricFinding[],
  policy: Policy,
  floor: NoiseFloor,
): JudgedMetric[] {
  const pAdjusted = adjustFamilies(findings);
  return findings.map((finding, index) => {
    const isExact = finding.comparison === "exact";
    const threshold = practicalThreshold(finding, policy, floor);
    const adjusted = pAdjusted[index] ?? 1;
    const { decision, warning } = isExact
      ? { decision: decideExact(finding, threshold), warning: undefined }
      : isFarBelowOne(finding, policy)
        ? { decision: "same" as const, warning: undefined }
        : decidePaired(finding, {
            pAdjusted: adjusted,
            threshold,
            familyAlpha: policy.familyAlpha[familyOf(finding.metric)],
          });
    const warnings = warning === undefined ? finding.warnings : [...finding.warnings, warning];
    return { ...finding, pAdjusted: adjusted, threshold, blocks: false, decision, warnings };
  });
}

/** The p of exact comparisons stays as it is: they have no error to spend. */
function adjustFamilies(findings: readonly MetricFinding[]): number[] {
  const adjusted = adjustWithinFamilies(
    findings.map(({ p }) => p),
    findings.map(({ comparison, metric }) => (comparison === "exact" ? "" : familyOf(metric))),
    benjaminiHochberg,
  );
  return findings.map(({ comparison, p }, index) =>
    comparison === "exact" ? p : (adjusted[index] ?? 1),
  );
}

/** As a fraction of base; from a base of 0 every fraction is infinite, so none is asked for. */
export function practicalThreshold(
  finding: MetricFinding,
  policy: Policy,
  floor: NoiseFloor,
): number {
  const { threshold, smallestChange } = metricPolicy(policy, finding);
  const absolute = finding.base > 0 ? smallestChange / finding.base : 0;
  if (finding.comparison === "exact") return Math.max(threshold, absolute);
  return Math.max(threshold, absolute, floor[finding.metric] ?? 0);
}

/** Counts that stay below what matters on both sides: a pool that is filled now and then. */
function isFarBelowOne(finding: MetricFinding, policy: Policy): boolean {
  const { smallestChange } = metricPolicy(policy, finding);
  return finding.base < smallestChange && finding.head < smallestChange;
}

function decideExact(finding: MetricFinding, threshold: number): Decision {
  if (finding.change === 0 || Math.abs(finding.change) < threshold) return "same";
  return finding.change > 0 ? "regressed" : "improved";
}

type Judgement = { readonly decision: Decision; readonly warning: string | undefined };

type Bounds = {
  readonly pAdjusted: number;
  readonly threshold: number;
  readonly familyAlpha: number;
};

function decidePaired(
  metric: MetricFinding,
  { pAdjusted, threshold, familyAlpha }: Bounds,
): Judgement {
  const { change } = metric;
  if (pAdjusted > familyAlpha || Math.abs(change) < threshold) {
    const isSame = metric.bound < threshold && metric.couldHide < MOST_HIDDEN * threshold;
    return { decision: isSame ? "same" : "unknown", warning: undefined };
  }
  if (signDependsOnLayout(metric)) {
    const warning =
      "the sign of the change depends on how the linker lays out the code: base and head differ by luck of placement, not by what they do";
    return { decision: "unknown", warning };
  }
  if (isContradicted(metric)) {
    return { decision: "unknown", warning: "fresh processes did not confirm the change" };
  }
  return { decision: change > 0 ? "regressed" : "improved", warning: undefined };
}

/** Level of the layout test: one harmless benchmark in twenty is called unknown for it. */
const LAYOUT_ALPHA = 0.05;

/**
 * The layout decides, and some layouts move by a third of the whole change against its direction.
 * Both are asked: a few pairs a layout scatter to both sides by noise alone, and a layout that
 * only makes the change larger or smaller does not make it doubtful.
 */
function signDependsOnLayout(metric: MetricFinding): boolean {
  if (metric.layoutP > LAYOUT_ALPHA) return false;
  const against = metric.layoutChanges.filter(
    (change) => Math.sign(change) === -Math.sign(metric.change),
  );
  return against.some((change) => Math.abs(change) > Math.abs(metric.change) / 3);
}

/** Fresh pairs that moved less than half as far, or the other way, speak against the first ones. */
function isContradicted(metric: MetricFinding): boolean {
  const { confirmation } = metric;
  if (confirmation === undefined || confirmation.pairs < FEWEST_CONFIRMING) return false;
  return confirmation.change / metric.change < 0.5;
}

/** Fewer fresh pairs say nothing: the signed-rank test of five reaches 0.0625 at best. */
export const FEWEST_CONFIRMING = 6;

/** Whether fresh processes showed the same change by themselves. */
export function isConfirmed(metric: MetricFinding): boolean {
  const { confirmation } = metric;
  return (
    confirmation !== undefined &&
    confirmation.pairs >= FEWEST_CONFIRMING &&
    confirmation.p <= 0.05 &&
    Math.sign(confirmation.change) === Math.sign(metric.change)
  );
}
