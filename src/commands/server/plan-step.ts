// Step one of a run: its check run, and the plan of what to measure, or why there is nothing
// to measure, or nothing yet.
import { randomInt } from "node:crypto";
import { type PlanInputs, planRun } from "../../plan/plan-run.ts";
import { holdDraft, skippedDraft } from "../../report/status-drafts.ts";
import { endRun, findRun, setPlan } from "../../store/runs.ts";
import { MAIN_BRANCH } from "../../webhook/trigger.ts";
import { ensureCheckRun } from "./check-run.ts";
import { type MeasureTrigger, type ServerContext, triggerOf } from "./context.ts";
import { reusableDraft } from "./reuse-result.ts";

/** Main has each commit's context to gain and nobody waits for it. */
const MAIN_PART = 1 / 3;

/**
 * What GitHub says of the range, and what somebody asked to be done otherwise. Another commit than
 * the base may be on any branch, so its difference to head is left to the runner, and it runs like
 * code that nobody here has written.
 */
async function inputsOf(context: ServerContext, trigger: MeasureTrigger): Promise<PlanInputs> {
  const { repository, baseSha, headSha, options = {} } = trigger;
  const isOther = options.vs !== undefined;
  const compared = isOther
    ? { mergeBaseSha: baseSha, changedFiles: [], truncated: true }
    : await context.github.planInputs(repository, { baseSha, headSha });
  const usual =
    trigger.pullRequest === MAIN_BRANCH ? context.budgetSeconds * MAIN_PART : context.budgetSeconds;
  return {
    cloneUrl: repository.cloneUrl,
    mergeBaseSha: compared.mergeBaseSha,
    headSha,
    changedFiles: compared.changedFiles,
    changedFilesTruncated: compared.truncated,
    isFork: trigger.isFork,
    isForeignBase: isOther,
    isCalibration: trigger.isCalibration === true,
    isLeftOut: leftOutBy(context, trigger),
    isApproved: trigger.approvedBy !== undefined,
    budgetSeconds: options.budgetSeconds ?? usual,
    seed: randomInt(2 ** 32),
    ...(options.packages === undefined ? {} : { packages: options.packages }),
    ...(options.bench === undefined ? {} : { benchPattern: options.bench }),
  };
}

function leftOutBy(
  { leavesOut }: ServerContext,
  { isDraft, isByBot }: MeasureTrigger,
): PlanInputs["isLeftOut"] {
  if (isDraft === true && leavesOut.drafts) return "draft";
  return isByBot === true && leavesOut.bots ? "bot" : undefined;
}

/** queued → ready, or → publishing when there is nothing to measure. */
export async function workPlan(context: ServerContext, runId: string): Promise<void> {
  await context.exclusively(runId, async () => {
    const run = await findRun(context.store.db, runId);
    if (run?.state !== "queued") return;
    await ensureCheckRun(context, run);
    const trigger = triggerOf(run);
    const reused = run.purpose === "group" ? await reusableDraft(context, run) : undefined;
    if (reused !== undefined) {
      await context.transact(async (tx, send) => {
        const ended = await endRun(tx, runId, { from: ["queued"], draft: reused });
        if (ended) await send("publish", runId);
      });
      context.log.info({ run: runId }, "took over the result of its pull request");
      return;
    }
    const planned = planRun(await inputsOf(context, trigger));
    if (planned.kind === "plan") {
      const isReady = await setPlan(context.store.db, runId, planned.plan);
      if (isReady) context.ready.ring();
      context.log.info({ run: runId, isReady }, "planned");
      return;
    }
    await context.transact(async (tx, send) => {
      const draft = planned.kind === "skip" ? skippedDraft(planned) : holdDraft(planned);
      if (await endRun(tx, runId, { from: ["queued"], draft })) await send("publish", runId);
    });
    context.log.info({ run: runId, reason: planned.reason }, planned.kind);
  });
}
