// What people asked for: each is kept once, decided once and answered once.
import { sql } from "kysely";
import type { Database } from "./open-store.ts";
import type { RequestRow } from "./schema.ts";

/** True when the request is new. */
export async function addRequest(
  tx: Database,
  request: {
    readonly id: string;
    readonly repository: string;
    readonly pullRequest: number | null;
    readonly request: unknown;
  },
): Promise<boolean> {
  const added = await tx
    .insertInto("requests")
    .values({
      id: request.id,
      repository: request.repository,
      pull_request: request.pullRequest,
      request: JSON.stringify(request.request),
      state: "received",
    })
    .onConflict((conflict) => conflict.column("id").doNothing())
    .returning("id")
    .executeTakeFirst();
  return added !== undefined;
}

export async function findRequest(db: Database, id: string): Promise<RequestRow | undefined> {
  return db.selectFrom("requests").selectAll().where("id", "=", id).executeTakeFirst();
}

/** received → decided, in the transaction that does what was asked; false when it was done before. */
export async function decideRequest(
  tx: Database,
  id: string,
  decision: { readonly answer: unknown; readonly pullRequest: number | null },
): Promise<boolean> {
  const result = await tx
    .updateTable("requests")
    .set({
      state: "decided",
      answer: JSON.stringify(decision.answer),
      pull_request: decision.pullRequest,
    })
    .where("id", "=", id)
    .where("state", "=", "received")
    .executeTakeFirst();
  return result.numUpdatedRows === 1n;
}

/** → done: answered, or not to be answered any more. */
export async function closeRequest(db: Database, id: string): Promise<void> {
  await db.updateTable("requests").set({ state: "done" }).where("id", "=", id).execute();
}

/** Ids of requests that are not done, oldest first. */
export async function openRequests(db: Database): Promise<string[]> {
  const rows = await db
    .selectFrom("requests")
    .select("id")
    .where("state", "<>", "done")
    .orderBy("created_at")
    .execute();
  return rows.map((row) => row.id);
}

/** How often a pull request was answered in words within the last hour. */
export async function answersWithinHour(
  db: Database,
  pullRequest: { readonly repository: string; readonly number: number },
): Promise<number> {
  const { count } = await db
    .selectFrom("requests")
    .select((select) => select.fn.countAll<number>().as("count"))
    .where("repository", "=", pullRequest.repository)
    .where("pull_request", "=", pullRequest.number)
    .where("created_at", ">", sql<Date>`now() - interval '1 hour'`)
    .where(sql<boolean>`answer ? 'body'`)
    .executeTakeFirstOrThrow();
  return Number(count);
}

/** Deletes requests that are done and older than `days`. */
export async function forgetRequests(db: Database, days: number): Promise<void> {
  await db
    .deleteFrom("requests")
    .where("state", "=", "done")
    .where("created_at", "<", sql<Date>`now() - make_interval(days => ${days}::int)`)
    .execute();
}
