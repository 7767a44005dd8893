// Causes as text: the sentence, the chain from the metric down, how it is known, how much it
// explains, and the annotated stack. A regression without a cause is called unexplained.
import { oneLine, shorten, visible } from "./escape.ts";
import { formatPercent } from "./format.ts";
import type { Report, ReportCause, ReportStack } from "./report-schema.ts";
import { benchmarkLabels, NAME_MAX, type Row } from "./rows.ts";

/** A sentence or step longer than this is no longer read; the whole is in report.json. */
const SENTENCE_MAX = 400;
const STEP_MAX = 240;
const STEPS_MAX = 12;
const FRAMES_MAX = 24;

export type FrameText = {
  readonly function: string;
  readonly place: string;
  readonly note: string;
};

export type CauseText = {
  readonly label: string;
  readonly metric: string;
  readonly change: string;
  readonly sentence: string;
  /** "parser.go:412", with ", base" for what is gone in head; empty when not known. */
  readonly place: string;
  readonly chain: readonly string[];
  /** How it is known and how much it explains. */
  readonly proof: string;
  /** "12.0 % of the samples on base, 31.0 % on head"; empty without a stack. */
  readonly shares: string;
  readonly frames: readonly FrameText[];
  /** The frames as aligned text; empty without a stack. */
  readonly stack: string;
};

const PROOF: Readonly<Record<ReportCause["proof"], string>> = {
  measured: "measured: this cause alone was changed and the metric followed",
  profile: "seen in the profiles of both sides",
  static: "read from the compiler's decisions and the source, not measured by itself",
};

function proofText(cause: ReportCause): string {
  if (cause.kind === "unknown") return "unexplained";
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

function cut<T>(items: readonly T[], max: number, more: (left: number) => T): readonly T[] {
  return items.length <= max ? items : [...items.slice(0, max - 1), more(items.length - max + 1)];
}

/** "example.com/m/json.(*T).Parse" as pprof shortens it: "json.(*T).Parse". */
function shortFunction(name: string): string {
  const typeArguments = name.indexOf("[");
  const path = typeArguments === -1 ? name : name.slice(0, typeArguments);
  return name.slice(path.lastIndexOf("/") + 1);
}

function framesOf(stack: ReportStack | undefined): readonly FrameText[] {
  const frames = (stack?.frames ?? []).map((frame) => ({
    function: shorten(visible(shortFunction(frame.function)), NAME_MAX),
    place: placeText(frame.file.slice(frame.file.lastIndexOf("/") + 1), frame.line),
    note: shorten(oneLine(frame.note), STEP_MAX),
  }));
  return cut(frames, FRAMES_MAX, (left) => ({
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
  const functionWidth = widest(
    frames.map((frame) => frame.function),
    FUNCTION_COLUMN,
  );
  const placeWidth = widest(
    frames.map((frame) => frame.place),
    PLACE_COLUMN,
  );
  return frames
    .map(({ function: name, place, note }) => {
      const columns = `${name.padEnd(functionWidth)}  ${place.padEnd(placeWidth)}`;
      return (note === "" ? columns : `${columns}  <- ${note}`).trimEnd();
    })
    .join("\n");
}

/** Causes in the verdict's order, then a line for every regression that has none. */
export function causeTexts(report: Report, rows: readonly Row[]): readonly CauseText[] {
  const labelOf = benchmarkLabels(report);
  const regressed = rows.filter(({ source }) => source.decision === "regressed");
  const explained = new Set(report.causes.map((cause) => `${cause.package} ${cause.benchmark}`));
  const causes = report.causes.map((cause) => {
    const row = rows.find(
      ({ benchmark, source }) =>
        benchmark.package === cause.package &&
        benchmark.name === cause.benchmark &&
        source.name === cause.metric,
    );
    const side = cause.side === "base" ? ", base" : "";
    const place = placeText(cause.file, cause.line);
    const { stack } = cause;
    const frames = framesOf(stack);
    return {
      label: labelOf({ name: cause.benchmark, package: cause.package }),
      metric: visible(cause.metric),
      change: row?.change ?? "",
      sentence: shorten(oneLine(cause.text), SENTENCE_MAX),
      place: place === "" ? "" : place + side,
      chain: cut(
        cause.chain.map((step) => shorten(oneLine(step), STEP_MAX)),
        STEPS_MAX,
        (left) => `… ${left} more steps`,
      ),
      proof: proofText(cause),
      shares: stack
        ? `${formatPercent(stack.baseShare)} of the samples on base, ${formatPercent(stack.headShare)} on head`
        : "",
      frames,
      stack: stackText(frames),
    };
  });
  const unexplained = regressed.filter(
    ({ benchmark }, at) =>
      !explained.has(`${benchmark.package} ${benchmark.name}`) &&
      regressed.findIndex((other) => other.benchmark === benchmark) === at,
  );
  return [...causes, ...unexplained.map(unexplainedText)];
}

function unexplainedText(row: Row): CauseText {
  return {
    label: row.label,
    metric: row.metric,
    change: row.change,
    sentence: "Unexplained: neither the compiler's decisions nor the profiles show why.",
    place: "",
    chain: [],
    proof: "unexplained",
    shares: "",
    frames: [],
    stack: "",
  };
}
