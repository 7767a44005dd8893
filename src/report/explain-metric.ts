// Why a metric got its decision, in one sentence for a person. The decision is the judge's; this
// only says what it stands on. Two words are kept apart: significant (the statistics show a
// change) and relevant (the team's rule cares about one of this size).
import { formatBound, formatCount, formatLetterP, formatPercent, formatSigned } from "./format.ts";
import { isByOwnRule, stopText, waiverText } from "./policy-text.ts";
import type { ReportMetric } from "./report-schema.ts";

/** Beyond this many pairs no budget helps: a run of 15 minutes has some hundreds. */
const PAIRS_WORTH_ASKING = 2_000;

/** Five pairs reach it at best; fewer leave an interval of no width and no confidence. */
const LARGEST_P = 0.0625;

/** Whether the statistics show a change at all; shown as "~" where they do not. */
export function isSignificant(metric: ReportMetric): boolean {
  if (metric.decision === "regressed" || metric.decision === "improved") return true;
  if (metric.comparison === "exact") return metric.base !== metric.head;
  if (metric.pAdjusted > Math.min(LARGEST_P, 1 - metric.level)) return false;
  return (metric.low ?? 0) > 0 || (metric.high ?? 0) < 0;
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

/** The medians by layout where they do not agree on a direction. */
function layoutText({ layoutChanges }: ReportMetric): string {
  const low = Math.min(...layoutChanges);
  const high = Math.max(...layoutChanges);
  if (!(low < 0 && high > 0)) return "";
  return `median change by link layout between ${formatSigned(low)} % and ${formatSigned(high)} %; it would need a change of the compiler's decisions or of allocations to tell`;
}

function resolutionText(metric: ReportMetric): string {
  const { couldHide, bound, threshold } = metric;
  const limit = `the threshold of ${formatPercent(threshold)}`;
  const needed = pairsNeeded(metric);
  if (couldHide !== null && needed !== undefined) {
    const unseen = `${formatCount(metric.pairs, "pair")} could hide ${formatPercent(couldHide)}, more than ${limit}`;
    return needed > PAIRS_WORTH_ASKING
      ? `${unseen}; it would need a quieter machine, more pairs will not do`
      : `${unseen}; it would need about ${needed} pairs, or a quieter machine`;
  }
  const fits =
    bound === null ? "" : `a change of ${formatPercent(bound)} still fits, and ${limit} `;
  return `${fits}${fits === "" ? `${limit} ` : ""}cannot be told from no change; it would need more pairs or a quieter machine`;
}

/** The judge's own reason for not believing a significant change is among the warnings. */
function unknownText(metric: ReportMetric): string {
  if (!isSignificant(metric)) return resolutionText(metric);
  const layout = layoutText(metric);
  if (layout !== "" || metric.warnings.length > 0) return layout;
  return "the change is significant, but nothing else supports it; it would need a deterministic change on its path or a confirmation by fresh processes";
}

function sameText(metric: ReportMetric): string {
  if (!isSignificant(metric)) return "";
  return `significant, not relevant: below the threshold of ${formatPercent(metric.threshold)}`;
}

/** An exact change needs no words beside its numbers and its decision, unless a rule speaks. */
function movedText(metric: ReportMetric): string {
  if (metric.comparison === "exact") return isByOwnRule(metric) ? stopText(metric) : "";
  const basis = `significant (${formatLetterP(metric.pAdjusted)}, ${formatCount(metric.pairs, "pair")}) and relevant (threshold ${formatPercent(metric.threshold)})`;
  const tail =
    metric.tailOnly === true ? "the tail alone: no change of p10 and p50 was shown; " : "";
  if (metric.decision === "improved") return `${tail}${basis}`;
  return `${tail}${basis}; ${stopText(metric)}`;
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
 * One sentence without a full stop; empty where there is nothing to say that the decision does not
 * say. Warnings come last, but first where they are why a significant change is not believed.
 */
export function explainMetric(metric: ReportMetric): string {
  const isDoubted = metric.decision === "unknown" && isSignificant(metric);
  const own = [waiverText(metric), basisText(metric), confirmationText(metric)];
  const parts = isDoubted ? [...metric.warnings, ...own] : [...own, ...metric.warnings];
  return parts.filter((part) => part !== "").join("; ");
}

/** The smallest slow-down that would have been seen: "< 2.1 %"; "exact" hides nothing. */
export function couldHideText(metric: ReportMetric): string {
  if (metric.comparison === "exact") return "exact";
  return metric.couldHide === null ? "not known" : `< ${formatBound(metric.couldHide)}`;
}
