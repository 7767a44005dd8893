// What a trigger begins and ends, as rows and jobs of one transaction.
//
// A pull request has one run under way: a new head ends the runs of its older heads, closing it
// ends all. The same head is not measured again while it is being measured, nor after it was
// (a pull request that is reopened, or made ready for review), unless its base branch changed,
// it had been cancelled, or somebody asked for it. Pushes to main are measured each.
import type { Transaction } from "kysely";
import { cancelledDraft } from "../../report/status-drafts.ts";
import { addRelease } from "../../store/history.ts";
import {
  addRun,
  endRun,
  findRun,
  runsOfHead,
  runsOfPullRequest,
  setTrigger,
  unfinishedRuns,
} from "../../store/runs.ts";
import type { Run, RunState, Tables } from "../../store/schema.ts";
import { MAIN_BRANCH, type RepositoryRef, type Trigger } from "../../webhook/trigger.ts";
import { configurationOf } from "./configuration.ts";
import { type MeasureTrigger, type Send, triggerOf } from "./context.ts";

/** States in which a run can still be ended without a result; in publishing the result stands. */
const CANCELLABLE: readonly RunState[] = ["queued", "ready", "running", "collected"];

/** Does what the trigger asks and says it in one line, for the delivery's note. */
export async function beginRuns(
  tx: Transaction<Tables>,
  send: Send,
  trigger: Exclude<Trigger, { kind: "request" }>,
): Promise<string> {
  switch (trigger.kind) {
    case "measure":
      return measure(tx, send, trigger);
    case "cancel": {
      const runs = await runsOf(tx, trigger);
      if (runs.some((run) => isNewer(run, trigger))) return OUTDATED;
      return `cancelled ${await cancelRuns(tx, send, { runs })} runs`;
    }
    case "group":
      return measureGroup(tx, send, trigger);
    case "group-gone": {
      const head = { repository: nameOf(trigger.repository), headSha: trigger.headSha };
      const runs = (await runsOfHead(tx, head)).filter(({ purpose }) => purpose === "group");
      return `cancelled ${await cancelRuns(tx, send, { runs })} runs`;
    }
    case "gone": {
      const isLost = (run: Run) =>
        triggerOf(run).repository.installationId === trigger.installationId &&
        (trigger.repositories === "all" || trigger.repositories.includes(run.repository));
      const runs = (await unfinishedRuns(tx)).filter(isLost);
      return `cancelled ${await cancelRuns(tx, send, { runs })} runs of what is gone`;
    }
    case "release":
      await addRelease(tx, { ...trigger, repository: nameOf(trigger.repository) });
      return `noted the release ${trigger.name}`;
    case "moved":
      return `the repository is ${nameOf(trigger.repository)} by now`;
    case "ignore":
      return `ignored: ${trigger.reason}`;
  }
}

async function measure(
  tx: Transaction<Tables>,
  send: Send,
  trigger: MeasureTrigger,
): Promise<string> {
  const repository = nameOf(trigger.repository);
  const { pullRequest, headSha } = trigger;
  const runs = await runsOf(tx, trigger);
  if (pullRequest === MAIN_BRANCH) return measureMain(tx, send, trigger, runs);
  if (runs.some((run) => isNewer(run, trigger))) return OUTDATED;
  const known = runs.find((run) => run.head_sha === headSha && run.purpose === "gate");
  // A head that nobody told of (the App came later, or the delivery is lost) begins as any other.
  if (trigger.isByLabel === true && known !== undefined) {
    const labelled = { ...triggerOf(known), labels: trigger.labels };
    if (await setTrigger(tx, known.id, labelled)) return `run ${known.id} is told of the label`;
  }
  const last = known === undefined ? undefined : await findRun(tx, known.id);
  if (last !== undefined && isAnswer(last, trigger)) return `run ${last.id} is the answer already`;
  const run = await addRun(tx, { repository, pullRequest, headSha, trigger });
  await cancelRuns(tx, send, { runs, supersededBy: run.id });
  await send("plan", run.id);
  return `began run ${run.id}`;
}

/**
 * A run of its own that pushes to the pull request do not end. Queueing needs write access, which
 * lets a fork's code run; whose code it is the payload does not say, so it counts as a fork's.
 */
async function measureGroup(
  tx: Transaction<Tables>,
  send: Send,
  group: Extract<Trigger, { kind: "group" }>,
): Promise<string> {
  const { pullRequest, headSha, requestedBy } = group;
  const repository = nameOf(group.repository);
  const known = (await runsOfHead(tx, { repository, headSha })).find(
    (run) => run.purpose === "group" && conclusionOf(run) !== "cancelled",
  );
  if (known !== undefined) return `run ${known.id} is the answer already`;
  const trigger: MeasureTrigger = {
    ...group,
    kind: "measure",
    isFork: true,
    approvedBy: requestedBy,
    isAsked: true,
    // Groups are told apart by their heads; GitHub gives them no time.
    updatedAt: new Date(0).toISOString(),
  };
  const run = await addRun(tx, { repository, pullRequest, headSha, trigger, purpose: "group" });
  await send("plan", run.id);
  return `began run ${run.id} of a group`;
}

/** Everything of a pull request that ends with its head; its groups in the queue do not. */
export async function runsOf(
  tx: Transaction<Tables>,
  of: { readonly repository: RepositoryRef; readonly pullRequest: number },
): Promise<Run[]> {
  const key = { repository: nameOf(of.repository), pullRequest: of.pullRequest };
  return runsOfPullRequest(tx, key, ["gate", "asked"]);
}

/**
 * Every push to main is measured, but pushes that wait are taken together: against what was there
 * before the first of them, so that no change is left out.
 */
async function measureMain(
  tx: Transaction<Tables>,
  send: Send,
  trigger: MeasureTrigger,
  runs: readonly Run[],
): Promise<string> {
  const repository = nameOf(trigger.repository);
  const { headSha, pullRequest } = trigger;
  if (runs.some((run) => run.head_sha === headSha)) return "this push is known already";
  // Newest first, so the last one that waits is the oldest.
  const waiting = runs.filter(({ state }) => state === "queued" || state === "ready");
  const oldest = waiting.at(-1);
  const baseSha = oldest === undefined ? trigger.baseSha : triggerOf(oldest).baseSha;
  const together = { ...trigger, baseSha };
  const run = await addRun(tx, { repository, pullRequest, headSha, trigger: together });
  await cancelRuns(tx, send, { runs: waiting, supersededBy: run.id });
  await send("plan", run.id);
  return `began run ${run.id} of ${trigger.baseRef}`;
}

/** Ends what is under way of these runs, because of a newer one or a person; how many. */
export async function cancelRuns(
  tx: Transaction<Tables>,
  send: Send,
  {
    runs,
    supersededBy,
    by,
  }: { readonly runs: readonly Run[]; readonly supersededBy?: string; readonly by?: string },
): Promise<number> {
  const end = {
    from: CANCELLABLE,
    draft: cancelledDraft(by),
    ...(supersededBy === undefined ? {} : { supersededBy }),
  };
  let cancelled = 0;
  for (const run of runs) {
    if (!(await endRun(tx, run.id, end))) continue;
    await send("publish", run.id);
    cancelled++;
  }
  return cancelled;
}

/** A delivery that GitHub sent again after the pull request had gone on must not turn it back. */
const OUTDATED = "ignored: the pull request has changed since";

function isNewer(run: Run, trigger: { readonly updatedAt: string }): boolean {
  return Date.parse(triggerOf(run).updatedAt) > Date.parse(trigger.updatedAt);
}

/** The run gives, or gave, what the trigger asks for. */
function isAnswer(run: Run, trigger: MeasureTrigger): boolean {
  const before = triggerOf(run);
  // A branch that was renamed is the same base, and so is another one at the same commit.
  const isSameBase = before.baseRef === trigger.baseRef || before.baseSha === trigger.baseSha;
  // What was left out as a draft has not been answered once it is none.
  const isReadyNow = before.isDraft === true && trigger.isDraft !== true;
  const wasLeftOut = isReadyNow && conclusionOf(run) === "skipped" && run.plan === null;
  const { awaits = [] } = configurationOf(run);
  const isAwaited = trigger.labels?.some((label) => awaits.includes(label)) === true;
  return isSameBase && conclusionOf(run) !== "cancelled" && !wasLeftOut && !isAwaited;
}

function conclusionOf(run: Run): string | undefined {
  return (run.draft as { conclusion?: string } | null)?.conclusion;
}

/** Nothing more will be measured for it; its last word may still be on its way to GitHub. */
export function isOver(run: Run): boolean {
  return run.state === "completed" || run.state === "publishing";
}

/** As rows are keyed: GitHub's names differ only by more than case. */
export function nameOf(repository: RepositoryRef): string {
  return `${repository.owner}/${repository.name}`.toLowerCase();
}
