// Which pull requests are measured by themselves, and what the check says of the others.
import { expect, test } from "vitest";
import { type Admission, whyNotAdmitted } from "../../src/plan/admit.ts";
import { readConfig } from "../../src/plan/config.ts";

const PLAIN: Omit<Admission, "config"> = {
  changedFiles: [{ path: "parser/parse.go", status: "modified" }],
  changedFilesTruncated: false,
  labels: [],
  isDraft: false,
  isByBot: false,
  isFork: false,
  isAsked: false,
  leavesOut: { drafts: false, bots: false },
};

function check(config: string, over: Partial<Admission>, expected: string) {
  const read = readConfig(config);
  if (read.kind !== "config") throw new Error(`${config} is a configuration`);
  const refusal = whyNotAdmitted({ ...PLAIN, config: read.config, ...over });
  expect(refusal?.title ?? "measured").toBe(expected);
  // Whoever reads it learns how to have it measured all the same.
  if (refusal !== undefined && !over.isFork) expect(refusal.reason).toMatch(/`\/tailguard run`/);
  return refusal;
}

test("everything is measured where nothing is configured", () => {
  check("", {}, "measured");
  check("", { isDraft: true, isByBot: true, isFork: true }, "measured");
});

test("files that the configuration does not name are no reason to measure", () => {
  const PATHS = "Skipped: no file that the configuration names changed";
  check('paths: ["parser/**"]', {}, "measured");
  check('paths: ["codec/**"]', {}, PATHS);
  check('paths: ["!parser/**"]', {}, PATHS);
  check('paths: ["codec/**"]', { changedFilesTruncated: true }, "measured");
  const renamed = { path: "x/a.go", previousPath: "codec/a.go", status: "renamed" } as const;
  check('paths: ["codec/**"]', { changedFiles: [renamed] }, "measured");
});

test("triggers: a label, a path, or somebody who asks", () => {
  const LABEL = "Skipped: waits for a label";
  const triggers = 'triggers: {labels: [perf, hot], paths: ["codec/**"]}';
  const refusal = check(triggers, {}, LABEL);
  expect(refusal?.awaits).toEqual(["perf", "hot"]);
  expect(refusal?.reason).toContain("one of the labels `perf`, `hot`, or a change of `codec/**`");
  check(triggers, { labels: ["bug", "hot"] }, "measured");
  check(triggers, { changedFiles: [{ path: "codec/a.go", status: "added" }] }, "measured");
  check(triggers, { isAsked: true }, "measured");
  check("triggers: command", {}, "Skipped: waits for somebody to ask");
  check("triggers: command", { isAsked: true }, "measured");
  check("triggers: all", {}, "measured");
});

test("drafts: the configuration has the last word, the server the first", () => {
  const draft = { isDraft: true };
  const leavesOut = { drafts: true, bots: true };
  check("drafts: false", draft, "Skipped: a draft");
  check("", { ...draft, leavesOut }, "Skipped: a draft");
  check("drafts: true", { ...draft, leavesOut }, "measured");
  check("drafts: false", { ...draft, isAsked: true }, "measured");
  check("", { isByBot: true, leavesOut }, "Skipped: opened by a bot");
});

test("code from forks is not run where the team forbids it, whoever asks", () => {
  const FORK = "Skipped: code from a fork is not run here";
  check("forks: skip", { isFork: true }, FORK);
  check("forks: skip", { isFork: true, isAsked: true }, FORK);
  check("forks: skip", {}, "measured");
  check("forks: approve", { isFork: true }, "measured");
});
