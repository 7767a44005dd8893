// Why a metric got its decision, in one sentence for a person. The decision is the judge's; this
// only says what it stands on. Two words are kept apart: significant (the statistics show a
// change) and relevant (the team's rule cares about one of this size).
import {
  formatCount,
  formatInterval,
  formatLetterP,
  formatPercent,
  formatSigned,
} from "./format.ts";
import type { ReportMetric } from "./report-schema.ts";

/** Beyond this many pairs no budget helps: a run of 15 minutes has some hundreds. */
const PAIRS_WORTH_ASKING = 2_000;

/** Whether the statistics show a change at all; shown as "~" where they do not. */
export function isSignificant(metric: ReportMetric): boolean {
  if (metric.decision === "regressed" || metric.decision === "improved") return true;
  if (metric.comparison === "exact") return metric.base !== metric.head;
  if (metric.pAdjusted > 1 - metric.level) return false;
  return (metric.low ?? 0) > 0 || (metric.high ?? 0) < 0;
}

/** Whether the change is faster under some link layouts and slower under others. */
export function dependsOnLayout(metric: ReportMetric): boolean {
  const { layoutChanges } = metric;
  return layoutChanges.some((change) => change > 0) && layoutChanges.some((change) => change < 0);
}

function confirmationText(metric: ReportMetric): string {
  const { confirmation } = metric;
  if (confirmation === undefined) return "";
  const change = confirmation.change === null ? "from 0" : `${formatSigned(confirmation.change)} %`;
  const pairs = formatCount(confirmation.pairs, "fresh pair");
  return `${pairs} of processes measured again: ${change}, ${formatLetterP(confirmation.p)}`;
}

/** Resolution grows with the root of the pairs: half of what can hide costs four times the pairs. */
function pairsNeeded(metric: ReportMetric): number | undefined {
  const { couldHide, threshold, pairs } = metric;
  if (couldHide === null || threshold <= 0 || couldHide <= threshold) return undefined;
  return Math.ceil(pairs * (couldHide / threshold) ** 2);
}

function unknownText(metric: ReportMetric): string {
  if (dependsOnLayout(metric)) {
    const range = formatInterval(
      Math.min(...metric.layoutChanges),
      Math.max(...metric.layoutChanges),
    );
    return (
      `the sign depends on code layout (median by layout ${range} %), so this may be how the ` +
      "linker placed the code and not what the code does; it would need a change in the compiler's " +
      "decisions or in allocations to tell"
    );
  }
  const needed = pairsNeeded(metric);
  const hidden = metric.couldHide;
  if (hidden !== null && needed !== undefined) {
    const unseen = `${formatCount(metric.pairs, "pair")} could hide ${formatPercent(hidden)}, more than the threshold of ${formatPercent(metric.threshold)}`;
    return needed > PAIRS_WORTH_ASKING
      ? `${unseen}; it would need a quieter machine, more pairs will not do`
      : `${unseen}; it would need about ${needed} pairs, or a quieter machine`;
  }
  if (isSignificant(metric)) {
    return "the change is significant, but nothing else supports it; it would need a deterministic change on its path or a confirmation by fresh processes";
  }
  return "neither a change nor its absence could be shown; it would need more pairs or a quieter machine";
}

function sameText(metric: ReportMetric): string {
  if (!isSignificant(metric)) return "";
  return `significant, not relevant: below the threshold of ${formatPercent(metric.threshold)}`;
}

function movedText(metric: ReportMetric): string {
  const basis =
    metric.comparison === "exact"
      ? "every run of a side gave the same number"
      : `significant (${formatLetterP(metric.pAdjusted)}, ${formatCount(metric.pairs, "pair")}) and relevant (threshold ${formatPercent(metric.threshold)})`;
  if (metric.decision === "improved") return basis;
  return `${basis}; ${metric.blocks ? "blocks the merge" : "does not block under the rule"}`;
}

function basisText(metric: ReportMetric): string {
  switch (metric.decision) {
    case "unknown":
      return unknownText(metric);
    case "same":
      return sameText(metric);
    case "regressed":
    case "improved":
      return movedText(metric);
  }
}

/**
 * One sentence without a full stop, warnings of the statistics last; empty where there is nothing
 * to say that "same" does not say.
 */
export function explainMetric(metric: ReportMetric): string {
  return [basisText(metric), confirmationText(metric), ...metric.warnings]
    .filter((part) => part !== "")
    .join("; ");
}

/** The smallest slow-down that would have been seen: "< 2.1 %"; "exact" hides nothing. */
export function couldHideText(metric: ReportMetric): string {
  if (metric.comparison === "exact") return "exact";
  return metric.couldHide === null ? "not known" : `< ${formatPercent(metric.couldHide)}`;
}
