// What a pull request's conversation hears of its runs, end to end: signed webhooks in, comments
// and reviews at the simulated GitHub out.
import { readFileSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import type { PullRequest } from "../fake-github/model.ts";
import { allocationBundle } from "./allocation-bundle.ts";
import { patch, startTestApp, type TestApp } from "./test-app.ts";

let app: TestApp;

beforeAll(async () => {
  app = await startTestApp();
});

afterEach(() => {
  expect(app.fake.violations).toEqual([]);
  expect(app.fake.faults.filter(({ times }) => times > 0)).toEqual([]);
});

afterAll(() => app.close());

const DIFF = readFileSync(patch("escape"), "utf8");
const SLOWER = allocationBundle({ allocs: { base: 2, head: 3 }, diff: DIFF });
const SAME = allocationBundle({ allocs: { base: 2, head: 2 }, diff: DIFF });

const comments = (pull: PullRequest) => app.fake.model.commentsOf(pull);
const reviews = (pull: PullRequest) =>
  app.fake.model.reviews.filter(({ pullRequest }) => pullRequest === pull);
/** The text without our mark, up to the first period. */
const firstWords = (body: string) => body.replace(/^<!--.*-->\n/, "").split(/[.\n]/)[0];

let pushes = 0;
async function push(pull: PullRequest): Promise<void> {
  const name = `more${++pushes}.go`;
  const files = (tree: string) => writeFile(join(tree, name), "package ledger\n");
  await app.fake.push(pull, { title: `More ${pushes}`, change: { files } });
}

test("a regression makes one comment and one review on its line; later pushes edit", async () => {
  const pull = await app.open();
  expect(await app.finish(pull, SLOWER)).toMatchObject({ conclusion: "failure" });
  expect(comments(pull).map(({ body }) => firstWords(body))).toEqual([
    "### Tailguard: allocs/op +1 in 1 of 1: ParseLine — more escapes in readHead",
  ]);
  expect(reviews(pull)).toMatchObject([
    { commitId: pull.headSha, comments: [{ path: "journal/journal.go", line: 80, side: "RIGHT" }] },
  ]);
  expect(reviews(pull)[0]?.comments[0]?.body).toContain("moved to heap: text");
  await push(pull);
  await app.finish(pull, SLOWER);
  expect(comments(pull)).toHaveLength(1);
  expect(comments(pull)[0]?.history).toHaveLength(2);
  expect(comments(pull)[0]?.body).toContain(pull.headSha.slice(0, 12));
  expect(reviews(pull)).toHaveLength(1);
});

test("fixed and slower again are said in short, once each", async () => {
  const pull = await app.open();
  await app.finish(pull, SLOWER);
  await push(pull);
  await app.finish(pull, SAME);
  await push(pull);
  await app.finish(pull, SAME);
  await push(pull);
  await app.finish(pull, SLOWER);
  expect(comments(pull).map(({ body }) => firstWords(body)?.replace(/`.*`/, "HEAD"))).toEqual([
    "### Tailguard: allocs/op +1 in 1 of 1: ParseLine — more escapes in readHead",
    "**Fixed in HEAD",
    "**Regressed since HEAD",
  ]);
  expect(comments(pull)[0]?.history).toHaveLength(4);
  expect(reviews(pull)).toHaveLength(2);
});

test("harmless pull requests, and those that need no run, hear nothing", async () => {
  const harmless = await app.open();
  await app.finish(harmless, SAME);
  const docs = await app.open({ change: { patchFile: patch("docs") } });
  await app.over(docs.headSha);
  for (const pull of [harmless, docs]) {
    expect(comments(pull)).toEqual([]);
    expect(reviews(pull)).toEqual([]);
  }
});

test("a failure of ours is shown in the comment that is there, and is no turn", async () => {
  const pull = await app.open();
  await app.finish(pull, SLOWER);
  await push(pull);
  (await app.nextCollect()).fail(new Error("a bug"));
  await app.over(pull.headSha);
  expect(comments(pull)).toHaveLength(1);
  expect(firstWords(comments(pull)[0]?.body ?? "")).toBe("### Tailguard: Could not measure");
  await push(pull);
  await app.finish(pull, SAME);
  expect(comments(pull).map(({ body }) => firstWords(body)?.replace(/`.*`/, "HEAD"))).toEqual([
    "### Tailguard: No regression in 1 benchmark; could hide &lt; 0",
    "**Fixed in HEAD",
  ]);
});

test("a cause that the diff does not show is in the comment, and in no review", async () => {
  const pull = await app.open();
  await app.finish(pull, allocationBundle({ allocs: { base: 2, head: 3 } }));
  expect(comments(pull)[0]?.body).toContain("`journal/journal.go:80`");
  expect(reviews(pull)).toEqual([]);
});

describe("when GitHub fails", () => {
  test("and loses answers, or asks to slow down, all is said once", async () => {
    const fault = (operation: string, when: "before" | "after", status: number) => {
      const headers = status === 403 ? { "retry-after": "1" } : {};
      app.fake.faults.push({ operation, when, answer: { status, headers }, times: 1 });
    };
    fault("issues/create-comment", "after", 502);
    fault("pulls/create-review", "after", 500);
    fault("issues/list-comments", "before", 500);
    fault("issues/create-comment", "before", 403);
    fault("checks/update", "after", 502);
    const pulls = [await app.open(), await app.open()];
    for (const _ of pulls) (await app.nextCollect()).succeed(SLOWER);
    for (const pull of pulls) {
      expect(await app.over(pull.headSha)).toMatchObject({ conclusion: "failure" });
      expect(comments(pull)).toHaveLength(1);
      expect(reviews(pull)).toHaveLength(1);
    }
  });

  test("and forbids to comment, the check run says it all", async () => {
    const answer = { status: 403 };
    app.fake.faults.push({ operation: "pulls/create-review", when: "before", answer, times: 1 });
    const pull = await app.open();
    expect(await app.finish(pull, SLOWER)).toMatchObject({ conclusion: "failure" });
    expect(comments(pull)).toEqual([]);
    expect(app.log.some(({ msg }) => msg === "could not write in the conversation")).toBe(true);
  });
});
