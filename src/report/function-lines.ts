// The lines of one function as a diff shows them: what a suggested change reads its proof off.

/** How far above and below a line its function is looked through. */
const FUNCTION_LINES_MAX = 60;
const LOOP_LINES_MAX = 12;

export type NumberedLines = ReadonlyMap<number, string>;

/** The lines that are shown without a gap around `line`, within the function it is in, in order. */
export function linesOfFunction(head: NumberedLines, line: number): NumberedLines {
  const above: [number, string][] = [];
  for (let at = line; at > line - FUNCTION_LINES_MAX; at--) {
    const text = head.get(at);
    if (text === undefined || (at < line && text.startsWith("}"))) break;
    above.unshift([at, text]);
    if (text.startsWith("func ")) break;
  }
  const lines = new Map(above);
  for (let at = line + 1; at < line + FUNCTION_LINES_MAX; at++) {
    const text = head.get(at);
    if (text === undefined || text.startsWith("func ")) break;
    lines.set(at, text);
    if (text.startsWith("}")) break;
  }
  return lines;
}

/** The lines of a block that begins at `from`, up to its end at `indent`; undefined where it is long. */
export function bodyOf(
  lines: NumberedLines,
  from: number,
  indent: string,
): readonly string[] | undefined {
  const body: string[] = [];
  for (let at = from; at < from + LOOP_LINES_MAX; at++) {
    const text = lines.get(at);
    if (text === undefined) return undefined;
    if (text === `${indent}}`) return body;
    body.push(text);
  }
  return undefined;
}
