// The last fence before GitHub's limits on a check run: what is too long is cut and marked.
// The report fits by design and at better places; but error texts and progress lines reach check
// runs too, and a 422 would lose the whole conclusion for the sake of its longest line.

import type { Annotation, CheckRunDraft } from "../report/check-run-draft.ts";
import {
  ANNOTATION_MESSAGE_MAX,
  ANNOTATION_TITLE_MAX,
  OUTPUT_MAX,
  TITLE_MAX,
} from "../report/limits.ts";

/** Names of check runs: at most 255 bytes, or matrix cells stop being told apart. */
const NAME_MAX = 255;

const CUT = " … (cut)";

/** The text within `limitBytes` of UTF-8, cut between characters and marked where it was cut. */
export function clip(text: string, limitBytes: number): string {
  if (Buffer.byteLength(text) <= limitBytes) return text;
  let end = limitBytes - Buffer.byteLength(CUT);
  const bytes = Buffer.from(text);
  // 10xxxxxx is the inside of a character: step back to the start of it.
  while (end > 0 && ((bytes[end] ?? 0) & 0xc0) === 0x80) end--;
  return bytes.toString("utf8", 0, end) + CUT;
}

export function fitName(name: string): string {
  return clip(name, NAME_MAX);
}

/** Title, summary and text; annotations are added per request. */
export function fitOutput({ output }: CheckRunDraft) {
  return {
    title: clip(output.title, TITLE_MAX),
    summary: clip(output.summary, OUTPUT_MAX),
    ...(output.text === undefined ? {} : { text: clip(output.text, OUTPUT_MAX) }),
  };
}

export function fitAnnotation({ raw_details, ...annotation }: Annotation) {
  return {
    ...annotation,
    title: clip(annotation.title, ANNOTATION_TITLE_MAX),
    message: clip(annotation.message, ANNOTATION_MESSAGE_MAX),
    ...(raw_details === undefined
      ? {}
      : { raw_details: clip(raw_details, ANNOTATION_MESSAGE_MAX) }),
  };
}
