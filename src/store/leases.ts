// Who may work on a run: one runner at a time, for as long as it is heard of.
//
// A claim gives the runner a random token; heartbeats prolong it, and everything the runner hands
// in must carry it. When it runs out the run goes back to ready with no lease, so whatever the
// lost runner still sends is refused. pg-boss does not fence its jobs (a late `complete` of a lost
// worker is accepted), which is why the lease is ours and lives in the run's row.
import { randomUUID } from "node:crypto";
import { sql } from "kysely";
import type { Database } from "./open-store.ts";
import type { Run } from "./schema.ts";

/** Without a heartbeat for this long a runner counts as lost; it sends one every 5 s. */
export const LEASE_SECONDS = 30;

const expiry = (seconds: number) => sql<Date>`now() + make_interval(secs => ${seconds})`;

/**
 * ready → running for the oldest ready run, those of pull requests first: people wait for them, and
 * nobody for main (number 0). undefined when there is none.
 */
export async function claimRun(
  db: Database,
  claim: { readonly runner: string; readonly leaseSeconds?: number },
): Promise<Run | undefined> {
  return db
    .updateTable("runs")
    .set((row) => ({
      state: "running",
      lease: randomUUID(),
      lease_expires_at: expiry(claim.leaseSeconds ?? LEASE_SECONDS),
      runner: claim.runner,
      claims: row("claims", "+", 1),
      claimed_at: sql<Date>`now()`,
      progress: null,
    }))
    .where("id", "=", (select) =>
      select
        .selectFrom("runs")
        .select("id")
        .where("state", "=", "ready")
        .orderBy(sql`pull_request = 0`)
        .orderBy("created_at")
        .limit(1)
        .forUpdate()
        .skipLocked(),
    )
    .returningAll()
    .executeTakeFirst();
}

/** Prolongs the lease and keeps the progress; undefined when the lease is not, or no longer, good. */
export async function heartbeat(
  db: Database,
  id: string,
  beat: { readonly lease: string; readonly progress?: unknown; readonly leaseSeconds?: number },
): Promise<Run | undefined> {
  return db
    .updateTable("runs")
    .set({
      lease_expires_at: expiry(beat.leaseSeconds ?? LEASE_SECONDS),
      ...(beat.progress === undefined ? {} : { progress: JSON.stringify(beat.progress) }),
    })
    .where("id", "=", id)
    .where("state", "=", "running")
    .where("lease", "=", beat.lease)
    .returningAll()
    .executeTakeFirst();
}

/** Whether this lease of the run is still good. */
export async function holdsLease(db: Database, id: string, lease: string): Promise<boolean> {
  const run = await db
    .selectFrom("runs")
    .select("id")
    .where("id", "=", id)
    .where("state", "=", "running")
    .where("lease", "=", lease)
    .executeTakeFirst();
  return run !== undefined;
}

/** running → collected. Undefined when the lease is not, or no longer, good. */
export async function finishRun(
  db: Database,
  id: string,
  finish: { readonly lease: string; readonly evidenceDigest: string },
): Promise<Run | undefined> {
  return db
    .updateTable("runs")
    .set({
      state: "collected",
      evidence_digest: finish.evidenceDigest,
      collected_at: sql<Date>`now()`,
    })
    .where("id", "=", id)
    .where("state", "=", "running")
    .where("lease", "=", finish.lease)
    .returningAll()
    .executeTakeFirst();
}

/** Which leases to take back. */
export type Lost =
  /** Held by these runners, which are known to be gone. */
  | { readonly kind: "runner"; readonly runnerPrefix: string }
  /** Not prolonged in time. */
  | { readonly kind: "expired" }
  /** This one, returned by its runner or not deliverable to it: such a claim does not count. */
  | { readonly kind: "lease"; readonly lease: string };

/** running → ready for every run whose lease is lost; returns those runs as they are now. */
export async function releaseRuns(db: Database, lost: Lost): Promise<Run[]> {
  const update = db
    .updateTable("runs")
    .set({ state: "ready", lease: null, lease_expires_at: null, runner: null, progress: null })
    .where("state", "=", "running");
  switch (lost.kind) {
    case "runner": {
      const { runnerPrefix } = lost;
      return update
        .where(sql<boolean>`left(runner, ${runnerPrefix.length}) = ${runnerPrefix}`)
        .returningAll()
        .execute();
    }
    case "expired":
      return update.where("lease_expires_at", "<", sql<Date>`now()`).returningAll().execute();
    case "lease":
      return update
        .set((row) => ({ claims: row("claims", "-", 1) }))
        .where("lease", "=", lost.lease)
        .returningAll()
        .execute();
  }
}

/** Gives every lease a full term from now: a restarted server was deaf for a while. */
export async function prolongLeases(db: Database, leaseSeconds = LEASE_SECONDS): Promise<void> {
  await db
    .updateTable("runs")
    .set({ lease_expires_at: expiry(leaseSeconds) })
    .where("state", "=", "running")
    .execute();
}
