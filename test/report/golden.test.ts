// What people see, for every case, as files that can be read in a review.
import { describe, expect, test } from "vitest";
import { renderCheckRun } from "../../src/report/check-run.ts";
import { type CheckRunDraft, checkRunDraftSchema } from "../../src/report/check-run-draft.ts";
import { renderConversation } from "../../src/report/conversation.ts";
import { type Conversation, conversationSchema } from "../../src/report/conversation-draft.ts";
import { renderHtml } from "../../src/report/html.ts";
import { renderMarkdown } from "../../src/report/markdown.ts";
import { renderTerminal } from "../../src/report/terminal.ts";
import { readTemplates } from "../../src/templates.ts";
import { CASES, goldenFile } from "./read-case.ts";

const templates = readTemplates();
const detailsUrl = "https://tailguard.example.com/runs/1";

/** The style sheet has its own file; here it would hide the page. */
function withoutStyle(html: string): string {
  return html
    .replace(/<style>[\s\S]*?<\/style>/, "<style></style>")
    .replace(/sha256-[A-Za-z0-9+/=]+/, "sha256-…");
}

/** Texts as lists of lines: one string of 20,000 characters cannot be reviewed. */
function readable(draft: CheckRunDraft): string {
  const lines = (text: string | undefined) => text?.split("\n");
  const { output, ...rest } = draft;
  const annotations = output.annotations?.map((annotation) => ({
    ...annotation,
    message: lines(annotation.message),
  }));
  return `${JSON.stringify(
    {
      ...rest,
      output: { ...output, summary: lines(output.summary), text: lines(output.text), annotations },
    },
    null,
    2,
  )}\n`;
}

/** What GitHub would show, one part after the other. */
function conversationText({ review, ...said }: Conversation): string {
  const parts = [
    ["sticky comment", said.sticky],
    ["short comment, first slower", said.slower],
    ["short comment, fixed", said.fixed],
    ...(review === undefined ? [] : [["review", review.body] as const]),
    ...(review?.comments ?? []).map(({ path, line, body }) => [`${path}:${line}`, body] as const),
  ];
  const undecided = said.undecided === "all" ? "all" : said.undecided.length;
  const counts = `${said.regressed.length} metrics regressed, ${undecided} undecided`;
  return `${parts.map(([name, text]) => `===== ${name} =====\n\n${text}`).join("\n")}\n===== ${counts} =====\n`;
}

describe.each(CASES)("$name", ({ name, report, findings, diff }) => {
  test("report.md", async () => {
    await expect(renderMarkdown({ report, templates })).toMatchFileSnapshot(
      goldenFile(name, "want.md"),
    );
  });
  test("report.html", async () => {
    await expect(withoutStyle(renderHtml({ report, templates }))).toMatchFileSnapshot(
      goldenFile(name, "want.html"),
    );
  });
  test("the terminal, 100 columns, no colors", async () => {
    await expect(renderTerminal({ report, color: false, width: 100 })).toMatchFileSnapshot(
      goldenFile(name, "want.txt"),
    );
  });
  test("the conversation", async () => {
    const conversation = renderConversation({ report, templates, diff, detailsUrl });
    expect(conversationSchema.parse(conversation)).toEqual(conversation);
    await expect(conversationText(conversation)).toMatchFileSnapshot(
      goldenFile(name, "want-conversation.md"),
    );
  });
  test("the check run", async () => {
    const draft = renderCheckRun({ report, findings, templates, diff, detailsUrl });
    expect(checkRunDraftSchema.parse(draft)).toEqual(draft);
    await expect(readable(draft)).toMatchFileSnapshot(goldenFile(name, "want-check-run.json"));
  });
});
