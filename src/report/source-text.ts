// The lines a person reads of what source and compiler say by themselves.
import { oneLine, shorten, visible } from "./escape.ts";
import { formatCount } from "./format.ts";
import type { Report } from "./report-schema.ts";
import type { ReportSource } from "./source-schema.ts";

const LINE_MAX = 400;
const FRAMES_SHOWN = 4;
/** Changes and decisions shown; the rest is in report.json. */
const SHOWN = 12;

/** Broken conversions through unsafe.Pointer, one a line. */
export function bridgeLines({ source }: Pick<Report, "source">): readonly string[] {
  return (source?.bridges ?? []).map((bridge) => {
    const frames = (bridge.frames ?? []).slice(0, FRAMES_SHOWN);
    const stack = frames.map((at) => `${at.function} (${at.file}:${at.line})`).join(" ← ");
    const where = `\`${code(bridge.function)}\` at ${visible(bridge.file)}:${bridge.line}`;
    return bounded(`${where}: ${bridge.text}${stack === "" ? "" : `; stack: ${stack}`}`);
  });
}

/** What changed and what the compiler decides otherwise, what costs first. */
export function sourceLines({ source }: Pick<Report, "source">): readonly string[] {
  if (source === undefined) return [];
  const decisions = source.decisions.map(decisionLine);
  const changes = source.changes
    .filter(({ declaration }) => declaration === "func")
    .map(changeLine);
  return [
    ...shown(decisions, source.left.decisions, "more decision"),
    ...shown(changes, source.left.changes, "more changed function"),
  ];
}

function shown(lines: readonly string[], unkept: number, what: string): readonly string[] {
  const left = Math.max(0, lines.length - SHOWN) + unkept;
  return [...lines.slice(0, SHOWN), ...(left > 0 ? [`… ${formatCount(left, what)}`] : [])];
}

const DECISIONS: Readonly<
  Record<ReportSource["decisions"][number]["decision"], readonly [worse: string, better: string]>
> = {
  inlining: ["is no longer inlined", "can now be inlined"],
  "inlined-call": ["no longer inlines a call", "inlines one more call"],
  escape: ["allocates more on the heap", "allocates less on the heap"],
  "bounds-check": ["checks more bounds", "checks fewer bounds"],
};

function decisionLine(flip: ReportSource["decisions"][number]): string {
  const [worse, better] = DECISIONS[flip.decision];
  const said = flip.direction === "worse" ? flip.head || flip.base : flip.base || flip.head;
  const unchanged = flip.changed ? "" : ", whose own source did not change";
  const reached = flip.benchmarks.map((name) => `\`${code(name)}\``).join(", ");
  const more = flip.benchmarkCount - flip.benchmarks.length;
  const reaches =
    reached === "" ? "" : `; it runs in ${reached}${more > 0 ? ` and ${more} more` : ""}`;
  return bounded(
    `\`${code(flip.function)}\` at ${visible(flip.file)}:${flip.line} ${flip.direction === "worse" ? worse : better} (${said})${unchanged}${reaches}`,
  );
}

const CHANGES = { changed: "changed", added: "is new", removed: "is gone", signature: "changed" };

function changeLine(change: ReportSource["changes"][number]): string {
  const was = change.previousName === undefined ? "" : ` (was \`${code(change.previousName)}\`)`;
  const texts = change.texts.length === 0 ? "" : `: ${change.texts.join("; ")}`;
  return bounded(
    `\`${code(change.function)}\`${was} at ${visible(change.file)}:${change.line} ${CHANGES[change.change]}${texts}`,
  );
}

/** A name between backticks. */
function code(name: string): string {
  return visible(name).replaceAll("`", "'");
}

function bounded(text: string): string {
  return shorten(oneLine(text), LINE_MAX);
}
