// Whatever the stages before give: nothing of it becomes markup, a link, a mention or a control
// sequence, and no check run exceeds what GitHub takes.
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { buildReport } from "../../src/report/build-report.ts";
import { renderCheckRun } from "../../src/report/check-run.ts";
import { checkRunDraftSchema } from "../../src/report/check-run-draft.ts";
import { renderHtml } from "../../src/report/html.ts";
import { OUTPUT_AIM, sizeOf } from "../../src/report/limits.ts";
import { renderMarkdown } from "../../src/report/markdown.ts";
import { renderTerminal } from "../../src/report/terminal.ts";
import { readTemplates } from "../../src/templates.ts";
import { renderMarkdown as asGitHubShows } from "../fake-github/markdown.ts";
import { anyInput } from "./make-report.ts";
import { CASES } from "./read-case.ts";

const templates = readTemplates();

/** Our own tags, and "<" before a number or a space, which is no tag. */
const RAW_TAG = /<(?!\/?(?:code|details|summary)>|[\d ])/;

/** Fenced blocks hold text as it is: GitHub shows it and reads nothing in it. */
function outsideFences(markdown: string): string {
  return markdown.replace(/^(`{3,})text\n[\s\S]*?\n\1$/gm, "");
}

function checkMarkdown(markdown: string): void {
  const prose = outsideFences(markdown);
  expect(prose).not.toMatch(RAW_TAG);
  expect(prose).not.toMatch(/@(?!&#8203;)[A-Za-z0-9]/);
  expect(markdown.replaceAll("\n", "")).not.toMatch(/[\p{Cc}\p{Bidi_Control}]/u);
  const { html } = asGitHubShows(markdown, "check");
  expect(html).not.toMatch(/<(img|input|video)\b|user-mention/);
  for (const [, href, text = ""] of html.matchAll(/<a href="([^"]*)">([\s\S]*?)<\/a>/g)) {
    // GitHub links bare addresses only with a scheme or "www."; this renderer links more.
    const isBareHost = href === `http://${text}` && !/^(\w+:|www\.)/i.test(text);
    if (!isBareHost) expect(href).toBe("https://tailguard.example.com/runs/1");
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
