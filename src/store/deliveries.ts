// Webhook deliveries: each is kept once, by the id GitHub gave it, until it has been dealt with.
import { sql } from "kysely";
import type { Database } from "./open-store.ts";
import type { Delivery } from "./schema.ts";

export type NewDelivery = {
  readonly id: string;
  readonly event: string;
  readonly payload: unknown;
  /** Why it asks for nothing: such a delivery is done with as it comes, and its payload not kept. */
  readonly ignored?: string | undefined;
};

/** Ids of those that are new, each once; the others GitHub had sent before. */
export async function addDeliveries(
  db: Database,
  deliveries: readonly NewDelivery[],
): Promise<ReadonlySet<string>> {
  const values = deliveries.map(({ id, event, payload, ignored }) =>
    ignored === undefined
      ? { id, event, payload: JSON.stringify(payload), state: "received" as const, note: null }
      : { id, event, payload: null, state: "done" as const, note: ignored },
  );
  const added = await db
    .insertInto("deliveries")
    .values(values)
    .onConflict((conflict) => conflict.column("id").doNothing())
    .returning("id")
    .execute();
  return new Set(added.map(({ id }) => id));
}

/** The delivery if it still waits to be dealt with, locked until the transaction ends. */
export async function takeDelivery(tx: Database, id: string): Promise<Delivery | undefined> {
  return tx
    .selectFrom("deliveries")
    .selectAll()
    .where("id", "=", id)
    .where("state", "=", "received")
    .forUpdate()
    .executeTakeFirst();
}

/** Closes a delivery and forgets its payload; `note` says to people what came of it. */
export async function closeDelivery(
  db: Database,
  id: string,
  outcome: { readonly state: "done" | "failed"; readonly note: string },
): Promise<void> {
  await db
    .updateTable("deliveries")
    .set({ ...outcome, ...(outcome.state === "done" ? { payload: null } : {}) })
    .where("id", "=", id)
    .where("state", "=", "received")
    .execute();
}

/** Ids of deliveries that were received and not dealt with, oldest first. */
export async function waitingDeliveries(db: Database): Promise<string[]> {
  const rows = await db
    .selectFrom("deliveries")
    .select("id")
    .where("state", "=", "received")
    .orderBy("received_at")
    .execute();
  return rows.map((row) => row.id);
}

/** Deletes deliveries received more than `days` ago. */
export async function forgetDeliveries(db: Database, days: number): Promise<void> {
  await db
    .deleteFrom("deliveries")
    .where("received_at", "<", sql<Date>`now() - make_interval(days => ${days}::int)`)
    .execute();
}
