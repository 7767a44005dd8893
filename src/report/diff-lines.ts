// The text of the lines a diff shows of one file, by their number on the head side: what a
// suggested change may be read off. Only what is in the diff is known, so nothing is suggested for
// a line that GitHub would not let us point at.
import { parsePatch, type StructuredPatchHunk } from "diff";
import { diffFiles, pathOf } from "./hunks.ts";

export type DiffLines = {
  /** Added and context lines of head. */
  readonly head: ReadonlyMap<number, string>;
  /** Lines of head that replace exactly one line of base each, with that line. */
  readonly replaced: ReadonlyMap<number, string>;
  /** Lines of head that are new, or before which something was taken out. */
  readonly touched: ReadonlySet<number>;
  readonly removed: readonly string[];
};

/** The lines of `file` in `unifiedDiff`; none when it is not in it or cannot be read. */
export function diffLinesOf(unifiedDiff: string, file: string): DiffLines {
  const head = new Map<number, string>();
  const replaced = new Map<number, string>();
  const touched = new Set<number>();
  const removed: string[] = [];
  for (const text of diffFiles(unifiedDiff)) {
    for (const patch of parsed(text)) {
      if (pathOf(patch.newFileName) !== file) continue;
      for (const hunk of patch.hunks) readHunk(hunk, { head, replaced, touched, removed });
    }
  }
  return { head, replaced, touched, removed };
}

/** A file that cannot be read is named where the hunks are read. */
function parsed(text: string) {
  try {
    return parsePatch(text);
  } catch {
    return [];
  }
}

type Writable = {
  readonly head: Map<number, string>;
  readonly replaced: Map<number, string>;
  readonly touched: Set<number>;
  readonly removed: string[];
};

function readHunk(hunk: StructuredPatchHunk, into: Writable): void {
  let line = hunk.newStart;
  hunk.lines.forEach((text, at) => {
    const sign = text.charAt(0);
    if (sign === "-" || sign === "+") into.touched.add(line);
    if (sign === "-") into.removed.push(text.slice(1));
    if (sign !== "+" && sign !== " ") return;
    into.head.set(line, text.slice(1));
    const before = hunk.lines[at - 1] ?? "";
    const isAlone = !isSign(hunk.lines[at - 2], "-") && !isSign(hunk.lines[at + 1], "+");
    if (sign === "+" && isSign(before, "-") && isAlone) into.replaced.set(line, before.slice(1));
    line++;
  });
}

function isSign(line: string | undefined, sign: string): boolean {
  return line?.charAt(0) === sign;
}
