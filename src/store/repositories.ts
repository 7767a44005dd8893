// Under which name a repository's rows are kept, by GitHub's id: a repository that is renamed or
// given to another owner takes its runs, history, waivers and conversations along.
//
// The rows are keyed by the name, which people and GitHub's requests need, and are moved when the
// id shows up under another one. Keying them by the id was rejected: it would put a lookup before
// each reading and leave rows of older versions without a key.
import { type RawBuilder, sql } from "kysely";
import type { Database } from "./open-store.ts";

const KEYED = [
  "runs",
  "main_values",
  "releases",
  "misfires",
  "pull_requests",
  "requests",
  "waivers",
] as const;

export type KnownRepository<Ref> = {
  readonly id: number;
  /** "owner/name", lower case. */
  readonly name: string;
  /** How GitHub is asked about it; any JSON. */
  readonly ref: Ref;
  /** The name that its rows may still have from before its id was known. */
  readonly wasNamed?: string;
  /** When the repository had this name, ISO 8601; now when absent. */
  readonly at?: string;
};

/**
 * The repository as it is called by now, its rows under that name: what is older than what is known
 * (a delivery that came late) is corrected, what is newer moves the rows. In the caller's transaction.
 */
export async function followRepository<Ref>(
  tx: Database,
  seen: KnownRepository<Ref>,
): Promise<{ readonly ref: Ref; readonly movedFrom?: string }> {
  const known = await find(tx, seen.id);
  if (known !== undefined && !isNews(known, seen)) return { ref: known.ref as Ref };
  // Rare, so one at a time: two repositories may swap their names.
  await sql`select pg_advisory_xact_lock(hashtext('repositories'))`.execute(tx);
  const before = await find(tx, seen.id);
  if (before !== undefined && !isNews(before, seen)) return { ref: before.ref as Ref };
  const from = before?.name ?? (await unclaimed(tx, seen.wasNamed));
  const movedFrom = from === seen.name ? undefined : from;
  await clearName(tx, seen, movedFrom !== undefined);
  if (movedFrom !== undefined) await moveRows(tx, movedFrom, seen.name);
  await remember(tx, seen);
  return { ref: seen.ref, ...(movedFrom === undefined ? {} : { movedFrom }) };
}

type Row = NonNullable<Awaited<ReturnType<typeof find>>>;

function find(tx: Database, id: number) {
  return tx.selectFrom("repositories").selectAll().where("id", "=", id).executeTakeFirst();
}

function isNews(known: Row, seen: KnownRepository<unknown>): boolean {
  const isLate =
    seen.at !== undefined &&
    known.told_at !== null &&
    Date.parse(seen.at) < known.told_at.getTime();
  return !isLate && JSON.stringify(known.ref) !== JSON.stringify(seen.ref);
}

/** The name, unless its rows are known to be another repository's. */
async function unclaimed(tx: Database, name: string | undefined): Promise<string | undefined> {
  if (name === undefined) return undefined;
  return (await ownerOf(tx, name)) === undefined ? name : undefined;
}

async function ownerOf(tx: Database, name: string): Promise<number | undefined> {
  const row = await tx
    .selectFrom("repositories")
    .select("id")
    .where("name", "=", name)
    .executeTakeFirst();
  return row?.id;
}

/** Whoever had the name before is gone or called otherwise by now, and keeps its rows apart. */
async function clearName(
  tx: Database,
  { id, name }: KnownRepository<unknown>,
  isMoving: boolean,
): Promise<void> {
  const owner = await ownerOf(tx, name);
  // Its own already: only how GitHub is asked about it has changed.
  if (owner === id || (owner === undefined && !isMoving)) return;
  const aside = `${name} before ${id}`;
  await moveRows(tx, name, aside);
  if (owner !== undefined) {
    await tx.updateTable("repositories").set({ name: aside }).where("id", "=", owner).execute();
  }
}

async function moveRows(tx: Database, from: string, to: string): Promise<void> {
  for (const table of KEYED) {
    await tx.updateTable(table).set({ repository: to }).where("repository", "=", from).execute();
  }
}

async function remember(tx: Database, seen: KnownRepository<unknown>): Promise<void> {
  const { id, name } = seen;
  const ref = JSON.stringify(seen.ref);
  const row = { name, ref, told_at: seen.at ?? new Date() };
  await tx
    .insertInto("repositories")
    .values({ id, ...row })
    .onConflict((conflict) => conflict.column("id").doUpdateSet(row))
    .execute();
  const withRef = (column: string): RawBuilder<string> =>
    sql<string>`jsonb_set(${sql.ref(column)}, '{repository}', ${ref}::jsonb)`;
  await tx
    .updateTable("runs")
    .set({ trigger: withRef("trigger") })
    .where("repository", "=", name)
    .execute();
  await tx
    .updateTable("requests")
    .set({ request: withRef("request") })
    .where("repository", "=", name)
    .execute();
}
