// Stacks as folded text, the format of Brendan Gregg's flamegraph.pl and difffolded.pl, which
// speedscope and inferno read too: "root;caller;leaf 42", a line a stack.
//
// The format has no escapes: a semicolon parts frames, the last blank of a line parts the value, a
// line break ends it. Blanks inside a frame are read well by all of these tools; what is not is
// written as Go writes it in a string, "\x3b".

import type { ProfileFrame } from "./profile.ts";
import { mergeStacks, type Stack } from "./stacks.ts";

const UNREADABLE = /[;\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Zl}\p{Zp}]|\s+$/gu;

/** Sorted lines, each ended; values are whole and in the unit of the stacks. */
export function foldedText(
  stacks: readonly Stack[],
  nameOf: (frame: ProfileFrame) => string,
): string {
  const lines = mergeStacks(stacks, nameOf).map(({ frames, value }) => {
    const names = frames.map((frame) => frameText(nameOf(frame)));
    return `${names.reverse().join(";")} ${Math.round(value)}\n`;
  });
  return lines.sort().join("");
}

function frameText(name: string): string {
  const text = name.replace(UNREADABLE, (found) =>
    [...found].map((character) => escapeOf(character.codePointAt(0) ?? 0)).join(""),
  );
  return text === "" ? "<unknown>" : text;
}

function escapeOf(code: number): string {
  if (code <= 0xff) return `\\x${code.toString(16).padStart(2, "0")}`;
  return `\\u{${code.toString(16)}}`;
}
