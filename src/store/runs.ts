// The life of a run, one statement a transition: each names the state it starts from, so that a
// repeated or late step changes nothing and says so by returning nothing.
//
//   queued → ready → running → collected → publishing → completed
//
// A lost lease takes a run from running back to ready. Everything that ends early (skipped,
// cancelled, failed) goes to publishing with the draft of what GitHub is to be told, so there is
// one way to the end, and `completed` is written once, after GitHub has heard.
import { randomUUID } from "node:crypto";
import { sql, type UpdateObject } from "kysely";
import type { Database } from "./open-store.ts";
import type { Run, RunPurpose, RunState, Tables } from "./schema.ts";

/** Asked-for work: which pull request, which head, and the Trigger itself. */
export type NewRun = {
  readonly repository: string;
  readonly pullRequest: number;
  readonly headSha: string;
  readonly trigger: unknown;
  /** "gate" when absent. */
  readonly purpose?: RunPurpose;
  /** Evidence that is there already, to be judged again: the run begins in state collected. */
  readonly evidence?: {
    readonly plan: unknown;
    readonly configuration: unknown;
    readonly digest: string;
  };
};

/**
 * Adds a run in state queued, its attempt one above the last of this repository and head. The
 * caller is in a transaction; the pull request's row lock is an advisory one, since the first run
 * of a head has no row to lock.
 */
export async function addRun(tx: Database, run: NewRun): Promise<Run> {
  await sql`select pg_advisory_xact_lock(hashtext(${run.repository}))`.execute(tx);
  const last = await tx
    .selectFrom("runs")
    .select((select) => select.fn.max("attempt").as("attempt"))
    .where("repository", "=", run.repository)
    .where("head_sha", "=", run.headSha)
    .executeTakeFirst();
  return tx
    .insertInto("runs")
    .values({
      id: randomUUID(),
      repository: run.repository,
      pull_request: run.pullRequest,
      head_sha: run.headSha,
      attempt: (last?.attempt ?? 0) + 1,
      trigger: JSON.stringify(run.trigger),
      state: "queued",
      purpose: run.purpose ?? "gate",
      ...(run.evidence === undefined
        ? {}
        : {
            state: "collected" as const,
            plan: JSON.stringify(run.evidence.plan),
            configuration: JSON.stringify(run.evidence.configuration),
            evidence_digest: run.evidence.digest,
            planned_at: sql<Date>`now()`,
            collected_at: sql<Date>`now()`,
          }),
    })
    .returningAll()
    .executeTakeFirstOrThrow();
}

export async function findRun(db: Database, id: string): Promise<Run | undefined> {
  return db.selectFrom("runs").selectAll().where("id", "=", id).executeTakeFirst();
}

/** Runs of a pull request with one of these purposes, newest first; at most 200. */
export async function runsOfPullRequest(
  db: Database,
  pullRequest: { readonly repository: string; readonly pullRequest: number },
  purposes: readonly RunPurpose[] = ["gate"],
): Promise<Run[]> {
  return db
    .selectFrom("runs")
    .selectAll()
    .where("repository", "=", pullRequest.repository)
    .where("pull_request", "=", pullRequest.pullRequest)
    .where("purpose", "in", purposes)
    .orderBy("created_at", "desc")
    .orderBy("attempt", "desc")
    .limit(200)
    .execute();
}

/** Runs of a head, of all pull requests that have it and of all purposes, newest first. */
export async function runsOfHead(
  db: Database,
  head: { readonly repository: string; readonly headSha: string },
): Promise<Run[]> {
  return db
    .selectFrom("runs")
    .selectAll()
    .where("repository", "=", head.repository)
    .where("head_sha", "=", head.headSha)
    .orderBy("attempt", "desc")
    .limit(200)
    .execute();
}

/** The newest runs, for the list of them. */
export async function recentRuns(db: Database, limit: number): Promise<Run[]> {
  return db
    .selectFrom("runs")
    .selectAll()
    .orderBy("created_at", "desc")
    .orderBy("id")
    .limit(limit)
    .execute();
}

/** All runs that are not completed, oldest first: what a restarted server drives on. */
export async function unfinishedRuns(db: Database): Promise<Run[]> {
  return db
    .selectFrom("runs")
    .selectAll()
    .where("state", "<>", "completed")
    .orderBy("created_at")
    .execute();
}

export async function setCheckRun(db: Database, id: string, checkRunId: number): Promise<void> {
  await db.updateTable("runs").set({ check_run_id: checkRunId }).where("id", "=", id).execute();
}

/** Changes a run that is in this state; false when it has left it meanwhile. */
async function changeIn(
  db: Database,
  id: string,
  state: RunState,
  change: UpdateObject<Tables, "runs">,
): Promise<boolean> {
  const result = await db
    .updateTable("runs")
    .set(change)
    .where("id", "=", id)
    .where("state", "=", state)
    .executeTakeFirst();
  return result.numUpdatedRows === 1n;
}

/** Another trigger for a run that is not planned yet; false when it is. */
export async function setTrigger(db: Database, id: string, trigger: unknown): Promise<boolean> {
  return changeIn(db, id, "queued", { trigger: JSON.stringify(trigger) });
}

/** queued → ready. False when the run has gone elsewhere meanwhile (cancelled). */
export async function setPlan(
  db: Database,
  id: string,
  { plan, configuration }: { readonly plan: unknown; readonly configuration: unknown },
): Promise<boolean> {
  return changeIn(db, id, "queued", {
    state: "ready",
    plan: JSON.stringify(plan),
    configuration: JSON.stringify(configuration),
    planned_at: sql`now()`,
  });
}

/** collected → publishing, with the digests of what the analysis wrote. */
export async function setReport(
  db: Database,
  id: string,
  report: {
    readonly reportDigest: string;
    readonly pageDigest: string;
    readonly draft: unknown;
    readonly conversation: unknown;
  },
): Promise<boolean> {
  return changeIn(db, id, "collected", {
    state: "publishing",
    report_digest: report.reportDigest,
    page_digest: report.pageDigest,
    draft: JSON.stringify(report.draft),
    conversation: JSON.stringify(report.conversation),
  });
}

/**
 * Ends a run early: from one of `from` to publishing with `draft`. A runner that holds the lease
 * hears of it at its next heartbeat. False when the run was in none of these states.
 */
export async function endRun(
  db: Database,
  id: string,
  end: {
    readonly from: readonly RunState[];
    readonly draft: unknown;
    readonly supersededBy?: string;
    /** Only if the run is held by this lease. */
    readonly lease?: string;
    /** What it would have been planned with. */
    readonly configuration?: unknown;
  },
): Promise<boolean> {
  const { lease, configuration } = end;
  const result = await db
    .updateTable("runs")
    .set({
      state: "publishing",
      draft: JSON.stringify(end.draft),
      ...(end.supersededBy === undefined ? {} : { superseded_by: end.supersededBy }),
      ...(configuration === undefined ? {} : { configuration: JSON.stringify(configuration) }),
    })
    .where("id", "=", id)
    .where("state", "in", end.from)
    .$if(lease !== undefined, (update) => update.where("lease", "=", lease ?? ""))
    .executeTakeFirst();
  return result.numUpdatedRows === 1n;
}

/** publishing → completed, after GitHub has been told. */
export async function completeRun(
  db: Database,
  id: string,
  told: { readonly conclusion: string; readonly title: string },
): Promise<boolean> {
  return changeIn(db, id, "publishing", {
    state: "completed",
    ...told,
    completed_at: sql`now()`,
  });
}
