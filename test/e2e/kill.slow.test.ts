// kill -9 of the server, of its runner, and of both, in every stage of one run after the other:
// whatever dies, the head's one check run completes exactly once. Everything is real but GitHub.
import { EventEmitter, on } from "node:events";
import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { type FakeGitHub, startFakeGitHub } from "../fake-github/fake-github.ts";
import type { PullRequest, Repository } from "../fake-github/model.ts";
import {
  type Databases,
  startEmbedded,
  startPostgres,
  type TestDatabase,
} from "../store/test-databases.ts";
import { type LogLine, type ServerProcess, startServerProcess } from "./server-process.ts";

const LEDGER = new URL("../testdata/go/ledger", import.meta.url).pathname;
/** A change that is measured: one without new machine code never gets that far. */
const ESCAPE = new URL("../testdata/go/ledger-changes/escape.patch", import.meta.url).pathname;

/** For one moment to arrive; building and measuring take seconds on a busy machine. */
const PATIENCE_MS = 120_000;

let databases: Databases;
let database: TestDatabase;
let fake: FakeGitHub;
let repository: Repository;
let server: ServerProcess;
/** Emits each "line" that any of the servers logs. */
let log: EventEmitter;
/** Lines at level error or above: why a run ended as it should not. */
let errors: string[];
/** Every runner that was started: none may be left. */
let runnerPids: Set<number>;

async function start(): Promise<void> {
  const environment = {
    APP_ID: String(fake.app.appId),
    PRIVATE_KEY: fake.app.privateKey,
    WEBHOOK_SECRET: fake.app.webhookSecret,
    GITHUB_URL: fake.url,
    GITHUB_PACING: "none",
    DATA_DIR: database.options().dataDir,
    DATABASE_URL: database.options().databaseUrl ?? "",
    PORT: "0",
    BUDGET: "4s",
    LOG_LEVEL: "debug",
  };
  server = await startServerProcess(environment, (line) => log.emit("line", line));
  fake.webhookUrl = `${server.url}/api/github/webhooks`;
}

/** Waits until no process has this pid; an orphan ends by itself within seconds. */
async function gone(pid: number): Promise<void> {
  for (let waitedMs = 0; waitedMs < 30_000; waitedMs += 50) {
    try {
      process.kill(pid, 0);
    } catch {
      return;
    }
    await pause(50);
  }
  throw new Error(`process ${pid} is still there`);
}

/** A moment in a run's life: what leads to it is armed before, and it resolves when it is there. */
type Moment = { readonly name: string; arrive(): Promise<unknown> };

const logs = (msg: string, more: LogLine = {}): Moment => ({
  name: [msg, ...Object.values(more)].join(" "),
  arrive: async () => {
    const options = { signal: AbortSignal.timeout(PATIENCE_MS) };
    for await (const [line] of on(log, "line", options) as AsyncIterable<[LogLine]>) {
      const isWanted = Object.entries(more).every(([key, value]) => line[key] === value);
      if (line.msg === msg && isWanted) return;
    }
  },
});

/**
 * Until a request to `operation` whose body has `word` hangs; "after": once GitHub shows what was
 * asked of it.
 */
const hangs = (operation: string, when: "before" | "after", word = ""): Moment => ({
  name: [operation, "hangs", when, "its effect", word].join(" "),
  arrive: async () => {
    const asked = () =>
      fake.requests.filter(
        (each) => each.operation === operation && JSON.stringify(each.body ?? "").includes(word),
      ).length;
    const before = asked();
    fake.faults.push({ operation, when, answer: "hang", times: 1 });
    for (let waitedMs = 0; asked() === before; waitedMs += 20) {
      if (waitedMs > PATIENCE_MS) throw new Error(`no request to ${operation}`);
      await pause(20);
    }
    if (when === "before") return;
    const isThere = () =>
      [...fake.model.checkRuns.values()].find((run) => run.status === (word || "queued"));
    await fake.model.until(isThere, PATIENCE_MS, () => `${operation} had no effect`);
  },
});

async function openPullRequest(): Promise<PullRequest> {
  const change = { patchFile: ESCAPE };
  return fake.openPullRequest(repository, { title: "Escape", branch: "escape", change });
}

type Victim = "server" | "runner" | "both";

/** Kills `victim` at each moment of one run, and sees the run to its end. */
async function check(victim: Victim, moments: readonly Moment[]): Promise<void> {
  // The next moment is awaited before the dead are replaced: a restarted server loses no time.
  let arrived = moments[0]?.arrive();
  const head = await openPullRequest();
  for (const [at, moment] of moments.entries()) {
    await arrived?.catch((cause: unknown) => {
      throw new Error(`waiting until: ${moment.name}`, { cause });
    });
    const pid = server.runnerPid();
    if (pid !== 0) runnerPids.add(pid);
    if (victim !== "server") process.kill(pid, "SIGKILL");
    if (victim !== "runner") await server.kill();
    arrived = moments[at + 1]?.arrive();
    if (victim !== "runner") await start();
  }
  await fake.checkRun(head.headSha, (run) => run.status === "completed", 150_000);
  await server.ever("completed");
  const runs = fake.model.checkRunsAt(repository, head.headSha);
  expect(runs).toHaveLength(1);
  const endings = runs[0]?.history.filter((line) => !/^(queued|in_progress):/.test(line)) ?? [];
  expect(endings).toHaveLength(1);
  expect(endings[0], errors.join("\n")).toMatch(
    /^(failure|neutral|success): (?!Could not measure)/,
  );
}

/** Registers what each test needs, on a database of this kind. */
function useServerOn(startDatabases: () => Promise<Databases>): void {
  beforeAll(async () => {
    databases = await startDatabases();
  });
  afterAll(() => databases.stop());

  beforeEach(async () => {
    database = await databases.create();
    runnerPids = new Set();
    log = new EventEmitter();
    errors = [];
    log.on("line", (line: LogLine) => {
      if (Number(line.level) >= 50) errors.push(JSON.stringify(line));
    });
    fake = await startFakeGitHub();
    repository = await fake.addRepository("acme/ledger", { folder: LEDGER });
    await start();
  });

  afterEach(async () => {
    expect(await server.stop()).toBe(0);
    for (const pid of runnerPids) await gone(pid);
    await fake.close();
    expect(fake.violations).toEqual([]);
    const { dataDir } = database.options();
    expect(readdirSync(join(dataDir, "temporary"))).toEqual([]);
    expect(readdirSync(join(dataDir, "blobs", "unfinished"))).toEqual([]);
    const bundles = join(dataDir, "runner", "bundles");
    expect(existsSync(bundles) ? readdirSync(bundles) : []).toEqual([]);
    await database.remove();
  });
}

describe("on the embedded database", () => {
  useServerOn(startEmbedded);

  test("the server is killed in every stage", { timeout: 600_000 }, async () => {
    await check("server", [
      logs("received a delivery"),
      hangs("checks/create", "after"),
      hangs("repos/compare-commits-with-basehead", "before"),
      logs("planned"),
      logs("handed out"),
      logs("progress", { stage: "build" }),
      logs("progress", { stage: "measure" }),
      logs("kept a file of the evidence"),
      logs("collected"),
      logs("analyzing"),
      hangs("checks/update", "before", "completed"),
      hangs("checks/update", "after", "completed"),
    ]);
  });

  test("the runner is killed in every stage", { timeout: 600_000 }, async () => {
    await check("runner", [
      logs("handed out"),
      logs("progress", { stage: "build" }),
      logs("progress", { stage: "measure" }),
      logs("kept a file of the evidence"),
      logs("collected"),
    ]);
  });

  test("both are killed in every stage", { timeout: 600_000 }, async () => {
    await check("both", [
      logs("planned"),
      logs("handed out"),
      logs("progress", { stage: "build" }),
      logs("progress", { stage: "measure" }),
      logs("kept a file of the evidence"),
      logs("analyzing"),
    ]);
  });
});

// The stages differ in the database, not in the runner: those where a row or a job is written.
describe("on PostgreSQL", () => {
  useServerOn(startPostgres);

  test("the server is killed in every stage that writes", { timeout: 600_000 }, async () => {
    await check("server", [
      logs("received a delivery"),
      hangs("checks/create", "after"),
      logs("planned"),
      logs("handed out"),
      logs("collected"),
      hangs("checks/update", "after", "completed"),
    ]);
  });
});
