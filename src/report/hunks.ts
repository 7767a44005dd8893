// Which lines of a unified diff GitHub lets us point at: those inside a hunk, context included.
// One anchor outside a hunk loses a whole review, and a remark on a line the author did not touch
// loses the author. On each side a hunk is one run of lines, so ranges are enough.
//
// The text comes from a runner and may be cut off: every file is parsed by itself, so that one
// unreadable file costs that file and is named in `problems`.
import { parsePatch } from "diff";
import type { Position } from "../analyze/subject.ts";

/** Inclusive, counted from 1. */
type LineRange = { readonly start: number; readonly end: number };

type FileRanges = ReadonlyMap<string, readonly LineRange[]>;

export type Hunks = {
  /** By path on that side. */
  readonly head: FileRanges;
  readonly base: FileRanges;
  /** Files of the diff that could not be read, and why. */
  readonly problems: readonly string[];
};

/** The path in a file's name of a diff: "a/x.go" and "b/x.go" are x.go, "/dev/null" is no file. */
export function pathOf(name: string | undefined): string | undefined {
  if (name === undefined || name === "/dev/null") return undefined;
  return name.replace(/^[ab]\//, "");
}

/** The parts of a `git diff` that show lines, one a file. */
export function diffFiles(unifiedDiff: string): readonly string[] {
  // A hunk's lines start with a space, +, - or \, so this header cannot be content.
  return unifiedDiff.split(/^(?=diff --git )/m).filter((text) => /^@@ /m.test(text));
}

/** Ranges of every file of a `git diff`; binary files and pure renames have none. */
export function parseHunks(unifiedDiff: string): Hunks {
  const head = new Map<string, LineRange[]>();
  const base = new Map<string, LineRange[]>();
  const problems: string[] = [];
  for (const text of diffFiles(unifiedDiff)) {
    try {
      for (const patch of parsePatch(text)) {
        const sides = [
          { ranges: head, path: pathOf(patch.newFileName), start: "newStart", count: "newLines" },
          { ranges: base, path: pathOf(patch.oldFileName), start: "oldStart", count: "oldLines" },
        ] as const;
        for (const { ranges, path, start, count } of sides) {
          if (path === undefined) continue;
          const found = patch.hunks
            .filter((hunk) => hunk[count] > 0)
            .map((hunk) => ({ start: hunk[start], end: hunk[start] + hunk[count] - 1 }));
          ranges.set(path, [...(ranges.get(path) ?? []), ...found]);
        }
      }
    } catch (cause) {
      const first = text.slice(0, text.indexOf("\n")).slice(0, 300);
      problems.push(`${first}: ${cause instanceof Error ? cause.message : String(cause)}`);
    }
  }
  return { head, base, problems };
}

/** Whether a remark may be anchored at `position` on that side. */
export function isCommentable(hunks: Hunks, side: "base" | "head", position: Position): boolean {
  const ranges = hunks[side].get(position.file) ?? [];
  return ranges.some(({ start, end }) => start <= position.line && position.line <= end);
}
