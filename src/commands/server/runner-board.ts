// What runners ask for, answered from the rows: who gets which run, and whose results count.

import { TransientError, UserError } from "../../errors.ts";
import {
  CLAIM_SECONDS,
  type Claim,
  type Finish,
  MAX_BLOB_BYTES,
  MAX_BUNDLE_BYTES,
} from "../../evidence/runner-protocol.ts";
import { planSchema } from "../../plan/plan.ts";
import { failureOfOursDraft } from "../../report/status-drafts.ts";
import {
  claimRun,
  finishRun,
  heartbeat,
  holdsLease,
  LEASE_SECONDS,
  releaseRuns,
} from "../../store/leases.ts";
import { endRun, findRun } from "../../store/runs.ts";
import type { Run } from "../../store/schema.ts";
import type { RunnerBoard } from "../../web/runner-api.ts";
import { holdsUnmeasured } from "./configuration.ts";
import { type ServerContext, triggerOf } from "./context.ts";
import { failRun } from "./publish-step.ts";
import type { ProgressBoard } from "./show-progress.ts";

/** A run whose runners were lost this often takes them down: it is given up. */
const MAX_CLAIMS = 8;

export type BoardOptions = {
  readonly progress: ProgressBoard;
  /** False once the runner is known to have died: what it claimed meanwhile is taken back. */
  isAlive(runner: string): boolean;
  /** Ends the long polls. */
  readonly closing: AbortSignal;
};

export function createRunnerBoard(context: ServerContext, options: BoardOptions): RunnerBoard {
  const uploadedBytes = new Map<string, number>();
  return {
    claim: async (runner, gone) => {
      const over = AbortSignal.any([
        gone,
        options.closing,
        AbortSignal.timeout(CLAIM_SECONDS * 1000),
      ]);
      while (!over.aborted) {
        // Listening starts before looking: a run that becomes ready in between is not missed.
        const rung = context.ready.listen(over);
        const run = await claimRun(context.store.db, { runner });
        if (run === undefined) await rung;
        else {
          const claim = await prepareClaim(context, run);
          if (claim !== undefined && !gone.aborted && options.isAlive(runner)) return claim;
          if (claim !== undefined) await putBack(context, claim.lease);
        }
      }
      return undefined;
    },
    heartbeat: async (runId, beat) => {
      const run = await heartbeat(context.store.db, runId, beat);
      if (run === undefined) return { cancelled: true };
      context.log.debug({ run: runId, stage: beat.progress?.stage }, "progress");
      options.progress.show(run);
      return { cancelled: false };
    },
    keepBlob: async ({ runId, lease }, digest, content) => {
      if (!(await holdsLease(context.store.db, runId, lease))) return "lost";
      const before = uploadedBytes.get(lease) ?? 0;
      const maxBytes = Math.min(MAX_BLOB_BYTES, MAX_BUNDLE_BYTES - before);
      await context.blobs.putStream(digest, content, { maxBytes });
      const bytes = (await context.blobs.size(digest)) ?? 0;
      uploadedBytes.set(lease, (uploadedBytes.get(lease) ?? 0) + bytes);
      context.log.debug({ run: runId, bytes }, "kept a file of the evidence");
      return "kept";
    },
    finish: async (runId, finish) => {
      const kept = await finishWith(context, runId, finish);
      uploadedBytes.delete(finish.lease);
      return kept ? "kept" : "lost";
    },
  };
}

/** What the runner needs; undefined when the run cannot be handed out and was dealt with. */
async function prepareClaim(context: ServerContext, run: Run): Promise<Claim | undefined> {
  const lease = run.lease ?? "";
  if (run.claims > MAX_CLAIMS) {
    const error = new UserError("TG_EVIDENCE", `${MAX_CLAIMS} runners were lost while measuring.`, {
      hint: "An operator finds in the runners' logs what ended them, often too little memory.",
    });
    await failRun(context, run.id, { from: ["running"], error });
    return undefined;
  }
  const plan = planSchema.parse(run.plan);
  try {
    const isRemote = plan.source.kind === "remote";
    const cloneToken = isRemote
      ? await context.github.cloneToken(triggerOf(run).repository)
      : undefined;
    context.log.info({ run: run.id, runner: run.runner }, "handed out");
    return {
      runId: run.id,
      lease,
      leaseSeconds: LEASE_SECONDS,
      plan,
      ...(cloneToken === undefined ? {} : { cloneToken }),
    };
  } catch (error) {
    if (error instanceof TransientError) {
      // The runner sees a 500 and asks again after a pause, which is the pause this needs.
      await putBack(context, lease);
      throw error;
    }
    await failRun(context, run.id, { from: ["running"], error });
    return undefined;
  }
}

/** The run was not worked on: back to ready, and the claim does not count. */
async function putBack(context: ServerContext, lease: string): Promise<boolean> {
  const released = await releaseRuns(context.store.db, { kind: "lease", lease });
  if (released.length > 0) context.ready.ring();
  return released.length > 0;
}

async function finishWith(context: ServerContext, runId: string, finish: Finish): Promise<boolean> {
  const { lease } = finish;
  switch (finish.kind) {
    case "returned":
      return putBack(context, lease);
    case "failed": {
      const run = await findRun(context.store.db, runId);
      const isHeld = run !== undefined && holdsUnmeasured(run);
      const draft = failureOfOursDraft({ reason: finish.reason, id: runId, isHeld });
      context.log.error({ run: runId, reason: finish.reason }, "the runner could not measure");
      return context.transact(async (tx, send) => {
        const ended = await endRun(tx, runId, { from: ["running"], draft, lease });
        if (ended) await send("publish", runId);
        return ended || wasFinishedWith(await findRun(tx, runId), lease);
      });
    }
    case "collected": {
      await checkFiles(context, finish.files);
      const evidenceDigest = await context.blobs.put(JSON.stringify(finish.files));
      const kept = await context.transact(async (tx, send) => {
        const run = await finishRun(tx, runId, { lease, evidenceDigest });
        if (run !== undefined) await send("analyze", runId);
        return run !== undefined || wasFinishedWith(await findRun(tx, runId), lease);
      });
      context.log.info({ run: runId, kept, files: finish.files.length }, "collected");
      return kept;
    }
  }
}

/** A finish whose answer got lost on the way comes again: the lease stays in the row for it. */
function wasFinishedWith(run: Run | undefined, lease: string): boolean {
  const hasEnded = run !== undefined && !["queued", "ready", "running"].includes(run.state);
  // A run that was cancelled under the runner has its lease too, but no evidence of it.
  return hasEnded && run.lease === lease && run.evidence_digest !== null;
}

async function checkFiles(
  context: ServerContext,
  files: Extract<Finish, { kind: "collected" }>["files"],
): Promise<void> {
  const refuse = (message: string) =>
    new UserError("TG_EVIDENCE", message, {
      hint: "Run the same version of Tailguard on the runner and the server.",
    });
  if (new Set(files.map((file) => file.path)).size !== files.length)
    throw refuse("Two files of the evidence have one path.");
  if (!files.some((file) => file.path === "manifest.json"))
    throw refuse("The evidence has no manifest.json.");
  if (files.reduce((sum, file) => sum + file.bytes, 0) > MAX_BUNDLE_BYTES)
    throw refuse(`The evidence has more than ${MAX_BUNDLE_BYTES} bytes.`);
  for (const file of files) {
    if ((await context.blobs.size(file.sha256)) !== file.bytes)
      throw refuse(`${file.path} was not uploaded, or has another size.`);
  }
}
