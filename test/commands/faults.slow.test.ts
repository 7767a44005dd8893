// What goes wrong at GitHub and on the way to it: the end is right, and nothing is said twice.
import { readFileSync } from "node:fs";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { allocationBundle } from "./allocation-bundle.ts";
import { patch, startTestApp, type TestApp } from "./test-app.ts";

let app: TestApp;

beforeAll(async () => {
  app = await startTestApp();
});

afterEach(() => {
  expect(app.fake.violations).toEqual([]);
});

afterAll(() => app.close());

const DOCS = { change: { patchFile: patch("docs") } };
const DIFF = readFileSync(patch("escape"), "utf8");
const SLOWER = allocationBundle({ allocs: { base: 2, head: 3 } });
const endings = (headSha: string) =>
  app.fake.model
    .checkRunsAt(app.repository, headSha)
    .map(({ history }) => history.filter((line) => !/^(queued|in_progress):/.test(line)).length);

test("what came while the server was down is asked for, and counts once", async () => {
  await app.stopServer();
  const lost = await app.open(DOCS);
  expect(app.fake.deliveries.some(({ statusCode }) => statusCode === 0)).toBe(true);
  await app.restart();
  await app.over(lost.headSha);
  expect(endings(lost.headSha)).toEqual([1]);
  const redelivered = app.fake.deliveries.filter(({ redelivery }) => redelivery);
  expect(redelivered.map(({ event }) => event)).toContain("pull_request");
});

test("every kind of failure in one run: one check run, one comment, one ending", async () => {
  const fault = (operation: string, when: "before" | "after", status: number) =>
    app.fake.faults.push({ operation, when, answer: { status }, times: 1 });
  fault("checks/create", "after", 502);
  fault("repos/compare-commits-with-basehead", "before", 500);
  fault("apps/create-installation-access-token", "before", 502);
  const pull = await app.open();
  const call = await app.nextCollect();
  // The token ends in the middle of the run.
  app.fake.revokeTokens();
  fault("checks/update", "after", 502);
  app.fake.faults.push({
    operation: "issues/create-comment",
    when: "before",
    answer: { status: 403, headers: { "retry-after": "1" } },
    times: 1,
  });
  fault("issues/create-comment", "after", 500);
  app.fake.faults.push({ operation: "checks/get", when: "before", answer: "drop", times: 1 });
  call.succeed(SLOWER);
  expect(await app.over(pull.headSha)).toMatchObject({ conclusion: "failure" });
  expect(endings(pull.headSha)).toEqual([1]);
  expect(app.fake.model.commentsOf(pull)).toHaveLength(1);
  expect(app.fake.faults.filter(({ times }) => times > 0)).toEqual([]);
});

test("an anchor that GitHub refuses costs its line, and nothing that is said", async () => {
  const fault = (operation: string) =>
    app.fake.faults.push({ operation, when: "before", answer: { status: 422 }, times: 1 });
  fault("pulls/create-review");
  const pull = await app.open();
  const call = await app.nextCollect();
  call.succeed(allocationBundle({ allocs: { base: 2, head: 3 }, diff: DIFF }));
  const run = await app.over(pull.headSha);
  expect(run).toMatchObject({ conclusion: "failure", annotations: [{ start_line: 80 }] });
  const reviews = app.fake.model.reviews.filter(({ pullRequest }) => pullRequest === pull);
  expect(reviews.map(({ comments }) => comments)).toEqual([[]]);
  expect(reviews[0]?.body).toContain("`journal/journal.go:80`");
  expect(endings(pull.headSha)).toEqual([1]);
  expect(app.fake.model.commentsOf(pull)).toHaveLength(1);
  expect(app.fake.faults.filter(({ times }) => times > 0)).toEqual([]);
});

test("another App of the same make on one repository is left alone", async () => {
  const pull = await app.open();
  const body = "<!-- tailguard comment -->\nfrom staging";
  const theirs = {
    id: app.fake.model.nextId(),
    pullRequest: pull,
    author: "tailguard-staging[bot]",
    appId: app.fake.app.appId + 1,
    body,
    updatedAt: new Date().toISOString(),
    reactions: [],
    history: [body],
  };
  app.fake.model.comments.set(theirs.id, theirs);
  await app.finish(pull, SLOWER);
  expect(theirs.history).toEqual([body]);
  expect(app.fake.model.commentsOf(pull)).toHaveLength(2);
});

test("a repository that is taken away ends its runs, and so does a suspension", async () => {
  const pull = await app.open();
  const call = await app.nextCollect();
  const stopped = new Promise((resolve) => call.options.signal.addEventListener("abort", resolve));
  await app.fake.suspend();
  await stopped;
  await app.logged(({ msg }) => msg === "could not tell GitHub how the run ended");
  expect(app.log.some(({ msg }) => msg === "completed")).toBe(true);
  expect(endings(pull.headSha)).toEqual([0]);
  app.fake.model.suspendedAt = undefined;
  const other = await app.open();
  const next = await app.nextCollect();
  const ended = new Promise((resolve) => next.options.signal.addEventListener("abort", resolve));
  await app.fake.removeFromInstallation(app.repository);
  await ended;
  expect(endings(other.headSha)).toEqual([0]);
});
