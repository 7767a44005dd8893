import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { TransientError, UserError } from "../../src/errors.ts";
import type { GitHubClient } from "../../src/github/client.ts";
import type { Annotation, CheckRunDraft } from "../../src/report/check-run-draft.ts";
import type { RepositoryRef } from "../../src/webhook/trigger.ts";
import type { FakeGitHub } from "../fake-github/fake-github.ts";
import type { CheckRun, PullRequest, Repository } from "../fake-github/model.ts";
import { refOf, type Wired, wireAppToFake } from "./app-against-fake.ts";

let wired: Wired;
let fake: FakeGitHub;
let client: GitHubClient;
let repository: Repository;
let ref: RepositoryRef;
let pull: PullRequest;

function files(contents: Readonly<Record<string, string>>) {
  return {
    files: async (tree: string) => {
      for (const [path, text] of Object.entries(contents)) await writeFile(join(tree, path), text);
    },
  };
}

beforeAll(async () => {
  wired = await wireAppToFake();
  ({ fake } = wired);
  ({ client } = wired.app);
  const folder = new URL("../testdata/go/ledger", import.meta.url).pathname;
  repository = await fake.addRepository("acme/ledger", { folder });
  ref = refOf(fake, repository);
  pull = await fake.openPullRequest(repository, {
    title: "Say hello",
    branch: "hello",
    change: files({ "hello.go": "package ledger\n", "NOTES.md": "notes\n" }),
  });
});

beforeEach(() => {
  fake.requests.length = 0;
  fake.violations.length = 0;
  fake.faults.length = 0;
});

afterAll(() => wired.close());

let lastId = 0;
const newExternalId = () => `run-${++lastId}`;

const QUEUED: CheckRunDraft = {
  status: "queued",
  output: { title: "Queued", summary: "Waiting." },
};

function completed(annotations: Annotation[] = []): CheckRunDraft {
  return {
    status: "completed",
    conclusion: "failure",
    output: { title: "BenchmarkParse is slower", summary: "**+20 %**", text: "more", annotations },
  };
}

function annotation(line: number, change: Partial<Annotation> = {}): Annotation {
  return {
    path: "hello.go",
    start_line: line,
    end_line: line,
    annotation_level: "warning",
    title: "escapes to heap",
    message: `line ${line}`,
    ...change,
  };
}

function annotations(count: number): Annotation[] {
  return Array.from({ length: count }, (_, at) => annotation(at + 1));
}

async function newRun(): Promise<CheckRun> {
  const run = { name: "tailguard", externalId: newExternalId(), detailsUrl: "http://localhost/1" };
  const { id } = await client.createCheckRun(ref, {
    ...run,
    headSha: pull.headSha,
    draft: QUEUED,
  });
  fake.requests.length = 0;
  return fake.model.checkRuns.get(id)!;
}

const update = (draft: CheckRunDraft) => ({ draft, detailsUrl: "http://localhost/2" });
const asked = () => fake.requests.map(({ operation }) => operation);

describe("planInputs", () => {
  test("gives the merge base and the files of the range", async () => {
    const range = { baseSha: pull.baseSha, headSha: pull.headSha };
    expect(await client.planInputs(ref, range)).toEqual({
      mergeBaseSha: pull.baseSha,
      changedFiles: [
        { path: "NOTES.md", status: "added" },
        { path: "hello.go", status: "added" },
      ],
      truncated: false,
    });
    expect(fake.violations).toEqual([]);
  });

  test("a renamed file carries its old path; a full list counts as truncated", async () => {
    const many = await fake.openPullRequest(repository, {
      title: "Move and add",
      branch: "many",
      change: {
        files: async (tree) => {
          const { rename } = await import("node:fs/promises");
          await rename(join(tree, "go.mod"), join(tree, "AAA.mod"));
          for (let at = 0; at < 299; at++) await writeFile(join(tree, `file${at}`), `${at}\n`);
        },
      },
    });
    const range = { baseSha: many.baseSha, headSha: many.headSha };
    const inputs = await client.planInputs(ref, range);
    expect(inputs.changedFiles).toContainEqual({
      path: "AAA.mod",
      previousPath: "go.mod",
      status: "renamed",
    });
    expect(inputs.changedFiles).toHaveLength(300);
    expect(inputs.truncated).toBe(true);
  });

  test("a commit nobody knows is a person's matter", async () => {
    const range = { baseSha: pull.baseSha, headSha: "f".repeat(40) };
    await expect(client.planInputs(ref, range)).rejects.toMatchObject({
      name: "UserError",
      code: "TG_GITHUB_NOT_FOUND",
    });
  });
});

describe("createCheckRun", () => {
  test("asked twice, it makes one run", async () => {
    const run = {
      name: "tailguard",
      headSha: pull.headSha,
      externalId: newExternalId(),
      detailsUrl: "http://localhost/1",
      draft: QUEUED,
    };
    const first = await client.createCheckRun(ref, run);
    const second = await client.createCheckRun(ref, run);
    expect(first.created).toBe(true);
    expect(second).toEqual({ id: first.id, created: false });
    expect(fake.violations).toEqual([]);
  });

  test("when the answer is lost, the repeated question finds the run", async () => {
    const run = {
      name: "tailguard",
      headSha: pull.headSha,
      externalId: newExternalId(),
      detailsUrl: "http://localhost/1",
      draft: QUEUED,
    };
    const answer = { status: 502 };
    fake.faults.push({ operation: "checks/create", when: "after", answer, times: 1 });
    await expect(client.createCheckRun(ref, run)).rejects.toBeInstanceOf(TransientError);
    expect((await client.createCheckRun(ref, run)).created).toBe(false);
    const same = [...fake.model.checkRuns.values()].filter((r) => r.externalId === run.externalId);
    expect(same).toHaveLength(1);
  });
});

test("our run is found among more runs than fit a page", async () => {
  const busy = await fake.openPullRequest(repository, {
    title: "Busy",
    branch: "busy",
    change: files({ "busy.go": "package ledger\n" }),
  });
  const run = (externalId: string) => ({
    name: "tailguard",
    headSha: busy.headSha,
    externalId,
    detailsUrl: "http://localhost/1",
    draft: QUEUED,
  });
  const { id } = await client.createCheckRun(ref, run("first"));
  const first = fake.model.checkRuns.get(id)!;
  for (let at = 1; at <= 150; at++) {
    fake.model.checkRuns.set(-at, { ...first, id: -at, externalId: `other-${at}` });
  }
  expect(await client.createCheckRun(ref, run("first"))).toEqual({ id, created: false });
});

describe("updateCheckRun", () => {
  test("120 annotations go in three requests, the conclusion with the last", async () => {
    const run = await newRun();
    const sent = await client.updateCheckRun(ref, run.id, update(completed(annotations(120))));
    expect(sent).toEqual({ refusedAnnotations: 0 });
    expect(asked()).toEqual(["checks/get", "checks/update", "checks/update", "checks/update"]);
    expect(run.annotations.map(({ start_line }) => start_line)).toEqual(
      annotations(120).map(({ start_line }) => start_line),
    );
    expect(run.history).toEqual([
      "queued: Queued",
      "queued: BenchmarkParse is slower",
      "queued: BenchmarkParse is slower",
      "failure: BenchmarkParse is slower",
    ]);
    expect(run.detailsUrl).toBe("http://localhost/2");
    expect(fake.violations).toEqual([]);
  });

  test("repeated after a lost answer, it sends only the annotations that are missing", async () => {
    const run = await newRun();
    const answer = { status: 502 };
    fake.faults.push({ operation: "checks/update", when: "after", answer, times: 1 });
    const draft = update(completed(annotations(70)));
    await expect(client.updateCheckRun(ref, run.id, draft)).rejects.toBeInstanceOf(TransientError);
    expect(run.annotations).toHaveLength(50);
    await client.updateCheckRun(ref, run.id, draft);
    await client.updateCheckRun(ref, run.id, draft);
    expect(run.annotations).toHaveLength(70);
    expect(run.conclusion).toBe("failure");
  });

  test("refused annotations do not cost the conclusion", async () => {
    const run = await newRun();
    const answer = { status: 422 };
    fake.faults.push({ operation: "checks/update", when: "before", answer, times: 1 });
    const sent = await client.updateCheckRun(ref, run.id, update(completed(annotations(3))));
    expect(sent).toEqual({ refusedAnnotations: 3 });
    expect(run).toMatchObject({ status: "completed", conclusion: "failure", annotations: [] });
  });

  test("texts over the limits are cut at a character and the run still completes", async () => {
    const run = await newRun();
    const draft: CheckRunDraft = {
      status: "completed",
      conclusion: "neutral",
      output: {
        title: "é".repeat(300),
        summary: "😀".repeat(40_000),
        annotations: [annotation(1, { title: "t".repeat(400), message: "ü".repeat(40_000) })],
      },
    };
    expect(await client.updateCheckRun(ref, run.id, update(draft))).toEqual({
      refusedAnnotations: 0,
    });
    expect(fake.violations).toEqual([]);
    expect(run.summary).toMatch(/^(😀)+ … \(cut\)$/u);
    expect(run.title).toMatch(/^é+ … \(cut\)$/u);
  });

  test("a completed run that is queued again has no conclusion", async () => {
    const run = await newRun();
    await client.updateCheckRun(ref, run.id, update(completed()));
    await client.updateCheckRun(ref, run.id, update(QUEUED));
    expect(run).toMatchObject({ status: "queued", conclusion: null });
  });
});

describe("cloneToken", () => {
  test("reads this repository and nothing else", async () => {
    await fake.addRepository("acme/other", {
      folder: new URL("../testdata/go/ledger", import.meta.url).pathname,
    });
    const token = await client.cloneToken(ref);
    const basic = Buffer.from(`x-access-token:${token}`).toString("base64");
    const clone = (name: string, authorization: string) =>
      fetch(`${fake.url}/acme/${name}.git/info/refs?service=git-upload-pack`, {
        headers: { authorization },
      }).then((response) => response.status);
    expect(await clone("ledger", `Basic ${basic}`)).toBe(200);
    expect(await clone("other", `Basic ${basic}`)).toBe(404);
    expect(await clone("ledger", "Basic eDp5")).toBe(401);
    const write = await fetch(`${fake.url}/api/v3/repos/acme/ledger/check-runs`, {
      method: "POST",
      headers: { authorization: `token ${token}` },
      body: JSON.stringify({ name: "x", head_sha: pull.headSha }),
    });
    expect(write.status).toBe(403);
    expect(fake.violations).toEqual([]);
  });
});

describe("redeliverFailed", () => {
  test("asks for what never arrived, once each and oldest first", async () => {
    const since = Date.now();
    fake.webhookUrl = "http://127.0.0.1:9/nobody-listens";
    const lost = await fake.openPullRequest(repository, {
      title: "While the server was down",
      branch: "lost",
      change: files({ "lost.go": "package ledger\n" }),
    });
    await fake.closePullRequest(lost);
    fake.webhookUrl = wired.webhookUrl;
    wired.deliveries.length = 0;
    expect(await client.redeliverFailed(since)).toBe(3);
    await fake.model.until(
      () => (wired.deliveries.length === 3 ? true : undefined),
      5_000,
      () => `only ${wired.deliveries.length} arrived`,
    );
    expect(wired.deliveries.map(({ event }) => event)).toEqual([
      "check_suite",
      "pull_request",
      "pull_request",
    ]);
    expect(await client.redeliverFailed(since)).toBe(0);
    expect(fake.violations).toEqual([]);
  });
});

test.each(["before", "after"] as const)(
  "an answer that never comes may pass: asked again, there is one check run (lost %s its effect)",
  async (when) => {
    // Two seconds are long for a machine that is busy, and short for a test.
    const impatient = await wireAppToFake(undefined, { requestTimeoutMs: 2_000 });
    try {
      const other = await impatient.fake.addRepository("acme/other", {
        repository: repository.gitDir,
        revision: "main",
      });
      const change = files({ "hello.go": "package ledger\n" });
      const asked = { title: "Say hello", branch: "hello", change };
      const { headSha } = await impatient.fake.openPullRequest(other, asked);
      const run = { name: "tailguard", externalId: "run-1", detailsUrl: "http://localhost" };
      const create = () =>
        impatient.app.client.createCheckRun(refOf(impatient.fake, other), {
          ...run,
          headSha,
          draft: QUEUED,
        });
      impatient.fake.faults.push({ operation: "checks/create", when, answer: "hang", times: 1 });
      await expect(create()).rejects.toBeInstanceOf(TransientError);
      await create();
      expect(impatient.fake.model.checkRuns.size).toBe(1);
    } finally {
      await impatient.close();
    }
  },
  30_000,
);

describe("refusals, in a person's words", () => {
  async function check(
    fault: { status: number; headers?: Record<string, string> } | "drop",
    expected: object,
  ): Promise<void> {
    fake.faults.push({ operation: "checks/create", when: "before", answer: fault, times: 1 });
    const run = { name: "tailguard", externalId: newExternalId(), detailsUrl: "http://localhost" };
    const asking = client.createCheckRun(ref, { ...run, headSha: pull.headSha, draft: QUEUED });
    await expect(asking).rejects.toMatchObject(expected);
  }

  test("what may pass is TransientError", async () => {
    await check({ status: 503 }, { name: "TransientError" });
    await check("drop", { name: "TransientError" });
    await check({ status: 403, headers: { "retry-after": "60" } }, { name: "TransientError" });
  });

  test("what was taken away is named", async () => {
    await check({ status: 403 }, { code: "TG_GITHUB_PERMISSION" });
    await check({ status: 404 }, { code: "TG_GITHUB_NOT_FOUND" });
  });

  test("a request of ours that breaks the contract is a bug", async () => {
    await check({ status: 422 }, { name: "Error" });
  });

  test("a key that GitHub does not accept", async () => {
    const operation = "apps/create-installation-access-token";
    fake.faults.push({ operation, when: "before", answer: { status: 401 }, times: 1 });
    await expect(client.cloneToken(ref)).rejects.toMatchObject({ code: "TG_GITHUB_KEY" });
  });

  test("an installation that is gone", async () => {
    const elsewhere = { ...ref, installationId: 1 };
    const asking = client.cloneToken(elsewhere);
    await expect(asking).rejects.toBeInstanceOf(UserError);
    await expect(asking).rejects.toThrow("Tailguard is no longer installed on acme/ledger.");
  });
});
