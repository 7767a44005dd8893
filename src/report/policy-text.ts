// The team's rule in words: what stopped a merge, what a person accepted, and what another
// configuration would say of the same findings.
import { oneLine, shorten, visible } from "./escape.ts";
import { formatPercent } from "./format.ts";
import type { Report, ReportMetric } from "./report-schema.ts";

const TEXT_MAX = 300;
const RULES_SHOWN = 5;

function bounded(text: string): string {
  return shorten(oneLine(text), TEXT_MAX);
}

const PRESETS: ReadonlySet<string> = new Set(["observe", "careful", "strict"]);

/** "blocks the merge", and by which rule where it is one of the team's own. */
export function stopText(metric: ReportMetric): string {
  if (!metric.blocks) return "does not block under the rule";
  const { rule = "" } = metric;
  return isByOwnRule(metric)
    ? `blocks the merge by the rule "${bounded(rule)}"`
    : "blocks the merge";
}

export function isByOwnRule({ blocks, rule }: ReportMetric): boolean {
  return blocks && rule !== undefined && !PRESETS.has(rule);
}

/** Whether a person or a rule of the team has spoken on this very metric. */
export function isSpokenFor(metric: ReportMetric): boolean {
  return metric.waiver !== undefined || isByOwnRule(metric);
}

/** Who accepted it, until when and why; or why that does not count. Empty without a waiver. */
export function waiverText({ waiver }: ReportMetric): string {
  if (waiver === undefined) return "";
  const author = bounded(waiver.author);
  const reason = bounded(waiver.reason);
  switch (waiver.state) {
    case "accepted":
      return `accepted by ${author} until ${waiver.until}: ${reason}`;
    case "outgrown":
      return `${author} accepted up to ${formatPercent(waiver.limit ?? 0)} until ${waiver.until}, and this is more: ${reason}`;
    case "ended":
      return `the waiver of ${author} ended on ${waiver.until} and does not count: ${reason}`;
  }
}

/** The rule by which the run was judged, and waivers to take out; empty for the default rule. */
export function policyLines({ policy }: Report): readonly string[] {
  if (policy === undefined || policy.file === "") return [];
  const shown = policy.rules
    .slice(0, RULES_SHOWN)
    .map(({ name, block }) => `${bounded(name)}: \`${bounded(block.replaceAll("`", "'"))}\``);
  const left = policy.rules.length - shown.length;
  const rules = [...shown, ...(left > 0 ? [`${left} more`] : [])].join("; ");
  const ended = policy.waivers
    .filter((waiver) => waiver.ended)
    .map(
      ({ author, benchmark, until, metrics }) =>
        `waiver that ended on ${until} and does not count: ${metrics === "any" ? "any metric" : metrics.join(", ")} of ${bounded(benchmark)}, by ${bounded(author)}`,
    );
  return [
    `rule: ${visible(policy.file)}, preset ${policy.preset}${rules === "" ? "" : `, own rules ${rules}`}`,
    ...ended.slice(0, RULES_SHOWN),
  ];
}

/** Why a person is asked to act, as a sentence; empty where no rule holds the run. */
export function heldText({ policy }: Report): string {
  const [held] = policy?.held ?? [];
  if (held === undefined) return "";
  const block = bounded(held.block.replaceAll("`", "'"));
  return ` The rule "${bounded(held.name)}" holds the merge: \`${block}\`.`;
}

/** What the configuration that the change brings would say; empty where it brings none. */
export function previewLines({ preview, conclusion }: Report): readonly string[] {
  if (preview === undefined) return [];
  const { differences, settings } = preview;
  const isSame = preview.conclusion === conclusion && differences.length === 0;
  const first = isSame
    ? `This run would conclude the same: ${conclusion}.`
    : `This run would conclude ${preview.conclusion}: ${bounded(preview.title)}.`;
  return [
    first,
    ...differences.map(bounded),
    ...(settings.length === 0
      ? []
      : [`Not tried here, because it decides what is measured: ${settings.join(", ")}.`]),
  ];
}
