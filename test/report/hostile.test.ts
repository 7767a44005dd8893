// Whatever the stages before give: nothing of it becomes markup, a link, a mention or a control
// sequence, and no check run exceeds what GitHub takes.
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { buildReport } from "../../src/report/build-report.ts";
import { renderCheckRun } from "../../src/report/check-run.ts";
import { checkRunDraftSchema } from "../../src/report/check-run-draft.ts";
import { renderConversation, statusConversation } from "../../src/report/conversation.ts";
import { renderHtml } from "../../src/report/html.ts";
import { COMMENT_AIM, OUTPUT_AIM, sizeOf } from "../../src/report/limits.ts";
import { renderMarkdown } from "../../src/report/markdown.ts";
import { skippedDraft } from "../../src/report/status-drafts.ts";
import { renderTerminal } from "../../src/report/terminal.ts";
import { readTemplates } from "../../src/templates.ts";
import { checkMarkdown } from "./check-markdown.ts";
import { HOSTILE_NAMES } from "./hostile.ts";
import { anyInput, metric, reportOf } from "./make-report.ts";
import { CASES } from "./read-case.ts";

const templates = readTemplates();

function checkConversation(conversation: ReturnType<typeof renderConversation>): void {
  const { sticky, slower, fixed, review } = conversation;
  const remarks = review?.comments.map(({ body }) => body) ?? [];
  for (const text of [sticky, slower, fixed, review?.body ?? "", ...remarks]) {
    expect(sizeOf(text)).toBeLessThanOrEqual(COMMENT_AIM);
    checkMarkdown(text, "comment");
  }
}

function checkAll(input: Parameters<typeof buildReport>[0] & { readonly diff: string }): void {
  const report = buildReport(input);
  const { findings, diff } = input;
  const draft = renderCheckRun({
    report,
    findings,
    templates,
    diff,
    detailsUrl: "https://tailguard.example.com/runs/1",
  });
  checkRunDraftSchema.parse(draft);
  for (const text of [draft.output.summary, draft.output.text ?? ""]) {
    expect(sizeOf(text)).toBeLessThanOrEqual(OUTPUT_AIM);
    checkMarkdown(text);
  }
  checkMarkdown(renderMarkdown({ report, templates }));
  const detailsUrl = "https://tailguard.example.com/runs/1";
  checkConversation(renderConversation({ report, templates, diff, detailsUrl }));
  expect(renderTerminal({ report, color: false, width: 100 }).replaceAll("\n", "")).not.toMatch(
    /[\p{Cc}\p{Bidi_Control}]/u,
  );
  checkHtml(renderHtml({ report, templates }));
}

const TAGS =
  /^<\/?(?:a|article|b|body|circle|code|details|div|h[123]|head|header|html|i|li|line|main|meta|ol|p|path|pre|rect|section|span|style|summary|svg|table|tbody|td|th|thead|title|tr|ul|!doctype)\b/i;

function checkHtml(html: string): void {
  for (const [tag] of html.matchAll(/<[^\s>]*/g)) expect(tag).toMatch(TAGS);
  expect(html).not.toMatch(/<[^>]*\son\w+=|<[^>]*\s(?:style|src|href)=/i);
  expect(html.replaceAll("\n", "")).not.toMatch(/[\p{Cc}\p{Bidi_Control}]/u);
}

describe("nothing gets through", () => {
  test.each(CASES)("$name", (given) => checkAll(given));
  test("whatever the stages before give", () => {
    fc.assert(fc.property(anyInput, checkAll), { numRuns: 40 });
  });
});

/** A diff of one file that shows its first three lines. */
function diffOf(path: string): string {
  return `diff --git a/${path} b/${path}\n--- a/${path}\n+++ b/${path}\n@@ -1,2 +1,3 @@\n package m\n+// x\n \n`;
}

describe("in the conversation and the review", () => {
  test("there are more than fifty names", () => {
    expect(HOSTILE_NAMES.length).toBeGreaterThan(50);
  });

  test.each(HOSTILE_NAMES)("%j", (name) => {
    const file = `d/${name.replace(/[\r\n\0]/g, "")}.go`;
    const regressed = metric({
      change: 0.2,
      decision: "regressed",
      blocks: true,
      benchmark: { cell: "local", package: "example.com/m", name },
    });
    const cause = {
      benchmark: name,
      package: "example.com/m",
      metric: regressed.metric,
      function: name,
      position: { file, line: 2 },
      side: "head",
      kind: "code",
      chain: [name],
      proof: "static",
      text: name,
    } as const;
    const report = reportOf([regressed], { causes: [cause, { ...cause, kind: "inlining" }] });
    const said = renderConversation({
      report: { ...report, title: name, head: name },
      templates,
      diff: diffOf(file),
      detailsUrl: "https://tailguard.example.com/runs/1",
    });
    // A tab ends a name in a diff: nothing is found there, so nothing is anchored.
    const wanted = file.includes("	") ? [] : [file];
    expect((said.review?.comments ?? []).map(({ path }) => path)).toEqual(wanted);
    checkConversation(said);
    const draft = skippedDraft({ title: name, reason: name });
    const shared = { draft, templates, detailsUrl: "https://tailguard.example.com/runs/1" };
    checkConversation(statusConversation({ ...shared, head: name }));
  });
});
