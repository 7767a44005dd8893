// report.html: one file that asks nothing of the network and runs no script. Its own policy says
// so: everything is forbidden but the one style sheet, named by its hash, so that the page stays
// inert wherever it is opened and whatever a name in it tries.

import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { visible } from "./escape.ts";
import { countBenchmarks } from "./headline.ts";
import { barExtent, barOf } from "./interval-bar.ts";
import { type Page, pageOf } from "./page.ts";
import type { Report } from "./report-schema.ts";
import { groupRows, type Row } from "./rows.ts";
import { renderTemplate, type TemplateTexts } from "./template-engine.ts";

const STYLE_FILES = ["report-page.css", "report-parts.css"];

/** How a row is colored: what blocks stands out from what only moved. */
function toneOf({ source }: Row): string {
  if (source.decision === "regressed") return source.blocks ? "bad" : "unsure";
  return { improved: "good", unknown: "unsure", same: "calm" }[source.decision];
}

function tableOf(rows: readonly Row[], page: Page) {
  const extent = barExtent(rows);
  return {
    level: page.level,
    edge: `${Number((extent * 100).toPrecision(2))} %`,
    groups: groupRows(rows).map((group) => ({
      label: group.label,
      rows: group.rows.map((row) => ({
        ...row,
        tone: toneOf(row),
        bar: barOf(row.source, extent),
        description: `${row.change} ${row.interval}`.trim(),
      })),
    })),
  };
}

/** Benchmarks by what came of them, for the strip below the verdict. */
function tallyOf(report: Report, skippedCount: number) {
  const { blocking, accepted, regressed, unknown, improved, same } = countBenchmarks(
    report.benchmarks,
  );
  return [
    { tone: "bad", count: blocking, word: "blocking" },
    { tone: "unsure", count: regressed - blocking - accepted, word: "regressed, not blocking" },
    { tone: "unsure", count: accepted, word: "regressed, accepted" },
    { tone: "unsure", count: unknown, word: "unknown" },
    { tone: "good", count: improved, word: "improved" },
    { tone: "calm", count: same, word: "the same" },
    { tone: "none", count: skippedCount, word: "not measured" },
  ].filter(({ count }) => count > 0);
}

/** The whole report as one HTML page. */
export function renderHtml(input: {
  readonly report: Report;
  readonly templates: TemplateTexts;
  /**
   * Pictures of compared profiles: static SVG that escaped its names, printed as it is. The profile
   * itself is in the page too, because a server keeps the page alone.
   */
  readonly flames?: readonly {
    readonly label: string;
    readonly svg: string;
    /** File name of the compared profile, plain letters. */
    readonly name: string;
    /** What `go tool pprof` reads. */
    readonly delta: Uint8Array;
  }[];
}): string {
  const { templates } = input;
  const page = pageOf(input.report);
  const skippedCount = page.skipped.reduce((sum, { labels }) => sum + labels.length, 0);
  const style = STYLE_FILES.map((file) => {
    const text = templates[file];
    assert(text !== undefined, `templates/${file} was read`);
    return text;
  }).join("");
  return renderTemplate(templates, "report", "html", {
    ...page,
    style,
    styleHash: createHash("sha256").update(style).digest("base64"),
    tally: tallyOf(input.report, skippedCount),
    changedTable: tableOf(page.changed, page),
    restTable: tableOf(page.rest, page),
    flames: (input.flames ?? []).map(({ label, svg, name, delta }) => ({
      label: visible(label),
      svg,
      name,
      delta: Buffer.from(delta).toString("base64"),
    })),
    showsMain: page.onMain.length + page.alarms.length > 0,
    behindCount: Math.max(page.shifts.length, page.runtimes.length),
    restCount: groupRows(page.rest).length,
    skippedCount,
  });
}
