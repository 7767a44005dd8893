// Causes as text: one card a function and kind, whatever number of metrics it moved, with the
// sentence, what it moved, the chain from the metric down, how it is known, and the annotated
// stack. Steps of the chain that the stack shows are not said twice.
import { oneLine, shorten, visible } from "./escape.ts";
import { formatCount, formatPercent } from "./format.ts";
import { shortFunction } from "./function-name.ts";
import type { Report, ReportCause, ReportMetric, ReportStack } from "./report-schema.ts";
import { benchmarkLabels, NAME_MAX, type Row } from "./rows.ts";

/** A sentence or step longer than this is no longer read; the whole is in report.json. */
const SENTENCE_MAX = 400;
const STEP_MAX = 240;
const STEPS_MAX = 12;
const FRAMES_MAX = 24;
const MOVED_MAX = 6;

export type FrameText = {
  readonly function: string;
  readonly place: string;
  readonly note: string;
};

export type CauseText = {
  /** "Inlining", "Escape to the heap", "Unexplained". */
  readonly kind: string;
  /** The function's short name; for what is unexplained the benchmark's. */
  readonly subject: string;
  /** "parser.go:412", with ", base" for what is gone in head; empty when not known. */
  readonly place: string;
  readonly sentence: string;
  /** "Parse/large: p10-sec/op +18.2 %, allocs/op +50.0 %", worst first. */
  readonly moved: readonly string[];
  readonly chain: readonly string[];
  /** How it is known and how much it explains; empty for what is unexplained. */
  readonly proof: string;
  /** "12.0 % of the samples on base, 31.0 % on head"; empty without a stack. */
  readonly shares: string;
  readonly frames: readonly FrameText[];
  /** The frames as aligned text; empty without a stack. */
  readonly stack: string;
  /** Whether something it moved regressed and nobody has accepted it. */
  readonly isRegression: boolean;
  /** The first of the causes that the card stands for. */
  readonly source: ReportCause;
};

const KINDS: Readonly<Record<ReportCause["kind"], string>> = {
  inlining: "Inlining",
  escape: "Escape to the heap",
  allocation: "Allocation",
  signature: "Signature",
  "unsafe-pointer": "Unsafe pointer",
  "bounds-check": "Bounds check",
  lock: "Lock",
  scheduler: "Scheduler",
  wait: "Waiting",
  gc: "Garbage collection",
  code: "Changed code",
  toolchain: "Toolchain",
  unknown: "Unexplained",
};

const PROOF: Readonly<Record<ReportCause["proof"], string>> = {
  measured: "measured: this alone was changed and the metric followed",
  profile: "seen in the profiles of both sides",
  static: "read from the compiler's decisions and the source, not measured by itself",
};

function proofText(cause: ReportCause): string {
  if (cause.kind === "unknown") return "";
  if (cause.function === "") {
    return "counted by the Go runtime and the system in the same processes: it goes along with the change, and may be its effect";
  }
  const share =
    cause.share === undefined
      ? "how much of the change it explains is not known"
      : `explains ${formatPercent(cause.share)} of the change`;
  return `${PROOF[cause.proof]}; ${share}`;
}

function placeText(file: string, line: number): string {
  if (file === "") return "";
  return `${shorten(visible(file), NAME_MAX)}${line > 0 ? `:${line}` : ""}`;
}

/** The ends are kept: a chain starts at the metric and ends at the decision. */
function cutMiddle<T>(items: readonly T[], max: number, more: (left: number) => T): readonly T[] {
  if (items.length <= max) return items;
  const tail = Math.floor(max / 2);
  const start = max - 1 - tail;
  return [...items.slice(0, start), more(items.length - start - tail), ...items.slice(-tail)];
}

function framesOf(stack: ReportStack | undefined): readonly FrameText[] {
  const frames = (stack?.frames ?? []).map((frame) => ({
    function: shorten(visible(shortFunction(frame.function)), NAME_MAX),
    place: placeText(frame.file.slice(frame.file.lastIndexOf("/") + 1), frame.line),
    note: shorten(oneLine(frame.note), STEP_MAX),
  }));
  return cutMiddle(frames, FRAMES_MAX, (left) => ({
    function: `… ${left} more frames`,
    place: "",
    note: "",
  }));
}

/** Columns of at most these widths, so that one long name does not push the notes away. */
const FUNCTION_COLUMN = 56;
const PLACE_COLUMN = 28;

function stackText(frames: readonly FrameText[]): string {
  const widest = (texts: readonly string[], max: number) =>
    Math.min(max, Math.max(0, ...texts.map((text) => text.length)));
  const names = frames.map((frame) => frame.function);
  const places = frames.map((frame) => frame.place);
  const functionWidth = widest(names, FUNCTION_COLUMN);
  const placeWidth = widest(places, PLACE_COLUMN);
  return frames
    .map(({ function: name, place, note }) => {
      const columns = `${name.padEnd(functionWidth)}  ${place.padEnd(placeWidth)}`;
      return (note === "" ? columns : `${columns}  <- ${note}`).trimEnd();
    })
    .join("\n");
}

function chainOf(cause: ReportCause): readonly string[] {
  const shown = new Set(cause.stack?.frames.map((frame) => frame.function));
  const steps = cause.chain
    .filter((step) => !shown.has(step))
    .map((step) => shorten(oneLine(step), STEP_MAX));
  // The metric alone leads nowhere.
  if (steps.length < 2) return [];
  return cutMiddle(steps, STEPS_MAX, (left) => `… ${left} more steps`);
}

type Moved = { readonly cause: ReportCause; readonly row: Row | undefined };

/** The row each cause speaks of; where cells differ, the worst one, which comes first. */
function rowFinder(rows: readonly Row[]): (cause: ReportCause) => Row | undefined {
  const keyOf = (...parts: readonly string[]) => parts.join("\n");
  const found = new Map<string, Row>();
  for (const row of rows) {
    const key = keyOf(row.benchmark.package, row.benchmark.name, row.source.name);
    if (!found.has(key)) found.set(key, row);
  }
  return (cause) => found.get(keyOf(cause.package, cause.benchmark, cause.metric));
}

/** What the causes of one card moved, by benchmark. */
function movedTexts(
  moved: readonly Moved[],
  labelOf: (cause: ReportCause) => string,
): readonly string[] {
  const metrics = new Map<string, string[]>();
  for (const { cause, row } of moved) {
    const label = labelOf(cause);
    const own = metrics.get(label) ?? [];
    metrics.set(label, own);
    own.push(`${visible(cause.metric)} ${row?.change ?? ""}`.trimEnd());
  }
  const texts = [...metrics].map(([label, own]) => `${label}: ${own.join(", ")}`);
  const left = texts.length - MOVED_MAX;
  return left > 0
    ? [...texts.slice(0, MOVED_MAX), `… ${formatCount(left, "more benchmark")}`]
    : texts;
}

function isOpenRegression({ decision, waiver }: ReportMetric): boolean {
  return decision === "regressed" && waiver?.state !== "accepted";
}

/** Smaller comes first: what stops the merge, then other regressions. */
function urgencyOf(moved: readonly Moved[]): number {
  if (moved.some(({ row }) => row?.source.blocks)) return 0;
  return moved.some(({ row }) => row?.source.decision === "regressed") ? 1 : 2;
}

/** Causes of one function and kind are one card; what is unexplained is one a benchmark. */
function groupsOf(causes: readonly ReportCause[]): readonly (readonly ReportCause[])[] {
  const groups = new Map<string, ReportCause[]>();
  for (const cause of causes) {
    const subject =
      cause.function === "" ? [cause.package, cause.benchmark] : [cause.function, cause.side];
    const key = [cause.kind, ...subject].join("\n");
    const own = groups.get(key) ?? [];
    groups.set(key, own);
    own.push(cause);
  }
  return [...groups.values()];
}

function cardOf(
  first: ReportCause,
  moved: readonly Moved[],
  labelOf: (cause: ReportCause) => string,
): CauseText {
  const { stack } = first;
  const frames = framesOf(stack);
  const place = placeText(first.file, first.line);
  return {
    kind: KINDS[first.kind],
    subject:
      first.function === ""
        ? labelOf(first)
        : shorten(visible(shortFunction(first.function)), NAME_MAX),
    place: place === "" || first.side === "head" ? place : `${place}, base`,
    sentence: shorten(oneLine(first.text), SENTENCE_MAX),
    moved: movedTexts(moved, labelOf),
    chain: chainOf(first),
    proof: proofText(first),
    shares: stack ? sharesText(stack) : "",
    frames,
    stack: stackText(frames),
    isRegression: moved.some(({ row }) => row !== undefined && isOpenRegression(row.source)),
    source: first,
  };
}

function sharesText({ of, baseShare, headShare, ways = 1 }: ReportStack): string {
  const what = of === "allocation" ? "allocated bytes" : "samples";
  const shares = `${formatPercent(baseShare)} of the ${what} on base, ${formatPercent(headShare)} on head`;
  return ways > 1 ? `${shares}; the heaviest of ${ways} ways to it` : shares;
}

/** Cards in the verdict's order, those that stop the merge first and improvements last. */
export function causeTexts(report: Report, rows: readonly Row[]): readonly CauseText[] {
  const labels = benchmarkLabels(report);
  const labelOf = (cause: ReportCause) => labels({ name: cause.benchmark, package: cause.package });
  const rowOf = rowFinder(rows);
  return groupsOf(report.causes)
    .flatMap((causes) => {
      const moved = causes.map((cause) => ({ cause, row: rowOf(cause) }));
      const [first] = causes;
      return first === undefined ? [] : [{ first, moved, urgency: urgencyOf(moved) }];
    })
    .sort((one, other) => one.urgency - other.urgency)
    .map(({ first, moved }) => cardOf(first, moved, labelOf));
}
