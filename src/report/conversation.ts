// What a run says in the conversation of its pull request: short where everybody reads it, folded
// where only the curious do, with the whole on the run's page. Whether it is said at all is
// conversation-moves.ts.
import { createHash } from "node:crypto";
import type { CheckRunDraft } from "./check-run-draft.ts";
import { type Conversation, conversationSchema, MOST_KEYS } from "./conversation-draft.ts";
import { oneLine, shorten } from "./escape.ts";
import { parseHunks } from "./hunks.ts";
import { COMMENT_AIM, firstLines, fitRows, TITLE_MAX } from "./limits.ts";
import { tidyMarkdown, withReasons } from "./markdown.ts";
import { type Page, pageOf } from "./page.ts";
import type { Report, ReportBenchmark, ReportMetric } from "./report-schema.ts";
import { reviewOf } from "./review.ts";
import { worstRows } from "./rows.ts";
import { renderTemplate, type TemplateTexts } from "./template-engine.ts";

const ROWS_SHOWN = 3;
const BRIEF_SHOWN = 3;
const CAUSES_SHOWN = 5;
const LOG_MAX = 4_000;
const SUMMARY_MAX = 20_000;

/** The conversation of a finished report; `diff` is the unified diff of base and head. */
export function renderConversation(input: {
  readonly report: Report;
  readonly templates: TemplateTexts;
  readonly diff: string;
  readonly detailsUrl?: string;
}): Conversation {
  const { report, templates, diff, detailsUrl = "" } = input;
  const page = pageOf(report);
  const review = reviewOf({ page, templates, diff, hunks: parseHunks(diff), detailsUrl });
  return conversationSchema.parse({
    sticky: stickyOf(page, templates, detailsUrl),
    ...notices(page, templates, detailsUrl),
    ...(review && { review }),
    hasCauses: report.outcome.kind === "collected",
    ...standingOf(report),
  });
}

/**
 * The conversation of a run without a report, from the check run that ends it. Skipped is an
 * answer: nothing that is measured can be slower. Everything else leaves open what was open.
 */
export function statusConversation(input: {
  readonly draft: CheckRunDraft;
  readonly head: string;
  readonly templates: TemplateTexts;
  readonly detailsUrl: string;
}): Conversation {
  const { draft, head, templates, detailsUrl } = input;
  const isSkipped = draft.status === "completed" && draft.conclusion === "skipped";
  const { title } = draft.output;
  const summary = firstLines(draft.output.summary, SUMMARY_MAX);
  const shown = { title, summary, head: head.slice(0, SHORT_ID), detailsUrl };
  return conversationSchema.parse({
    sticky: tidyMarkdown(renderTemplate(templates, "status-comment", "md", shown)),
    ...notices(shown, templates, detailsUrl),
    hasCauses: isSkipped,
    regressed: [],
    accepted: [],
    undecided: isSkipped ? [] : "all",
  });
}

/** As pages show commits. */
const SHORT_ID = 12;

function stickyOf(page: Page, templates: TemplateTexts, detailsUrl: string): string {
  const rows = worstRows(page.changed, ROWS_SHOWN);
  const causes = page.causes.slice(0, CAUSES_SHOWN);
  const render = (causeCount: number) =>
    tidyMarkdown(
      renderTemplate(templates, "comment", "md", {
        ...page,
        headline: { ...page.headline, log: firstLines(page.headline.log, LOG_MAX) },
        rows,
        reasons: withReasons(rows).filter(({ source }) => source.decision === "unknown"),
        more: page.changed.length - rows.length,
        brief: page.causes.slice(0, BRIEF_SHOWN),
        causes: causes.slice(0, causeCount),
        moreCauses: page.causes.length - causeCount,
        detailsUrl,
      }),
    );
  return fitRows(render, causes.length, COMMENT_AIM);
}

function notices(
  shown: Pick<Page, "title" | "head">,
  templates: TemplateTexts,
  detailsUrl: string,
): Pick<Conversation, "slower" | "fixed"> {
  const title = shorten(oneLine(shown.title), TITLE_MAX);
  const write = (name: "slower" | "fixed") =>
    tidyMarkdown(renderTemplate(templates, name, "md", { title, head: shown.head, detailsUrl }));
  return { slower: write("slower"), fixed: write("fixed") };
}

type Standing = Pick<Conversation, "regressed" | "accepted" | "undecided">;

function standingOf({ outcome, benchmarks }: Report): Standing {
  const none = { regressed: [], accepted: [] };
  if (outcome.kind === "nothing-to-measure") return { ...none, undecided: [] };
  if (outcome.kind !== "collected") return { ...none, undecided: "all" };
  const keysWhere = (isWanted: (metric: ReportMetric) => boolean) =>
    benchmarks.flatMap((benchmark) =>
      benchmark.metrics.filter(isWanted).map(({ name }) => `${digestOf(benchmark)}:${name}`),
    );
  const lost = benchmarks
    .filter(({ status }) => status === "failed" || status === "not-measured")
    .map((benchmark) => `${digestOf(benchmark)}:*`);
  const undecided = [...keysWhere(({ decision }) => decision === "unknown"), ...lost];
  const isAccepted = ({ waiver }: ReportMetric) => waiver?.state === "accepted";
  const isRegressed = ({ decision }: ReportMetric) => decision === "regressed";
  return {
    regressed: keysWhere((metric) => isRegressed(metric) && !isAccepted(metric)).slice(
      0,
      MOST_KEYS,
    ),
    accepted: keysWhere((metric) => isRegressed(metric) && isAccepted(metric)).slice(0, MOST_KEYS),
    undecided: undecided.length > MOST_KEYS ? "all" : undecided,
  };
}

function digestOf({ cell, package: path, name }: ReportBenchmark): string {
  const what = JSON.stringify([cell, path, name]);
  return createHash("sha256").update(what).digest("hex").slice(0, 16);
}
