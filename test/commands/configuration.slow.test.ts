// The team's rule end to end: signed webhooks in, check runs out, the file on the base branch, on
// head and in the organization's repository. Only collecting is scripted.
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import type { CheckRun } from "../fake-github/model.ts";
import { checkMarkdown } from "../report/check-markdown.ts";
import { allocationBundle } from "./allocation-bundle.ts";
import { patch, startTestApp, type TestApp } from "./test-app.ts";

let app: TestApp;

beforeAll(async () => {
  app = await startTestApp({ MAX_BUDGET: "8m" });
});

afterEach(() => {
  expect(app.fake.violations).toEqual([]);
});

afterAll(() => app.close());

const MORE = allocationBundle({ allocs: { base: 2, head: 3 } });

function withConfig(text: string, more?: (tree: string) => Promise<unknown>) {
  return {
    files: async (tree: string) => {
      await more?.(tree);
      await mkdir(join(tree, ".github"), { recursive: true });
      await writeFile(join(tree, ".github", "tailguard.yml"), text);
    },
  };
}

/** A change of Go code beside that of the configuration. */
const code = (tree: string) => writeFile(join(tree, "more.go"), `package ledger // ${rules}\n`);

let rules = 0;
/** Merges the configuration into main. */
async function setRule(text: string): Promise<void> {
  const title = `Rule ${++rules}`;
  const { after } = await app.fake.pushMain(app.repository, {
    title,
    change: withConfig(`# ${title}\n${text}`),
  });
  await app.over(after);
}

/** What a reader of the check run sees, without what differs between two runs of the test. */
function surface(run: CheckRun): string {
  const summary = (run.summary ?? "")
    .replace(/http:\/\/127\.0\.0\.1:\d+\/runs\/[0-9a-f-]+/g, "https://tailguard.example.com/runs/1")
    .replace(/^Cost: [^)]*\)/gm, "Cost: …")
    .replace(/`[0-9a-f]{12}`/g, "`…`");
  checkMarkdown(summary);
  const annotations = run.annotations.map(
    (at) => `${at.path}:${at.start_line} ${at.annotation_level} ${at.title}: ${at.message}`,
  );
  return `${[`${run.conclusion}: ${run.title}`, summary, ...annotations].join("\n\n").trim()}\n`;
}

const golden = (name: string) => `../testdata/config/check-run/${name}.md`;

test("the organization's file counts where the repository has none", async () => {
  const folder = await mkdtemp(join(tmpdir(), "tailguard-org-"));
  await withConfig("gate: observe\nbudget: 1m\n").files(folder);
  await app.fake.addRepository("acme/.github", { folder });
  await rm(folder, { recursive: true });
  const pull = await app.open();
  const { plan, succeed } = await app.nextCollect();
  expect(plan.budgetSeconds).toBe(60);
  succeed(MORE);
  const run = await app.over(pull.headSha);
  await expect(surface(run)).toMatchFileSnapshot(golden("observe"));
  expect(run.text).toContain("rule: acme/.github/.github/tailguard.yml, preset observe");
});

describe("the file on the base branch", () => {
  test("a rule of the team stops the merge, under its name", async () => {
    await setRule(`gate:
  preset: observe
  rules:
    - name: the journal allocates nothing
      block: allocs > 0 and package == "journal"
`);
    const run = await app.finish(await app.open(), MORE);
    await expect(surface(run)).toMatchFileSnapshot(golden("own-rule"));
  });

  test("a waiver lets a regression pass, and after its day it does not", async () => {
    const waiver = (until: string) => `waivers:
  - benchmark: ParseLine
    metric: allocs/op
    author: alice
    reason: larger tables, agreed in the design review
    until: ${until}
`;
    await setRule(waiver("2999-12-31"));
    const run = await app.finish(await app.open(), MORE);
    await expect(surface(run)).toMatchFileSnapshot(golden("waiver"));
    await setRule(waiver("2020-01-01"));
    const after = await app.finish(await app.open(), MORE);
    expect(after.conclusion).toBe("failure");
    expect(after.text).toContain("waiver that ended on 2020-01-01");
    expect(after.text).toContain("the waiver of alice ended on 2020-01-01 and does not count");
  });

  test("a rule about the run as a whole holds it for a person", async () => {
    await setRule("gate: {preset: observe, rules: [{name: few, block: measured < 2}]}\n");
    const run = await app.finish(await app.open(), MORE);
    await expect(surface(run)).toMatchFileSnapshot(golden("held"));
  });

  test("strict: a run that could not measure waits for a person", async () => {
    await setRule("gate: strict\n");
    const pull = await app.open();
    (await app.nextCollect()).fail(new Error("the machine went away"));
    const run = await app.over(pull.headSha);
    expect(run.conclusion).toBe("action_required");
    expect(run.summary).toContain("a run that could not measure holds the merge");
  });

  test("what is measured, within what the operator allows", async () => {
    await setRule(`packages: ["./journal/..."]
benchmarks: {exclude: ["*Slow*"]}
budget: 1h
cells: {env: [{}, {GOGC: 50}]}
`);
    const pull = await app.open();
    const { plan, fail } = await app.nextCollect();
    expect(plan).toMatchObject({
      packages: ["./journal/..."],
      benchmarks: { exclude: ["*Slow*"] },
      budgetSeconds: 480,
      cells: [{ id: "local" }, { id: "local GOGC=50", env: { GOGC: "50" } }],
    });
    fail(new Error("not now"));
    await app.over(pull.headSha);
  });

  test("a pull request that waits for a label is measured once it has it", async () => {
    await setRule("triggers: {labels: [perf]}\n");
    const pull = await app.open();
    const waiting = await app.over(pull.headSha);
    await expect(surface(waiting)).toMatchFileSnapshot(golden("waits-for-label"));
    await app.fake.label(pull, "documentation");
    await app.logged(({ note }) => /is the answer already/.test(String(note)));
    await app.fake.label(pull, "perf");
    (await app.nextCollect()).succeed(MORE);
    await app.over(pull.headSha, ({ conclusion }) => conclusion === "failure");
  });

  test("a label begins a head that nobody told of, and none after the end", async () => {
    await setRule("triggers: {labels: [perf]}\n");
    const { webhookUrl } = app.fake;
    app.fake.webhookUrl = undefined;
    const pulls = [await app.open(), await app.open()] as const;
    app.fake.webhookUrl = webhookUrl;
    await app.fake.closePullRequest(pulls[1]);
    await app.fake.label(pulls[1], "perf");
    await app.logged(({ note }) => /a label after the end/.test(String(note)));
    await app.fake.label(pulls[0], "perf");
    const { plan, succeed } = await app.nextCollect();
    expect(plan.head).toBe(pulls[0].headSha);
    succeed(MORE);
    await app.over(pulls[0].headSha);
  });

  test("a pull request that changes none of the paths waits for somebody to ask", async () => {
    await setRule('triggers: {paths: ["journal/**"]}\n');
    const elsewhere = await app.open({ change: { files: code } });
    const waiting = await app.over(elsewhere.headSha);
    expect(waiting.title).toBe("Skipped: waits for somebody to ask");
    expect(waiting.summary).toContain("a change of `journal/**`");
    const pull = await app.open();
    (await app.nextCollect()).fail(new Error("not now"));
    await app.over(pull.headSha, ({ conclusion }) => conclusion === "neutral");
  });

  test("a draft is left out until it is ready", async () => {
    await setRule("drafts: false\n");
    const pull = await app.open({ draft: true });
    expect(await app.over(pull.headSha)).toMatchObject({ title: "Skipped: a draft" });
    await app.fake.markReady(pull);
    (await app.nextCollect()).fail(new Error("not now"));
    await app.over(pull.headSha, ({ conclusion }) => conclusion === "neutral");
  });

  test("mistakes hold every pull request, but for the one that mends them", async () => {
    await setRule("gate: carefull\ntreshold: {}\n");
    const pull = await app.open();
    const run = await app.over(pull.headSha);
    await expect(surface(run)).toMatchFileSnapshot(golden("mistakes-on-base"));
    const mending = await app.open({ change: withConfig("gate: observe\n", code) });
    (await app.nextCollect()).succeed(MORE);
    const mended = await app.over(mending.headSha);
    expect(mended.conclusion).toBe("failure");
    expect(mended.summary).toContain("This run would conclude neutral");
  });
});

describe("a change of the file", () => {
  test("with mistakes is answered at their lines, before anything runs", async () => {
    await setRule("gate: careful\n");
    const text = "gate:\n  preset: careful\n  rules:\n    - name: tail\n      block: p95 > 5%\n";
    const pull = await app.open({ change: withConfig(text, code) });
    const run = await app.over(pull.headSha);
    await expect(surface(run)).toMatchFileSnapshot(golden("mistakes-on-head"));
  });

  test("is judged by the rule of the base, and shows what its own would say", async () => {
    await setRule("gate: careful\n");
    const text = 'gate: observe\npaths: ["**"]\n';
    const pull = await app.open({ change: withConfig(text, code) });
    const run = await app.finish(pull, MORE);
    await expect(surface(run)).toMatchFileSnapshot(golden("preview"));
  });

  test("from a fork is read, and its code waits all the same", async () => {
    await setRule("gate: careful\n");
    const fork = { fromFork: true, author: "stranger" };
    const broken = await app.open({ ...fork, change: withConfig("gate: [", code) });
    expect((await app.over(broken.headSha)).title).toContain("Configuration: 1 mistake");
    const right = await app.open({ ...fork, change: withConfig("gate: observe\n", code) });
    const run = await app.over(right.headSha);
    expect(run.title).toBe("Waiting: this code comes from a fork");
    expect(run.summary).toContain("counts from the merge on");
  });

  test("alone is said to be right", async () => {
    await setRule("gate: careful\n");
    const pull = await app.open({ change: withConfig("gate: strict\n") });
    const run = await app.over(pull.headSha);
    await expect(surface(run)).toMatchFileSnapshot(golden("right-and-alone"));
  });

  test("that takes it away is previewed by what counts without it", async () => {
    await setRule("gate: strict\n");
    const files = async (tree: string) => {
      await code(tree);
      await rm(join(tree, ".github"), { recursive: true });
    };
    const pull = await app.open({ change: { files } });
    const run = await app.finish(pull, MORE);
    // The organization's file says observe.
    expect(run.conclusion).toBe("failure");
    expect(run.summary).toContain("This run would conclude neutral");
  });
});

test("asking wins over triggers, and never over the team's word on forks", async () => {
  await setRule("triggers: command\nforks: skip\n");
  const pull = await app.open();
  const skipped = await app.over(pull.headSha);
  expect(skipped.title).toBe("Skipped: waits for somebody to ask");
  await app.fake.press(skipped, "rerun");
  (await app.nextCollect()).succeed(MORE);
  await app.over(pull.headSha, ({ conclusion }) => conclusion === "failure");
  const fork = await app.open({ fromFork: true, author: "newcomer" });
  const left = await app.over(fork.headSha);
  expect(left.title).toBe("Skipped: code from a fork is not run here");
});

test("a group of the merge queue is measured again where the rule changed meanwhile", async () => {
  await setRule("gate: observe\n");
  const pull = await app.open({ change: { patchFile: patch("escape") } });
  await app.finish(pull, MORE);
  await setRule("gate: careful\n");
  const group = await app.fake.queue(pull);
  (await app.nextCollect()).succeed(MORE);
  const run = await app.over(group.headSha);
  expect(run.conclusion).toBe("failure");
});
