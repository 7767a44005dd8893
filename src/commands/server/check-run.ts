// The one check run of a run: made `queued` before anything else, found again by the run's id.
import { queuedDraft } from "../../report/status-drafts.ts";
import { setCheckRun } from "../../store/runs.ts";
import type { Run } from "../../store/schema.ts";
import { MAIN_BRANCH } from "../../webhook/trigger.ts";
import { type ServerContext, triggerOf } from "./context.ts";

/** The name people put into branch protection; never changed. */
export const CHECK_RUN_NAME = "Tailguard";
/** Another name, because a commit of main may be the head of a pull request as well. */
const MAIN_CHECK_RUN_NAME = "Tailguard (main)";

/** Another name again, because a run with fewer benchmarks must not let a required check pass. */
const ASKED_CHECK_RUN_NAME = "Tailguard (asked)";

function checkRunName({ pull_request: pullRequest, purpose }: Run): string {
  if (purpose === "asked") return ASKED_CHECK_RUN_NAME;
  return pullRequest === MAIN_BRANCH ? MAIN_CHECK_RUN_NAME : CHECK_RUN_NAME;
}

/**
 * GitHub's id of the run's check run, created when there is none. Repeating is safe: GitHub is
 * asked for one with our id before one is made, so a crash between the two doubles nothing.
 */
export async function ensureCheckRun(context: ServerContext, run: Run): Promise<number> {
  if (run.check_run_id !== null) return run.check_run_id;
  const created = await context.github.createCheckRun(triggerOf(run).repository, {
    name: checkRunName(run),
    headSha: run.head_sha,
    externalId: run.id,
    detailsUrl: context.detailsUrl(run.id),
    draft: queuedDraft(),
  });
  await setCheckRun(context.store.db, run.id, created.id);
  return created.id;
}
