// Accepting: a regression of the last result no longer stops this pull request.
//
// It becomes a waiver of the judge's own kind, one a metric, up to the change that was seen (for
// times the upper end of its interval, so that the same noise does not outgrow it), and the same
// evidence is judged again: nothing is measured, nothing is hidden, and the report says who
// accepted it and why. A push that makes it worse outgrows the waiver.
import type { Transaction } from "kysely";
import { matchesBenchmark } from "../../plan/glob.ts";
import {
  type AcceptedMetric,
  acceptedAnswer,
  noSuchBenchmark,
  SHORT_ANSWERS,
} from "../../report/answers.ts";
import type { Report, ReportMetric } from "../../report/report-schema.ts";
import { addRun, findRun, runsOfPullRequest } from "../../store/runs.ts";
import type { Run, Tables } from "../../store/schema.ts";
import { addWaiver } from "../../store/waivers.ts";
import type { Command } from "../../webhook/command.ts";
import { dayOf } from "../team-rule.ts";
import { type Decision, declines, type RequestTrigger } from "./answer.ts";
import { isOver, nameOf } from "./begin-runs.ts";
import type { Send, ServerContext } from "./context.ts";
import { reportOf } from "./last-result.ts";

/** Pull requests that live longer have changed; the waiver goes with it. */
const ACCEPTED_DAYS = 90;

/** GitHub's buttons have no room for one. */
const BUTTON_REASON =
  'accepted with the button, no reason given; `/tailguard accept NAME "reason"` gives one';

type Accept = Extract<Command, { kind: "accept" }>;

/** `command` names a benchmark and a reason; undefined accepts whatever stops the merge. */
export async function decideAccept(
  context: ServerContext,
  request: RequestTrigger,
  command: Accept | undefined,
): Promise<Decision> {
  const run = await lastGateRun(context, request);
  if (typeof run === "string") return declines(request, run);
  const report = await reportOf(context, run);
  if (report === undefined) return declines(request, SHORT_ANSWERS.tooLarge);
  const metrics = openMetrics(report, command);
  if (metrics.length === 0) return declines(request, whyNothing(report, command));
  const day = new Date();
  day.setUTCDate(day.getUTCDate() + ACCEPTED_DAYS);
  const accepted = {
    metrics,
    report,
    author: request.requestedBy,
    reason: command?.reason ?? BUTTON_REASON,
    until: dayOf(day),
  };
  return {
    pullRequest: run.pull_request,
    act: async (tx, send) => {
      for (const at of metrics) await keepWaiver(tx, { run, at, ...accepted });
      await judgeAgain(tx, send, run);
      return { reaction: "+1", body: acceptedAnswer(accepted) };
    },
  };
}

/** The run whose result stands at the newest commit, or why there is none. */
async function lastGateRun(
  context: ServerContext,
  { by, repository }: RequestTrigger,
): Promise<Run | string> {
  const { db } = context.store;
  const pressed =
    by.kind === "button" && by.runId !== undefined ? await findRun(db, by.runId) : undefined;
  const pullRequest = by.kind === "comment" ? by.pullRequest : pressed?.pull_request;
  if (pullRequest === undefined) return SHORT_ANSWERS.noResult;
  const [newest] = await runsOfPullRequest(db, { repository: nameOf(repository), pullRequest });
  if (newest === undefined) return SHORT_ANSWERS.noResult;
  if (by.kind === "button" && newest.head_sha !== by.headSha) return SHORT_ANSWERS.otherHead;
  if (!isOver(newest)) return SHORT_ANSWERS.beingMeasured;
  const hasResult = newest.report_digest !== null && newest.evidence_digest !== null;
  return hasResult ? newest : SHORT_ANSWERS.noResult;
}

function openMetrics(report: Report, command: Accept | undefined): AcceptedMetric[] {
  const isMeant = (metric: ReportMetric) =>
    metric.decision === "regressed" &&
    metric.waiver?.state !== "accepted" &&
    (command !== undefined || metric.blocks);
  return report.benchmarks
    .filter((at) => command === undefined || matchesBenchmark(command.name, at.name))
    .flatMap((benchmark) =>
      benchmark.metrics.filter(isMeant).map((metric) => ({ benchmark, metric })),
    );
}

function whyNothing(report: Report, command: Accept | undefined): string {
  if (command === undefined) return SHORT_ANSWERS.nothingStops;
  const isKnown = report.benchmarks.some((at) => matchesBenchmark(command.name, at.name));
  return isKnown ? SHORT_ANSWERS.nothingToAccept : noSuchBenchmark(command.name, report);
}

/** A reason is shown wherever the regression is; the configuration's own has the same bound. */
const REASON_MAX = 500;

async function keepWaiver(
  tx: Transaction<Tables>,
  kept: {
    readonly run: Run;
    readonly at: AcceptedMetric;
    readonly author: string;
    readonly reason: string;
    readonly until: string;
  },
): Promise<void> {
  const { run, at, author, reason, until } = kept;
  const { benchmark, metric } = at;
  const seen = metric.comparison === "exact" ? metric.change : metric.high;
  await addWaiver(tx, {
    repository: run.repository,
    pull_request: run.pull_request,
    benchmark: benchmark.name,
    package: benchmark.package,
    metric: metric.name,
    author,
    reason: reason.slice(0, REASON_MAX),
    until_day: until,
    limit_change: seen,
    head_sha: run.head_sha,
  });
}

async function judgeAgain(tx: Transaction<Tables>, send: Send, run: Run): Promise<void> {
  const again = await addRun(tx, {
    repository: run.repository,
    pullRequest: run.pull_request,
    headSha: run.head_sha,
    trigger: run.trigger,
    purpose: run.purpose,
    evidence: {
      plan: run.plan,
      configuration: run.configuration,
      digest: run.evidence_digest ?? "",
    },
  });
  await send("analyze", again.id);
}
