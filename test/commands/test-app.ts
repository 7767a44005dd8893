// The App as a whole for tests: server and runner in this process against the simulated GitHub,
// on the embedded database; only collecting is scripted. One is started for a whole file, and each
// test opens pull requests of its own.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Logger, pino } from "pino";
import { createJobClient } from "../../src/collect/job-client.ts";
import { runRunner } from "../../src/commands/runner.ts";
import { type RunningServer, startServer } from "../../src/commands/server.ts";
import type { Plan } from "../../src/plan/plan.ts";
import { readSettings } from "../../src/settings.ts";
import type { NewPullRequest } from "../fake-github/branches.ts";
import { type FakeGitHub, startFakeGitHub } from "../fake-github/fake-github.ts";
import type { CheckRun, PullRequest, Repository } from "../fake-github/model.ts";
import { type Collecting, createScriptedCollect } from "./scripted-collect.ts";

const TOKEN = "a-token-for-runners-of-tests";
const LEDGER = new URL("../testdata/go/ledger", import.meta.url).pathname;
const PATIENCE_MS = 60_000;

export const patch = (name: "escape" | "refactor" | "docs"): string =>
  new URL(`../testdata/go/ledger-changes/${name}.patch`, import.meta.url).pathname;

export type LogLine = Readonly<Record<string, unknown>> & { readonly msg?: string };

export type TestApp = {
  readonly fake: FakeGitHub;
  readonly repository: Repository;
  /** The server's DATA_DIR. */
  readonly dataDir: string;
  /** What the server and its runner logged. */
  readonly log: readonly LogLine[];
  /** The next call of the collector. */
  nextCollect(): Promise<Collecting>;
  /** Opens a pull request with a branch and a commit of its own. */
  open(options?: Partial<NewPullRequest>): Promise<PullRequest>;
  /** The newest check run of a head, once its run is over and everything was said. */
  over(headSha: string, isWanted?: (run: CheckRun) => boolean): Promise<CheckRun>;
  /** Lets the next collect end with this bundle, and waits for what comes of it. */
  finish(
    pull: { readonly headSha: string },
    bundle?: (plan: Plan, dir: string) => Promise<void>,
  ): Promise<CheckRun>;
  /** Resolves with the first line, past or to come, that fits. */
  logged(isWanted: (line: LogLine) => boolean): Promise<LogLine>;
  /** Stops the server and its runner, and starts both again. */
  restart(): Promise<void>;
  stopServer(): Promise<void>;
  close(): Promise<void>;
};

/** `environment` overrides the server's settings. */
export async function startTestApp(
  environment: Readonly<Record<string, string>> = {},
): Promise<TestApp> {
  const folder = mkdtempSync(join(tmpdir(), "tailguard-app-"));
  const fake = await startFakeGitHub();
  const repository = await fake.addRepository("acme/ledger", { folder: LEDGER });
  const { lines, logger, logged } = createLog();
  const scripted = createScriptedCollect();
  const port = { number: 0 };
  const start = async () => {
    const settings = readSettings({
      APP_ID: String(fake.app.appId),
      PRIVATE_KEY: fake.app.privateKey,
      WEBHOOK_SECRET: fake.app.webhookSecret,
      GITHUB_URL: fake.url,
      GITHUB_PACING: "none",
      DATA_DIR: join(folder, "data"),
      PORT: String(port.number),
      RUNNERS: "none",
      RUNNER_TOKEN: TOKEN,
      ...environment,
    });
    const server = await startServer(settings, logger);
    port.number = Number(new URL(server.url).port);
    fake.webhookUrl = `${server.url}/api/github/webhooks`;
    return { server, runner: startRunner(server, scripted.collect, { folder, log: logger }) };
  };
  let running: Awaited<ReturnType<typeof start>> | undefined = await start();
  const stopServer = async () => {
    await running?.runner.stop();
    await running?.server.close();
    running = undefined;
  };
  const over = async (headSha: string, isWanted: (run: CheckRun) => boolean = () => true) => {
    const isOver = (run: CheckRun) => run.status === "completed" && isWanted(run);
    const run = await fake.checkRun(headSha, isOver, PATIENCE_MS);
    await logged((line) => line.msg === "completed" && line.run === run.externalId);
    return run;
  };
  let branches = 0;
  return {
    fake,
    repository,
    dataDir: join(folder, "data"),
    log: lines,
    logged,
    over,
    stopServer,
    nextCollect: scripted.next,
    open: (options) =>
      fake.openPullRequest(repository, {
        // Its own words, or two pull requests would have one head.
        title: `Change ${++branches}`,
        branch: `branch-${branches}`,
        change: { patchFile: patch("escape") },
        ...options,
      }),
    finish: async ({ headSha }, bundle) => {
      const call = await scripted.next();
      call.succeed(bundle);
      return over(headSha);
    },
    restart: async () => {
      await stopServer();
      running = await start();
    },
    close: async () => {
      await stopServer();
      await fake.close();
      rmSync(folder, { recursive: true });
    },
  };
}

function createLog() {
  const lines: LogLine[] = [];
  const listeners = new Set<(line: LogLine) => void>();
  const write = (text: string) => {
    const line = JSON.parse(text) as LogLine;
    lines.push(line);
    for (const listener of [...listeners]) listener(line);
  };
  const logged = (isWanted: (line: LogLine) => boolean) => {
    const known = lines.find(isWanted);
    if (known !== undefined) return Promise.resolve(known);
    return new Promise<LogLine>((resolve, reject) => {
      const timer = setTimeout(() => {
        listeners.delete(listener);
        const seen = lines.slice(-20).map((line) => JSON.stringify(line));
        reject(
          new Error(`not logged within ${PATIENCE_MS} ms; the last lines:\n${seen.join("\n")}`),
        );
      }, PATIENCE_MS);
      timer.unref();
      const listener = (line: LogLine) => {
        if (!isWanted(line)) return;
        listeners.delete(listener);
        clearTimeout(timer);
        resolve(line);
      };
      listeners.add(listener);
    });
  };
  return { lines, logged, logger: pino({ level: "debug" }, { write }) };
}

type Collect = ReturnType<typeof createScriptedCollect>["collect"];

function startRunner(
  server: RunningServer,
  collect: Collect,
  { folder, log }: { readonly folder: string; readonly log: Logger },
) {
  const ending = new AbortController();
  const client = createJobClient({
    serverUrl: server.url,
    token: TOKEN,
    name: "test",
    onRetry: () => {},
  });
  const ended = runRunner({
    client,
    workDir: join(folder, "runner"),
    sandbox: "off",
    collect,
    log,
    signal: ending.signal,
    heartbeatMs: 20,
  });
  return {
    stop: async () => {
      ending.abort();
      await ended;
    },
  };
}
