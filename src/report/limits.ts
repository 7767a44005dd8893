// What GitHub takes in a check run, and how a text is cut to fit: at a row, never inside one.
// Sizes are counted in UTF-8 bytes. GitHub says "characters" and does not say which; bytes are
// never fewer than any kind of character, so a text that fits in bytes fits.

/** `output.summary` and `output.text`: "Maximum length: 65535 characters" in the REST description. */
export const OUTPUT_MAX = 65_535;

/** What we aim at: room for what GitHub may count differently, and for a link added later. */
export const OUTPUT_AIM = 60_000;

/** Annotations in one request; more go with further updates ("maximum of 50", REST description). */
export const ANNOTATIONS_PER_REQUEST = 50;

/** What we send: a reader who gets more than ten remarks reads none (reviewers' own words). */
export const ANNOTATIONS_AIM = 10;

/** An annotation's `title`: "The maximum size is 255 characters". */
export const ANNOTATION_TITLE_MAX = 255;

/** An annotation's `message` and `raw_details`: "The maximum size is 64 KB". */
export const ANNOTATION_MESSAGE_MAX = 64 * 1024;

/** `output.title`. GitHub names no limit; its list of checks shows one line, a column holds 255. */
export const TITLE_MAX = 255;

/** A comment's or review's `body`: GitHub answers 422 "body is too long (maximum is 65536 characters)". */
export const COMMENT_MAX = 65_536;

/** What we aim at, as with OUTPUT_AIM. */
export const COMMENT_AIM = 60_000;

/** Inline remarks of one review: "at most a handful" is what reviewers stand of a machine. */
export const REVIEW_COMMENTS_MAX = 5;

/** Size as the limits above count it. */
export function sizeOf(text: string): number {
  return Buffer.byteLength(text, "utf8");
}

/**
 * The longest rendering within `budget` bytes: `render(n)` writes the first n of `total` rows and
 * says itself how many it left out. `render(0)` is returned even when it is over the budget, so
 * the frame of a section must be small. Sizes must not shrink as n grows.
 */
export function fitRows(
  render: (rowCount: number) => string,
  total: number,
  budget: number,
): string {
  const all = render(total);
  if (sizeOf(all) <= budget) return all;
  let fits = 0;
  let over = total;
  while (over - fits > 1) {
    const middle = (fits + over) >> 1;
    if (sizeOf(render(middle)) <= budget) fits = middle;
    else over = middle;
  }
  return render(fits);
}

/** `text` cut to `max` bytes at a line's end, followed by how many lines were left out. */
export function firstLines(text: string, max: number): string {
  if (sizeOf(text) <= max) return text;
  const lines = text.split("\n");
  let size = 0;
  let kept = 0;
  for (const line of lines) {
    size += sizeOf(line) + 1;
    if (size > max - 40) break;
    kept++;
  }
  return [...lines.slice(0, kept), `… ${lines.length - kept} more lines`].join("\n");
}
