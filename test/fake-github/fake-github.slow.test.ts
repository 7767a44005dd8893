// The simulation itself: what a person does at GitHub reaches the App as GitHub would tell it, and
// what git knows is shown as it is.
import { execFile } from "node:child_process";
import { createSign } from "node:crypto";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { toTrigger } from "../../src/webhook/to-trigger.ts";
import { refOf, type Wired, wireAppToFake } from "../github/app-against-fake.ts";
import { ROUTES } from "./api.ts";
import { NEEDED } from "./auth.ts";
import { loadContract } from "./contract.ts";
import type { FakeGitHub } from "./fake-github.ts";
import type { PullRequest, Repository } from "./model.ts";
import { INSTALLATION_ID } from "./routes-app.ts";

const LEDGER = new URL("../testdata/go/ledger", import.meta.url).pathname;
const DOCS_PATCH = new URL("../testdata/go/ledger-changes/docs.patch", import.meta.url).pathname;

let wired: Wired;
let fake: FakeGitHub;
let repository: Repository;
let failing = false;

beforeAll(async () => {
  wired = await wireAppToFake(() => {
    if (failing) throw new Error("database is gone");
  });
  ({ fake } = wired);
  repository = await fake.addRepository("acme/ledger", { folder: LEDGER });
});

beforeEach(() => {
  failing = false;
  wired.deliveries.length = 0;
});

afterAll(async () => {
  expect(fake.violations).toEqual([]);
  await wired.close();
});

let branches = 0;
async function open(change: Partial<Parameters<FakeGitHub["openPullRequest"]>[1]> = {}) {
  return fake.openPullRequest(repository, {
    title: "Say more",
    branch: `branch-${++branches}`,
    change: { patchFile: DOCS_PATCH },
    ...change,
  });
}

function write(path: string, text: string) {
  return { files: (tree: string) => writeFile(join(tree, path), text) };
}

const triggers = () =>
  wired.deliveries
    .map(({ event, payload }) => toTrigger(event, payload))
    .filter(({ kind }) => kind !== "ignore");

const measured = (pull: PullRequest, isFork = false) => ({
  kind: "measure",
  repository: refOf(fake, repository),
  pullRequest: pull.number,
  headSha: pull.headSha,
  baseSha: pull.baseSha,
  baseRef: "main",
  isFork,
  requestedBy: pull.author,
  updatedAt: expect.any(String),
});

describe("what people do reaches the App as a trigger", () => {
  test("opening, pushing and closing", async () => {
    const pull = await open();
    const first = measured(pull);
    await fake.push(pull, { title: "And more", change: write("more.md", "more\n") });
    const second = measured(pull);
    await fake.closePullRequest(pull);
    expect(second.headSha).not.toBe(first.headSha);
    expect(triggers()).toEqual([
      first,
      second,
      {
        kind: "cancel",
        repository: first.repository,
        pullRequest: pull.number,
        updatedAt: expect.any(String),
      },
    ]);
  });

  test("a pull request from a fork, whose head the base repository can hand out", async () => {
    const pull = await open({ fromFork: true, author: "stranger" });
    expect(triggers()).toEqual([measured(pull, true)]);
    const { mergeBaseSha } = await wired.app.client.planInputs(refOf(fake, repository), pull);
    expect(mergeBaseSha).toBe(pull.baseSha);
  });

  test("a re-run of one check, and of all checks of a head", async () => {
    const pull = await open();
    await wired.app.client.createCheckRun(refOf(fake, repository), {
      name: "tailguard",
      headSha: pull.headSha,
      externalId: "1",
      detailsUrl: "http://localhost",
      draft: { status: "queued", output: { title: "Queued", summary: "Waiting." } },
    });
    const run = await fake.checkRun(pull.headSha);
    wired.deliveries.length = 0;
    await fake.rerequest(run, "boss");
    await fake.rerequestSuite(pull, "boss");
    const { headSha } = pull;
    const shared = { repository: refOf(fake, repository), requestedBy: "boss" };
    const rerun = { kind: "request", ...shared, command: { kind: "rerun" } };
    expect(triggers()).toEqual([
      { ...rerun, by: { kind: "button", headSha, runId: "1" } },
      { ...rerun, by: { kind: "button", headSha } },
    ]);
  });
});

describe("deliveries", () => {
  test("a failed one is listed, and is sent again under the same id when asked", async () => {
    failing = true;
    await open();
    failing = false;
    const failed = fake.deliveries.findLast(({ event }) => event === "pull_request")!;
    expect(failed.statusCode).toBe(500);
    wired.deliveries.length = 0;

    const authorization = `Bearer ${jwt()}`;
    const listed = await api("/app/hook/deliveries?per_page=1", authorization);
    expect(await listed.json()).toMatchObject([{ id: failed.id, status_code: 500 }]);
    await api(`/app/hook/deliveries/${failed.id}/attempts`, authorization, "POST");
    await fake.model.until(
      () => fake.deliveries.find(({ guid, redelivery }) => redelivery && guid === failed.guid),
      5_000,
      () => "no redelivery",
    );
    expect(wired.deliveries).toMatchObject([{ id: failed.guid, event: "pull_request" }]);
  });
});

function jwt(change: { alg?: string; iss?: number; life?: number } = {}): string {
  const now = Math.floor(Date.now() / 1000);
  const encode = (value: object) => Buffer.from(JSON.stringify(value)).toString("base64url");
  const claims = { iat: now - 30, exp: now + (change.life ?? 300), iss: change.iss ?? 12345 };
  const signed = `${encode({ alg: change.alg ?? "RS256", typ: "JWT" })}.${encode(claims)}`;
  const signature = createSign("RSA-SHA256").update(signed).sign(fake.app.privateKey, "base64url");
  return `${signed}.${signature}`;
}

function api(path: string, authorization: string, method = "GET"): Promise<Response> {
  return fetch(`${fake.url}/api/v3${path}`, { method, headers: { authorization } });
}

describe("credentials", () => {
  async function check(token: string, status: number): Promise<void> {
    expect((await api(`/app/installations/${INSTALLATION_ID}`, `Bearer ${token}`)).status).toBe(
      status,
    );
  }

  test("only a fresh JWT signed by the App's own key is taken", async () => {
    await check(jwt(), 200);
    await check(jwt({ alg: "none" }), 401);
    await check(jwt({ iss: 1 }), 401);
    await check(jwt({ life: -1 }), 401);
    await check(jwt({ life: 3600 }), 401);
    await check(`${jwt().slice(0, -4)}AAAA`, 401);
    await check("", 401);
  });

  test("a clone needs the token of this repository", async () => {
    const token = await wired.app.client.cloneToken(refOf(fake, repository));
    const folder = await mkdtemp(join(tmpdir(), "fake-github-test-"));
    try {
      const clone = (user: string, into: string) =>
        promisify(execFile)(
          "git",
          ["clone", "--quiet", `${fake.url.replace("//", `//${user}`)}/acme/ledger.git`, into],
          { cwd: folder, env: { PATH: process.env.PATH, GIT_TERMINAL_PROMPT: "0" } },
        );
      await clone(`x-access-token:${token}@`, "good");
      expect(await readFile(join(folder, "good/go.mod"), "utf8")).toContain("module");
      await expect(clone("", "anonymous")).rejects.toThrow();
      await expect(clone("x-access-token:ghs_guess@", "guessed")).rejects.toThrow();
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  });
});

test("the page of a pull request shows its checks, its diff and the annotation in place", async () => {
  const pull = await open({ title: "<b>bold</b> & plain" });
  const ref = refOf(fake, repository);
  const detailsUrl = "http://localhost/runs/1";
  const output = { title: "Slower", summary: "| a |\n|---|\n| `b` |\n<script>x</script>" };
  const { id } = await wired.app.client.createCheckRun(ref, {
    name: "tailguard",
    headSha: pull.headSha,
    externalId: "page",
    detailsUrl,
    draft: { status: "in_progress", output },
  });
  const annotations = [
    {
      path: "README.md",
      start_line: 14,
      end_line: 14,
      annotation_level: "failure" as const,
      title: "escapes",
      message: "<i>moved</i> to heap",
    },
  ];
  await wired.app.client.updateCheckRun(ref, id, {
    detailsUrl,
    draft: { status: "completed", conclusion: "failure", output: { ...output, annotations } },
  });
  const response = await fetch(`${fake.url}/acme/ledger/runs/${id}`);
  const page = await response.text();
  expect(response.url).toBe(`${fake.url}/acme/ledger/pull/${pull.number}`);
  expect(page).toContain("<h1>&lt;b&gt;bold&lt;/b&gt; &amp; plain");
  expect(page).toContain("Some checks were not successful");
  expect(page).toContain("<td><code>b</code></td>");
  expect(page).not.toContain("<script");
  expect(page).not.toContain("<i>");
  const files = page.slice(page.indexOf('<section id="files">'));
  const noted = files.indexOf("Check failure on line 14 in README.md");
  expect(noted).toBeGreaterThan(files.indexOf("A journal is posted whole"));
  expect(noted).toBeLessThan(files.indexOf("docs/format.md"));
});

test("every simulated operation has a route, and those of an installation a permission", () => {
  const ids = loadContract().operations.map(({ id }) => id);
  expect(Object.keys(ROUTES).sort()).toEqual(ids.sort());
  expect(Object.keys(NEEDED).sort()).toEqual(ids.filter((id) => !id.startsWith("apps/")).sort());
});

test("waiting for a check run that never comes says what there was", async () => {
  await expect(fake.checkRun("f".repeat(40), () => true, 10)).rejects.toThrow(
    "nothing after 10 ms: no such check run",
  );
});
