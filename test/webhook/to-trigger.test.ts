import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import type { Command } from "../../src/webhook/command.ts";
import { toTrigger } from "../../src/webhook/to-trigger.ts";
import { MAIN_BRANCH, type Trigger } from "../../src/webhook/trigger.ts";
import { webhookExamples } from "../fake-github/examples.ts";

const HEAD = "a".repeat(40);
const BASE = "b".repeat(40);

const common = {
  repository: {
    name: "ledger",
    owner: { login: "acme" },
    clone_url: "https://github.com/acme/ledger.git",
  },
  installation: { id: 7 },
  sender: { login: "gopher" },
};

const repository = {
  owner: "acme",
  name: "ledger",
  cloneUrl: "https://github.com/acme/ledger.git",
  installationId: 7,
};

const UPDATED = "2026-01-01T00:00:00Z";
const UPDATED_ISO = new Date(UPDATED).toISOString();

type Head = { sha: string; repo: { id: number } | null };

function pullRequest(action: string, head: Head = { sha: HEAD, repo: { id: 1 } }): object {
  return {
    action,
    ...common,
    pull_request: {
      number: 12,
      draft: true,
      updated_at: UPDATED,
      head,
      base: { sha: BASE, ref: "main", repo: { id: 1 } },
    },
  };
}

function check(event: string, payload: unknown, expected: Trigger): void {
  expect(toTrigger(event, payload)).toEqual(expected);
}

const measured: Extract<Trigger, { kind: "measure" }> = {
  kind: "measure",
  repository,
  pullRequest: 12,
  headSha: HEAD,
  baseSha: BASE,
  baseRef: "main",
  isFork: false,
  isDraft: true,
  requestedBy: "gopher",
  updatedAt: UPDATED,
};

const { isDraft: _draft, ...measuredPush } = measured;

describe("pull requests", () => {
  test.each(["opened", "synchronize", "reopened", "ready_for_review"])("%s is measured", (action) =>
    check("pull_request", pullRequest(action), measured),
  );

  test("a head in another repository is a fork, and so is one whose repository is gone", () => {
    const ofFork = { ...measured, isFork: true };
    check("pull_request", pullRequest("opened", { sha: HEAD, repo: { id: 2 } }), ofFork);
    check("pull_request", pullRequest("opened", { sha: HEAD, repo: null }), ofFork);
  });

  test("another base is measured, other edits are not", () => {
    const changes = { base: { ref: { from: "release" }, sha: { from: BASE } } };
    check("pull_request", { ...pullRequest("edited"), changes }, measured);
    check(
      "pull_request",
      { ...pullRequest("edited"), changes: { title: { from: "x" } } },
      {
        kind: "ignore",
        reason: "an edit that leaves the base as it is",
      },
    );
  });

  test("one that is ready, or a bot's, says so", () => {
    const payload = pullRequest("opened") as { pull_request: object };
    const ofBot = { ...payload.pull_request, draft: false, user: { type: "Bot" } };
    const { isDraft: _, ...ready } = measured;
    check("pull_request", { ...payload, pull_request: ofBot }, { ...ready, isByBot: true });
  });

  test("closed cancels", () =>
    check("pull_request", pullRequest("closed"), {
      kind: "cancel",
      repository,
      pullRequest: 12,
      updatedAt: UPDATED,
    }));

  test("other actions are ignored by name", () =>
    check("pull_request", pullRequest("assigned"), {
      kind: "ignore",
      reason: "pull_request.assigned asks nothing of Tailguard",
    }));

  test("labels are read, and adding one asks a run that waits for it", () => {
    const payload = pullRequest("labeled") as { pull_request: object };
    const labelled = { ...payload.pull_request, labels: [{ name: "perf", color: "f00" }] };
    check(
      "pull_request",
      { ...payload, pull_request: labelled },
      { ...measured, labels: ["perf"], isByLabel: true },
    );
  });
});

describe("checks", () => {
  const request = (command: Command, by: object): Trigger => ({
    kind: "request",
    repository,
    requestedBy: "gopher",
    command,
    by: { kind: "button", headSha: HEAD, ...by },
  });

  test("a re-run may be asked of the run and of the suite", () => {
    const action = "rerequested";
    const run = { head_sha: HEAD, external_id: "1" };
    const rerun = { kind: "rerun" } as const;
    check("check_run", { action, ...common, check_run: run }, request(rerun, { runId: "1" }));
    check(
      "check_run",
      { action, ...common, check_run: { ...run, external_id: null } },
      request(rerun, {}),
    );
    check(
      "check_suite",
      { action, ...common, check_suite: { head_sha: HEAD } },
      request(rerun, {}),
    );
  });

  test.each([
    ["rerun", { kind: "rerun" }],
    ["accept", { kind: "accept-all" }],
    ["approve", { kind: "approve", sha: HEAD }],
  ] as const)("the button %s", (identifier, command) =>
    check(
      "check_run",
      {
        action: "requested_action",
        ...common,
        check_run: { head_sha: HEAD, external_id: "1" },
        requested_action: { identifier },
      },
      request(command, { runId: "1" }),
    ),
  );

  test("a button of somebody else is ignored", () =>
    check(
      "check_run",
      {
        action: "requested_action",
        ...common,
        check_run: { head_sha: HEAD },
        requested_action: { identifier: "deploy" },
      },
      { kind: "ignore", reason: "a button that is not ours" },
    ));

  test("what GitHub tells of runs in passing is ignored", () => {
    for (const action of ["created", "completed"]) {
      const payload = { action, ...common, check_run: { head_sha: HEAD } };
      expect(toTrigger("check_run", payload).kind).toBe("ignore");
    }
  });
});

describe("the merge queue", () => {
  const group = (action: string, ref = `refs/heads/gh-readonly-queue/main/pr-12-${BASE}`) => ({
    action,
    ...common,
    merge_group: { head_sha: HEAD, head_ref: ref, base_sha: BASE, base_ref: "refs/heads/main" },
  });

  test("asks for an answer on the group's head, and takes the wish back", () => {
    check("merge_group", group("checks_requested"), {
      kind: "group",
      repository,
      pullRequest: 12,
      headSha: HEAD,
      baseSha: BASE,
      baseRef: "main",
      requestedBy: "gopher",
    });
    check("merge_group", group("destroyed"), { kind: "group-gone", repository, headSha: HEAD });
    expect(toTrigger("merge_group", group("checks_requested", "refs/heads/x")).kind).toBe("ignore");
  });
});

describe("installations", () => {
  const installation = { id: 7 };
  test.each(["deleted", "suspend"])("%s ends everything of it", (action) =>
    check(
      "installation",
      { action, installation },
      { kind: "gone", installationId: 7, repositories: "all" },
    ),
  );

  test("repositories that were taken out end alone; what comes is no news", () => {
    const removed = { repositories_removed: [{ full_name: "Acme/Ledger" }] };
    check(
      "installation_repositories",
      { action: "removed", installation, ...removed },
      { kind: "gone", installationId: 7, repositories: ["acme/ledger"] },
    );
    for (const action of ["created", "unsuspend", "new_permissions_accepted"]) {
      expect(toTrigger("installation", { action, installation }).kind).toBe("ignore");
    }
  });
});

describe("comments", () => {
  const person = { login: "gopher", type: "User" };
  const comment = (change: object = {}, body = "/tailguard help") => ({
    action: "created",
    ...common,
    sender: person,
    issue: { number: 12, state: "open", pull_request: {} },
    comment: { id: 99, body, user: person },
    ...change,
  });
  const ignored = (payload: object, reason: string) =>
    check("issue_comment", payload, { kind: "ignore", reason });

  test("with a command on a pull request are requests", () =>
    check("issue_comment", comment(), {
      kind: "request",
      repository,
      requestedBy: "gopher",
      command: { kind: "help" },
      by: { kind: "comment", commentId: 99, pullRequest: 12, isOpen: true },
    }));

  test("that say nothing to us, on issues, or by bots are ignored", () => {
    const bot = { login: "tailguard[bot]", type: "Bot" };
    ignored(comment({}, "Nice!"), "a comment without a command");
    ignored(comment({ issue: { number: 12, state: "open" } }), "a comment on an issue");
    ignored(comment({ sender: bot }), "a bot's comment");
    ignored(comment({ comment: { id: 99, body: "/tailguard run", user: bot } }), "a bot's comment");
  });

  test("that were edited or deleted are ignored", () => {
    ignored(comment({ action: "edited" }), "issue_comment.edited asks nothing of Tailguard");
    ignored(comment({ action: "deleted" }), "issue_comment.deleted asks nothing of Tailguard");
  });
});

describe("pushes", () => {
  const push = (change: object) => ({
    ...common,
    repository: { ...common.repository, default_branch: "main", pushed_at: 1_767_225_600 },
    ref: "refs/heads/main",
    before: BASE,
    after: HEAD,
    deleted: false,
    ...change,
  });

  test("to the default branch are measured against what was there before", () =>
    check("push", push({}), {
      ...measuredPush,
      pullRequest: MAIN_BRANCH,
      updatedAt: UPDATED_ISO,
    }));

  test("of a version tag are releases, with a submodule's prefix too", () => {
    const release: Trigger = { kind: "release", repository, name: "v1.2.0", at: UPDATED_ISO };
    check("push", push({ ref: "refs/tags/v1.2.0", before: "0".repeat(40) }), release);
    check("push", push({ ref: "refs/tags/cmd/tool/v1.2.0-rc.1" }), {
      ...release,
      name: "cmd/tool/v1.2.0-rc.1",
    });
  });

  test.each([
    ["of another branch", { ref: "refs/heads/feature" }],
    ["of a branch that is named like a version", { ref: "refs/heads/v1.2.0" }],
    ["of a tag that is no version", { ref: "refs/tags/nightly" }],
    ["that delete", { deleted: true, after: "0".repeat(40) }],
    ["that make the default branch", { before: "0".repeat(40) }],
  ])("%s are ignored", (_, change) => {
    expect(toTrigger("push", push(change)).kind).toBe("ignore");
  });
});

describe("payloads that are not as documented", () => {
  function checkIgnored(change: object, reason: string): void {
    const payload = { ...pullRequest("opened"), ...change };
    check("pull_request", payload, { kind: "ignore", reason: expect.stringContaining(reason) });
  }

  test("each names the field", () => {
    checkIgnored({ installation: undefined }, "installation");
    checkIgnored({ sender: { login: "" } }, "sender.login");
    checkIgnored({ pull_request: null }, "pull_request");
    checkIgnored({ repository: { ...common.repository, name: "../../etc" } }, "repository.name");
    checkIgnored(
      { repository: { ...common.repository, clone_url: "file:///etc/passwd" } },
      "repository.clone_url",
    );
    checkIgnored(pullRequest("opened", { sha: "--upload-pack=x", repo: null }), "head.sha");
  });

  test("no value and no event name makes it throw", () => {
    const event = fc.oneof(
      fc.constantFrom("pull_request", "check_run", "check_suite", "push"),
      fc.string(),
    );
    const payload = fc.oneof(
      fc.anything(),
      fc.record({ action: fc.constantFrom("opened", "closed", "rerequested"), x: fc.anything() }),
      fc.object({ key: fc.constantFrom("action", "pull_request", "head", "sha", "repository") }),
    );
    fc.assert(
      fc.property(event, payload, (name, value) => {
        expect(["ignore", "measure", "cancel", "rerun", "release"]).toContain(
          toTrigger(name, value).kind,
        );
      }),
    );
  });
});

describe("GitHub's own examples", () => {
  const rows = webhookExamples.flatMap(({ name, examples }) =>
    examples.map((payload) => ({ name, payload })),
  );

  test("every one is understood or ignored", () => {
    const kinds = rows.map(({ name, payload }) => toTrigger(name, payload).kind);
    const count = (kind: string) => kinds.filter((each) => each === kind).length;
    expect({
      examples: kinds.length,
      measure: count("measure"),
      cancel: count("cancel"),
      request: count("request"),
      release: count("release"),
    }).toMatchInlineSnapshot(`
      {
        "cancel": 2,
        "examples": 329,
        "measure": 9,
        "release": 0,
        "request": 4,
      }
    `);
  });

  test("only payloads of no installation lack a field", () => {
    const lacking = rows
      .map(({ name, payload }) => ({ name, trigger: toTrigger(name, payload) }))
      .filter(({ trigger }) => trigger.kind === "ignore" && /lacks/.test(trigger.reason))
      .map(({ name, trigger }) => `${name}: ${trigger.kind === "ignore" ? trigger.reason : ""}`);
    expect([...new Set(lacking)]).toMatchInlineSnapshot(`
      [
        "issue_comment: the payload lacks installation: Invalid input: expected object, received undefined",
        "pull_request: the payload lacks installation: Invalid input: expected object, received undefined",
        "push: the payload lacks installation: Invalid input: expected object, received undefined",
        "repository: the payload lacks installation: Invalid input: expected object, received undefined",
      ]
    `);
  });
});

test("the manifest subscribes to the events that are read", () => {
  const manifest = parse(readFileSync(new URL("../../app.yml", import.meta.url), "utf8"));
  expect(manifest.default_events).toEqual(
    expect.arrayContaining(["pull_request", "check_run", "check_suite", "push"]),
  );
  expect(manifest.default_permissions).toEqual({
    checks: "write",
    pull_requests: "write",
    contents: "read",
    metadata: "read",
    issues: "read",
    merge_queues: "read",
  });
});
