// A rule of the gate from text to a small tree of our own.
//
// mathjs parses and does nothing else: its evaluation kills a process (`zeros(20000,20000)` by
// memory, `1:1e9` by an abort of V8 that nothing can catch), knows `import`, and is slow. What its
// parser gives is walked with a list of the node types and operators that a rule may have; anything
// else (assignment, functions, ranges, indices, objects, conditionals, blocks) is refused with its
// place. mathjs' nodes have no places, but their leaves come in the order of the text, so each
// takes the next word of it.
import type { AccessorNode, FunctionNode, MathNode, OperatorNode, SymbolNode } from "mathjs";
import { RuleError, type Token, tokensOf } from "./rule-tokens.ts";

export type Operator = "+" | "-" | "*" | "/" | Comparison | "and" | "or" | "not";
export type Comparison = ">" | ">=" | "<" | "<=" | "==" | "!=";

/** `offset` is where it begins in the text, in characters from 0. */
export type Expression = { readonly offset: number } & (
  | { readonly kind: "number"; readonly value: number }
  /** `5%`, `2 ms`; the unit is not checked here. */
  | { readonly kind: "quantity"; readonly value: number; readonly unit: string }
  | { readonly kind: "text"; readonly value: string }
  | { readonly kind: "symbol"; readonly name: string }
  | { readonly kind: "member"; readonly object: string; readonly name: string }
  | { readonly kind: "call"; readonly name: string; readonly args: readonly Expression[] }
  | {
      readonly kind: "operation";
      readonly operator: Operator;
      readonly args: readonly Expression[];
    }
);

const OPERATORS: Readonly<Record<string, Operator>> = {
  add: "+",
  subtract: "-",
  multiply: "*",
  divide: "/",
  unaryMinus: "-",
  larger: ">",
  largerEq: ">=",
  smaller: "<",
  smallerEq: "<=",
  equal: "==",
  unequal: "!=",
  and: "and",
  or: "or",
  not: "not",
};

/**
 * Stands for the percent sign while mathjs parses: a letter to its tokenizer, so that `5%` becomes
 * a number and its unit, and of one character, so that places stay. No rule can hold it itself.
 */
const PERCENT = "\u01a5";

/** The tree of a rule; throws RuleError with the place of what is wrong. */
export async function parseRule(rule: string): Promise<Expression> {
  const tokens = tokensOf(rule);
  if (tokens.length === 0) throw new RuleError(0, "is empty");
  const { parse } = await import("mathjs/number");
  return convert(parsed(parse, tokens, rule.length), leavesOf(tokens));
}

function parsed(
  parse: (text: string) => MathNode,
  tokens: readonly Token[],
  length: number,
): MathNode {
  // Blanks instead of line ends, which would make several expressions of one.
  let text = "";
  for (const token of tokens) {
    text = text.padEnd(token.offset) + (token.text === "%" ? PERCENT : token.text);
  }
  try {
    return parse(text);
  } catch (error) {
    const at = (error as { readonly char?: number }).char;
    if (!(error instanceof SyntaxError) || at === undefined) throw error;
    const words = error.message.replace(/ ?\(char \d+\)$/, "").replaceAll(PERCENT, "%");
    throw new RuleError(Math.min(at - 1, length), `cannot be read: ${words.toLowerCase()}`);
  }
}

type Leaves = { take(text: string): number; peek(): number };

/** Words, numbers and texts in their order; operators that are words are none. */
function leavesOf(tokens: readonly Token[]): Leaves {
  const leaves = tokens.filter(
    ({ kind, text }) => text === "%" || (kind !== "sign" && !/^(and|or|not)$/.test(text)),
  );
  let at = 0;
  return {
    peek: () => leaves[at]?.offset ?? 0,
    take: (text) => {
      const leaf = leaves[at++];
      const isThis = text === PERCENT ? leaf?.text === "%" : leaf?.text === text;
      if (leaf === undefined || (leaf.kind !== "text" && leaf.kind !== "number" && !isThis)) {
        const offset = tokens.find((token) => token.text === text)?.offset ?? 0;
        throw new RuleError(offset, `"${text}" stands between two conditions`);
      }
      return leaf.offset;
    },
  };
}

function convert(node: MathNode, leaves: Leaves): Expression {
  const offset = leaves.peek();
  switch (node.type) {
    case "ParenthesisNode":
      return convert((node as MathNode & { readonly content: MathNode }).content, leaves);
    case "SymbolNode": {
      const { name } = node as SymbolNode;
      return { kind: "symbol", name, offset: leaves.take(name) };
    }
    case "ConstantNode":
      return constant((node as MathNode & { readonly value: unknown }).value, leaves);
    case "AccessorNode":
      return member(node as AccessorNode, leaves);
    case "FunctionNode":
      return call(node as FunctionNode, leaves);
    case "OperatorNode":
      return operation(node as OperatorNode, leaves);
    default:
      throw new RuleError(offset, REFUSED[node.type] ?? "this has no meaning in a rule");
  }
}

const REFUSED: Readonly<Record<string, string>> = {
  AssignmentNode: '"=" assigns; write "==" to compare',
  RelationalNode: 'compare two values at a time: "a < b and b < c"',
};

function constant(value: unknown, leaves: Leaves): Expression {
  const offset = leaves.take("");
  if (typeof value === "string") return { kind: "text", value, offset };
  return { kind: "number", value: Number(value), offset };
}

function member(node: AccessorNode, leaves: Leaves): Expression {
  const object = node.object as MathNode;
  const index = node.index as MathNode & {
    readonly dotNotation: boolean;
    readonly dimensions: readonly (MathNode & { readonly value?: unknown })[];
  };
  const [property] = index.dimensions;
  if (object.type !== "SymbolNode" || !index.dotNotation || typeof property?.value !== "string") {
    throw new RuleError(leaves.peek(), "only a name has parts, such as p99.head");
  }
  const { name } = object as SymbolNode;
  const offset = leaves.take(name);
  leaves.take(property.value);
  return { kind: "member", object: name, name: property.value, offset };
}

function call(node: FunctionNode, leaves: Leaves): Expression {
  const callee = node.fn as unknown as MathNode;
  if (callee.type !== "SymbolNode") {
    throw new RuleError(leaves.peek(), "only a function can be called");
  }
  const { name } = callee as SymbolNode;
  const offset = leaves.take(name);
  return { kind: "call", name, args: node.args.map((at) => convert(at, leaves)), offset };
}

function operation(node: OperatorNode, leaves: Leaves): Expression {
  const offset = leaves.peek();
  const args = node.args.map((at) => convert(at, leaves));
  if (node.implicit) return quantity(args, offset);
  const operator = Object.hasOwn(OPERATORS, node.fn) ? OPERATORS[node.fn] : undefined;
  if (operator === undefined) {
    throw new RuleError(offset, `"${String(node.op)}" has no meaning in a rule`);
  }
  return { kind: "operation", operator, args, offset };
}

/** mathjs reads two things side by side as a product: here only a number and its unit. */
function quantity(args: readonly Expression[], offset: number): Expression {
  const [amount, unit] = args;
  const value = amount === undefined ? undefined : plainNumber(amount);
  if (value !== undefined && unit?.kind === "symbol") {
    const name = unit.name === PERCENT ? "%" : unit.name;
    return { kind: "quantity", value, unit: name, offset };
  }
  throw new RuleError(
    unit?.offset ?? offset,
    'an operator is missing: write "and", "*" or another',
  );
}

/** The sign binds closer than the unit: `-5%` is (-5)%. */
function plainNumber(expression: Expression): number | undefined {
  if (expression.kind === "number") return expression.value;
  if (expression.kind !== "operation" || expression.operator !== "-") return undefined;
  const [inner, second] = expression.args;
  return inner?.kind === "number" && second === undefined ? -inner.value : undefined;
}
