// Text in columns: widths are those a terminal shows (wide characters count two), not lengths.
import stringWidth from "string-width";

function pad(text: string, width: number, isRight: boolean): string {
  const space = " ".repeat(Math.max(0, width - stringWidth(text)));
  return isRight ? space + text : text + space;
}

/** Rows as lines, two spaces between columns; `right` names the columns aligned to the right. */
export function alignColumns(
  rows: readonly (readonly string[])[],
  right: readonly number[],
): readonly string[] {
  const widths: number[] = [];
  for (const row of rows) {
    for (const [at, text] of row.entries()) {
      widths[at] = Math.max(widths[at] ?? 0, stringWidth(text));
    }
  }
  return rows.map((row) =>
    widths
      .map((width, at) => pad(row[at] ?? "", width, right.includes(at)))
      .join("  ")
      .trimEnd(),
  );
}

/** A word longer than a line is cut where the line ends. */
function pieces(word: string, width: number): readonly string[] {
  if (stringWidth(word) <= width) return [word];
  const result: string[] = [];
  let line = "";
  for (const character of word) {
    if (stringWidth(line + character) > width) {
      result.push(line);
      line = "";
    }
    line += character;
  }
  return [...result, line];
}

/** Lines of at most `width` columns, broken between words; spaces inside a line stay. */
export function wrap(text: string, width: number): readonly string[] {
  const lines: string[] = [];
  let line = "";
  for (const token of text.split(/(?<=\S)(?=\s)/)) {
    if (line !== "" && stringWidth(line + token) > width) {
      lines.push(line);
      line = "";
    }
    const [first = "", ...rest] = pieces(line === "" ? token.trimStart() : token, width);
    for (const piece of rest.length === 0 ? [] : [line + first, ...rest.slice(0, -1)]) {
      lines.push(piece);
    }
    line = rest.length === 0 ? line + first : (rest.at(-1) ?? "");
  }
  return [...lines, line];
}
