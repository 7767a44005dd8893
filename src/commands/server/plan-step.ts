// Step one of a run: its check run, and the plan of what to measure, or why there is nothing
// to measure, or nothing yet.
import { randomInt } from "node:crypto";
import { planRun } from "../../plan/plan-run.ts";
import { holdDraft, skippedDraft } from "../../report/status-drafts.ts";
import { endRun, findRun, setPlan } from "../../store/runs.ts";
import { MAIN_BRANCH } from "../../webhook/trigger.ts";
import { ensureCheckRun } from "./check-run.ts";
import { type ServerContext, triggerOf } from "./context.ts";

/** Main has each commit's context to gain and nobody waits for it. */
const MAIN_PART = 1 / 3;

/** queued → ready, or → publishing when there is nothing to measure. */
export async function workPlan(context: ServerContext, runId: string): Promise<void> {
  await context.exclusively(runId, async () => {
    const run = await findRun(context.store.db, runId);
    if (run?.state !== "queued") return;
    await ensureCheckRun(context, run);
    const trigger = triggerOf(run);
    const { baseSha, headSha } = trigger;
    const inputs = await context.github.planInputs(trigger.repository, { baseSha, headSha });
    const planned = planRun({
      cloneUrl: trigger.repository.cloneUrl,
      mergeBaseSha: inputs.mergeBaseSha,
      headSha,
      changedFiles: inputs.changedFiles,
      changedFilesTruncated: inputs.truncated,
      isFork: trigger.isFork,
      isApproved: trigger.approvedBy !== undefined,
      budgetSeconds:
        trigger.pullRequest === MAIN_BRANCH
          ? context.budgetSeconds * MAIN_PART
          : context.budgetSeconds,
      seed: randomInt(2 ** 32),
    });
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
