// Running, running again, cancelling, and letting a fork's code run.
import type { Transaction } from "kysely";
import type { PullRequestFacts } from "../../github/people.ts";
import {
  forkAnswer,
  movedAnswer,
  SHORT_ANSWERS,
  unknownRevisionAnswer,
} from "../../report/answers.ts";
import { addRun, runsOfHead } from "../../store/runs.ts";
import type { Run, Tables } from "../../store/schema.ts";
import type { RunOptions } from "../../webhook/command.ts";
import type { ButtonOrigin, CommentOrigin } from "../../webhook/trigger.ts";
import { type Answer, type Decision, declines, type RequestTrigger, says } from "./answer.ts";
import { cancelRuns, isOver, nameOf, runsOf } from "./begin-runs.ts";
import { type MeasureTrigger, type Send, type ServerContext, triggerOf } from "./context.ts";

const DONE: Answer = { reaction: "+1" };

type Wanted = { readonly options: RunOptions; readonly isCalibration?: true };

/** A run of the newest commit: with options that leave something out, one that decides nothing. */
export async function decideRun(
  context: ServerContext,
  request: RequestTrigger,
  wanted: Wanted,
): Promise<Decision> {
  const { by, repository } = request;
  if (by.kind !== "comment") return says(request, { reaction: "confused" });
  const facts = await context.github.pullRequest(repository, by.pullRequest);
  if (!facts.isOpen) return declines(request, SHORT_ANSWERS.closed);
  const { vs } = wanted.options;
  const baseSha = vs === undefined ? facts.baseSha : await context.github.commit(repository, vs);
  if (baseSha === undefined) return declines(request, unknownRevisionAnswer(vs ?? ""));
  const trigger: MeasureTrigger = { ...triggerFrom(request, by, facts), ...wanted, baseSha };
  return {
    pullRequest: by.pullRequest,
    act: (tx, send) =>
      leavesOut(context, wanted) ? beginAsked(tx, send, trigger) : beginGate(tx, send, trigger),
  };
}

function triggerFrom(
  request: RequestTrigger,
  by: CommentOrigin,
  facts: PullRequestFacts,
): MeasureTrigger {
  const { headSha, baseSha, baseRef, isFork, updatedAt } = facts;
  return {
    kind: "measure",
    repository: request.repository,
    pullRequest: by.pullRequest,
    headSha,
    baseSha,
    baseRef,
    isFork,
    requestedBy: request.requestedBy,
    isAsked: true,
    updatedAt,
  };
}

/** More time than usual leaves nothing out: its result may answer the required check. */
function leavesOut(context: ServerContext, { options, isCalibration }: Wanted): boolean {
  const { bench, packages, vs, budgetSeconds = context.budgetSeconds } = options;
  return (
    isCalibration === true ||
    [bench, packages, vs].some((option) => option !== undefined) ||
    budgetSeconds < context.budgetSeconds
  );
}

async function beginAsked(
  tx: Transaction<Tables>,
  send: Send,
  trigger: MeasureTrigger,
): Promise<Answer> {
  const { repository, pullRequest, headSha } = trigger;
  const approvedBy = approvalOf(await runsOf(tx, trigger), trigger);
  // A calibration runs the base only.
  if (trigger.isFork && approvedBy === undefined && trigger.isCalibration !== true) {
    return { reaction: "confused", body: forkAnswer(headSha) };
  }
  const run = await addRun(tx, {
    repository: nameOf(repository),
    pullRequest,
    headSha,
    trigger: { ...trigger, ...(approvedBy === undefined ? {} : { approvedBy }) },
    purpose: "asked",
  });
  await send("plan", run.id);
  return DONE;
}

/** The run that answers the required check, unless it is under way. */
async function beginGate(
  tx: Transaction<Tables>,
  send: Send,
  trigger: MeasureTrigger,
): Promise<Answer> {
  const { repository, pullRequest, headSha } = trigger;
  const runs = await runsOf(tx, trigger);
  const approvedBy = trigger.approvedBy ?? approvalOf(runs, trigger);
  if (trigger.isFork && approvedBy === undefined) {
    return { reaction: "confused", body: forkAnswer(headSha) };
  }
  const isUnderWay = runs.some(
    (run) => run.purpose === "gate" && run.head_sha === headSha && !isOver(run),
  );
  if (isUnderWay) return DONE;
  const run = await addRun(tx, {
    repository: nameOf(repository),
    pullRequest,
    headSha,
    trigger: { ...trigger, ...(approvedBy === undefined ? {} : { approvedBy }) },
  });
  const others = runs.filter((other) => other.head_sha !== headSha);
  await cancelRuns(tx, send, { runs: others, supersededBy: run.id });
  await send("plan", run.id);
  return DONE;
}

/** Who let this very head run before. */
function approvalOf(runs: readonly Run[], { headSha }: MeasureTrigger): string | undefined {
  return runs
    .filter((run) => run.head_sha === headSha)
    .map((run) => triggerOf(run).approvedBy)
    .find((approver) => approver !== undefined);
}

export async function decideRerun(
  context: ServerContext,
  request: RequestTrigger,
): Promise<Decision> {
  const { by } = request;
  if (by.kind === "comment") return decideRun(context, request, { options: {} });
  return { pullRequest: null, act: (tx, send) => rerunHead(tx, send, { request, by }) };
}

/** Each run that the button was on, again; by pressing it on a fork's code they let it run. */
async function rerunHead(
  tx: Transaction<Tables>,
  send: Send,
  { request, by }: { readonly request: RequestTrigger; readonly by: ButtonOrigin },
): Promise<Answer> {
  const { requestedBy, repository } = request;
  const all = await runsOfHead(tx, { repository: nameOf(repository), headSha: by.headSha });
  const isAlike = (one: Run, other: Run) =>
    one.pull_request === other.pull_request && one.purpose === other.purpose;
  const meant = all.filter((run) =>
    by.runId === undefined ? run.purpose !== "asked" : run.id === by.runId,
  );
  const newest = meant.filter(
    (run, at) => !meant.slice(0, at).some((other) => isAlike(run, other)),
  );
  let begun = 0;
  for (const run of newest) {
    if (all.some((other) => isAlike(run, other) && !isOver(other))) continue;
    const before = triggerOf(run);
    const { pull_request: pullRequest, head_sha: headSha, purpose } = run;
    const added = await addRun(tx, {
      repository: run.repository,
      pullRequest,
      headSha,
      purpose,
      trigger: {
        ...before,
        repository,
        requestedBy,
        isAsked: true,
        ...(before.isFork ? { approvedBy: requestedBy } : {}),
      },
    });
    await send("plan", added.id);
    begun++;
  }
  return { reaction: begun > 0 ? "+1" : "confused" };
}

export function decideCancel(request: RequestTrigger): Decision {
  const { by, repository, requestedBy } = request;
  if (by.kind !== "comment") return says(request, { reaction: "confused" });
  return {
    pullRequest: by.pullRequest,
    act: async (tx, send) => {
      const runs = await runsOf(tx, { repository, pullRequest: by.pullRequest });
      const cancelled = await cancelRuns(tx, send, { runs, by: requestedBy });
      return cancelled > 0 ? DONE : { reaction: "confused", body: SHORT_ANSWERS.nothingUnderWay };
    },
  };
}

/** `sha` is the beginning of the commit that was looked at: a push in between is not let through. */
export async function decideApprove(
  context: ServerContext,
  request: RequestTrigger,
  sha: string,
): Promise<Decision> {
  const { by, repository, requestedBy } = request;
  if (by.kind === "button") return decideRerun(context, request);
  const facts = await context.github.pullRequest(repository, by.pullRequest);
  if (!facts.isFork) return declines(request, SHORT_ANSWERS.notFork);
  if (!facts.headSha.startsWith(sha)) return declines(request, movedAnswer(facts.headSha));
  const trigger = { ...triggerFrom(request, by, facts), approvedBy: requestedBy };
  return { pullRequest: by.pullRequest, act: (tx, send) => beginGate(tx, send, trigger) };
}
