// The words and signs of a rule, each with its place, before anything parses it.
//
// It decides which characters a rule may have at all, bounds its length and its nesting (mathjs'
// parser is recursive: 400 parentheses overflow the stack), and knows that a percent sign belongs
// to the number before it, where mathjs reads `5% and proven` as a remainder.

/** What is wrong with a rule; `offset` counts characters from 0. */
export class RuleError extends Error {
  override readonly name = "RuleError";
  readonly offset: number;
  constructor(offset: number, message: string) {
    super(message);
    this.offset = offset;
  }
}

export type Token = {
  readonly kind: "word" | "number" | "text" | "sign";
  readonly text: string;
  readonly offset: number;
};

/** A rule that does not fit is several rules. */
export const MAX_CHARACTERS = 500;
const MAX_NESTING = 20;

/** Signs of other languages, and what is written here instead. */
const INSTEAD: Readonly<Record<string, string>> = {
  "&": '"&" has no meaning in a rule; write "and"',
  "|": '"|" has no meaning in a rule; write "or"',
  "!": '"!" has no meaning in a rule; write "not"',
  "=": '"=" assigns; write "==" to compare',
  "%": "a percent sign belongs behind a number; there is no remainder",
};

/** Operators and constants that mathjs would read as such. */
const FOREIGN = /^(mod|to|in|xor|true|false|null|undefined|NaN|Infinity|end)$/;

const PATTERNS: readonly (readonly [Token["kind"], RegExp])[] = [
  ["word", /[A-Za-z_][A-Za-z0-9_]*/y],
  // Not in front of what mathjs reads as an exponent or as the base of another notation.
  ["number", /(?:\d{1,15}(?:\.\d{1,15})?|\.\d{1,15})(?![\d.xXoO]|[eEbB][\d+-])/y],
  ["text", /"[^"\\\p{Cc}]*"|'[^'\\\p{Cc}]*'/uy],
  ["sign", />=|<=|==|!=|[-+*/<>(),.%]/y],
];

/** All tokens in order. Throws RuleError at the first character that cannot be part of a rule. */
export function tokensOf(rule: string): Token[] {
  if (rule.length > MAX_CHARACTERS) {
    throw new RuleError(MAX_CHARACTERS, `must have at most ${MAX_CHARACTERS} characters`);
  }
  const tokens: Token[] = [];
  for (let offset = 0; offset < rule.length; ) {
    if (/\s/.test(rule[offset] ?? "")) {
      offset++;
      continue;
    }
    const token = tokenAt(rule, offset);
    tokens.push(token);
    offset += token.text.length;
  }
  const foreign = tokens.find(({ kind, text }) => kind === "word" && FOREIGN.test(text));
  if (foreign !== undefined) {
    throw new RuleError(foreign.offset, `"${foreign.text}" has no meaning in a rule`);
  }
  checkNesting(tokens);
  checkPercentSigns(tokens);
  return tokens;
}

function tokenAt(rule: string, offset: number): Token {
  for (const [kind, pattern] of PATTERNS) {
    pattern.lastIndex = offset;
    const text = pattern.exec(rule)?.[0];
    if (text !== undefined) return { kind, text, offset };
  }
  const [character = ""] = rule.slice(offset);
  if (character === '"' || character === "'") {
    throw new RuleError(offset, "this text does not end, or has a backslash in it");
  }
  if (/\d/.test(character))
    throw new RuleError(offset, "write this number out, with at most 15 digits");
  const shown = /[\p{Cc}\p{Cf}\p{Cs}\p{Co}]/u.test(character) ? "this character" : `"${character}"`;
  const instead = INSTEAD[character];
  throw new RuleError(offset, instead ?? `${shown} has no meaning in a rule`);
}

function checkNesting(tokens: readonly Token[]): void {
  let depth = 0;
  for (const { kind, text, offset } of tokens) {
    if (kind === "sign" && text === "(") depth++;
    if (kind === "sign" && text === ")") depth--;
    if (depth > MAX_NESTING) throw new RuleError(offset, "is nested too deeply");
  }
}

/** What may follow is the end, a sign that goes on, or "and" and "or" behind a space. */
function checkPercentSigns(tokens: readonly Token[]): void {
  for (const [at, token] of tokens.entries()) {
    if (token.text !== "%") continue;
    const [before, after] = [tokens[at - 1], tokens[at + 1]];
    const isApart = after !== undefined && after.offset > token.offset + 1;
    const goesOn =
      after === undefined ||
      (after.kind === "sign" && !"(%.".includes(after.text)) ||
      (isApart && /^(and|or)$/.test(after.text));
    if (before?.kind !== "number") throw new RuleError(token.offset, INSTEAD["%"] ?? "");
    if (!goesOn) {
      throw new RuleError(
        token.offset,
        'behind "%" must follow a space and "and", "or", or a sign',
      );
    }
  }
}
