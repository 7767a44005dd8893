// report.md: the whole report, nothing cut and nothing folded, readable as text and on GitHub.
import { type Page, pageOf } from "./page.ts";
import type { Report } from "./report-schema.ts";
import type { Row } from "./rows.ts";
import type { SkippedGroup } from "./sections.ts";
import { renderTemplate, type TemplateTexts } from "./template-engine.ts";

/** What the Markdown partials need beside the page itself. */
function markdownContext(page: Page, detailsUrl: string) {
  return {
    ...page,
    skipped: page.skipped.map(countedGroup),
    changedReasons: withReasons(page.changed),
    restReasons: withReasons(page.rest),
    detailsUrl,
  };
}

/** Rows whose decision needs more than its word. */
export function withReasons(rows: readonly Row[]): readonly Row[] {
  return rows.filter(({ why }) => why !== "");
}

/** A group that says how many it has, also when its list is cut. */
export function countedGroup(group: SkippedGroup) {
  return { ...group, count: group.labels.length };
}

/** Blank lines that empty sections leave behind are collapsed; fenced text is left alone. */
export function tidyMarkdown(text: string): string {
  const tidied = text.replace(/^(`{3,})text\n[\s\S]*?\n\1$|\n{3,}/gm, (found) =>
    found.startsWith("\n") ? "\n\n" : found,
  );
  return `${tidied.trim()}\n`;
}

/** The full report as Markdown. */
export function renderMarkdown(input: {
  readonly report: Report;
  readonly templates: TemplateTexts;
}): string {
  const context = markdownContext(pageOf(input.report), "");
  return tidyMarkdown(renderTemplate(input.templates, "report", "md", context));
}
