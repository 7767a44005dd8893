// What is remembered of a pull request's conversation. One row a pull request, written together
// with the end of the run it tells of.
import type { Database } from "./open-store.ts";
import type { PullRequestState } from "./schema.ts";

export type PullRequestKey = { readonly repository: string; readonly number: number };

/** The state; that of a pull request nobody has said anything in, when there is no row. */
export async function conversationState(
  db: Database,
  key: PullRequestKey,
): Promise<PullRequestState> {
  const row = await db
    .selectFrom("pull_requests")
    .selectAll()
    .where("repository", "=", key.repository)
    .where("number", "=", key.number)
    .executeTakeFirst();
  return row ?? { ...key, comment_id: null, regressed: [], remarked: [], told_run: null };
}

/** Replaces the state. */
export async function saveConversation(tx: Database, state: PullRequestState): Promise<void> {
  const { repository, number, ...rest } = state;
  const values = {
    ...rest,
    regressed: JSON.stringify(state.regressed),
    remarked: JSON.stringify(state.remarked),
  };
  await tx
    .insertInto("pull_requests")
    .values({ repository, number, ...values })
    .onConflict((conflict) => conflict.columns(["repository", "number"]).doUpdateSet(values))
    .execute();
}
