// kill -9 of the server, of its runner, and of both, in every stage of one run after the other:
// whatever dies, the head's one check run completes exactly once. Everything is real but GitHub.
import { EventEmitter, on } from "node:events";
import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import { type FakeGitHub, startFakeGitHub } from "../fake-github/fake-github.ts";
import type { PullRequest, Repository } from "../fake-github/model.ts";
import { DATABASES, type Databases, type TestDatabase } from "../store/test-databases.ts";
import { type LogLine, type ServerProcess, startServerProcess } from "./server-process.ts";

const LEDGER = new URL("../testdata/go/ledger", import.meta.url).pathname;
const REFACTOR = new URL("../testdata/go/ledger-changes/refactor.patch", import.meta.url).pathname;

let databases: Databases;
let database: TestDatabase;
let fake: FakeGitHub;
let repository: Repository;
let server: ServerProcess;
/** Emits each "line" that any of the servers logs. */
let log: EventEmitter;
/** Every runner that was started: none may be left. */
let runnerPids: Set<number>;

beforeAll(async () => {
  const { embedded } = DATABASES;
  if (embedded === undefined) throw new Error("no embedded database");
  databases = await embedded();
});
afterAll(() => databases.stop());

beforeEach(async () => {
  database = await databases.create();
  runnerPids = new Set();
  log = new EventEmitter();
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

async function start(): Promise<void> {
  const environment = {
    APP_ID: String(fake.app.appId),
    PRIVATE_KEY: fake.app.privateKey,
    WEBHOOK_SECRET: fake.app.webhookSecret,
    GITHUB_URL: fake.url,
    GITHUB_PACING: "none",
    DATA_DIR: database.options().dataDir,
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
    for await (const [line] of on(log, "line") as AsyncIterable<[LogLine]>) {
      const isWanted = Object.entries(more).every(([key, value]) => line[key] === value);
      if (line.msg === msg && isWanted) return;
    }
  },
});

/** Until a request to `operation` hangs; "after": GitHub has done what was asked. */
const hangs = (operation: string, when: "before" | "after"): Moment => ({
  name: `${operation} hangs, ${when} its effect`,
  arrive: async () => {
    const asked = () => fake.requests.filter((each) => each.operation === operation).length;
    const before = asked();
    fake.faults.push({ operation, when, answer: "hang", times: 1 });
    while (asked() === before) await pause(20);
    if (when === "before") return;
    const hasRun = () => (fake.model.checkRuns.size > 0 ? true : undefined);
    await fake.model.until(hasRun, 30_000, () => "no check run was made");
  },
});

/** The completing update, after whatever shows progress: armed once the draft is there. */
const completionHangs = (when: "before" | "after"): Moment => ({
  name: `the completion hangs, ${when} its effect`,
  arrive: async () => {
    const asked = () =>
      fake.requests.filter(
        ({ operation, body }) =>
          operation === "checks/update" && JSON.stringify(body).includes('"completed"'),
      ).length;
    const before = asked();
    fake.faults.push({ operation: "checks/update", when, answer: "hang", times: 1 });
    while (asked() === before) await pause(20);
    if (when === "before") return;
    const completed = () => [...fake.model.checkRuns.values()].find((run) => run.conclusion);
    await fake.model.until(completed, 30_000, () => "the check run was not completed");
  },
});

async function openPullRequest(): Promise<PullRequest> {
  const change = { patchFile: REFACTOR };
  return fake.openPullRequest(repository, { title: "Refactor", branch: "refactor", change });
}

type Victim = "server" | "runner" | "both";

/** Kills `victim` at each moment of one run, and sees the run to its end. */
async function check(victim: Victim, moments: readonly Moment[]): Promise<void> {
  // The next moment is awaited before the dead are replaced: a restarted server loses no time.
  let arrived = moments[0]?.arrive();
  const head = await openPullRequest();
  for (const [at, moment] of moments.entries()) {
    await arrived;
    console.log(new Date().toISOString(), moment.name);
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
  expect(endings[0]).toMatch(/^(success|neutral|skipped): (?!Could not measure)/);
}

test("the server is killed in every stage", async () => {
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
    completionHangs("before"),
    completionHangs("after"),
  ]);
});

test("the runner is killed in every stage", async () => {
  await check("runner", [
    logs("handed out"),
    logs("progress", { stage: "build" }),
    logs("progress", { stage: "measure" }),
    logs("kept a file of the evidence"),
    logs("collected"),
  ]);
});

test("both are killed in every stage", async () => {
  await check("both", [
    logs("planned"),
    logs("handed out"),
    logs("progress", { stage: "build" }),
    logs("progress", { stage: "measure" }),
    logs("kept a file of the evidence"),
    logs("analyzing"),
  ]);
});
