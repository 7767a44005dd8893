// Strangers' text on its way out. Benchmark names, symbols, compiler output and reasons come from
// code under review; none of it may mention people, link, fake a row or hide what it says.
//
// Markdown: prose is escaped with backslashes and entities, and what GitHub links after parsing
// (@user, #12, GH-12, URLs) is broken with a zero-width space, because a backslash does not stop
// those filters. Names go into code spans, which those filters skip; a name that could end its
// span or its table cell goes into <code> with entities instead: GFM splits table cells before it
// looks for code spans, so `a\|b` cannot be written as a span in a table.
// HTML is escaped by Handlebars itself; it only needs `visible` before.
import assert from "node:assert/strict";

const INVISIBLE =
  /[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Zl}\p{Zp}\u115f\u1160\u2800\u3164\uffa0]|\p{Variation_Selector}|(?! )\p{Zs}/gu;

function escapeSequence(character: string): string {
  if (character === "\n") return "\\n";
  if (character === "\r") return "\\r";
  if (character === "\t") return "\\t";
  const code = character.codePointAt(0) ?? 0;
  if (code <= 0xff) return `\\x${code.toString(16).padStart(2, "0")}`;
  if (code <= 0xffff) return `\\u${code.toString(16).padStart(4, "0")}`;
  return `\\U${code.toString(16).padStart(8, "0")}`;
}

/** One line in which every control, bidirectional or invisible character is written as Go does. */
export function visible(text: string): string {
  return text.replace(INVISIBLE, escapeSequence);
}

/** As `visible`, for prose: line breaks and tabs become one space. */
export function oneLine(text: string): string {
  return visible(text.replace(/[\s]+/g, " ").trim());
}

/** As `visible`, for logs: line breaks stay, tabs become four spaces. */
export function visibleLines(text: string): string {
  return text
    .split(/\r?\n/)
    .map((line) => visible(line.replaceAll("\t", "    ")))
    .join("\n");
}

/** At most `max` UTF-16 units, cut in the middle, because names differ at both ends. */
export function shorten(text: string, max: number): string {
  if (text.length <= max) return text;
  const tail = Math.floor((max - 1) / 3);
  // A cut through a surrogate pair leaves half a character, which no encoding can write.
  const start = text.slice(0, max - 1 - tail).replace(/[\ud800-\udbff]$/, "");
  const end = text.slice(text.length - tail).replace(/^[\udc00-\udfff]/, "");
  return `${start}…${end}`;
}

const MARKDOWN_SPECIAL = /[\\`*_[\]~$&<>|@]|#(?=\d)|:\/\/|\bwww\.|\bGH-(?=\d)|\bmailto:|\bxmpp:/gi;
const ZERO_WIDTH = "&#8203;";
const ENTITIES: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  "|": "&#124;",
};

function escapeSpecial(found: string): string {
  const entity = ENTITIES[found];
  if (entity !== undefined) return entity;
  if (found === "://") return `:${ZERO_WIDTH}//`;
  if (found.length > 1) return `${found.slice(0, -1)}${ZERO_WIDTH}${found.slice(-1)}`;
  if (found === "@" || found === "#") return found + ZERO_WIDTH;
  return `\\${found}`;
}

/** Pieces of prose whose names stand between backticks; without a pair nothing is a name. */
export function proseParts(text: string): readonly { text: string; isCode: boolean }[] {
  const pieces = oneLine(text).split("`");
  if (pieces.length % 2 === 0) return [{ text: pieces.join("`"), isCode: false }];
  return pieces
    .map((piece, at) => ({ text: piece, isCode: at % 2 === 1 }))
    .filter((piece) => piece.text !== "");
}

/** Prose for a terminal or an annotation, where backticks would be shown. */
export function plainProse(text: string): string {
  return proseParts(text)
    .map((part) => part.text)
    .join("");
}

/** Prose for Markdown, also inside a table cell or at the start of a line. */
export function markdownText(text: string): string {
  return proseParts(text)
    .map((part) =>
      part.isCode ? markdownCode(part.text) : part.text.replace(MARKDOWN_SPECIAL, escapeSpecial),
    )
    .join("")
    .replace(/^[-+=#]/, "\\$&")
    .replace(/^(\d+)([.)])/, "$1\\$2");
}

/** A name for Markdown as code, safe inside a table cell and whatever the name holds. */
export function markdownCode(name: string): string {
  const shown = visible(name);
  if (/^(?! )[^`|\\<>&@]+(?<! )$/.test(shown)) return `\`${shown}\``;
  const entities = shown.replace(/[!-/:-@[-`{-~]/g, (found) => `&#${found.charCodeAt(0)};`);
  return `<code>${entities}</code>`;
}

/** A fenced block that its content cannot end. */
export function markdownFence(text: string): string {
  const shown = visibleLines(text);
  const fence = fenceFor(shown);
  return `${fence}text\n${shown}\n${fence}`;
}

/**
 * Lines of source as a change that a press of a button commits. Throws on anything but visible
 * ASCII and tabs: what a reader accepts must be what they see.
 */
export function markdownSuggestion(lines: readonly string[]): string {
  const text = lines.join("\n");
  assert(/^[\t\n -~]*$/.test(text), "a suggestion holds visible ASCII only");
  const fence = fenceFor(text);
  return `${fence}suggestion\n${text}\n${fence}`;
}

function fenceFor(text: string): string {
  const longest = Math.max(2, ...[...text.matchAll(/`+/g)].map((run) => run[0].length));
  return "`".repeat(longest + 1);
}

/** An absolute http(s) URL fit for `[text](URL)`; throws on anything else. */
export function markdownUrl(url: string): string {
  const parsed = new URL(url);
  if (parsed.protocol !== "https:" && parsed.protocol !== "http:") {
    throw new Error(`a link must be http or https, not ${parsed.protocol}`);
  }
  return parsed.href.replace(/[()|\\`<>]/g, (found) => `%${found.charCodeAt(0).toString(16)}`);
}
