// The folded part of a check run: every section is written as long as the room that is left allows
// and cut at a row, so that a long table never pushes the next section out completely.
import { fitRows, OUTPUT_AIM, sizeOf } from "./limits.ts";
import { countedGroup, tidyMarkdown, withReasons } from "./markdown.ts";
import type { Page } from "./page.ts";
import type { Row } from "./rows.ts";
import type { SkippedGroup } from "./sections.ts";
import { renderTemplate, type TemplateTexts } from "./template-engine.ts";

/** What a section needs for its frame, its headings and "N more rows". */
const FRAME_MAX = 2_000;

type Section = {
  readonly title: string;
  /** How many rows there are; the section is left out when there are none. */
  readonly total: number;
  readonly template: string;
  readonly context: (count: number) => object;
};

function rowsSection(title: string, page: Page, rows: readonly Row[]): Section {
  return {
    title: `${title} (${rows.length})`,
    total: rows.length,
    template: "rows",
    context: (count) => {
      const shown = rows.slice(0, count);
      return {
        level: page.level,
        rows: shown,
        reasons: withReasons(shown),
        more: rows.length - count,
      };
    },
  };
}

/** The first `count` names over all groups; a group without a name left is not shown. */
function firstNames(groups: readonly SkippedGroup[], count: number) {
  let left = count;
  return groups.flatMap((group) => {
    const labels = group.labels.slice(0, left);
    left -= labels.length;
    return labels.length === 0 ? [] : [{ ...countedGroup(group), labels }];
  });
}

function sectionsOf(page: Page, causesShown: number): readonly Section[] {
  const causes = page.causes.slice(causesShown);
  const names = page.skipped.reduce((sum, { labels }) => sum + labels.length, 0);
  const lines = (title: string, all: readonly string[]): Section => ({
    title,
    total: all.length,
    template: "lines",
    context: (count) => ({ lines: all.slice(0, count), more: all.length - count }),
  });
  const sections: readonly Section[] = [
    rowsSection("What changed, and why it was decided so", page, page.changed),
    {
      title: `More causes (${causes.length})`,
      total: causes.length,
      template: "causes",
      context: (count) => ({ causes: causes.slice(0, count), more: causes.length - count }),
    },
    {
      title: `Where the CPU time went (${page.ledgers.length})`,
      total: page.ledgers.length,
      template: "ledgers",
      context: (count) => ({
        ledgers: page.ledgers.slice(0, count),
        more: page.ledgers.length - count,
      }),
    },
    {
      title: `What was not measured (${names})`,
      total: names,
      template: "skipped",
      context: (count) => ({ groups: firstNames(page.skipped, count), more: names - count }),
    },
    lines(`By percentile, and what the Go runtime did (${page.behind.length})`, page.behind),
    rowsSection("Everything else measured, with what it could have hidden", page, page.rest),
    lines("What source and compiler say", page.isMeasured ? page.source : []),
    lines("Limits of this run", page.degraded),
    lines("Conditions", page.conditions),
    {
      title: "Repeat it",
      total: 1,
      template: "repeat",
      context: () => ({ repeat: page.repeat }),
    },
  ];
  return sections.filter(({ total }) => total > 0);
}

/** Markdown for `output.text`, at most `OUTPUT_AIM` bytes. */
export function foldedSections(input: {
  readonly page: Page;
  readonly templates: TemplateTexts;
  readonly detailsUrl: string;
  /** Causes the summary already shows. */
  readonly causesShown: number;
}): string {
  const { page, templates, detailsUrl } = input;
  const sections = sectionsOf(page, input.causesShown);
  let left = OUTPUT_AIM;
  const written = sections.map((section, at) => {
    const room = left - FRAME_MAX * (sections.length - 1 - at);
    const text = fitRows(
      (count) => {
        const context = { ...section.context(count), detailsUrl };
        const body = renderTemplate(templates, section.template, "md", context).trim();
        return renderTemplate(templates, "details", "md", { title: section.title, body });
      },
      section.total,
      room,
    );
    left -= sizeOf(text);
    return text;
  });
  return tidyMarkdown(written.join("\n"));
}
