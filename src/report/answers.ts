// What Tailguard answers to a command, as Markdown. Everything a person typed comes back escaped:
// an answer that repeats a mention or a link would say it in our name. Nobody is mentioned; who
// asked reads their own comment's thread.
import type { CheckRunDraft } from "./check-run-draft.ts";
import { markdownCode, markdownText, markdownUrl, oneLine, shorten, visible } from "./escape.ts";
import { formatCount, formatSigned } from "./format.ts";
import { COMMENT_AIM, fitRows } from "./limits.ts";
import { tidyMarkdown } from "./markdown.ts";
import { pageOf } from "./page.ts";
import type { Report, ReportBenchmark, ReportMetric } from "./report-schema.ts";
import { benchmarkLabels } from "./rows.ts";
import { renderTemplate, type TemplateTexts } from "./template-engine.ts";

const NAME_SHOWN = 200;
const REASON_SHOWN = 500;
const LISTED_MAX = 10;

const HELP = `| command | what it does | who may |
|---|---|---|
| \`/tailguard run\` | measures the newest commit, again if need be; \`--bench REGEXP\`, \`--package PATTERN\`, \`--budget 10m\` and \`--vs BRANCH\` make it a run of its own, which decides nothing | write access |
| \`/tailguard rerun\` | measures the newest commit again | write access |
| \`/tailguard cancel\` | stops what is under way | write access |
| \`/tailguard explain NAME\` | all that is known of one benchmark | everybody |
| \`/tailguard accept NAME "reason"\` | a regression of this size no longer stops this pull request | write access |
| \`/tailguard approve COMMIT\` | lets a fork's code run, at this commit only | write access |
| \`/tailguard calibrate\` | measures the base against itself: what this machine makes of equal code | write access |
| \`/tailguard help\` | this | everybody |

A command stands on a line of its own. 👀 it was read, 👍 done, 😕 not understood or not allowed.`;

export function helpAnswer(): string {
  return `**Tailguard** measures Go benchmarks of base and head.\n\n${HELP}`;
}

/** `problem` is in our own words, Markdown. */
export function unknownAnswer(problem: string): string {
  const end = problem.endsWith("?") ? "" : ".";
  return `That was not understood: ${problem}${end} \`/tailguard help\` lists what can be asked.`;
}

/** The sentences that need no facts. */
export const SHORT_ANSWERS = {
  closed: "The pull request is closed: there is nothing left to measure.",
  nothingUnderWay: "Nothing is under way.",
  beingMeasured: "The newest commit is being measured; its result is what can be accepted.",
  noResult: "There is no result yet. `/tailguard run` measures the newest commit.",
  notFork: "The code comes from this repository, so nobody has to approve it.",
  nothingToAccept: "Nothing that regressed is open there: nothing has to be accepted.",
  nothingStops: "Nothing stops the merge at this commit: nothing has to be accepted.",
  otherHead: "The pull request has a newer commit by now.",
  tooLarge: "The report is too large to be shown here; its page has everything.",
} as const;

/** A fork's head that nobody let run; `head` is the full id. */
export function forkAnswer(head: string): string {
  return `The code comes from a fork and runs once somebody has looked at it: read the change, then say ${markdownCode(`/tailguard approve ${shortId(head)}`)}.`;
}

/** The commit that was looked at is not the newest one. */
export function movedAnswer(head: string): string {
  return `The newest commit is ${markdownCode(shortId(head))} by now: look at what it brings first.`;
}

export function unknownRevisionAnswer(revision: string): string {
  return `${markdownCode(shorten(visible(revision), NAME_SHOWN))} names no commit of this repository.`;
}

function shortId(sha: string): string {
  return visible(sha.slice(0, 12));
}

/** No benchmark has this name; `report` says which there are. */
export function noSuchBenchmark(asked: string, report: Report): string {
  const labels = report.benchmarks.map(benchmarkLabels(report));
  const shown = labels.slice(0, LISTED_MAX).map((label) => `- ${markdownCode(label)}`);
  const left = labels.length - shown.length;
  const more = left > 0 ? [`- … ${left} more`] : [];
  const name = markdownCode(shorten(visible(asked), NAME_SHOWN));
  return [`No benchmark of the last run is named ${name}. There are:`, "", ...shown, ...more].join(
    "\n",
  );
}

/** All that the report holds of these benchmarks, which are some of its own. */
export function explainAnswer(input: {
  readonly report: Report;
  readonly benchmarks: readonly ReportBenchmark[];
  readonly templates: TemplateTexts;
  readonly detailsUrl: string;
}): string {
  const { report, templates, detailsUrl } = input;
  const benchmarks = input.benchmarks.slice(0, LISTED_MAX);
  const isTheirs = (cause: Report["causes"][number]) =>
    benchmarks.some((at) => at.name === cause.benchmark && at.package === cause.package);
  const page = pageOf({ ...report, benchmarks, causes: report.causes.filter(isTheirs) });
  const rows = [...page.changed, ...page.rest];
  const render = (causeCount: number) =>
    tidyMarkdown(
      renderTemplate(templates, "explain", "md", {
        ...page,
        rows,
        reasons: rows.filter(({ why }) => why !== ""),
        more: 0,
        causes: page.causes.slice(0, causeCount),
        moreCauses: page.causes.length - causeCount,
        left: input.benchmarks.length - benchmarks.length,
        detailsUrl,
      }),
    );
  return fitRows(render, page.causes.length, COMMENT_AIM);
}

export type AcceptedMetric = { readonly benchmark: ReportBenchmark; readonly metric: ReportMetric };

/** What was accepted, by whom, until when and why. */
export function acceptedAnswer(accepted: {
  readonly metrics: readonly AcceptedMetric[];
  readonly report: Report;
  readonly author: string;
  readonly reason: string;
  readonly until: string;
}): string {
  const labelOf = benchmarkLabels(accepted.report);
  const lines = accepted.metrics.map(({ benchmark, metric }) => {
    const size = metric.change === null ? "" : ` ${formatSigned(metric.change)} %`;
    return `- ${markdownCode(labelOf(benchmark))} ${metric.name}${size}`;
  });
  const shown = lines.slice(0, LISTED_MAX);
  const left = lines.length - shown.length;
  const author = markdownText(visible(accepted.author));
  return [
    `Accepted by ${author} for this pull request, until ${accepted.until}: ${markdownText(shorten(oneLine(accepted.reason), REASON_SHOWN))}`,
    "",
    ...shown,
    ...(left > 0 ? [`- … ${formatCount(left, "more metric")}`] : []),
    "",
    "Should it get worse than now, it counts again.",
  ].join("\n");
}

/** How a run that somebody asked for came out. */
export function askedAnswer(asked: {
  readonly draft: CheckRunDraft;
  /** The options as typed, such as "--bench ^BenchmarkParse$". */
  readonly options: readonly string[];
  readonly head: string;
  readonly requestedBy: string;
  readonly detailsUrl: string;
}): string {
  const options = asked.options.map((option) => markdownCode(shorten(option, NAME_SHOWN)));
  const what = options.length === 0 ? "" : ` with ${options.join(" ")}`;
  const who = markdownText(visible(asked.requestedBy));
  return [
    `**${markdownText(shorten(oneLine(asked.draft.output.title), NAME_SHOWN))}**`,
    "",
    `The run of ${markdownCode(shortId(asked.head))} that ${who} asked for${what}. It decides nothing about the merge. [Full report](${markdownUrl(asked.detailsUrl)}).`,
  ].join("\n");
}
