import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type CheckRunDraft, checkRunDraftSchema } from "../../src/report/check-run-draft.ts";
import {
  cancelledDraft,
  failureOfOursDraft,
  holdDraft,
  progressDraft,
  queuedDraft,
  skippedDraft,
} from "../../src/report/status-drafts.ts";
import { hostileText } from "./hostile.ts";

function check(draft: CheckRunDraft, title: string, state: string) {
  expect(checkRunDraftSchema.parse(draft)).toEqual(draft);
  expect(draft.output.title).toBe(title);
  expect(draft.status === "completed" ? draft.conclusion : draft.status).toBe(state);
}

describe("a run without a report", () => {
  test("waits", () => check(queuedDraft(), "Queued", "queued"));
  test("is superseded", () => check(cancelledDraft(), "Cancelled", "cancelled"));
  test("is skipped, once said", () => {
    const reason = "Only documentation changed.";
    check(
      skippedDraft({ title: "no Go file changed", reason }),
      "Skipped: no Go file changed",
      "skipped",
    );
    check(
      skippedDraft({ title: "Skipped: no Go file changed", reason }),
      "Skipped: no Go file changed",
      "skipped",
    );
  });
  test("fails on our side, which is no regression", () => {
    const draft = failureOfOursDraft({ reason: "The runner was lost.", id: "run-7" });
    check(draft, "Could not measure", "neutral");
    expect(draft.output.summary).toContain("not of the change: it says nothing about speed");
    expect(draft.output.summary).toContain("run-7");
  });
});

test("what source and compiler say stands below the progress, escaped", () => {
  const forecast = ["`skip` at a.go:14 is no longer inlined", "<b>@team</b>"];
  const { output } = progressDraft({ stage: "measure", done: 0, total: 0, text: "", forecast });
  expect(output.summary).toContain("### Before any benchmark has run, source and compiler say");
  expect(output.summary).toContain("- `skip` at a.go:14 is no longer inlined");
  expect(output.summary).not.toMatch(/<b>|@team/);
  const long = Array.from({ length: 20 }, () => "x".repeat(500));
  const draft = progressDraft({ stage: "measure", done: 0, total: 0, text: "", forecast: long });
  expect(checkRunDraftSchema.parse(draft)).toEqual(draft);
});

test("progress shows what is done, what is being done and how far it is", () => {
  const draft = progressDraft({ stage: "measure", done: 12, total: 40, text: "Parse/large" });
  check(draft, "Measure pairs (12 of 40)", "in_progress");
  expect(draft.output.summary).toBe(
    [
      "- [x] Check out base and head",
      "- [x] Build both sides",
      "- [ ] **Measure pairs** (12 of 40)",
      "- [ ] Profile suspects",
      "- [ ] Analyze",
      "",
      "Now: Parse/large",
    ].join("\n"),
  );
});

test("no text makes a draft that GitHub refuses", () => {
  fc.assert(
    fc.property(hostileText, hostileText, (title, reason) => {
      const long = reason.repeat(500);
      const drafts = [
        skippedDraft({ title, reason: long }),
        failureOfOursDraft({ reason: long, id: title }),
        progressDraft({ stage: "build", done: 0, total: 0, text: long }),
      ];
      for (const draft of drafts) {
        checkRunDraftSchema.parse(draft);
        expect(draft.output.summary).not.toMatch(/<(?!\/?code>)[a-z!/]|@[a-z]/i);
      }
    }),
  );
});

describe("what GitHub would refuse, or take and never complete", () => {
  const output = { title: "t", summary: "s" };
  test.each([
    ["completed without a conclusion", { status: "completed", output }],
    ["a conclusion before the end", { status: "queued", conclusion: "success", output }],
    ["an empty title", { status: "queued", output: { ...output, title: "" } }],
    ["a long summary", { status: "queued", output: { ...output, summary: "é".repeat(32_768) } }],
    ["an unknown field", { status: "queued", output, bogus: 1 }],
  ])("%s", (_, draft) => {
    expect(checkRunDraftSchema.safeParse(draft).success).toBe(false);
  });
});

test("what waits for a person blocks and says what to do", () => {
  const draft = holdDraft({
    title: "Waiting: this code comes from a fork",
    reason: "Press Re-run.",
  });
  expect(draft).toMatchObject({ status: "completed", conclusion: "action_required" });
  expect(draft.output.summary).toContain("Press Re-run.");
});
