// Drives on whatever is not at its end: at start all of it, later what got stuck.
//
// One server uses a database, so at start every job and every local runner of the last life is
// dead. The jobs are thrown away and made again from the rows. Steps look at the row first, so one
// job too many does nothing, and one too few waits for the next round at most.

import type { JobName } from "../../queue/open-queue.ts";
import { forgetDeliveries, waitingDeliveries } from "../../store/deliveries.ts";
import { prolongLeases, releaseRuns } from "../../store/leases.ts";
import { forgetRequests, openRequests } from "../../store/requests.ts";
import { unfinishedRuns } from "../../store/runs.ts";
import type { Run } from "../../store/schema.ts";
import type { ServerContext } from "./context.ts";
import { LOCAL_PREFIX } from "./local-runner.ts";

/** How often lost leases are looked for; a lease lasts 30 s. */
export const LEASE_CHECK_MS = 5_000;
/** A job is tried again for about 40 minutes; what is older has none. */
const STUCK_MS = 60 * 60_000;
/** For whoever asks GitHub to deliver something again, which it offers for some days. */
const DELIVERY_DAYS = 30;

/** Before anything else runs: nothing of the last life is left half done. */
export async function recover(context: ServerContext): Promise<void> {
  const { db } = context.store;
  await context.queue.clear();
  const local = { kind: "runner", runnerPrefix: LOCAL_PREFIX } as const;
  const released = await releaseRuns(db, local);
  // Runners elsewhere may have gone on meanwhile; they get a full term to be heard of again.
  await prolongLeases(db);
  const runs = await unfinishedRuns(db);
  await context.queue.send("delivery", await waitingDeliveries(db));
  await context.queue.send("request", await openRequests(db));
  for (const run of runs) await sendNext(context, run);
  if (runs.length > 0)
    context.log.info({ runs: runs.length, released: released.length }, "drives on unfinished runs");
}

/** Takes back the runs of runners that were not heard of. */
export async function takeBackExpired(context: ServerContext): Promise<void> {
  for (const run of await releaseRuns(context.store.db, { kind: "expired" })) {
    context.log.warn(
      { run: run.id, claims: run.claims },
      "the lease ran out; the run is free again",
    );
    context.ready.ring();
  }
}

/** Takes back the run of a local runner that died. */
export async function takeBackFrom(context: ServerContext, runner: string): Promise<void> {
  const lost = { kind: "runner", runnerPrefix: runner } as const;
  for (const run of await releaseRuns(context.store.db, lost)) {
    context.log.warn({ run: run.id, runner }, "its runner died; the run is free again");
    context.ready.ring();
  }
}

/** Once an hour: runs whose jobs were given up in an outage, and deliveries that grew old. */
export async function driveStuck(context: ServerContext): Promise<void> {
  const { db } = context.store;
  await forgetDeliveries(db, DELIVERY_DAYS);
  await forgetRequests(db, DELIVERY_DAYS);
  await context.queue.send("request", await openRequests(db));
  const before = Date.now() - STUCK_MS;
  for (const run of await unfinishedRuns(db))
    if (run.created_at.getTime() < before) await sendNext(context, run);
}

async function sendNext(context: ServerContext, run: Run): Promise<void> {
  const name = nextJob(run);
  if (name === undefined) return;
  await context.queue.send(name, run.id);
  context.queue.wake(name);
}

/** What moves the run on; undefined when a runner does. */
function nextJob(run: Run): JobName | undefined {
  switch (run.state) {
    case "queued":
      return "plan";
    case "collected":
      return "analyze";
    case "publishing":
      return "publish";
    case "ready":
    case "running":
    case "completed":
      return undefined;
  }
}
