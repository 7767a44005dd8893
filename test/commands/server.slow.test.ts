// The server and a runner in this process, against the simulated GitHub; only collecting is
// scripted, so that each test decides when and how it ends. The analysis is the real child.
import { createHmac } from "node:crypto";
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pino } from "pino";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { createJobClient } from "../../src/collect/job-client.ts";
import { runRunner } from "../../src/commands/runner.ts";
import { type RunningServer, startServer } from "../../src/commands/server.ts";
import { UserError } from "../../src/errors.ts";
import { readSettings } from "../../src/settings.ts";
import { type FakeGitHub, startFakeGitHub } from "../fake-github/fake-github.ts";
import type { CheckRun, PullRequest, Repository } from "../fake-github/model.ts";
import { DATABASES, type Databases, type TestDatabase } from "../store/test-databases.ts";
import { measuredBundle } from "./measured-bundle.ts";
import { createScriptedCollect, type ScriptedCollect } from "./scripted-collect.ts";

const TOKEN = "a-token-for-runners-of-tests";
const LEDGER = new URL("../testdata/go/ledger", import.meta.url).pathname;
const REFACTOR = new URL("../testdata/go/ledger-changes/refactor.patch", import.meta.url).pathname;
const DOCS = new URL("../testdata/go/ledger-changes/docs.patch", import.meta.url).pathname;

let databases: Databases;
let database: TestDatabase;
let folder = "";
let fake: FakeGitHub;
let repository: Repository;
let server: RunningServer;
let logged: string[] = [];
let runners: { stop(): Promise<void> }[] = [];

const log = pino({ level: "debug" }, { write: (line: string) => logged.push(line) });

async function start(): Promise<void> {
  const settings = readSettings({
    APP_ID: String(fake.app.appId),
    PRIVATE_KEY: fake.app.privateKey,
    WEBHOOK_SECRET: fake.app.webhookSecret,
    GITHUB_URL: fake.url,
    GITHUB_PACING: "none",
    DATA_DIR: database.options().dataDir,
    DATABASE_URL: database.options().databaseUrl,
    PORT: "0",
    RUNNERS: "none",
    RUNNER_TOKEN: TOKEN,
  });
  server = await startServer(settings, log);
  fake.webhookUrl = `${server.url}/api/github/webhooks`;
}

describe.each(Object.entries(DATABASES))("the server on %s", (_kind, startDatabases) => {
  beforeAll(async () => {
    databases = await startDatabases();
  });
  afterAll(() => databases.stop());

  beforeEach(async () => {
    database = await databases.create();
    [logged, runners] = [[], []];
    folder = mkdtempSync(join(tmpdir(), "tailguard-server-"));
    fake = await startFakeGitHub();
    repository = await fake.addRepository("acme/ledger", { folder: LEDGER });
    await start();
  });

  afterEach(async () => {
    for (const runner of runners) await runner.stop();
    await server.close();
    await fake.close();
    expect(fake.violations).toEqual([]);
    expect(readdirSync(join(database.options().dataDir, "temporary"))).toEqual([]);
    expect(logged.join("")).not.toContain(fake.app.webhookSecret);
    rmSync(folder, { recursive: true });
    await database.remove();
  });

  /** A runner of this process; `name` tells runners apart. */
  function startRunner(name = "test"): ScriptedCollect & { stop(): Promise<void> } {
    const scripted = createScriptedCollect();
    const ending = new AbortController();
    const client = createJobClient({
      serverUrl: server.url,
      token: TOKEN,
      name,
      onRetry: () => {},
    });
    const ended = runRunner({
      client,
      workDir: join(folder, `runner-${name}`),
      sandbox: "off",
      collect: scripted.collect,
      log: log.child({ name }),
      signal: ending.signal,
      heartbeatMs: 20,
    });
    const runner = {
      ...scripted,
      stop: async () => {
        ending.abort();
        await ended;
      },
    };
    runners.push(runner);
    return runner;
  }

  let branches = 0;
  const open = (patchFile = REFACTOR) =>
    fake.openPullRequest(repository, {
      // Its own words, or two pull requests would have one head.
      title: `Change ${++branches}`,
      branch: `branch-${branches}`,
      change: { patchFile },
    });

  const completed = (pull: { readonly headSha: string }) =>
    fake.checkRun(pull.headSha, (run) => run.status === "completed");

  /** All check runs of a head: how often each was completed, and how. */
  function endingsOf(pull: { readonly headSha: string }): string[][] {
    return fake.model
      .checkRunsAt(repository, pull.headSha)
      .map((run) => run.history.filter((line) => !/^(queued|in_progress):/.test(line)));
  }

  test("a pull request is measured, and its check run shows each stage", async () => {
    const runner = startRunner();
    const pull = await open();
    const call = await runner.next();
    expect(call.plan).toMatchObject({ base: pull.baseSha, head: pull.headSha, trust: "trusted" });
    expect(call.options.cloneToken).toMatch(/./);
    call.options.onProgress({ stage: "build", done: 1, total: 2, text: "example.com/ledger" });
    await fake.checkRun(pull.headSha, (run) => run.status === "in_progress");
    call.succeed();
    const run = await completed(pull);
    expect(run.history[0]).toBe("queued: Queued");
    expect(run).toMatchObject({ name: "Tailguard", conclusion: "skipped" });
    expect(run.history.filter((line) => line.startsWith("in_progress"))).toHaveLength(1);
    expect(endingsOf(pull)).toHaveLength(1);
    const page = await fetch(run.detailsUrl);
    expect(page.headers.get("content-security-policy")).toContain("default-src 'none'");
    expect(await page.text()).toContain("no benchmark reaches the change");
    expect(await (await fetch(server.url)).text()).toContain("acme/ledger#1");
  });

  test("main is measured push by push, and a pull request sees what it did", async () => {
    const runner = startRunner();
    const pushes: string[] = [];
    for (const change of [0, 0.2]) {
      const title = `Merge ${pushes.length + 1}`;
      const { before, after } = await fake.pushMain(repository, {
        title,
        change: { files: (tree) => writeFile(join(tree, `${title}.go`), "package ledger\n") },
      });
      const call = await runner.next();
      expect(call.plan).toMatchObject({ base: before, head: after, budgetSeconds: 100 });
      call.succeed(measuredBundle(change));
      const run = await fake.checkRun(after, ({ status }) => status === "completed");
      // Told, but nothing on main is stopped.
      expect(run).toMatchObject({ name: "Tailguard (main)" });
      expect(run.conclusion).not.toBe("failure");
      pushes.push(after);
    }
    const pull = await open();
    (await runner.next()).succeed(measuredBundle(0.3));
    const page = await (await fetch((await completed(pull)).detailsUrl)).text();
    expect(page).toContain("On main before");
    expect(page).toContain("from pair to pair, 2 commits");
    expect(await (await fetch(server.url)).text()).toContain("acme/ledger main");
    expect(page).not.toContain("may not block");
    // It moves where nothing that it can reach changed: from then on its time is not believed alone.
    const harmless = await open();
    (await runner.next()).succeed(measuredBundle(0.3, { control: true }));
    await completed(harmless);
    const next = await open();
    (await runner.next()).succeed(measuredBundle(0.3));
    const later = await (await fetch((await completed(next)).detailsUrl)).text();
    expect(later).toContain("may not block: it moved on");
  });

  test("pushes that wait for a runner are measured together", async () => {
    const push = (title: string) =>
      fake.pushMain(repository, {
        title,
        change: { files: (tree) => writeFile(join(tree, `${title}.go`), "package ledger\n") },
      });
    const first = await push("one");
    await fake.checkRun(first.after);
    const second = await push("two");
    const cancelled = await fake.checkRun(first.after, (run) => run.status === "completed");
    expect(cancelled.conclusion).toBe("cancelled");
    const call = await startRunner().next();
    expect(call.plan).toMatchObject({ base: first.before, head: second.after });
    call.succeed();
    await fake.checkRun(second.after, (run) => run.status === "completed");
  });

  test("a change without Go code is skipped without a runner", async () => {
    const pull = await open(DOCS);
    expect(await completed(pull)).toMatchObject({ conclusion: "skipped" });
    expect(endingsOf(pull)).toHaveLength(1);
  });

  test("a repeated delivery begins nothing new", async () => {
    const pull = await open(DOCS);
    await completed(pull);
    const delivery = fake.deliveries.find((each) => each.event === "pull_request");
    const again = await fetch(fake.webhookUrl ?? "", await signedAgain(delivery?.guid ?? ""));
    expect(again.status).toBeLessThan(300);
    await open(DOCS).then(completed);
    expect(endingsOf(pull)).toHaveLength(1);
  });

  test("a new push cancels the run of the old head and tells its runner", async () => {
    const runner = startRunner();
    const pull = await open();
    const old = { headSha: pull.headSha };
    const first = await runner.next();
    const told = new Promise((resolve) => first.options.signal.addEventListener("abort", resolve));
    await push(pull);
    await told;
    expect(await completed(old)).toMatchObject({ conclusion: "cancelled" });
    const second = await runner.next();
    expect(second.plan.head).toBe(pull.headSha);
    second.succeed();
    await completed(pull);
    expect(endingsOf(old)).toEqual([["cancelled: Cancelled"]]);
  });

  test("a delivery that comes late does not turn the pull request back", async () => {
    const pull = await open(DOCS);
    await completed(pull);
    const [opened] = fake.deliveries.filter(({ event }) => event === "pull_request");
    const old = { headSha: pull.headSha };
    await push(pull);
    await fake.checkRun(pull.headSha);
    if (opened === undefined) throw new Error("nothing was sent");
    await fake.sendAgain(opened);
    const runner = startRunner();
    const call = await runner.next();
    expect(call.plan.head).toBe(pull.headSha);
    call.succeed();
    expect((await completed(pull)).conclusion).not.toBe("cancelled");
    expect(endingsOf(old)).toHaveLength(1);
  });

  test("closing a pull request cancels its run", async () => {
    const pull = await open();
    await fake.checkRun(pull.headSha);
    await fake.closePullRequest(pull);
    expect(await completed(pull)).toMatchObject({ conclusion: "cancelled" });
  });

  test("a re-run makes a new check run on the same head", async () => {
    const pull = await open(DOCS);
    const first = await completed(pull);
    await fake.rerequest(first);
    const isNew = (run: CheckRun) => run.id !== first.id && run.status === "completed";
    await fake.checkRun(pull.headSha, isNew);
    expect(endingsOf(pull)).toHaveLength(2);
  });

  test("a fork's code runs only after a person asked for it, sandboxed, at that head", async () => {
    const runner = startRunner();
    const change = { patchFile: REFACTOR };
    const pull = await fake.openPullRequest(repository, {
      title: "From a fork",
      branch: "fork",
      fromFork: true,
      change,
    });
    const held = await completed(pull);
    expect(held.conclusion).toBe("action_required");
    expect(held.summary).toContain("Approve code");
    await fake.rerequest(held);
    const call = await runner.next();
    expect(call.plan).toMatchObject({ head: pull.headSha, trust: "untrusted" });
    call.succeed();
    await fake.checkRun(pull.headSha, (run) => run.id !== held.id && run.status === "completed");
  });

  test("what a person can fix is told with its advice, a fault of ours by its id", async () => {
    const runner = startRunner();
    const pull = await open();
    const error = new UserError("TG_NO_GO_MODULE", "No go.mod was found.", { hint: "Add one." });
    (await runner.next()).fail(error);
    const run = await completed(pull);
    expect(run).toMatchObject({ conclusion: "neutral", title: "Could not measure" });
    expect(run.summary).toContain("No go.mod was found. Add one.");
    const other = await open();
    (await runner.next()).fail(new Error("a bug"));
    const { summary, externalId } = await completed(other);
    expect(summary).toContain(externalId);
    expect(logged.some((line) => line.includes(externalId) && line.includes("a bug"))).toBe(true);
  });

  test("evidence that the analysis cannot read is a failure of ours, not of the change", async () => {
    const runner = startRunner();
    const pull = await open();
    (await runner.next()).succeed((_plan, dir) =>
      writeFile(join(dir, "manifest.json"), '{"schema":"other/9"}'),
    );
    expect(await completed(pull)).toMatchObject({
      conclusion: "neutral",
      title: "Could not measure",
    });
    expect(logged.some((line) => line.includes("gave no report"))).toBe(true);
  });

  test("a runner that stops gives its run back at once", async () => {
    const first = startRunner("first");
    const pull = await open();
    await first.next();
    await first.stop();
    const second = startRunner("second");
    (await second.next()).succeed();
    await completed(pull);
    expect(endingsOf(pull)).toHaveLength(1);
  });

  test("GitHub's passing troubles delay a run and double nothing", async () => {
    const status = { status: 502 };
    fake.faults.push(
      { operation: "checks/create", when: "after", answer: status, times: 1 },
      {
        operation: "repos/compare-commits-with-basehead",
        when: "before",
        answer: status,
        times: 1,
      },
      {
        operation: "apps/create-installation-access-token",
        when: "before",
        answer: status,
        times: 1,
      },
    );
    const runner = startRunner();
    const pull = await open();
    const call = await runner.next();
    fake.faults.push({ operation: "checks/update", when: "before", answer: "drop", times: 2 });
    call.succeed();
    await completed(pull);
    expect(endingsOf(pull)).toHaveLength(1);
  });

  test("a run that was under way goes on after the server was stopped", async () => {
    const first = startRunner("first");
    const pull = await open();
    await first.next();
    await first.stop();
    await server.close();
    await start();
    const second = startRunner("second");
    (await second.next()).succeed();
    await completed(pull);
    expect(endingsOf(pull)).toHaveLength(1);
  });

  test("strangers get nowhere", async () => {
    const unsigned = await fetch(fake.webhookUrl ?? "", { method: "POST", body: "{}" });
    expect(unsigned.status).toBe(401);
    expect((await fetch(`${server.url}/runner/claim`, { method: "POST" })).status).toBe(401);
  });
});

async function push(pull: PullRequest): Promise<void> {
  const files = (tree: string) => writeFile(join(tree, "more.go"), "package ledger\n");
  await fake.push(pull, { title: "More", change: { files } });
}

/** The request of a delivery as it was, with the id and signature it had. */
async function signedAgain(guid: string): Promise<RequestInit> {
  const delivery = fake.deliveries.find((each) => each.guid === guid);
  const body = JSON.stringify(delivery?.payload);
  const signature = createHmac("sha256", fake.app.webhookSecret).update(body).digest("hex");
  return {
    method: "POST",
    body,
    headers: {
      "content-type": "application/json",
      "x-github-delivery": guid,
      "x-github-event": delivery?.event ?? "",
      "x-hub-signature-256": `sha256=${signature}`,
    },
  };
}
