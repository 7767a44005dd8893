// `tailguard runner`: claims runs from a server, collects their evidence, and hands it in.
//
// It executes strangers' code, so it knows one token that is good for nothing but this protocol.
// A run is worked on only while the server confirms the lease: when a heartbeat says stop, or none
// came through for as long as the lease lasts, the work ends, because somebody else may have it.

import { mkdir, rm } from "node:fs/promises";
import { hostname } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { type Logger, pino } from "pino";
import { z } from "zod";
import { listBundle } from "../collect/bundle-files.ts";
import { type CollectOptions, collect } from "../collect/collect.ts";
import { createJobClient, type JobClient } from "../collect/job-client.ts";
import { messageChain, UserError } from "../errors.ts";
import type { SourceEvidence } from "../evidence/evidence.ts";
import type { Progress } from "../evidence/progress.ts";
import { type Claim, HEARTBEAT_SECONDS, MAX_REASON } from "../evidence/runner-protocol.ts";
import type { Plan } from "../plan/plan.ts";
import { forecastLines } from "./forecast.ts";

/** How evidence is collected; src/collect/collect.ts, and a scripted one in tests. */
export type CollectFn = (plan: Plan, options: CollectOptions) => Promise<unknown>;

export type RunnerOptions = {
  readonly client: JobClient;
  /** Work folders and caches of this machine. */
  readonly workDir: string;
  readonly sandbox: CollectOptions["sandbox"];
  /** Memory that runs may reckon with; undefined: all of the machine's. */
  readonly memoryBytes?: number | undefined;
  readonly collect: CollectFn;
  readonly log: Logger;
  /** Ends the runner; a run under way is returned to the server. */
  readonly signal: AbortSignal;
  readonly heartbeatMs?: number;
};

/** Benchmarks are killed and folders removed within a second or two. */
const EXIT_MS = 10_000;

const environmentSchema = z.object({
  TAILGUARD_SERVER: z.url({ protocol: /^https?$/ }).optional(),
  TAILGUARD_RUNNER_TOKEN: z.string({ error: "is not set" }).min(16, "is too short"),
  TAILGUARD_RUNNER_NAME: z
    .string()
    .regex(/^[\w.:-]{1,100}$/)
    .optional(),
  TAILGUARD_WORK_DIR: z.string().min(1).optional(),
  SANDBOX: z.enum(["required", "preferred", "off"]).default("required"),
  MEMORY_MIB: z.coerce.number().int().min(512).optional(),
  LOG_LEVEL: z.string().default("info"),
});

/** The command: settings from the environment, ends on SIGTERM, SIGINT, or with its parent. */
export async function runnerCommand(options: { readonly server?: string }): Promise<number> {
  const environment = readEnvironment();
  const serverUrl = options.server ?? environment.TAILGUARD_SERVER;
  if (serverUrl === undefined) {
    throw new UserError("TG_USAGE", "The runner does not know its server.", {
      hint: "Give --server https://tailguard.example.com or set TAILGUARD_SERVER.",
    });
  }
  const name = environment.TAILGUARD_RUNNER_NAME ?? `${hostname().slice(0, 80)}:${process.pid}`;
  const log = pino({ level: environment.LOG_LEVEL, name: "runner" });
  const ending = new AbortController();
  const end = () => {
    ending.abort();
    // Work that does not heed the signal must not outlive the runner's owner for long.
    setTimeout(() => process.exit(1), EXIT_MS).unref();
  };
  process.once("SIGTERM", end);
  process.once("SIGINT", end);
  // A local runner belongs to its server: when that is gone, kill -9 included, the channel closes.
  process.once("disconnect", end);
  process.channel?.unref();
  // Gone while this process still loaded its code: undefined is a runner without a server's channel.
  if (process.connected === false) end();
  await runRunner({
    client: createJobClient({
      serverUrl: serverUrl.replace(/\/+$/, ""),
      token: environment.TAILGUARD_RUNNER_TOKEN,
      name,
      onRetry: (error) => log.warn(messageChain(error)),
    }),
    workDir: environment.TAILGUARD_WORK_DIR ?? join(process.cwd(), ".tailguard-runner"),
    sandbox: environment.SANDBOX,
    memoryBytes:
      environment.MEMORY_MIB === undefined ? undefined : environment.MEMORY_MIB * 2 ** 20,
    collect,
    log,
    signal: ending.signal,
  });
  return 0;
}

function readEnvironment(): z.infer<typeof environmentSchema> {
  const parsed = environmentSchema.safeParse(process.env);
  if (parsed.success) return parsed.data;
  const problems = parsed.error.issues.map((issue) => `  ${issue.path.join(".")} ${issue.message}`);
  throw new UserError("TG_SETTINGS", `The settings have problems:\n${problems.join("\n")}`, {
    hint: "docs/operating.md lists the runner's variables.",
  });
}

/** Where a runner writes the bundles it works on, one folder a claim. */
export function bundlesDir(workDir: string): string {
  return join(workDir, "bundles");
}

/** Works on run after run until the signal; throws only when the server refuses this runner. */
export async function runRunner(options: RunnerOptions): Promise<void> {
  const { client, log, signal } = options;
  log.info("the runner waits for work");
  while (!signal.aborted) {
    const claim = await client.claim(signal).catch((error: unknown) => {
      if (!signal.aborted) throw error;
      return undefined;
    });
    if (claim !== undefined) await workOn(claim, options);
  }
}

async function workOn(claim: Claim, options: RunnerOptions): Promise<void> {
  const { runId } = claim;
  const log = options.log.child({ run: runId });
  const lost = new AbortController();
  const signal = AbortSignal.any([options.signal, lost.signal]);
  // By the lease: a runner that lost it may still be clearing up after the same run.
  const outDir = join(bundlesDir(options.workDir), claim.lease);
  const heart = startHeart(claim, options, lost);
  log.info("started");
  try {
    await mkdir(outDir, { recursive: true });
    const work = { outDir, signal, onProgress: heart.tell, onSource: heart.foretell };
    const kept = await carryOut(claim, work, options);
    log.info({ kept }, "finished");
  } catch (error) {
    if (!signal.aborted) throw error;
    log.info(lost.signal.aborted ? "cancelled, or the lease is lost" : "stopped with the runner");
    // So that the next runner need not wait for the lease to run out.
    if (!lost.signal.aborted) await giveBack(claim, options);
  } finally {
    await heart.stop();
    await rm(outDir, { recursive: true, force: true });
  }
}

type Work = {
  readonly outDir: string;
  readonly signal: AbortSignal;
  onProgress(progress: Progress): void;
  onSource(source: SourceEvidence): void;
};

/** Collects and hands in; what goes wrong meanwhile is handed in as the run's failure. */
async function carryOut(
  claim: Claim,
  work: Work,
  options: RunnerOptions,
): Promise<"kept" | "lost"> {
  const { client } = options;
  const { runId, lease } = claim;
  try {
    await options.collect(claim.plan, {
      outDir: work.outDir,
      workDir: options.workDir,
      cloneToken: claim.cloneToken,
      signal: work.signal,
      onProgress: work.onProgress,
      onRead: work.onSource,
      onBuilt: work.onSource,
      sandbox: options.sandbox,
      memoryBytes: options.memoryBytes,
    });
    const files = await listBundle(work.outDir);
    for (const file of files) {
      if ((await client.upload({ runId, lease }, file, work.signal)) === "lost") return "lost";
    }
    const listed = files.map(({ path, sha256, bytes }) => ({ path, sha256, bytes }));
    return await client.finish(runId, { kind: "collected", lease, files: listed }, work.signal);
  } catch (error) {
    work.signal.throwIfAborted();
    options.log.error({ err: error, run: runId }, "could not measure");
    const finish = { kind: "failed" as const, lease, reason: reasonOf(error) };
    return client.finish(runId, finish, work.signal);
  }
}

/** For the pull request's author: a person's error with its advice, a fault of ours by its message. */
function reasonOf(error: unknown): string {
  const text =
    error instanceof UserError
      ? [error.message, error.hint, error.log].filter((part) => part !== "").join("\n\n")
      : `The runner failed: ${messageChain(error)}`;
  return text.slice(0, MAX_REASON);
}

async function giveBack({ runId, lease }: Claim, options: RunnerOptions): Promise<void> {
  try {
    const soon = AbortSignal.timeout(2_000);
    await options.client.finish(runId, { kind: "returned", lease }, soon);
  } catch (error) {
    // The lease runs out by itself: only time is lost.
    options.log.warn({ err: error, run: runId }, "could not give the run back");
  }
}

/** Beats in time and at each new stage until stopped; aborts `lost` when the server says stop or was silent for a whole lease. */
function startHeart(claim: Claim, options: RunnerOptions, lost: AbortController) {
  const stopping = new AbortController();
  let progress: Progress | undefined;
  let forecast: readonly string[] = [];
  let isBuilt = false;
  let resting = new AbortController();
  const told = (now: Progress): Progress =>
    forecast.length === 0 ? now : { ...now, forecast: [...forecast] };
  const beat = async () => {
    while (!stopping.signal.aborted) {
      const silent = AbortSignal.timeout(claim.leaseSeconds * 1000);
      const cancelled = await options.client.heartbeat(
        claim.runId,
        { lease: claim.lease, ...(progress === undefined ? {} : { progress: told(progress) }) },
        AbortSignal.any([stopping.signal, silent]),
      );
      if (cancelled) return lost.abort();
      resting = new AbortController();
      const signal = AbortSignal.any([stopping.signal, resting.signal]);
      const restMs = options.heartbeatMs ?? HEARTBEAT_SECONDS * 1000;
      await pause(restMs, undefined, { signal }).catch(() => stopping.signal.throwIfAborted());
    }
  };
  const ended = beat().catch((error: unknown) => {
    if (stopping.signal.aborted) return;
    options.log.warn({ err: error, run: claim.runId }, "no heartbeat came through");
    lost.abort();
  });
  return {
    tell: (now: Progress) => {
      const isNewStage = now.stage !== progress?.stage;
      progress = now;
      if (isNewStage) resting.abort();
    },
    foretell: (source: SourceEvidence) => {
      // First what the source says, then the compiler of the first cell that is built: others differ
      // in toolchain or environment and mostly agree.
      if (isBuilt) return;
      isBuilt = source.packages.length > 0;
      try {
        forecast = forecastLines(source);
      } catch (error) {
        // A forecast is a courtesy: the analysis after the measuring says what is wrong.
        options.log.warn({ run: claim.runId, error: messageChain(error) }, "no forecast");
        return;
      }
      resting.abort();
    },
    stop: () => {
      stopping.abort();
      return ended;
    },
  };
}
