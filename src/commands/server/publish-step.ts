// The last step: GitHub is told how the run ended, in the check run first and then in the
// conversation; then the row says so. Every run ends here.
import { messageChain, TransientError, UserError } from "../../errors.ts";
import { checkRunDraftSchema } from "../../report/check-run-draft.ts";
import { failureOfOursDraft } from "../../report/status-drafts.ts";
import { saveConversation } from "../../store/pull-requests.ts";
import { completeRun, endRun, findRun } from "../../store/runs.ts";
import type { RunState } from "../../store/schema.ts";
import { ensureCheckRun } from "./check-run.ts";
import { holdsUnmeasured } from "./configuration.ts";
import { type ServerContext, triggerOf } from "./context.ts";
import { conversationKey, tellConversation } from "./conversation.ts";

/** publishing → completed. */
export async function workPublish(context: ServerContext, runId: string): Promise<void> {
  await context.exclusively(runId, async () => {
    const run = await findRun(context.store.db, runId);
    if (run?.state !== "publishing") return;
    const draft = checkRunDraftSchema.parse(run.draft);
    if (draft.status !== "completed") throw new Error(`the draft of run ${runId} ends nothing`);
    const checkRunId = await ensureCheckRun(context, run);
    await context.github.updateCheckRun(triggerOf(run).repository, checkRunId, {
      draft,
      detailsUrl: context.detailsUrl(runId),
    });
    const told = { conclusion: draft.conclusion, title: draft.output.title };
    await context.exclusively(conversationKey(run), async () => {
      const state = await tellConversation(context, run, draft);
      await context.store.transaction(async (tx) => {
        const isFirst = await completeRun(tx, runId, told);
        if (!isFirst || state === undefined) return;
        // It may have been renamed since the run was read.
        const { repository } = (await findRun(tx, runId)) ?? run;
        await saveConversation(tx, { ...state, repository });
      });
    });
    context.log.info({ run: runId, ...told }, "completed");
  });
}

/**
 * GitHub would not hear it. An outage is waited for: the run stays in publishing and is driven on
 * again later. Lost access is the end: nobody is left to be told.
 */
export async function giveUpPublish(
  context: ServerContext,
  runId: string,
  error: unknown,
): Promise<void> {
  context.log.error({ err: error, run: runId }, "could not tell GitHub how the run ended");
  if (error instanceof TransientError) return;
  const title = `Not told to GitHub: ${messageChain(error)}`.slice(0, 500);
  await completeRun(context.store.db, runId, { conclusion: "neutral", title });
}

/** Ends a run that a fault of ours stopped: neutral, "Could not measure", with its id for the log. */
export async function failRun(
  context: ServerContext,
  runId: string,
  failure: { readonly from: readonly RunState[]; readonly error: unknown },
): Promise<void> {
  context.log.error({ err: failure.error, run: runId }, "the run failed");
  const run = await findRun(context.store.db, runId);
  const isHeld = run !== undefined && holdsUnmeasured(run);
  const draft = failureOfOursDraft({ reason: reasonOf(failure.error), id: runId, isHeld });
  await context.transact(async (tx, send) => {
    if (await endRun(tx, runId, { from: failure.from, draft })) await send("publish", runId);
  });
}

/** What a stranger may read: a person's error as it is, of a fault of ours only that it was one. */
function reasonOf(error: unknown): string {
  if (error instanceof UserError) return `${error.message} ${error.hint}`;
  if (error instanceof TransientError) return "A service that is needed was away for too long.";
  return "An internal error stopped the run.";
}
