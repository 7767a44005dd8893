// Prints a report in the form the caller asked for.
import { renderMarkdown } from "../report/markdown.ts";
import type { Report } from "../report/report-schema.ts";
import type { TemplateTexts } from "../report/template-engine.ts";
import { renderTerminal } from "../report/terminal.ts";

export type OutputFormat = "text" | "md" | "json";

/** Lines wider than this are hard to read, on whatever terminal. */
const MAX_WIDTH = 110;

/** Writes the report to stdout; colors only for a terminal that wants them (NO_COLOR). */
export function printReport(report: Report, format: OutputFormat, templates: TemplateTexts): void {
  process.stdout.write(`${textOf(report, format, templates).trimEnd()}\n`);
}

function textOf(report: Report, format: OutputFormat, templates: TemplateTexts): string {
  switch (format) {
    case "json":
      return JSON.stringify(report, null, 2);
    case "md":
      return renderMarkdown({ report, templates });
    case "text": {
      const color = process.stdout.isTTY === true && !process.env.NO_COLOR;
      const width = Math.min(MAX_WIDTH, process.stdout.columns ?? 100);
      return renderTerminal({ report, color, width });
    }
  }
}
