// The check run of a finished report. The title carries the verdict; the summary has what decides
// a merge: the three worst rows, the causes with their stack, what could have been hidden, the
// cost. Everything else is folded in `text`, cut at rows where GitHub's limits end.
import type { Finding } from "../analyze/finding.ts";
import { annotationsFor } from "./annotations.ts";
import { buttonsOf } from "./buttons.ts";
import { type CheckRunDraft, checkRunDraftSchema } from "./check-run-draft.ts";
import { oneLine, shorten } from "./escape.ts";
import { foldedSections } from "./folded-sections.ts";
import { parseHunks } from "./hunks.ts";
import { firstLines, fitRows, OUTPUT_AIM } from "./limits.ts";
import { tidyMarkdown, withReasons } from "./markdown.ts";
import { type Page, pageOf } from "./page.ts";
import { isSpokenFor } from "./policy-text.ts";
import type { Report } from "./report-schema.ts";
import { worstRows } from "./rows.ts";
import { renderTemplate, type TemplateTexts } from "./template-engine.ts";

/** Readers of such bots want two or three regressions visible and the rest folded. */
const ROWS_SHOWN = 3;
const CAUSES_SHOWN = 3;
const DEGRADED_SHOWN = 4;

const PROBLEM_MAX = 300;

/** A log of ten errors; the whole is in report.json. */
const LOG_MAX = 8_000;

function summaryOf(page: Page, templates: TemplateTexts, detailsUrl: string): string {
  const rows = worstRows(page.changed, ROWS_SHOWN);
  const shownCauses = Math.min(CAUSES_SHOWN, page.causes.length);
  const render = (causeCount: number) =>
    tidyMarkdown(
      renderTemplate(templates, "check-run-summary", "md", {
        ...page,
        headline: { ...page.headline, log: firstLines(page.headline.log, LOG_MAX) },
        rows,
        reasons: withReasons(rows).filter(
          ({ source }) => source.decision === "unknown" || isSpokenFor(source),
        ),
        more: page.changed.length - rows.length,
        causes: page.causes.slice(0, causeCount),
        moreCauses: page.causes.length - causeCount,
        degraded: page.degraded.slice(0, DEGRADED_SHOWN),
        moreDegraded: Math.max(0, page.degraded.length - DEGRADED_SHOWN),
        detailsUrl,
      }),
    );
  return fitRows(render, shownCauses, OUTPUT_AIM);
}

/**
 * The completed check run of `report`. `diff` is the unified diff of base and head: annotations
 * stand only on its lines. `detailsUrl` is where the full report can be read, an http(s) URL.
 */
export function renderCheckRun(input: {
  readonly report: Report;
  readonly findings: readonly Finding[];
  readonly templates: TemplateTexts;
  readonly diff: string;
  readonly detailsUrl?: string;
}): CheckRunDraft {
  const { report, findings, templates } = input;
  const detailsUrl = input.detailsUrl ?? "";
  const hunks = parseHunks(input.diff);
  const whole = pageOf(report);
  const unread = hunks.problems.map((problem) => `diff: ${shorten(oneLine(problem), PROBLEM_MAX)}`);
  const page = { ...whole, degraded: [...whole.degraded, ...unread] };
  const isAllShown = page.degraded.length <= DEGRADED_SHOWN;
  const text = foldedSections({
    page: isAllShown ? { ...page, degraded: [] } : page,
    templates,
    detailsUrl,
    causesShown: CAUSES_SHOWN,
  });
  const annotations = annotationsFor({ report, findings, hunks });
  return checkRunDraftSchema.parse({
    status: "completed",
    conclusion: report.conclusion,
    actions: buttonsOf(report.conclusion),
    output: {
      title: page.title,
      summary: summaryOf(page, templates, detailsUrl),
      ...(text !== "" && { text }),
      ...(annotations.length > 0 && { annotations }),
    },
  });
}
