// What `tailguard compare` prints: the verdict first, then what changed, why, what could have been
// hidden, what was not measured, what it cost. Names stand on a line of their own, so that the
// numbers below them stay in columns however long the names are.
import type { CauseText, FrameText } from "./causes.ts";
import { plainProse } from "./escape.ts";
import { formatCount } from "./format.ts";
import { firstLines } from "./limits.ts";
import { type Page, pageOf } from "./page.ts";
import type { Report } from "./report-schema.ts";
import { groupRows, type Row } from "./rows.ts";
import { ansiPaint, noPaint, type Paint } from "./terminal-paint.ts";
import { alignColumns, wrap } from "./terminal-text.ts";

/** A screen is some fifty lines: what did not change must not push the verdict out of it. */
const REST_SHOWN = 20;
const NAMES_SHOWN = 8;
const LOG_MAX = 4_000;

type Screen = { readonly page: Page; readonly paint: Paint; readonly width: number };

function headlineLines({ page, paint, width }: Screen): readonly string[] {
  const { tone, word, sentence, advice, log } = page.headline;
  const color = { good: paint.green, bad: paint.red, unsure: paint.yellow }[tone];
  return [
    ...wrap(page.title, width).map((line) => paint.bold(color(line))),
    ...wrap(plainProse(`${word}. ${sentence}`), width),
    ...(advice === "" ? [] : ["", ...wrap(plainProse(advice), width)]),
    ...(log === ""
      ? []
      : [
          "",
          ...firstLines(log, LOG_MAX)
            .split("\n")
            .map((line) => `  ${line}`),
        ]),
    paint.dim(`base ${page.base}  head ${page.head}`),
  ];
}

const HEADER = ["metric", "base", "head", "change", "interval", "p", "could hide", "decision"];
const RIGHT_ALIGNED = [1, 2, 3, 5, 6];

function cells(row: Row): readonly string[] {
  return [
    row.metric,
    row.base,
    row.head,
    row.change,
    row.interval,
    row.p,
    row.couldHide,
    row.decision,
  ];
}

function paintRow({ source }: Row, paint: Paint): (text: string) => string {
  if (source.decision === "regressed") return source.blocks ? paint.red : paint.yellow;
  return source.decision === "improved" ? paint.green : (text) => text;
}

function changedLines({ page, paint, width }: Screen): readonly string[] {
  const [header = "", ...lines] = alignColumns([HEADER, ...page.changed.map(cells)], RIGHT_ALIGNED);
  const body = page.changed.flatMap((row, at) => {
    const isFirst = page.changed[at - 1]?.benchmark !== row.benchmark;
    const { decision, warnings, waiver, tailOnly } = row.source;
    const isPlain = warnings.length === 0 && waiver === undefined && tailOnly === undefined;
    const needsReason = decision === "unknown" || !isPlain;
    return [
      ...(isFirst ? wrap(row.label, width).map(paint.bold) : []),
      paintRow(row, paint)(`  ${lines[at] ?? ""}`),
      ...(needsReason
        ? wrap(plainProse(row.why), width - 6).map((line) => paint.dim(`      ${line}`))
        : []),
    ];
  });
  return [paint.dim(`  ${header}`), ...body];
}

/** A note stands below its frame: beside it, it would leave the screen. */
function stackLines(frames: readonly FrameText[], { paint, width }: Screen): readonly string[] {
  const lines = alignColumns(
    frames.map((frame) => [frame.function, frame.place]),
    [],
  );
  return frames.flatMap(({ note }, at) => [
    ...wrap(lines[at] ?? "", width - 5).map((line) => `     ${line}`),
    ...(note === ""
      ? []
      : wrap(`^ ${note}`, width - 7).map((line) => paint.yellow(`       ${line}`))),
  ]);
}

function causeLines(cause: CauseText, at: number, screen: Screen): readonly string[] {
  const { paint, width } = screen;
  const place = cause.place === "" ? "" : ` at ${cause.place}`;
  const heading = `${at + 1}. ${cause.kind}: ${cause.subject}${place}`;
  const indented = (text: string, indent: number) =>
    wrap(text, width - indent).map((line) => " ".repeat(indent) + line);
  return [
    ...wrap(heading, width).map(paint.bold),
    ...indented(plainProse(cause.sentence), 3),
    ...cause.moved.flatMap((moved) => indented(moved, 3)),
    ...cause.chain.flatMap((step, depth) => {
      const [first = "", ...rest] = wrap(plainProse(step), width - 7 - 2 * depth);
      const indent = " ".repeat(3 + 2 * depth);
      return [`${indent}└ ${first}`, ...rest.map((line) => `${indent}  ${line}`)];
    }),
    ...(cause.proof === "" ? [] : indented(cause.proof, 3).map(paint.dim)),
    ...(cause.stack === ""
      ? []
      : [
          ...indented(`stack, leaf first (${cause.shares}):`, 3).map(paint.dim),
          ...stackLines(cause.frames, screen),
        ]),
  ];
}

/** What the runtime did stands with the causes; here only what has no room there. */
function percentileLines({ page, width }: Screen): readonly string[] {
  return page.shifts
    .slice(0, NAMES_SHOWN)
    .flatMap(({ label, line }) => hanging(`${label}: ${line}`, width));
}

function restLines({ page, width }: Screen): readonly string[] {
  const groups = groupRows(page.rest);
  const isBlind = ({ rows }: (typeof groups)[number]) =>
    rows.some(isNotKnown) && rows.every((row) => isNotKnown(row) || isExact(row));
  const lines = groups.filter((group) => !isBlind(group)).map(hiddenLine);
  const blind = groups.filter(isBlind).map(({ label }) => label);
  const left = lines.length - REST_SHOWN;
  return [
    ...lines.slice(0, REST_SHOWN).flatMap((line) => hanging(line, width)),
    ...(left > 0 ? [`  … ${formatCount(left, "more benchmark")} in the report`] : []),
    ...(blind.length === 0
      ? []
      : hanging(`Too few pairs to say (${blind.length}): ${firstOf(blind)}`, width)),
  ];
}

function isNotKnown(row: Row): boolean {
  return row.source.couldHide === null && !isExact(row);
}

/** Counts that agree in all runs hide nothing, and say nothing of times. */
function isExact({ source }: Row): boolean {
  return source.comparison === "exact";
}

function hiddenLine({ label, rows }: { readonly label: string; readonly rows: readonly Row[] }) {
  const known = rows.filter((row) => !isNotKnown(row));
  const hidden = known.map(({ metric, couldHide }) => `${metric} ${couldHide}`).join(", ");
  return `${label}: ${hidden}${known.length < rows.length ? "; the others not known" : ""}`;
}

function firstOf(names: readonly string[]): string {
  const left = names.length - NAMES_SHOWN;
  return names.slice(0, NAMES_SHOWN).join(", ") + (left > 0 ? `, … ${left} more` : "");
}

function skippedLines({ page, width }: Screen): readonly string[] {
  return page.skipped.flatMap(({ heading, reason, labels }) => {
    return [
      ...hanging(
        `${heading} (${labels.length})${reason === "" ? "" : `: ${plainProse(reason)}`}`,
        width,
      ),
      ...wrap(firstOf(labels), width - 4).map((line) => `    ${line}`),
    ];
  });
}

function hanging(text: string, width: number): readonly string[] {
  const [first = "", ...rest] = wrap(text, width - 4);
  return [`  ${first}`, ...rest.map((line) => `    ${line}`)];
}

function section(screen: Screen, title: string, lines: readonly string[]): readonly string[] {
  return lines.length === 0 ? [] : ["", screen.paint.bold(title), ...lines];
}

/**
 * The report for a terminal of `width` columns. With `color` false there is no escape sequence in
 * it at all; whatever names hold, none of theirs gets through.
 */
export function renderTerminal(input: {
  readonly report: Report;
  readonly color: boolean;
  readonly width: number;
}): string {
  const page = pageOf(input.report);
  const paint = input.color ? ansiPaint : noPaint;
  const screen: Screen = { page, paint, width: Math.max(60, input.width) };
  const { width } = screen;
  const list = (lines: readonly string[]) =>
    lines.flatMap((line) => hanging(plainProse(line), width));
  const causes = page.causes.flatMap((cause, at) => causeLines(cause, at, screen));
  const lines = [
    ...headlineLines(screen),
    ...section(screen, "With the configuration of this change", list(page.preview)),
    ...section(screen, "What changed", page.changed.length === 0 ? [] : changedLines(screen)),
    ...section(screen, "Why", causes),
    ...section(screen, "By percentile of operations (description)", percentileLines(screen)),
    ...section(screen, "Broken conversions through unsafe.Pointer", list(page.bridges)),
    ...section(screen, "What source and compiler say", page.isMeasured ? [] : list(page.source)),
    ...section(screen, "Slow-downs this run could have hidden", list(page.hidden)),
    ...section(screen, "Everything else, with what each could have hidden", restLines(screen)),
    ...section(screen, "Not measured", skippedLines(screen)),
    ...section(screen, "Limits of this run", list(page.degraded)),
    ...section(screen, "Cost", list([page.cost])),
    ...section(
      screen,
      "Repeat it",
      page.repeat.split("\n").map((line) => `  ${line}`),
    ),
  ];
  return `${lines.join("\n")}\n`;
}
