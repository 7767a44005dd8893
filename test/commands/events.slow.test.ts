// Events of a pull request's life beside pushes: another base, drafts, bots, the merge queue.
import { mkdir, readdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { allocationBundle } from "./allocation-bundle.ts";
import { patch, startTestApp, type TestApp } from "./test-app.ts";

let app: TestApp;

beforeAll(async () => {
  app = await startTestApp({ DRAFTS: "skip", BOTS: "skip" });
});

afterEach(() => {
  expect(app.fake.violations).toEqual([]);
});

afterAll(() => app.close());

const DOCS = { change: { patchFile: patch("docs") } };
const MORE = allocationBundle({ allocs: { base: 2, head: 3 } });
const SAME = allocationBundle({ allocs: { base: 2, head: 2 } });
const write = (name: string, text: string) => ({
  files: (tree: string) => writeFile(join(tree, name), text),
});
const runsOf = (headSha: string) => app.fake.model.checkRunsAt(app.repository, headSha);
const dealtWith = (note: RegExp) =>
  app.logged((line) => line.msg === "dealt with a delivery" && note.test(String(line.note)));

test("another base is another comparison; another title is none", async () => {
  const other = await app.open({ branch: "release", ...DOCS });
  await app.over(other.headSha);
  const pull = await app.open();
  const first = await app.nextCollect();
  expect(first.plan.base).toBe(pull.baseSha);
  first.fail(new Error("not now"));
  await app.over(pull.headSha);
  await app.fake.edit(pull, { title: "Another title" });
  await dealtWith(/an edit that leaves the base/);
  expect(runsOf(pull.headSha)).toHaveLength(1);
  await app.fake.edit(pull, { base: "release" });
  const second = await app.nextCollect();
  second.fail(new Error("not now"));
  await app.over(pull.headSha, (run) => run.id !== runsOf(pull.headSha)[0]?.id);
  expect(runsOf(pull.headSha)).toHaveLength(2);
});

describe("left out by the settings", () => {
  test("a draft, until it is ready", async () => {
    const pull = await app.open({ draft: true });
    expect(await app.over(pull.headSha)).toMatchObject({ title: "Skipped: a draft" });
    await app.fake.markReady(pull);
    (await app.nextCollect()).fail(new Error("not now"));
    await app.over(pull.headSha, ({ conclusion }) => conclusion === "neutral");
    expect(runsOf(pull.headSha)).toHaveLength(2);
  });

  test("a bot's pull request, until somebody asks", async () => {
    const pull = await app.open({ author: "dependabot[bot]" });
    const left = await app.over(pull.headSha);
    expect(left).toMatchObject({ title: "Skipped: opened by a bot" });
    await app.fake.press(left, "rerun");
    (await app.nextCollect()).fail(new Error("not now"));
    await app.over(pull.headSha, ({ conclusion }) => conclusion === "neutral");
  });
});

test("a calibration measures the base against itself", async () => {
  const pull = await app.open(DOCS);
  await app.over(pull.headSha);
  await app.fake.comment(pull, "/tailguard calibrate");
  const { plan, fail } = await app.nextCollect();
  expect(plan).toMatchObject({ base: pull.baseSha, head: pull.baseSha, trial: { slowHeadBy: 0 } });
  fail(new Error("not now"));
  await app.over(pull.headSha, ({ name }) => name === "Tailguard (asked)");
});

test("closed cancels, reopened begins again", async () => {
  const pull = await app.open();
  await app.nextCollect();
  await app.fake.closePullRequest(pull);
  await app.over(pull.headSha, ({ conclusion }) => conclusion === "cancelled");
  await app.fake.reopen(pull);
  (await app.nextCollect()).fail(new Error("not now"));
  await app.over(pull.headSha, ({ conclusion }) => conclusion === "neutral");
});

describe("the merge queue", () => {
  test("takes a result over while nothing that matters moved, and measures otherwise", async () => {
    const pull = await app.open();
    await app.finish(pull, SAME);
    await app.fake.pushMain(app.repository, { title: "Docs", change: write("NEWS.md", "x\n") });
    const same = await app.fake.queue(pull);
    const taken = await app.over(same.headSha);
    expect(taken).toMatchObject({ name: "Tailguard", conclusion: "success" });
    expect(taken.summary).toContain(`Taken over from pull request ${pull.number}`);
    await app.fake.pushMain(app.repository, {
      title: "Code",
      change: write("more.go", "package ledger\n"),
    });
    const main = await app.nextCollect();
    main.fail(new Error("not now"));
    const moved = await app.fake.queue(pull);
    const call = await app.nextCollect();
    expect(call.plan).toMatchObject({
      base: moved.baseSha,
      head: moved.headSha,
      trust: "untrusted",
    });
    const stopped = new Promise((resolve) =>
      call.options.signal.addEventListener("abort", resolve),
    );
    await app.fake.leaveQueue(pull, moved);
    await stopped;
    expect(await app.over(moved.headSha)).toMatchObject({ conclusion: "cancelled" });
  });
});

describe("a repository under another name", () => {
  const asked = () => app.fake.requests.filter(({ path }) => path.includes("/repos/acme/ledger/"));
  const more = (number: number) => ({
    title: `More ${number}`,
    change: write(`more${number}.go`, "package ledger\n"),
  });

  test("keeps its runs, waivers and conversations", async () => {
    const calibrations = join(app.dataDir, "calibrations");
    await mkdir(calibrations);
    const calibration = { schema: "tailguard.calibration/1", machine: "none", cores: 1 };
    await writeFile(
      join(calibrations, "acme+ledger.json"),
      JSON.stringify({ ...calibration, trials: [], benchmarks: [] }),
    );
    const pull = await app.open();
    await app.finish(pull, MORE);
    await app.fake.comment(pull, '/tailguard accept ParseLine "agreed"');
    await app.over(pull.headSha, ({ conclusion }) => conclusion === "neutral");
    const opened = app.fake.deliveries.find(
      ({ event, payload }) => event === "pull_request" && payload.number === pull.number,
    );
    const other = await app.open();
    const underWay = await app.nextCollect();
    await app.fake.rename(app.repository, "acme/books");
    await dealtWith(/moved acme\/ledger; the repository is acme\/books/);
    expect(await readdir(calibrations)).toEqual(["acme+books.json"]);
    // What was under way is told of under the new name.
    const before = asked().length;
    underWay.succeed(MORE);
    await app.over(other.headSha, ({ conclusion }) => conclusion === "failure");
    await app.fake.push(pull, more(1));
    await app.finish(pull, MORE).then((run) => expect(run.title).toContain("accepted"));
    expect(app.fake.model.commentsOf(pull).filter(({ body }) => /###/.test(body))).toHaveLength(1);
    // A delivery of the old name comes late, and finds what came after it.
    if (opened !== undefined) await app.fake.sendAgain(opened);
    await dealtWith(/the pull request has changed since/);
    expect(asked()).toHaveLength(before);
  });

  test("is known by its number where nobody told of another owner", async () => {
    const pull = await app.open();
    await app.finish(pull, MORE);
    app.fake.model.rename(app.repository, "widgets/books");
    await app.fake.push(pull, more(2));
    await app.finish(pull, MORE);
    await dealtWith(/moved acme\/books; began run/);
    expect(app.fake.model.commentsOf(pull)).toHaveLength(1);
  });
});
