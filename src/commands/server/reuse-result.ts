// The result of a pull request as the answer for its group in the merge queue, where that is safe.
import { planSchema } from "../../plan/plan.ts";
import { mayReuse } from "../../plan/reuse.ts";
import { checkRunDraftSchema } from "../../report/check-run-draft.ts";
import { reusedDraft } from "../../report/status-drafts.ts";
import { runsOfPullRequest } from "../../store/runs.ts";
import type { Run } from "../../store/schema.ts";
import { type ServerContext, triggerOf } from "./context.ts";

/** The draft to take over; undefined where the group has to be measured. */
export async function reusableDraft(context: ServerContext, group: Run) {
  const key = { repository: group.repository, pullRequest: group.pull_request };
  const [last] = await runsOfPullRequest(context.store.db, key);
  if (last?.state !== "completed" || last.report_digest === null) return undefined;
  const { base: measuredBaseSha } = planSchema.parse(last.plan);
  const { repository, baseSha: groupBaseSha, headSha } = triggerOf(group);
  const compare = (base: string, head: string) =>
    context.github.compare(repository, { baseSha: base, headSha: head });
  const comparisons = {
    base: await compare(measuredBaseSha, groupBaseSha),
    change: await compare(measuredBaseSha, last.head_sha),
    group: await compare(groupBaseSha, headSha),
    measuredBaseSha,
    groupBaseSha,
  };
  if (!mayReuse(comparisons)) return undefined;
  const draft = checkRunDraftSchema.parse(last.draft);
  return reusedDraft(draft, { pullRequest: last.pull_request, head: last.head_sha });
}
