// Suggested changes: what a machine can prove to be the same program with fewer allocations, read
// off the lines of the diff. Four forms, each tied to its cause:
//
//   - a slice or map that a loop fills is made without room: `make([]T, 0)` and `[]T{}` become
//     `make([]T, 0, len(source))` where every iteration adds one item, nothing leaves the loop
//     early, and the lines themselves show that `source` has a length. `var s []T` is left alone:
//     it is nil while empty, which encoders show.
//   - a conversion that a loop repeats is made once before it (hoisted-conversion.ts).
//   - a conversion by unsafe.Pointer that this change replaced, one line for one line, comes back.
//   - a pointer receiver that this change made a value comes back, where it is all that the change
//     did to the method: its body worked on the pointer before.
//
// Growing a strings.Builder was rejected: the size is a sum that the lines do not show. Whatever
// cannot be proven is not suggested; and what is, is marked as untested.
import type { DiffLines } from "./diff-lines.ts";
import { bodyOf, linesOfFunction } from "./function-lines.ts";
import { hoistedConversions } from "./hoisted-conversion.ts";
import type { ReportCause } from "./report-schema.ts";

export type Suggestion = {
  /** The line it replaces, on the head side; the last one of them where `firstLine` is given. */
  readonly line: number;
  readonly firstLine?: number;
  readonly lines: readonly string[];
  /** What it does, in our words. */
  readonly what: string;
};

/** The change to suggest for a cause; undefined where nothing can be proven. */
export function suggestionFor(cause: ReportCause, diff: DiffLines): Suggestion | undefined {
  const found =
    cause.kind === "unsafe-pointer"
      ? restoredConversion(cause, diff)
      : (restoredReceiver(cause, diff) ?? fewerAllocations(cause, diff));
  // What a reader accepts must be what they see.
  return found?.lines.every((line) => /^[\t -~]*$/.test(line)) ? found : undefined;
}

function restoredConversion({ line }: ReportCause, diff: DiffLines): Suggestion | undefined {
  const before = diff.replaced.get(line);
  if (before === undefined || !before.includes("unsafe.Pointer(")) return undefined;
  // Without the import the line does not build.
  if (diff.removed.some((text) => /^\s*(import\s+)?"unsafe"/.test(text))) return undefined;
  return { line, lines: [before], what: "Takes the conversion back that this change replaced." };
}

const POINTER_RECEIVER = /^(func \((?:\w+ )?)\*(\w+(?:\[[\w, ]+\])?\) \w+\(.*)$/;

function restoredReceiver({ line }: ReportCause, diff: DiffLines): Suggestion | undefined {
  const [first, ...body] = linesOfFunction(diff.head, line);
  if (first === undefined || body.some(([at]) => diff.touched.has(at))) return undefined;
  const [at, text] = first;
  const before = diff.replaced.get(at) ?? "";
  const [, start, rest] = POINTER_RECEIVER.exec(before) ?? [];
  if (start === undefined || `${start}${rest}` !== text) return undefined;
  return { line: at, lines: [before], what: "Takes the pointer receiver back: nothing is copied." };
}

function fewerAllocations(cause: ReportCause, { head }: DiffLines): Suggestion | undefined {
  const isMemory = cause.metric === "B/op" || cause.metric === "allocs/op";
  if (!isMemory && cause.kind !== "allocation" && cause.kind !== "escape") return undefined;
  const lines = linesOfFunction(head, cause.line);
  const rooms = [...lines.keys()].flatMap((line) => {
    const made = madeWithRoom(lines, line);
    return made === undefined ? [] : [{ line, lines: [made], what: WHAT_ROOM }];
  });
  const hoisted = hoistedConversions(lines).map((found) => ({ ...found, what: WHAT_HOISTED }));
  // Of two the cause does not say which.
  const found: readonly Suggestion[] = [...rooms, ...hoisted];
  return found.length === 1 ? found[0] : undefined;
}

const WHAT_HOISTED = "Converts once before the loop, not in each iteration.";
const WHAT_ROOM = "Makes room for all items at once, so that the loop does not allocate again.";

const TYPE = String.raw`[\w.*]+(?:\[[\w.*]*\][\w.*]*)*`;
const MADE = [
  new RegExp(String.raw`^(\t+)(\w+) := make\(\[\](${TYPE}), 0\)$`),
  new RegExp(String.raw`^(\t+)(\w+) := \[\](${TYPE})\{\}$`),
];
const MADE_MAP = new RegExp(String.raw`^(\t+)(\w+) := make\((map\[[\w.]+\]${TYPE})\)$`);
const LOOP = /^(\t+)for (\w+)(?:, (\w+))? := range ([A-Za-z_]\w*(?:\.\w+)*) \{$/;

/** `line` with room for what the loop below it adds; undefined where that is not proven. */
function madeWithRoom(lines: ReadonlyMap<number, string>, line: number): string | undefined {
  const text = lines.get(line) ?? "";
  const slice = MADE.map((form) => form.exec(text)).find((match) => match !== null);
  const [, indent = "", name = "", type = ""] = slice ?? MADE_MAP.exec(text) ?? [];
  const [, loopIndent, first, second, source = ""] = LOOP.exec(lines.get(line + 1) ?? "") ?? [];
  if (name === "" || source === "" || indent !== loopIndent || source === name) return undefined;
  const body = bodyOf(lines, line + 2, indent);
  if (body === undefined || /\b(?:continue|break|return|goto)\b/.test(body.join("\n"))) {
    return undefined;
  }
  const adds = slice ? `${name} = append(${name}, ` : `${name}[`;
  const added = body.filter((text) => text.startsWith(`${indent}\t${adds}`));
  const uses = body.filter((text) => new RegExp(`\\b${name}\\b`).test(text));
  if (added.length !== 1 || uses.length !== 1 || added[0]?.includes("...")) return undefined;
  if (!slice && !isPlainKey(added[0] ?? "", name, first)) return undefined;
  const all = [...lines.values()].join("\n");
  if (!hasLength(source, { all, isPair: second !== undefined })) return undefined;
  return slice
    ? `${indent}${name} := make([]${type}, 0, len(${source}))`
    : `${indent}${name} := make(${type}, len(${source}))`;
}

/** A map has as many items as the loop has iterations only where the key is the loop's own. */
function isPlainKey(text: string, name: string, first: string | undefined): boolean {
  return first !== "_" && text.trim().startsWith(`${name}[${first}] = `);
}

/**
 * Whether the lines show that `source` is a slice, a map or an array: it is indexed, or declared
 * so, or (where the loop takes pairs, which rules channels and numbers out) its length is asked.
 */
function hasLength(
  source: string,
  { all, isPair }: { readonly all: string; readonly isPair: boolean },
): boolean {
  const name = source.replaceAll(".", "\\.");
  const isIndexed = new RegExp(`(?<![\\w.])${name}\\[[^\\]]`).test(all);
  const isDeclared = new RegExp(`(?<![\\w.])${name} (?:\\[|map\\[|\\.\\.\\.)`).test(all);
  const isMeasured = new RegExp(`\\blen\\(${name}\\)`).test(all);
  return isIndexed || isDeclared || (isPair && isMeasured);
}
