// The report as text, before any format: what Markdown, HTML, the terminal and the check run all
// show. Strings are visible and bounded, but not escaped: that is each format's own work.

import { type CauseText, causeTexts } from "./causes.ts";
import {
  behindLines,
  type RuntimeText,
  runtimeTexts,
  type ShiftText,
  shiftTexts,
} from "./distribution.ts";
import { oneLine, shorten, visible } from "./escape.ts";
import { type Headline, headlineOf } from "./headline.ts";
import { type LedgerText, ledgerTexts } from "./ledgers.ts";
import { TITLE_MAX } from "./limits.ts";
import {
  alarmLines,
  type MainBranchLine,
  mainBranchLines,
  mainBranchTexts,
} from "./main-branch.ts";
import { previewLines } from "./policy-text.ts";
import type { Report } from "./report-schema.ts";
import { newsOf, type Row, sortedRows } from "./rows.ts";
import {
  conditionLines,
  costText,
  degradedLines,
  hiddenSummary,
  repeatCommand,
  type SkippedGroup,
  skippedGroups,
} from "./sections.ts";
import { bridgeLines, sourceLines } from "./source-text.ts";

export type Page = {
  readonly title: string;
  readonly headline: Headline;
  /** Full commit ids as given; pages show the first twelve characters. */
  readonly base: string;
  readonly head: string;
  /**
   * Confidence that every interval in the table has at least, "95 %": rank tests have steps, so
   * that the levels of two rows differ a little. A row of fewer than six pairs has less, and says so.
   */
  readonly level: string;
  /** What the configuration that the change brings would say; empty where it brings none. */
  readonly preview: readonly string[];
  /** What moved, and the first of what could not be told; the rest stayed the same, or is more of that. */
  readonly changed: readonly Row[];
  readonly rest: readonly Row[];
  readonly causes: readonly CauseText[];
  /** Behind the numbers of what moved: percentiles and the runtime, and both as lines of text. */
  readonly shifts: readonly ShiftText[];
  readonly runtimes: readonly RuntimeText[];
  readonly behind: readonly string[];
  /** Where CPU time went, for the benchmarks that were profiled. */
  readonly ledgers: readonly LedgerText[];
  /** Conversions through unsafe.Pointer that the change breaks; empty when it breaks none. */
  readonly bridges: readonly string[];
  /** What changed in the source and what the compiler decides otherwise. */
  readonly source: readonly string[];
  /** Whether a number stands beside it; where none does, the source is all there is to say. */
  readonly isMeasured: boolean;
  /** What could have gone unseen, one sentence a metric; each row says it for itself. */
  readonly hidden: readonly string[];
  readonly skipped: readonly SkippedGroup[];
  /** What main did before: a line a benchmark, with and without picture, and alarms. */
  readonly onMain: readonly MainBranchLine[];
  readonly onMainTexts: readonly string[];
  readonly alarms: readonly string[];
  readonly conditions: readonly string[];
  readonly cost: string;
  readonly degraded: readonly string[];
  /** A shell command that repeats the run, its lines joined by backslashes. */
  readonly repeat: string;
};

/** Fewer than six pairs reach less, and say so in their row: they do not speak for the others. */
const FEWEST_LEVEL = 0.95;

/** Characters of a commit id that people can tell apart: what `git log --abbrev` grows to. */
const SHORT_ID = 12;

/** Everything a format shows of `report`, in the order it is read. */
export function pageOf(report: Report): Page {
  const rows = sortedRows(report);
  const headline = headlineOf(report);
  const news = newsOf(rows);
  return {
    title: shorten(oneLine(report.title), TITLE_MAX) || headline.word,
    headline,
    base: visible(report.base.slice(0, SHORT_ID)),
    head: visible(report.head.slice(0, SHORT_ID)),
    level: levelText(rows),
    preview: previewLines(report),
    changed: rows.filter((row) => news.has(row)),
    rest: rows.filter((row) => !news.has(row)),
    causes: causeTexts(report, rows),
    shifts: shiftTexts(report),
    runtimes: runtimeTexts(report),
    behind: behindLines(report),
    ledgers: ledgerTexts(report),
    bridges: bridgeLines(report),
    source: sourceLines(report),
    isMeasured: rows.length > 0,
    hidden: hiddenSummary(rows),
    skipped: skippedGroups(report),
    onMain: mainBranchLines(report),
    onMainTexts: mainBranchTexts(report),
    alarms: alarmLines(report),
    conditions: conditionLines(report),
    cost: costText(report),
    degraded: degradedLines(report),
    repeat: repeatCommand(report).join(" \\\n  "),
  };
}

/** The level that the intervals are asked for where no row has as much. */
function levelText(rows: readonly Row[]): string {
  const levels = rows
    .filter(({ source }) => source.comparison === "paired" && source.level >= FEWEST_LEVEL)
    .map(({ source }) => source.level);
  const level = levels.length === 0 ? FEWEST_LEVEL : Math.min(...levels);
  return `${Math.floor(level * 100 + 1e-9)} %`;
}
