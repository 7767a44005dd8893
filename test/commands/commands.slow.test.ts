// Every command and every button, end to end: a signed webhook in, what GitHub shows out.
import { readFileSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { UserError } from "../../src/errors.ts";
import type { CheckRun, Comment, PullRequest } from "../fake-github/model.ts";
import { allocationBundle } from "./allocation-bundle.ts";
import { patch, startTestApp, type TestApp } from "./test-app.ts";

let app: TestApp;

beforeAll(async () => {
  app = await startTestApp();
  app.fake.model.permissions.set("reader", "read");
});

afterEach(() => {
  expect(app.fake.violations).toEqual([]);
});

afterAll(() => app.close());

const DOCS = { change: { patchFile: patch("docs") } };
const DIFF = readFileSync(patch("escape"), "utf8");
const SLOWER = allocationBundle({ allocs: { base: 2, head: 3 }, diff: DIFF });

/** The comment, once Tailguard is done with it. */
async function say(pull: PullRequest, body: string, author = "gopher"): Promise<Comment> {
  const comment = await app.fake.comment(pull, body, author);
  const isDone = () => comment.reactions.some(({ content }) => content !== "eyes");
  return app.fake.model.until(
    () => (isDone() ? comment : undefined),
    60_000,
    () => `no receipt for ${body}`,
  );
}

const receipts = (comment: Comment) => comment.reactions.map(({ content }) => content);

/** What the App said in answer to the comment; empty when it said nothing. */
function answerTo(comment: Comment): string {
  const mark = `<!-- tailguard answer to comment ${comment.id} -->\n`;
  const answers = app.fake.model
    .commentsOf(comment.pullRequest)
    .filter(({ body }) => body.startsWith(mark));
  expect(answers.length).toBeLessThanOrEqual(1);
  return answers[0]?.body.slice(mark.length) ?? "";
}

/** All check runs of a head, by name, as they ended. */
function endings(headSha: string): string[] {
  return app.fake.model
    .checkRunsAt(app.repository, headSha)
    .map((run) => `${run.name}: ${run.conclusion ?? run.status}`);
}

const newer =
  (...older: readonly CheckRun[]) =>
  (run: CheckRun) =>
    !older.some(({ id }) => id === run.id);

describe("help and misunderstandings", () => {
  test("help is for everybody, and says who may do what", async () => {
    const pull = await app.open(DOCS);
    const asked = await say(pull, "/tailguard help", "stranger");
    expect(receipts(asked)).toEqual(["eyes", "+1"]);
    await expect(`${answerTo(asked)}\n`).toMatchFileSnapshot("../testdata/answers/help.md");
  });

  test("what is not understood is said, and nothing is done", async () => {
    const pull = await app.open(DOCS);
    await app.over(pull.headSha);
    const asked = await say(pull, "/tailguard runn");
    expect(receipts(asked)).toEqual(["eyes", "confused"]);
    expect(answerTo(asked)).toBe(
      "That was not understood: there is no command of that name; did you mean `run`? `/tailguard help` lists what can be asked.",
    );
    expect(endings(pull.headSha)).toEqual(["Tailguard: skipped"]);
  });

  test("code, quotes, bots and edits give no command", async () => {
    const pull = await app.open(DOCS);
    const silent = [
      await app.fake.comment(pull, "```\n/tailguard help\n```"),
      await app.fake.comment(pull, "> /tailguard help"),
      await app.fake.comment(pull, "/tailguard help", "dependabot[bot]"),
      await app.fake.comment(pull, "Looks good."),
    ];
    await app.fake.editComment(silent[3] as Comment, "/tailguard help");
    await say(pull, "/tailguard help");
    expect(silent.flatMap(receipts)).toEqual([]);
  });

  test("people without write access may ask and explain, not decide", async () => {
    const pull = await app.open(DOCS);
    await app.over(pull.headSha);
    for (const author of ["reader", "stranger"]) {
      for (const command of ["run", "rerun", "cancel", "calibrate", 'accept A "b"']) {
        const asked = await say(pull, `/tailguard ${command}`, author);
        expect(receipts(asked)).toEqual(["eyes", "confused"]);
        expect(answerTo(asked)).toBe("");
      }
    }
    expect(endings(pull.headSha)).toEqual(["Tailguard: skipped"]);
    const explained = await say(pull, "/tailguard explain Parse", "stranger");
    expect(answerTo(explained)).toContain("There is no result yet");
  });
});

describe("running", () => {
  test("run and rerun measure the newest commit again", async () => {
    const pull = await app.open(DOCS);
    const first = await app.over(pull.headSha);
    expect(receipts(await say(pull, "/tailguard run"))).toEqual(["eyes", "+1"]);
    const second = await app.over(pull.headSha, newer(first));
    await say(pull, "/tailguard rerun");
    await app.over(pull.headSha, newer(first, second));
    expect(endings(pull.headSha)).toEqual(Array(3).fill("Tailguard: skipped"));
  });

  test("the button does so too, and not for those who may not", async () => {
    const pull = await app.open(DOCS);
    const first = await app.over(pull.headSha);
    await app.fake.press(first, "rerun", "reader");
    await app.logged((line) => line.msg === "decided" && line.reaction === "confused");
    await app.fake.press(first, "rerun");
    await app.over(pull.headSha, newer(first));
    expect(endings(pull.headSha)).toHaveLength(2);
  });

  test("run with options is a run of its own, that decides nothing", async () => {
    const pull = await app.open({ change: { patchFile: patch("refactor") } });
    (await app.nextCollect()).fail(new UserError("TG_NO_GO_MODULE", "No.", { hint: "Add one." }));
    await app.over(pull.headSha);
    const asked = await say(
      pull,
      "/tailguard run --bench ^BenchmarkRead$ --package ./journal/... --budget 20s",
    );
    expect(receipts(asked)).toEqual(["eyes", "+1"]);
    const call = await app.nextCollect();
    expect(call.plan).toMatchObject({
      base: pull.baseSha,
      head: pull.headSha,
      benchPattern: "^BenchmarkRead$",
      packages: ["./journal/..."],
      budgetSeconds: 20,
      trust: "trusted",
    });
    call.fail(new UserError("TG_NO_GO_MODULE", "No.", { hint: "Add one." }));
    await app.over(pull.headSha, (run) => run.name === "Tailguard (asked)");
    expect(endings(pull.headSha)).toEqual(["Tailguard: neutral", "Tailguard (asked): neutral"]);
    const said = app.fake.model.commentsOf(pull).at(-1);
    expect(said?.body).toContain("**Could not measure**");
    expect(said?.body).toContain("`--bench ^BenchmarkRead$` `--package ./journal/...`");
  });

  test("run --vs takes another base, sandboxed, and says so when there is none", async () => {
    const other = await app.open({ branch: "release-1", ...DOCS });
    const pull = await app.open({ change: { patchFile: patch("refactor") } });
    (await app.nextCollect()).fail(new Error("not now"));
    await app.over(pull.headSha);
    await say(pull, "/tailguard run --vs release-1");
    const call = await app.nextCollect();
    expect(call.plan).toMatchObject({
      base: other.headSha,
      head: pull.headSha,
      trust: "untrusted",
    });
    call.fail(new Error("not now"));
    await app.over(pull.headSha, (run) => run.name === "Tailguard (asked)");
    const asked = await say(pull, "/tailguard run --vs no-such-branch");
    expect(receipts(asked)).toEqual(["eyes", "confused"]);
    expect(answerTo(asked)).toBe("`no-such-branch` names no commit of this repository.");
  });

  test("cancel stops what is under way", async () => {
    const pull = await app.open();
    const call = await app.nextCollect();
    const stopped = new Promise((resolve) =>
      call.options.signal.addEventListener("abort", resolve),
    );
    await say(pull, "/tailguard cancel");
    await stopped;
    const run = await app.over(pull.headSha);
    expect(run).toMatchObject({ conclusion: "cancelled", summary: "gopher cancelled this run." });
    const again = await say(pull, "/tailguard cancel");
    expect(answerTo(again)).toBe("Nothing is under way.");
  });

  test("nothing is measured of a pull request that is closed", async () => {
    const pull = await app.open(DOCS);
    await app.over(pull.headSha);
    await app.fake.closePullRequest(pull);
    const asked = await say(pull, "/tailguard run");
    expect(answerTo(asked)).toContain("closed");
    expect(endings(pull.headSha)).toHaveLength(1);
  });
});

describe("a fork's code", () => {
  const openFork = () =>
    app.open({ fromFork: true, author: "stranger", change: { patchFile: patch("refactor") } });
  const end = async (headSha: string, held: CheckRun) => {
    const call = await app.nextCollect();
    expect(call.plan).toMatchObject({ head: headSha, trust: "untrusted" });
    call.fail(new Error("not now"));
    return app.over(headSha, newer(held));
  };

  test("runs by a command that names the commit, and by no other word", async () => {
    const pull = await openFork();
    const held = await app.over(pull.headSha);
    expect(held).toMatchObject({ conclusion: "action_required" });
    expect(answerTo(await say(pull, "/tailguard run"))).toBe(
      `The code comes from a fork and runs once somebody has looked at it: read the change, then say \`/tailguard approve ${pull.headSha.slice(0, 12)}\`.`,
    );
    const own = await say(pull, `/tailguard approve ${pull.headSha}`, "stranger");
    expect(receipts(own)).toEqual(["eyes", "confused"]);
    const wrong = await say(pull, `/tailguard approve ${"0".repeat(12)}`);
    expect(answerTo(wrong)).toContain(
      `The newest commit is \`${pull.headSha.slice(0, 12)}\` by now`,
    );
    await say(pull, `/tailguard approve ${pull.headSha.slice(0, 10)}`);
    const measured = await end(pull.headSha, held);
    // Who let it run has let it run again, until the next push.
    await say(pull, "/tailguard run --bench Read");
    (await app.nextCollect()).fail(new Error("not now"));
    await app.over(pull.headSha, newer(held, measured));
    await push(pull);
    expect(await app.over(pull.headSha)).toMatchObject({ conclusion: "action_required" });
  });

  test("runs by the button, for people with write access", async () => {
    const pull = await openFork();
    const held = await app.over(pull.headSha);
    expect(held.actions.map(({ label }) => label)).toEqual(["Approve code"]);
    await app.fake.press(held, "approve", "reader");
    await app.fake.press(held, "approve");
    await end(pull.headSha, held);
    expect(endings(pull.headSha)).toEqual(["Tailguard: action_required", "Tailguard: neutral"]);
  });

  test("that comes from the repository itself needs no approval", async () => {
    const pull = await app.open(DOCS);
    const asked = await say(pull, `/tailguard approve ${pull.headSha}`);
    expect(answerTo(asked)).toContain("nobody has to approve it");
  });
});

describe("accepting and explaining", () => {
  test("by a command: judged again, shown with who and why, and over without a word", async () => {
    const pull = await app.open();
    const first = await app.finish(pull, SLOWER);
    expect(first).toMatchObject({ conclusion: "failure" });
    expect(first.actions.map(({ label }) => label)).toEqual(["Run again", "Accept"]);
    const wrong = await say(pull, '/tailguard accept Nothing "x"');
    expect(answerTo(wrong)).toBe(
      "No benchmark of the last run is named `Nothing`. There are:\n\n- `ParseLine`",
    );
    const asked = await say(pull, '/tailguard accept ParseLine "@octocat wants <b>it</b>"');
    expect(receipts(asked)).toEqual(["eyes", "+1"]);
    expect(answerTo(asked).replace(/20\d\d-\d\d-\d\d/, "DAY")).toBe(
      "Accepted by gopher for this pull request, until DAY: @&#8203;octocat wants &lt;b&gt;it&lt;/b&gt;\n\n- `ParseLine` allocs/op +50.0 %\n\nShould it get worse than now, it counts again.",
    );
    const second = await app.over(pull.headSha, newer(first));
    expect(second).toMatchObject({ conclusion: "neutral", name: "Tailguard" });
    expect(second.summary).toContain("1 is accepted");
    const [sticky, ...rest] = app.fake.model
      .commentsOf(pull)
      .filter(({ author }) => author !== "gopher");
    expect(sticky?.body).toContain("Regression, accepted");
    expect(rest.map(({ body }) => body).join()).not.toContain("Fixed");
    const again = await say(pull, '/tailguard accept ParseLine "again"');
    expect(answerTo(again)).toContain("nothing has to be accepted");
    const explained = await say(pull, "/tailguard explain ParseLine");
    expect(answerTo(explained)).toContain("accepted by gopher until");
    expect(answerTo(explained)).toContain("moved to heap: text");
    // A push that makes it worse has outgrown what was accepted.
    await push(pull);
    const worse = await app.finish(pull, allocationBundle({ allocs: { base: 2, head: 4 } }));
    expect(worse).toMatchObject({ conclusion: "failure" });
    expect(app.fake.model.commentsOf(pull).at(-1)?.body).toContain("Regressed since");
  });

  test("by the button: whatever stops the merge at this commit", async () => {
    const pull = await app.open();
    const first = await app.finish(pull, SLOWER);
    await app.fake.press(first, "accept");
    const second = await app.over(pull.headSha, newer(first));
    expect(second).toMatchObject({ conclusion: "neutral" });
    expect(app.fake.model.commentsOf(pull).at(-1)?.body).toContain("no reason given");
  });
});

describe("whatever fails", () => {
  test("an answer whose echo is lost is given once, and a request survives a restart", async () => {
    const pull = await app.open(DOCS);
    const lost = { operation: "issues/create-comment", when: "after", times: 1 } as const;
    app.fake.faults.push({ ...lost, answer: { status: 502 } });
    const asked = await app.fake.comment(pull, "/tailguard help");
    await app.logged((line) => line.msg === "decided" && line.request === `comment ${asked.id}`);
    await app.restart();
    await app.fake.model.until(
      () => asked.reactions.find(({ content }) => content === "+1"),
      60_000,
      () => "no receipt",
    );
    expect(answerTo(asked)).toContain("/tailguard run");
  });

  test("a redelivered comment is one request", async () => {
    const pull = await app.open(DOCS);
    const first = await app.over(pull.headSha);
    const asked = await say(pull, "/tailguard run");
    const [delivery] = app.fake.deliveries
      .filter(({ event }) => event === "issue_comment")
      .slice(-1);
    if (delivery === undefined) throw new Error("nothing was sent");
    await app.fake.sendAgain(delivery);
    await app.over(pull.headSha, newer(first));
    await say(pull, "/tailguard help");
    expect(endings(pull.headSha)).toHaveLength(2);
    expect(receipts(asked)).toEqual(["eyes", "+1"]);
  });

  test("words end where they would be spam", async () => {
    const pull = await app.open(DOCS);
    for (let at = 0; at < 22; at++) await say(pull, "/tailguard help", "stranger");
    const answers = app.fake.model.commentsOf(pull).filter(({ author }) => author !== "stranger");
    expect(answers).toHaveLength(20);
  });
});

let pushes = 0;
async function push(pull: PullRequest): Promise<void> {
  const name = `more${++pushes}.go`;
  const files = (tree: string) => writeFile(join(tree, name), "package ledger\n");
  await app.fake.push(pull, { title: `More ${pushes}`, change: { files } });
}
