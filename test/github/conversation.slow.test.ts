// Comments and reviews of the client against the simulated GitHub.
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import type { GitHubClient } from "../../src/github/client.ts";
import type { RepositoryRef } from "../../src/webhook/trigger.ts";
import type { FakeGitHub } from "../fake-github/fake-github.ts";
import type { Comment, PullRequest, Repository } from "../fake-github/model.ts";
import { refOf, type Wired, wireAppToFake } from "./app-against-fake.ts";

let wired: Wired;
let fake: FakeGitHub;
let client: GitHubClient;
let repository: Repository;
let ref: RepositoryRef;
let pull: PullRequest;

beforeAll(async () => {
  wired = await wireAppToFake();
  ({ fake } = wired);
  ({ client } = wired.app);
  const folder = new URL("../testdata/go/ledger", import.meta.url).pathname;
  repository = await fake.addRepository("acme/ledger", { folder });
  ref = refOf(fake, repository);
});

let branches = 0;

beforeEach(async () => {
  pull = await fake.openPullRequest(repository, {
    title: "Say hello",
    branch: `hello-${++branches}`,
    change: { files: (tree) => writeFile(join(tree, "hello.go"), "package ledger\n\n// hello\n") },
  });
  fake.requests.length = 0;
});

afterEach(() => {
  expect(fake.violations).toEqual([]);
});

afterAll(() => wired.close());

const asked = () => fake.requests.map(({ operation }) => operation);
const comments = () => fake.model.commentsOf(pull);
const lost = (operation: string) =>
  fake.faults.push({ operation, when: "after", answer: { status: 502 }, times: 1 });

/** A comment that holds our mark and did not come through our App. */
function imitate(mark: string, appId?: number): Comment {
  const id = fake.model.nextId();
  const body = `<!-- tailguard ${mark} -->\nnot ours`;
  const comment: Comment = {
    id,
    pullRequest: pull,
    author: "mallory",
    ...(appId === undefined ? {} : { appId }),
    body,
    updatedAt: new Date().toISOString(),
    reactions: [],
    history: [body],
  };
  fake.model.comments.set(id, comment);
  return comment;
}

describe("the sticky comment", () => {
  const sticky = (body: string, id?: number, mayCreate = true) =>
    client.showSticky(ref, { pullRequest: pull.number, mark: "comment", body, id, mayCreate });

  test("is made once and edited in place, by its id", async () => {
    const id = await sticky("one");
    fake.requests.length = 0;
    expect(await sticky("two", id)).toBe(id);
    expect(asked()).toEqual(["issues/update-comment"]);
    expect(comments()).toMatchObject([{ id, body: "<!-- tailguard comment -->\ntwo" }]);
  });

  test("is found again when its id was lost, or the answer of its making", async () => {
    lost("issues/create-comment");
    await expect(sticky("one")).rejects.toThrow("GitHub could not answer");
    await sticky("two");
    expect(comments()).toHaveLength(1);
    expect(comments()[0]?.body).toContain("two");
  });

  test("of another App, or of a person who copied the mark, is not ours", async () => {
    imitate("comment");
    imitate("comment", fake.app.appId + 1);
    await sticky("ours");
    await sticky("ours again");
    expect(comments().map(({ body }) => body.split("\n")[1])).toEqual([
      "not ours",
      "not ours",
      "ours again",
    ]);
  });

  test("is found behind a long conversation", async () => {
    for (let at = 0; at < 150; at++) imitate(`other ${at}`);
    const id = await sticky("one");
    for (let at = 0; at < 150; at++) imitate(`more ${at}`);
    expect(await sticky("two")).toBe(id);
  });

  test("that somebody deleted is made again only where one may be made", async () => {
    const id = await sticky("one");
    fake.model.comments.delete(id ?? 0);
    expect(await sticky("two", id, false)).toBeUndefined();
    expect(comments()).toEqual([]);
    expect(await sticky("three", id)).not.toBe(id);
  });

  test("is cut at GitHub's limit, and may hold anything", async () => {
    await sticky("é".repeat(40_000));
    expect(Buffer.byteLength(comments()[0]?.body ?? "")).toBeLessThanOrEqual(65_536);
    expect(comments()[0]?.body).toMatch(/\(cut\)$/);
  });
});

test("a short comment is said once, whatever happens to the answer", async () => {
  const say = (mark: string) =>
    client.sayOnce(ref, {
      pullRequest: pull.number,
      mark,
      body: "Regressed.",
      since: new Date(),
    });
  lost("issues/create-comment");
  await expect(say("notice 1")).rejects.toThrow();
  const id = await say("notice 1");
  expect(await say("notice 1")).toBe(id);
  expect(comments()).toHaveLength(1);
  await say("notice 2");
  expect(comments()).toHaveLength(2);
});

test("a token that ended early is replaced, and the question asked once more", async () => {
  await client.pullRequest(ref, pull.number);
  fake.revokeTokens();
  expect(await client.pullRequest(ref, pull.number)).toMatchObject({ headSha: pull.headSha });
  expect(asked()).toContain("apps/create-installation-access-token");
});

describe("the review", () => {
  const remark = (line: number, path = "hello.go") => ({ path, line, body: `about ${line}` });
  const review = (remarks = [remark(1), remark(3)]) =>
    client.reviewOnce(ref, {
      pullRequest: pull.number,
      headSha: pull.headSha,
      mark: "review 1",
      body: "Two causes.",
      comments: remarks,
    });
  const reviews = () => fake.model.reviews.filter(({ pullRequest }) => pullRequest === pull);

  test("is one request, a comment pinned to its commit, and written once", async () => {
    lost("pulls/create-review");
    await expect(review()).rejects.toThrow();
    expect(await review()).toEqual({ kind: "present", moved: 0 });
    expect(reviews()).toMatchObject([
      {
        commitId: pull.headSha,
        body: "<!-- tailguard review 1 -->\nTwo causes.",
        comments: [
          { path: "hello.go", line: 1, side: "RIGHT", body: "about 1" },
          { path: "hello.go", line: 3, side: "RIGHT", body: "about 3" },
        ],
      },
    ]);
    const [sent] = fake.requests.filter(({ operation }) => operation === "pulls/create-review");
    expect(sent?.body).toMatchObject({ event: "COMMENT" });
  });

  test("has remarks on several lines, where all of them stand", async () => {
    const several = (firstLine: number, line: number) => ({ ...remark(line), firstLine });
    expect(await review([several(1, 2), several(2, 40)])).toEqual({ kind: "written", moved: 1 });
    expect(reviews()[0]?.comments).toMatchObject([{ start_line: 1, line: 2, body: "about 2" }]);
  });

  test("of somebody else does not stand for ours", async () => {
    fake.model.reviews.push({
      id: fake.model.nextId(),
      pullRequest: pull,
      author: "mallory",
      body: "<!-- tailguard review 1 -->\nnot ours",
      commitId: pull.headSha,
      comments: [],
    });
    expect(await review()).toEqual({ kind: "written", moved: 0 });
    expect(reviews()).toHaveLength(2);
  });

  test("keeps what has a line when one remark has none, and says the rest in its body", async () => {
    const remarks = [remark(1), remark(40), remark(1, "journal/journal.go"), remark(2)];
    expect(await review(remarks)).toEqual({ kind: "written", moved: 2 });
    expect(reviews()[0]?.comments.map(({ line }) => line)).toEqual([1, 2]);
    expect(reviews()[0]?.body).toContain("`hello.go:40`\n\nabout 40");
    expect(reviews()[0]?.body).toContain("`journal/journal.go:1`\n\nabout 1");
  });

  test("is all body when GitHub refuses lines that it shows itself", async () => {
    const refused = { status: 422 };
    fake.faults.push({
      operation: "pulls/create-review",
      when: "before",
      answer: refused,
      times: 1,
    });
    expect(await review()).toEqual({ kind: "written", moved: 2 });
    expect(reviews()).toMatchObject([{ comments: [] }]);
  });

  test("of a head that a push took away is not written", async () => {
    const old = pull.headSha;
    await fake.forcePush(pull, {
      title: "Another",
      change: { files: (tree) => writeFile(join(tree, "other.go"), "package ledger\n") },
    });
    const stale = client.reviewOnce(ref, {
      pullRequest: pull.number,
      headSha: old,
      mark: "review 1",
      body: "x",
      comments: [remark(1)],
    });
    expect(await stale).toEqual({ kind: "stale" });
    expect(reviews()).toEqual([]);
  });
});
