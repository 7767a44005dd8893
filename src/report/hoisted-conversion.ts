// A conversion that a loop repeats, taken out of it: `bytes.Contains(line, []byte(sep))` in a loop
// over lines copies the same text each time.
//
// Only where the shown lines prove that it is the same program: the text is a string parameter that
// nothing else in the loop names and nothing in the function changes or takes the address of; the
// bytes go to a function of package bytes that neither keeps nor writes them; and the new name is
// free. Strings made of bytes stay where they are: the bytes may change between two iterations.
import { bodyOf, type NumberedLines } from "./function-lines.ts";

export type Hoisted = {
  readonly firstLine: number;
  readonly line: number;
  readonly lines: readonly string[];
};

/** Functions of package bytes that only look at their last argument. */
const LOOKS = "Compare|Contains|Count|Equal|EqualFold|HasPrefix|HasSuffix|Index|LastIndex";
const USE = new RegExp(String.raw`\bbytes\.(?:${LOOKS})\([^"\x60]*, \[\]byte\(([a-z]\w*)\)\)`);
const LOOP = /^(\t+)for .*\{$/;

/** The loops of a function with a conversion that can be taken out; `lines` are all of it. */
export function hoistedConversions(lines: NumberedLines): Hoisted[] {
  const all = [...lines.values()];
  // The rest of the function might use what the new name hides, or change the text.
  if (!all[0]?.startsWith("func ") || all.at(-1) !== "}") return [];
  // Something of the function's own is called bytes, not the package.
  if (/\bbytes\b(?!\.)/.test(all.join("\n"))) return [];
  return [...lines.keys()].flatMap((line) => {
    const found = hoisted(lines, line, all);
    return found === undefined ? [] : [found];
  });
}

function hoisted(lines: NumberedLines, line: number, all: readonly string[]): Hoisted | undefined {
  const head = lines.get(line) ?? "";
  const indent = LOOP.exec(head)?.[1];
  // Between a label and its loop nothing can stand.
  if (indent === undefined || /^\s*\w+:$/.test(lines.get(line - 1) ?? "")) return undefined;
  const body = bodyOf(lines, line + 1, indent) ?? [];
  const at = body.findIndex((text) => USE.test(text));
  const text = body[at];
  const name = USE.exec(text ?? "")?.[1];
  if (text === undefined || name === undefined || text.includes("//")) return undefined;
  const loop = [head, ...body].join("\n");
  const fresh = `${name}Bytes`;
  if (count(loop, name) !== 1 || count(all.join("\n"), fresh) > 0) return undefined;
  if (!isSteady(name, all)) return undefined;
  const replaced = text.replace(`[]byte(${name})`, fresh);
  return {
    firstLine: line,
    line: line + 1 + at,
    lines: [`${indent}${fresh} := []byte(${name})`, head, ...body.slice(0, at), replaced],
  };
}

/** A string parameter that is only read: never assigned, declared anew, or pointed at. */
function isSteady(name: string, [declaration = "", ...body]: readonly string[]): boolean {
  const isParameter = new RegExp(String.raw`[(,] ?${name}(?:, \w+)* string\b`).test(declaration);
  const changes = new RegExp(
    String.raw`&${name}\b|\b${name}\b(?:, [\w.]+)* *(?::=|[-+*/%&|^<>]*=(?!=)|\+\+|--)|\bvar ${name}\b`,
  );
  return isParameter && !changes.test(body.join("\n"));
}

function count(text: string, name: string): number {
  return [...text.matchAll(new RegExp(String.raw`\b${name}\b`, "g"))].length;
}
