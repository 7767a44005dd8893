// A rule of the gate, from its tree to a function: names are looked up, kinds are checked, and every
// node becomes a closure once. Running a rule is then a few calls, whatever was written.
import assert from "node:assert/strict";
import { didYouMean } from "../plan/nearest-word.ts";
import { METRIC_WORDS, type MetricWord, type RuleFacts } from "./rule-facts.ts";
import { article, requireComparable, requireQuantity, resultKind, sameKind } from "./rule-kinds.ts";
import { type Comparison, type Expression, parseRule } from "./rule-syntax.ts";
import { RuleError } from "./rule-tokens.ts";
import {
  type Kind,
  partOf,
  partsOf,
  TEXT_MATCHERS,
  UNITS,
  type Value,
  WORDS,
  type Word,
} from "./rule-vocabulary.ts";

export type CompiledRule = {
  /** A rule that asks about the run only is asked once; others for each regressed metric. */
  readonly scope: "run" | "benchmark";
  /** Metrics it names: it is asked about these only; all where it names none. */
  readonly metrics: ReadonlySet<MetricWord>;
  readonly holds: (facts: RuleFacts) => boolean;
};

/** Compiles a rule; throws RuleError with the place of what is wrong. */
export async function compileRule(text: string): Promise<CompiledRule> {
  const used: Word[] = [];
  const metrics = new Set<MetricWord>();
  const expression = await parseRule(text);
  const term = termOf(expression, { use: (word) => used.push(word), metrics });
  if (term.kind !== "condition") {
    throw new RuleError(expression.offset, `a rule is a condition; this is ${article(term.kind)}`);
  }
  if (used.length === 0) {
    throw new RuleError(expression.offset, "asks nothing about the run: it holds always or never");
  }
  const scope = used.some((word) => word.scope === "benchmark") ? "benchmark" : "run";
  return { scope, metrics, holds: (facts) => term.value(facts) === true };
}

type Term = { readonly kind: Kind; readonly value: (facts: RuleFacts) => Value };

/** What compiling a rule finds out about it. */
type Uses = { use(word: Word): void; readonly metrics: Set<MetricWord> };

function termOf(expression: Expression, uses: Uses): Term {
  switch (expression.kind) {
    case "number":
      return constant("number", expression.value);
    case "text":
      return constant("text", expression.value);
    case "quantity":
      return quantity(expression);
    case "symbol":
      return symbol(expression, uses);
    case "member":
      return member(expression, uses);
    case "call":
      return call(expression, uses);
    case "operation":
      return operation(expression, uses);
  }
}

function constant(kind: Kind, value: Value): Term {
  return { kind, value: () => value };
}

type Of<K extends Expression["kind"]> = Extract<Expression, { kind: K }>;

function quantity({ value, unit, offset }: Of<"quantity">): Term {
  const known = UNITS.get(unit);
  if (known === undefined) {
    const near = didYouMean(unit, [...UNITS.keys()]);
    throw new RuleError(offset, `"${unit}" is no unit (${[...UNITS.keys()].join(", ")})${near}`);
  }
  return constant(known.kind, value * known.factor);
}

function symbol({ name, offset }: Of<"symbol">, uses: Uses): Term {
  const word = WORDS.get(name);
  if (word === undefined) {
    if (FUNCTIONS.has(name)) throw new RuleError(offset, `"${name}" needs values: ${name}(…)`);
    if (UNITS.has(name)) throw new RuleError(offset, `the unit "${name}" needs a number before it`);
    throw new RuleError(offset, `there is no "${name}"${didYouMean(name, [...WORDS.keys()])}`);
  }
  uses.use(word);
  if (Object.hasOwn(METRIC_WORDS, name)) uses.metrics.add(name as MetricWord);
  return word;
}

function member({ object, name, offset }: Of<"member">, uses: Uses): Term {
  symbol({ kind: "symbol", name: object, offset }, uses);
  const parts = partsOf(object);
  if (parts.includes(name)) return partOf(object, name);
  if (parts.length === 0) throw new RuleError(offset, `"${object}" has no parts`);
  const near = didYouMean(name, parts);
  throw new RuleError(offset, `"${object}" has no "${name}" (${parts.join(", ")})${near}`);
}

const FUNCTIONS: ReadonlyMap<string, (values: readonly number[]) => number> = new Map([
  ["abs", ([value = 0]: readonly number[]) => Math.abs(value)],
  ["min", (values: readonly number[]) => Math.min(...values)],
  ["max", (values: readonly number[]) => Math.max(...values)],
]);
const FUNCTION_NAMES = [...FUNCTIONS.keys(), "matches"];

function call({ name, args, offset }: Of<"call">, uses: Uses): Term {
  if (name === "matches") return matches(args, offset, uses);
  const run = FUNCTIONS.get(name);
  if (run === undefined) {
    const near = didYouMean(name, FUNCTION_NAMES);
    throw new RuleError(
      offset,
      `there is no function "${name}" (${FUNCTION_NAMES.join(", ")})${near}`,
    );
  }
  const terms = args.map((at) => termOf(at, uses));
  const wanted = name === "abs" ? 1 : 2;
  if (terms.length < wanted || (name === "abs" && terms.length > 1)) {
    throw new RuleError(
      offset,
      `${name} takes ${wanted === 1 ? "one value" : "two values or more"}`,
    );
  }
  const kind = terms.reduce(
    (one, { kind }) => sameKind(one, kind, offset),
    terms[0]?.kind ?? "number",
  );
  requireQuantity(kind, offset);
  return { kind, value: (facts) => run(terms.map((term) => Number(term.value(facts)))) };
}

/** matches(name, "Parse*") */
function matches(args: readonly Expression[], offset: number, uses: Uses): Term {
  const [asked, pattern] = args;
  if (asked === undefined || pattern?.kind !== "text" || args.length !== 2) {
    throw new RuleError(offset, 'matches takes a name and a pattern: matches(name, "Parse*")');
  }
  return textTest(termOf(asked, uses), pattern, asked.offset);
}

function textTest(term: Term, pattern: Of<"text">, offset: number): Term {
  const test = TEXT_MATCHERS[term.kind];
  if (test === undefined) throw new RuleError(offset, `${article(term.kind)} is no text`);
  const words = Object.keys(METRIC_WORDS);
  if (term.kind === "metric" && !words.includes(pattern.value)) {
    const near = didYouMean(pattern.value, words);
    throw new RuleError(
      pattern.offset,
      `no metric is called "${pattern.value.slice(0, 60)}"${near}`,
    );
  }
  return { kind: "condition", value: (facts) => test(pattern.value, String(term.value(facts))) };
}

function operation(expression: Of<"operation">, uses: Uses): Term {
  const { operator, args } = expression;
  switch (operator) {
    case "and":
    case "or":
    case "not":
      return connective(operator, args, uses);
    case "+":
    case "-":
    case "*":
    case "/":
      return arithmetic(operator, args, uses);
    default:
      return comparison(operator, args, uses);
  }
}

function connective(operator: "and" | "or" | "not", args: readonly Expression[], uses: Uses): Term {
  const terms = args.map((at) => {
    const term = termOf(at, uses);
    if (term.kind === "condition") return term;
    throw new RuleError(at.offset, `"${operator}" joins conditions; this is ${article(term.kind)}`);
  });
  const value: Term["value"] =
    operator === "not"
      ? (facts) => terms[0]?.value(facts) !== true
      : operator === "and"
        ? (facts) => terms.every((term) => term.value(facts) === true)
        : (facts) => terms.some((term) => term.value(facts) === true);
  return { kind: "condition", value };
}

function arithmetic(
  operator: "+" | "-" | "*" | "/",
  args: readonly Expression[],
  uses: Uses,
): Term {
  const [one, other] = args.map((at) => {
    const term = termOf(at, uses);
    requireQuantity(term.kind, at.offset);
    return term;
  });
  assert(one !== undefined, "mathjs gives an operator something to work on");
  if (other === undefined) return { kind: one.kind, value: (facts) => -Number(one.value(facts)) };
  const kind = resultKind(operator, [one.kind, other.kind], args[0]?.offset ?? 0);
  const run = ARITHMETIC[operator];
  return { kind, value: (facts) => run(Number(one.value(facts)), Number(other.value(facts))) };
}

const ARITHMETIC = {
  "+": (one: number, other: number) => one + other,
  "-": (one: number, other: number) => one - other,
  "*": (one: number, other: number) => one * other,
  "/": (one: number, other: number) => one / other,
} as const;

function comparison(operator: Comparison, args: readonly Expression[], uses: Uses): Term {
  const [first, second] = args;
  assert(first !== undefined && second !== undefined, "mathjs gives a comparison two sides");
  const text = second.kind === "text" ? second : first.kind === "text" ? first : undefined;
  if (text !== undefined && (operator === "==" || operator === "!=")) {
    const asked = text === second ? first : second;
    const is = textTest(termOf(asked, uses), text, asked.offset);
    return operator === "==" ? is : { kind: "condition", value: (at) => is.value(at) !== true };
  }
  const [one, other] = [termOf(first, uses), termOf(second, uses)];
  requireQuantity(one.kind, first.offset);
  requireQuantity(other.kind, second.offset);
  requireComparable(
    { expression: first, kind: one.kind },
    { expression: second, kind: other.kind },
  );
  const run = COMPARISONS[operator];
  return {
    kind: "condition",
    value: (facts) => run(Number(one.value(facts)), Number(other.value(facts))),
  };
}

const COMPARISONS: Readonly<Record<Comparison, (one: number, other: number) => boolean>> = {
  ">": (one, other) => one > other,
  ">=": (one, other) => one >= other,
  "<": (one, other) => one < other,
  "<=": (one, other) => one <= other,
  "==": (one, other) => one === other,
  "!=": (one, other) => one !== other,
};
