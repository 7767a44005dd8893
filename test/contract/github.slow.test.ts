// Our requests against GitHub's official description: everything the client sends is accepted as
// it is, and refused as soon as one thing in it is changed to what GitHub would refuse or ignore.
import { afterAll, beforeAll, expect, test } from "vitest";
import { checkRunDraftSchema } from "../../src/report/check-run-draft.ts";
import { loadContract } from "../fake-github/contract.ts";
import { asFields, type Fields } from "../fake-github/fields.ts";
import { refOf, type Wired, wireAppToFake } from "../github/app-against-fake.ts";

let wired: Wired;
/** What the client really sent, by operation. */
const sent = new Map<
  string,
  { method: string; path: string; body: Fields; authorization: string }
>();

beforeAll(async () => {
  wired = await wireAppToFake();
  const { fake, app } = wired;
  const folder = new URL("../testdata/go/ledger", import.meta.url).pathname;
  const repository = await fake.addRepository("acme/ledger", { folder });
  const pull = await fake.openPullRequest(repository, {
    title: "Change",
    branch: "change",
    change: {
      patchFile: new URL("../testdata/go/ledger-changes/docs.patch", import.meta.url).pathname,
    },
  });
  const ref = refOf(fake, repository);
  const { client } = app;
  await client.planInputs(ref, { baseSha: pull.baseSha, headSha: pull.headSha });
  const { id } = await client.createCheckRun(ref, {
    name: "tailguard",
    headSha: pull.headSha,
    externalId: "1",
    detailsUrl: "http://localhost/runs/1",
    draft: checkRunDraftSchema.parse({
      status: "in_progress",
      output: { title: "Measuring", summary: "3 of 10 pairs" },
    }),
  });
  const draft = checkRunDraftSchema.parse({
    status: "completed",
    conclusion: "failure",
    output: {
      title: "1 benchmark is slower",
      summary: "| a | b |\n|---|---|\n",
      text: "details",
      annotations: [
        {
          path: "ledger.go",
          start_line: 3,
          end_line: 5,
          annotation_level: "failure",
          title: "escapes to heap",
          message: "moved to heap: x",
          raw_details: "ledger.go:3:2: moved to heap: x",
        },
      ],
    },
  });
  await client.updateCheckRun(ref, id, { draft, detailsUrl: "http://localhost/runs/1" });
  await client.cloneToken(ref);
  const pullRequest = pull.number;
  const sticky = { pullRequest, mark: "comment", body: "one", mayCreate: true };
  const commentId = await client.showSticky(ref, { ...sticky, id: undefined });
  await client.showSticky(ref, { ...sticky, id: commentId });
  await client.reviewOnce(ref, {
    pullRequest,
    headSha: pull.headSha,
    mark: "review 1",
    body: "One cause.",
    comments: [{ path: "README.md", line: 14, body: "Here." }],
  });
  for (const { operation, body, ...rest } of fake.requests) {
    sent.set(operation, { ...rest, body: asFields(body) });
  }
});

afterAll(() => wired.close());

test("everything the client sends is accepted as it is", () => {
  expect(wired.fake.violations).toEqual([]);
  expect([...sent.keys()].sort()).toEqual([
    "apps/create-installation-access-token",
    "apps/get-authenticated",
    "checks/create",
    "checks/get",
    "checks/list-for-ref",
    "checks/update",
    "issues/create-comment",
    "issues/list-comments",
    "issues/update-comment",
    "pulls/create-review",
    "pulls/list-reviews",
    "repos/compare-commits-with-basehead",
  ]);
});

/** The body with one field, given by its path, changed; undefined takes the field away. */
function changed(body: Fields, path: readonly string[], value: unknown): Fields {
  const [key = "", ...rest] = path;
  const inner = body[key];
  const next = rest.length === 0 ? value : changedIn(inner, rest, value);
  return { ...body, [key]: next };
}

function changedIn(inner: unknown, path: readonly string[], value: unknown): unknown {
  if (!Array.isArray(inner)) return changed(asFields(inner), path, value);
  return inner.map((item) => changed(asFields(item), path, value));
}

const long = (length: number) => "x".repeat(length);
const action = { label: "Go", description: "does it", identifier: "go" };

/** [operation, path of the field, its new value, what the refusal says] */
const MUTATIONS: readonly [string, string, unknown, RegExp][] = [
  ["checks/create", "name", undefined, /required property 'name'/],
  ["checks/create", "head_sha", undefined, /required property 'head_sha'/],
  ["checks/create", "head_sha", 7, /\/head_sha must be string/],
  ["checks/create", "headSha", "x", /\/headSha is unknown/],
  ["checks/create", "status", "running", /\/status must be equal to one of/],
  ["checks/create", "status", "completed", /completed without a conclusion/],
  ["checks/create", "conclusion", "success", /a conclusion with status in_progress/],
  ["checks/create", "name", long(256), /name is longer than 255/],
  ["checks/create", "details_url", "localhost/runs/1", /details_url must use/],
  ["checks/create", "actions", [action, action, action, action], /\/actions must NOT have more/],
  ["checks/create", "actions", [{ ...action, label: long(21) }], /label must NOT have more/],
  ["checks/create", "actions", [{ ...action, description: long(41) }], /description must NOT/],
  ["checks/create", "actions", [{ ...action, identifier: long(21) }], /identifier must NOT/],
  ["checks/update", "conclusion", undefined, /completed without a conclusion/],
  ["checks/update", "conclusion", "stale", /only GitHub can set stale/],
  ["checks/update", "conclusion", "passed", /\/conclusion must be equal to one of/],
  ["checks/update", "output.title", long(256), /output.title is longer/],
  ["checks/update", "output.summary", undefined, /required property 'summary'/],
  ["checks/update", "output.summary", long(65_536), /\/output\/summary must NOT have more/],
  ["checks/update", "output.text", long(65_536), /\/output\/text must NOT have more/],
  ["checks/update", "output.body", "x", /\/output\/body is unknown/],
  ["issues/create-comment", "body", undefined, /required property 'body'/],
  ["issues/create-comment", "body", " ", /body is blank/],
  ["issues/create-comment", "body", long(65_537), /body is longer than 65536/],
  ["issues/create-comment", "text", "x", /\/text is unknown/],
  ["issues/update-comment", "body", long(65_537), /body is longer than 65536/],
  ["pulls/create-review", "event", undefined, /without an event/],
  ["pulls/create-review", "event", "COMMENTED", /\/event must be equal to one of/],
  ["pulls/create-review", "body", "", /body is blank/],
  ["pulls/create-review", "comments.path", undefined, /required property 'path'/],
  ["pulls/create-review", "comments.line", undefined, /neither line nor position/],
  ["pulls/create-review", "comments.line", "14", /line must be integer/],
  ["pulls/create-review", "comments.side", "HEAD", /side HEAD/],
  ["pulls/create-review", "comments.body", "", /body is blank/],
  ["checks/update", "output.annotations.level", "x", /annotations\/0\/level is unknown/],
  ["checks/update", "output.annotations.annotation_level", "error", /must be equal to one of/],
  ["checks/update", "output.annotations.start_line", 0, /start_line below 1/],
  ["checks/update", "output.annotations.start_line", 9, /ends before it starts/],
  ["checks/update", "output.annotations.start_line", "3", /start_line must be integer/],
  ["checks/update", "output.annotations.start_column", 1, /columns over several lines/],
  ["checks/update", "output.annotations.path", "", /an empty path/],
  ["checks/update", "output.annotations.title", long(256), /title is longer than 255/],
  ["checks/update", "output.annotations.message", long(65_537), /message is longer/],
  ["checks/update", "output.annotations.message", undefined, /required property 'message'/],
  ["checks/update", "output.annotations", Array(51).fill({}), /must NOT have more than 50/],
  ["apps/create-installation-access-token", "permissions.contents", "admin", /must be equal/],
  ["apps/create-installation-access-token", "repositories", "ledger", /must be array/],
  ["apps/create-installation-access-token", "repository", "ledger", /\/repository is unknown/],
];

test.each(MUTATIONS)("%s with another %s is refused", async (operation, path, value, why) => {
  const { fake } = wired;
  const original = sent.get(operation)!;
  fake.violations.length = 0;
  const response = await fetch(`${fake.url}/api/v3${original.path}`, {
    method: original.method,
    headers: { authorization: original.authorization },
    body: JSON.stringify(changed(original.body, path.split("."), value)),
  });
  expect(response.status).toBe(422);
  expect(await response.json()).toMatchObject({ message: expect.stringMatching(why) });
  expect(fake.violations).toEqual([
    expect.objectContaining({
      operation,
      problems: expect.arrayContaining([expect.stringMatching(why)]),
    }),
  ]);
});

test("unknown and wrong query parameters are refused, and paths GitHub does not have", async () => {
  const { fake } = wired;
  const { path, authorization } = sent.get("checks/list-for-ref")!;
  const get = async (target: string) =>
    (await fetch(`${fake.url}/api/v3${target}`, { headers: { authorization } })).status;
  fake.violations.length = 0;
  expect(await get(path)).toBe(200);
  expect(fake.violations).toEqual([]);
  expect(await get(`${path}&name=tailguard`)).toBe(422);
  expect(await get(path.replace("filter=all", "filter=every"))).toBe(422);
  expect(await get("/repos/acme/ledger/checks")).toBe(404);
  expect(fake.violations.map(({ operation }) => operation)).toEqual([
    "checks/list-for-ref",
    "checks/list-for-ref",
    "GET /repos/acme/ledger/checks",
  ]);
});

test("comments end at 65,536", () => {
  const contract = loadContract();
  for (const id of ["issues/create-comment", "issues/update-comment"]) {
    const operation = contract.operations.find((each) => each.id === id)!;
    const problems = (length: number) =>
      contract.requestProblems(operation, {
        params: { owner: "acme", repo: "ledger", issue_number: "1", comment_id: "1" },
        query: {},
        body: { body: long(length) },
      });
    expect(problems(65_536)).toEqual([]);
    expect(problems(65_537)).toEqual(["body is longer than 65536"]);
  }
});
