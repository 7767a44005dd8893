// `tailguard server`: the GitHub App. Opens everything, drives on what the last life left, serves.
//
//   webhook → delivery row + job → run row: queued → ready → running → collected → publishing →
//   completed
//
// The steps are in server/*.ts, one file each; this file is their wiring and their end.
import { mkdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { type Logger, pino } from "pino";
import { createGitHubApp } from "../github/app.ts";
import { openQueue } from "../queue/open-queue.ts";
import { readSettings, type Settings } from "../settings.ts";
import { openBlobs } from "../store/blobs.ts";
import { openStore, type Store } from "../store/open-store.ts";
import { readTemplates } from "../templates.ts";
import { createHttpServer } from "../web/http-server.ts";
import { BACKUP_MS, backUp } from "./server/backup.ts";
import { createContext, type ServerContext } from "./server/context.ts";
import { createRecorder } from "./server/deliveries.ts";
import {
  driveStuck,
  LEASE_CHECK_MS,
  recover,
  takeBackExpired,
  takeBackFrom,
} from "./server/drive.ts";
import { createLocalRunner, LOCAL_PREFIX, type LocalRunner } from "./server/local-runner.ts";
import { createPageSource } from "./server/page-source.ts";
import { createRunnerBoard } from "./server/runner-board.ts";
import { createProgressBoard } from "./server/show-progress.ts";
import { startWorkers } from "./server/workers.ts";

export type RunningServer = {
  /** Where it listens, without a trailing slash. */
  readonly url: string;
  /** Gives runs under way back, lets steps end, closes everything. Idempotent. */
  close(): Promise<void>;
};

/** The command: serves until SIGTERM or SIGINT; the result is the exit code. */
export async function serverCommand(): Promise<number> {
  const settings = readSettings(process.env);
  const log = pino({ level: settings.logLevel, name: "server" });
  const ended = new Promise<string>((resolve) => {
    process.once("SIGTERM", resolve);
    process.once("SIGINT", resolve);
  });
  const server = await startServer(settings, log);
  const signal = await ended;
  log.info({ signal }, "stopping");
  await server.close();
  return 0;
}

/** Starts the server; throws UserError when its data is in use by another. */
export async function startServer(settings: Settings, log: Logger): Promise<RunningServer> {
  const { dataDir } = settings;
  const store = await openStore({
    dataDir,
    ...(settings.databaseUrl === undefined ? {} : { databaseUrl: settings.databaseUrl }),
    onLost: (error) => {
      // Whoever took the database over must find no second writer; the next start drives on.
      log.fatal({ err: error }, "lost the database");
      process.exit(1);
    },
  });
  try {
    return await serve(settings, log, store);
  } catch (error) {
    await store.close();
    throw error;
  }
}

async function serve(settings: Settings, log: Logger, store: Store): Promise<RunningServer> {
  const closing = new AbortController();
  const parts = await openParts(settings, log, store);
  const { context, app } = parts;
  const local = createLocalRunner({
    serverUrl: () => url,
    workDir: join(settings.dataDir, "runner"),
    sandbox: settings.sandbox,
    memoryMib: settings.memoryMib,
    logLevel: settings.logLevel,
    log,
    onDeath: (runner) => takeBackFrom(context, runner),
  });
  const progress = createProgressBoard(context);
  const http = createHttpServer({
    webhook: app.middleware,
    board: createRunnerBoard(context, {
      progress,
      isAlive: (runner) => !runner.startsWith(LOCAL_PREFIX) || local.isAlive(runner),
      closing: closing.signal,
    }),
    tokens: () => tokensOf(settings, local),
    pages: createPageSource(context),
    log,
  });
  await recover(context);
  const port = await http.listen(settings);
  const url = `http://${reachable(settings.host)}:${port}`;
  parts.setUrl(settings.publicUrl ?? url);
  await startWorkers(context, context.queue, closing.signal);
  if (settings.runners === "local") local.start();
  const stopWatch = startWatch(context, settings.dataDir);
  // What came while no server listened: GitHub tries each delivery once.
  askForLost(context, 24 * 3_600_000).catch((error: unknown) =>
    log.warn({ err: error }, "could not ask for lost deliveries"),
  );
  log.info({ url }, "listening");
  let closed: Promise<void> | undefined;
  const close = async () => {
    stopWatch();
    // While the server still listens: the runner gives back what it works on.
    await local.stop();
    closing.abort();
    await http.close();
    await context.queue.stop(10_000);
    await progress.settle();
    await store.close();
  };
  return {
    url,
    close: () => {
      closed ??= close();
      return closed;
    },
  };
}

async function openParts(settings: Settings, log: Logger, store: Store) {
  let url = "";
  const temporaryDir = join(settings.dataDir, "temporary");
  await rm(temporaryDir, { recursive: true, force: true });
  await mkdir(temporaryDir, { recursive: true, mode: 0o700 });
  const app = await createGitHubApp(settings, {
    onDelivery: (delivery) => record(delivery),
    log,
  });
  const context = createContext({
    store,
    blobs: await openBlobs(settings.dataDir),
    queue: await openQueue({
      database: store.jobs,
      onError: (error) => log.error({ err: error }, "the queue"),
    }),
    github: app.client,
    log,
    temporaryDir,
    calibrationsDir: join(settings.dataDir, "calibrations"),
    budgetSeconds: settings.budgetSeconds,
    maxBudgetSeconds: settings.maxBudgetSeconds,
    comments: settings.comments,
    leavesOut: { drafts: settings.drafts === "skip", bots: settings.bots === "skip" },
    templates: readTemplates(),
    detailsUrl: (runId) => `${url}/runs/${runId}`,
  });
  const record = createRecorder(context);
  return {
    app,
    context,
    setUrl: (known: string) => {
      url = known;
    },
  };
}

function tokensOf(settings: Settings, local: LocalRunner) {
  const token = local.token();
  const { runnerToken } = settings;
  return [
    ...(token === undefined ? [] : [token]),
    ...(runnerToken === undefined ? [] : [{ token: runnerToken, prefix: "remote:" }]),
  ];
}

/** The address under which a server that listens on `host` can be asked from this machine. */
function reachable(host: string): string {
  if (host === "0.0.0.0") return "127.0.0.1";
  if (host === "::") return "[::1]";
  return host.includes(":") ? `[${host}]` : host;
}

/** How often lost deliveries are looked for, and how far back: six looks at each. */
const REDELIVER_MS = 10 * 60_000;
const REDELIVER_PAST_MS = 60 * 60_000;

async function askForLost(context: ServerContext, pastMs: number): Promise<void> {
  const count = await context.github.redeliverFailed(Date.now() - pastMs);
  if (count > 0) context.log.info({ count }, "asked GitHub for lost deliveries");
}

/** What is done by the clock; the returned function ends it. */
function startWatch(context: ServerContext, dataDir: string): () => void {
  const every = (ms: number, what: string, work: () => Promise<unknown>) => {
    const timer = setInterval(() => {
      work().catch((error: unknown) => context.log.error({ err: error }, `${what} failed`));
    }, ms);
    timer.unref();
    return timer;
  };
  const timers = [
    every(LEASE_CHECK_MS, "taking back lost leases", () => takeBackExpired(context)),
    every(3_600_000, "driving on stuck runs", () => driveStuck(context)),
    every(REDELIVER_MS, "asking for lost deliveries", () => askForLost(context, REDELIVER_PAST_MS)),
    every(BACKUP_MS, "the backup", () => backUp(context.store, dataDir, new Date())),
  ];
  return () => {
    for (const timer of timers) clearInterval(timer);
  };
}
