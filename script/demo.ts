// The main job from end to end, as a person would see it: three pull requests against a real Go
// module are opened at a simulated GitHub, and the App, started as it is in production, answers
// each with a check run. Nothing in here knows a result: what is printed is what GitHub was sent.
//
// It ends with 1 when a check run did not conclude as a person would expect of that change, or when
// the App sent something that GitHub would refuse.
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createWriteStream } from "node:fs";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { type FakeGitHub, startFakeGitHub } from "../test/fake-github/fake-github.ts";
import type { CheckRun, PullRequest } from "../test/fake-github/model.ts";

/** Wall time for measuring one pull request; two of the three are measured. */
const BUDGET = "60s";
/** Builds on a cold Go cache take minutes; without an answer by then something is wrong. */
const PATIENCE_MS = 15 * 60 * 1000;
const START_PATIENCE_MS = 60_000;

const CHANGES = [
  {
    patch: "escape",
    title: "Read fields behind an interface",
    body: "So that other formats can be read later. Makes a value escape to the heap.",
    expected: ["failure"],
  },
  {
    patch: "refactor",
    title: "Move the lines of a balance into one place",
    body: "No change in behavior.",
    expected: ["success", "skipped"],
  },
  {
    patch: "docs",
    title: "Document the answer to a bad journal",
    body: "Documentation only.",
    expected: ["skipped"],
  },
] as const;

const LEDGER = fileURLToPath(new URL("../test/testdata/go/ledger", import.meta.url));
const PATCHES = fileURLToPath(new URL("../test/testdata/go/ledger-changes/", import.meta.url));
const MAIN = fileURLToPath(new URL("../dist/main.js", import.meta.url));

type Server = { readonly process: ChildProcess; readonly url: string; readonly logFile: string };

async function freePort(): Promise<number> {
  const probe = createServer().listen(0, "127.0.0.1");
  await once(probe, "listening");
  const address = probe.address();
  probe.close();
  await once(probe, "close");
  if (address === null || typeof address === "string") throw new Error("no port is free");
  return address.port;
}

async function startServer(fake: FakeGitHub, folder: string): Promise<Server> {
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const logFile = join(folder, "server.log");
  const child = spawn(process.execPath, [MAIN, "server"], {
    env: {
      ...inherited(),
      APP_ID: String(fake.app.appId),
      PRIVATE_KEY: fake.app.privateKey,
      WEBHOOK_SECRET: fake.app.webhookSecret,
      GITHUB_URL: fake.url,
      HOST: "127.0.0.1",
      PORT: String(port),
      PUBLIC_URL: url,
      DATA_DIR: join(folder, "data"),
      BUDGET,
      // What is measured is in this repository, so a machine without bubblewrap may do it too.
      SANDBOX: "preferred",
    },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const log = createWriteStream(logFile);
  child.stdout.pipe(log, { end: false });
  child.stderr.pipe(log, { end: false });
  const server = { process: child, url, logFile };
  await untilAnswering(server);
  return server;
}

/** What Node and Go need; settings of a real installation must not leak into the demo. */
function inherited(): NodeJS.ProcessEnv {
  const wanted = /^(PATH|HOME|USER|LANG|TMPDIR|C?GO\w*|XDG_\w*|\w*_proxy)$/i;
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => wanted.test(name)));
}

function hasEnded(child: ChildProcess): boolean {
  return child.exitCode !== null || child.signalCode !== null;
}

async function untilAnswering({ process: child, url }: Server): Promise<void> {
  const end = Date.now() + START_PATIENCE_MS;
  while (Date.now() < end) {
    if (hasEnded(child)) throw new Error(`the server ended with ${child.exitCode}`);
    try {
      await (await fetch(`${url}/healthz`)).arrayBuffer();
      return;
    } catch {
      // Nobody listens yet.
      await pause(100);
    }
  }
  throw new Error("the server does not answer");
}

/** Prints each new line of a check run's history as it comes in. */
function narrate(fake: FakeGitHub, started: number): void {
  const seen = new Map<number, number>();
  fake.model.changes.on("change", () => {
    for (const run of fake.model.checkRuns.values()) {
      for (const line of run.history.slice(seen.get(run.id) ?? 0)) {
        const number = fake.model.pullRequestsAt(run.repository, run.headSha)[0]?.number;
        console.log(`  ${seconds(started)}  #${number} ${line}`);
      }
      seen.set(run.id, run.history.length);
    }
  });
}

function seconds(startedMs: number): string {
  return `${((Date.now() - startedMs) / 1000).toFixed(0).padStart(4)} s`;
}

function indented(text: string): string {
  return text
    .trimEnd()
    .split("\n")
    .map((line) => `    ${line}`.trimEnd())
    .join("\n");
}

function show(fake: FakeGitHub, pull: PullRequest, run: CheckRun): void {
  const rule = "─".repeat(78);
  console.log(`\n${rule}\n#${pull.number} ${pull.title}\n${rule}`);
  console.log(`  ${fake.url}/acme/ledger/pull/${pull.number}`);
  console.log(`  ${run.detailsUrl}\n`);
  console.log(`  ${run.name}: ${run.conclusion} · ${run.title}\n`);
  console.log(indented(run.summary ?? ""));
  for (const note of run.annotations) {
    console.log(
      `\n  ${note.path}:${note.start_line} [${note.annotation_level}] ${note.title ?? ""}`,
    );
    console.log(indented(note.message));
  }
}

/** True when everything went as a person would expect. */
async function demonstrate(fake: FakeGitHub, server: Server, started: number): Promise<boolean> {
  const repository = await fake.addRepository("acme/ledger", { folder: LEDGER });
  fake.webhookUrl = `${server.url}/api/github/webhooks`;
  console.log(`GitHub (simulated) at ${fake.url}, the App at ${server.url}\n`);
  narrate(fake, started);
  const pulls: PullRequest[] = [];
  for (const { patch, title, body } of CHANGES) {
    const change = { patchFile: join(PATCHES, `${patch}.patch`) };
    pulls.push(await fake.openPullRequest(repository, { title, body, branch: patch, change }));
  }
  const ended = new Promise<never>((_, reject) => {
    server.process.once("exit", (code) => reject(new Error(`the server ended with ${code}`)));
  });
  const isDone = (run: CheckRun) => run.status === "completed";
  const runs = await Promise.race([
    Promise.all(pulls.map(({ headSha }) => fake.checkRun(headSha, isDone, PATIENCE_MS))),
    ended,
  ]);
  const surprises: string[] = [];
  for (const [at, { expected }] of CHANGES.entries()) {
    const [pull, run] = [pulls[at], runs[at]];
    if (pull === undefined || run === undefined) throw new Error("a pull request without a run");
    show(fake, pull, run);
    if (!(expected as readonly (string | null)[]).includes(run.conclusion)) {
      surprises.push(`#${pull.number} should be ${expected.join(" or ")}, not ${run.conclusion}`);
    }
  }
  for (const { operation, problems } of fake.violations) {
    surprises.push(`GitHub would refuse ${operation}: ${problems.join("; ")}`);
  }
  console.log(`\n${"─".repeat(78)}\nDone in${seconds(started)}.`);
  for (const surprise of surprises) console.log(`NOT AS EXPECTED: ${surprise}`);
  if (surprises.length > 0) console.log((await warningsOf(server)).join("\n"));
  return surprises.length === 0;
}

/** What the server itself found worth a warning: its log is one JSON object a line. */
async function warningsOf({ logFile }: Server): Promise<string[]> {
  const lines = (await readFile(logFile, "utf8")).split("\n");
  return lines.filter((line) => /"level":[456]0/.test(line) || (line !== "" && line[0] !== "{"));
}

async function stop({ process: child }: Server): Promise<void> {
  if (hasEnded(child)) return;
  const exited = once(child, "exit");
  child.kill("SIGTERM");
  await exited;
}

async function main(): Promise<void> {
  const started = Date.now();
  console.log("Starting the simulated GitHub and the App …");
  const folder = await mkdtemp(join(tmpdir(), "tailguard-demo-"));
  const fake = await startFakeGitHub();
  // A terminal interrupts the whole group and tsx passes it on: twice must not cut cleaning short.
  const interrupted = new Promise<void>((resolve) => {
    for (const signal of ["SIGINT", "SIGTERM"]) process.on(signal, () => resolve());
  });
  const stopped = interrupted.then(() => "interrupted" as const);
  let server: Server | undefined;
  try {
    server = await startServer(fake, folder);
    const shown = demonstrate(fake, server, started);
    const result = await Promise.race([shown, stopped]);
    process.exitCode = result === true ? 0 : 1;
    if (result !== "interrupted" && process.argv.includes("--serve")) {
      console.log(`\nLook at ${fake.url} and ${server.url}; Ctrl-C ends both.`);
      await interrupted;
    }
  } catch (error) {
    process.exitCode = 1;
    console.error(error);
    const log = await readFile(join(folder, "server.log"), "utf8").catch(() => "");
    console.error(`The end of the server's log:\n${log.slice(-4000)}`);
  } finally {
    if (server !== undefined) await stop(server);
    await fake.close();
    await rm(folder, { recursive: true, force: true });
  }
}

await main();
