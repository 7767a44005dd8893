// What a run's result does to the conversation of its pull request: the sticky comment, a short
// comment at a turn, the inline review. What is said is decided in src/report, from what was said
// before; the marks on what was written make repeating it after a crash safe.
import { TransientError } from "../../errors.ts";
import { askedAnswer } from "../../report/answers.ts";
import type { CheckRunDraft } from "../../report/check-run-draft.ts";
import { statusConversation } from "../../report/conversation.ts";
import { type Conversation, conversationSchema } from "../../report/conversation-draft.ts";
import { decideMoves } from "../../report/conversation-moves.ts";
import { conversationState } from "../../store/pull-requests.ts";
import { runsOfPullRequest } from "../../store/runs.ts";
import type { PullRequestState, Run } from "../../store/schema.ts";
import type { RunOptions } from "../../webhook/command.ts";
import { MAIN_BRANCH } from "../../webhook/trigger.ts";
import { type ServerContext, triggerOf } from "./context.ts";

/** Works on one conversation follow each other. */
export function conversationKey({ repository, pull_request }: Run): string {
  return `conversation ${repository}#${pull_request}`;
}

/**
 * Tells the conversation of the run's end; the new state is to be saved together with it, and
 * undefined when there was nothing to do. A refusal of GitHub (a locked conversation, a permission
 * that was not given) is logged and costs the comment only: the check run has been told already.
 */
export async function tellConversation(
  context: ServerContext,
  run: Run,
  draft: CheckRunDraft,
): Promise<PullRequestState | undefined> {
  if (draft.status === "completed" && draft.conclusion === "cancelled") return undefined;
  if (run.purpose === "asked") return tellAsked(context, run, draft);
  if (run.purpose === "group" || run.pull_request === MAIN_BRANCH) return undefined;
  const pullRequest = { repository: run.repository, pullRequest: run.pull_request };
  const [newest] = await runsOfPullRequest(context.store.db, pullRequest);
  // A newer run speaks for the pull request, now or as soon as it has something to say.
  if (newest?.id !== run.id) return undefined;
  const key = { repository: run.repository, number: run.pull_request };
  const before = await conversationState(context.store.db, key);
  const conversation = conversationOf(context, run, draft);
  try {
    const review = await writeReview(context, run, { before, conversation });
    return {
      ...before,
      ...(await writeComments(context, run, { before, conversation })),
      ...review,
    };
  } catch (error) {
    if (error instanceof TransientError) throw error;
    context.log.warn({ err: error, run: run.id }, "could not write in the conversation");
    return undefined;
  }
}

/** Who asked for a run of its own hears of its end; the pull request's own state does not move. */
async function tellAsked(
  context: ServerContext,
  run: Run,
  draft: CheckRunDraft,
): Promise<undefined> {
  const { repository, options = {}, requestedBy } = triggerOf(run);
  try {
    await context.github.sayOnce(repository, {
      pullRequest: run.pull_request,
      mark: `result ${run.id}`,
      body: askedAnswer({
        draft,
        options: optionsAsTyped(options),
        head: run.head_sha,
        requestedBy,
        detailsUrl: context.detailsUrl(run.id),
      }),
      since: run.created_at,
    });
  } catch (error) {
    if (error instanceof TransientError) throw error;
    context.log.warn({ err: error, run: run.id }, "could not tell of a run that was asked for");
  }
}

function optionsAsTyped({ bench, packages = [], budgetSeconds, vs }: RunOptions): string[] {
  return [
    ...(bench === undefined ? [] : [`--bench ${bench}`]),
    ...packages.map((pattern) => `--package ${pattern}`),
    ...(budgetSeconds === undefined ? [] : [`--budget ${budgetSeconds}s`]),
    ...(vs === undefined ? [] : [`--vs ${vs}`]),
  ];
}

function conversationOf(context: ServerContext, run: Run, draft: CheckRunDraft): Conversation {
  if (run.conversation !== null) return conversationSchema.parse(run.conversation);
  return statusConversation({
    draft,
    head: run.head_sha,
    templates: context.templates,
    detailsUrl: context.detailsUrl(run.id),
  });
}

type Telling = { readonly before: PullRequestState; readonly conversation: Conversation };

async function writeComments(
  context: ServerContext,
  run: Run,
  { before, conversation }: Telling,
): Promise<Pick<PullRequestState, "comment_id" | "regressed" | "told_run">> {
  const { repository } = triggerOf(run);
  const told = { hasSticky: before.comment_id !== null, regressed: before.regressed };
  const moves = decideMoves(told, conversation, context.comments);
  const pullRequest = run.pull_request;
  let commentId = before.comment_id;
  if (moves.sticky !== "none") {
    const shown = await context.github.showSticky(repository, {
      pullRequest,
      mark: "comment",
      body: conversation.sticky,
      id: before.comment_id ?? undefined,
      mayCreate: moves.sticky === "create",
    });
    commentId = shown ?? null;
  }
  if (moves.notice !== "none") {
    await context.github.sayOnce(repository, {
      pullRequest,
      mark: `notice ${run.id}`,
      body: conversation[moves.notice],
      since: run.created_at,
    });
  }
  context.log.info({ run: run.id, sticky: moves.sticky, notice: moves.notice }, "conversed");
  return { comment_id: commentId, regressed: moves.regressed, told_run: run.id };
}

/** Remarks on causes that were not remarked on yet; those of causes that are gone are forgotten. */
async function writeReview(
  context: ServerContext,
  run: Run,
  { before, conversation }: Telling,
): Promise<Pick<PullRequestState, "remarked">> {
  const { review, hasCauses } = conversation;
  const comments = review?.comments ?? [];
  const still = hasCauses
    ? before.remarked.filter((key) => comments.some((comment) => comment.key === key))
    : before.remarked;
  const fresh = comments.filter(({ key }) => !still.includes(key));
  if (review === undefined || fresh.length === 0 || context.comments === "never") {
    return { remarked: still };
  }
  const outcome = await context.github.reviewOnce(triggerOf(run).repository, {
    pullRequest: run.pull_request,
    headSha: run.head_sha,
    mark: `review ${run.id}`,
    body: review.body,
    comments: fresh.map(({ key: _, ...remark }) => remark),
  });
  context.log.info({ run: run.id, ...outcome }, "reviewed");
  const isSaid = outcome.kind === "written" || outcome.kind === "present";
  return { remarked: isSaid ? [...still, ...fresh.map(({ key }) => key)] : still };
}
