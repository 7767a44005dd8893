// Where a function does what costs: every fact of its tree with how many loops it stands in.
import { expressionText } from "../../goast/expression-text.ts";
import { at, childrenOf, factOf, kindOf, labelOf, numbersOf, type Tree } from "../../goast/tree.ts";
import { isEqualTree } from "../../goast/tree-hash.ts";
import { ALLOCATING_CALLS, FACTS, LOOPS } from "./fact-catalog.ts";

export type FactSite = {
  readonly node: number;
  /** A name of fact-catalog.ts, or "call". */
  readonly fact: string;
  /** What tells it from others of its kind: the function called, the type made; may be empty. */
  readonly detail: string;
  /** Loops of the same function around it. */
  readonly loopDepth: number;
  readonly line: number;
};

/**
 * In the order of the source.
 * @param depths as loopDepths gives them.
 * @param isSettled tells subtrees whose facts need not be looked at.
 */
export function factSites(
  tree: Tree,
  depths: Int32Array,
  isSettled: (node: number) => boolean,
): FactSite[] {
  const sites: FactSite[] = [];
  for (let node = 0; node < tree.size; node++) {
    if (isSettled(node)) {
      node = at(tree.end, node) - 1;
      continue;
    }
    const fact = factAt(tree, node);
    if (fact === "") continue;
    const line = at(tree.line, node);
    if (fact === "clear") {
      const detail = detailOfClear(tree, node);
      sites.push({ node, fact, detail, loopDepth: depths[node] ?? 0, line });
      node = at(tree.end, node) - 1;
      continue;
    }
    sites.push({ node, fact, detail: detailOf(tree, node), loopDepth: depths[node] ?? 0, line });
  }
  return sites;
}

function factAt(tree: Tree, node: number): string {
  const fact = factOf(tree, node);
  if (fact === "map-range" && isClear(tree, node)) return "clear";
  if (FACTS[fact] !== undefined) return fact;
  // A conversion, which is told by what it is part of.
  if (fact !== "") return "";
  switch (kindOf(tree, node)) {
    case "If":
      return "condition";
    case "Call":
      if (kindOf(tree, node + 1) === "Name" && labelOf(tree, node + 1) === "clear") return "clear";
      if (isConversion(tree, node + 1) || factOf(tree, node - 1) === "pool-get") return "";
      return ALLOCATING_CALLS.has(expressionText(tree, node + 1)) ? "allocating-call" : "call";
    default:
      return "";
  }
}

/** `for k := range m { delete(m, k) }`: one call of the runtime (cmd/compile/internal/walk/range.go). */
function isClear(tree: Tree, range: number): boolean {
  const [key = 0, value = 0, map = 0, block = 0] = childrenOf(tree, range);
  const [statement = 0, more] = childrenOf(tree, block);
  if (kindOf(tree, value) !== "None" || more !== undefined) return false;
  if (kindOf(tree, statement) !== "Expression" || factOf(tree, statement + 1) !== "map-delete") {
    return false;
  }
  const [, from = 0, what = 0] = childrenOf(tree, statement + 1);
  const isKey = at(tree.binding, what) >= 0 && at(tree.binding, what) === at(tree.binding, key);
  return isKey && isEqualTree({ tree, node: map }, { tree, node: from }, "named");
}

/** What is cleared. */
function detailOfClear(tree: Tree, node: number): string {
  const index = kindOf(tree, node) === "Call" ? 1 : 2;
  return expressionText(tree, childrenOf(tree, node)[index] ?? node);
}

const BASIC_TYPE =
  /^(string|bool|byte|rune|u?int(8|16|32|64)?|uintptr|float(32|64)|complex(64|128)|len|cap|panic)$/;

/** What costs nothing by itself: conversions between numbers, len and cap, and the end by panic. */
function isConversion(tree: Tree, callee: number): boolean {
  switch (kindOf(tree, callee)) {
    case "Name":
      return BASIC_TYPE.test(labelOf(tree, callee));
    case "FuncLit":
    case "ArrayType":
    case "MapType":
    case "Star":
    case "InterfaceType":
      return true;
    default:
      return false;
  }
}

/** What is called, or for `make`, `new` and literals what is made. */
function detailOf(tree: Tree, node: number): string {
  const first = node + 1;
  switch (kindOf(tree, node)) {
    case "Call": {
      const callee = calleeText(tree, first);
      const isMaker = callee === "make" || callee === "new";
      return isMaker ? expressionText(tree, at(tree.end, first)) : callee;
    }
    case "CompositeLit":
      return expressionText(tree, first);
    case "Unary":
      return kindOf(tree, first) === "CompositeLit" ? expressionText(tree, first + 1) : "";
    case "Index":
      return expressionText(tree, first);
    case "Assign":
      return factOf(tree, node) === "bounds-hint" ? indexText(tree, at(tree.end, first)) : "";
    default:
      return "";
  }
}

/** Of a call on what another call gives, only the method: the other call is told by itself. */
function calleeText(tree: Tree, callee: number): string {
  const isChained = kindOf(tree, callee) === "Selector" && kindOf(tree, callee + 1) === "Call";
  return isChained ? labelOf(tree, callee) : expressionText(tree, callee);
}

/** "b[7]"; the index is left out where it is no literal. */
function indexText(tree: Tree, index: number): string {
  const operand = expressionText(tree, index + 1);
  return `${operand}[${expressionText(tree, at(tree.end, index + 1))}]`;
}

/** Loops around each node. The head of a `for` runs again and again but for its init; what is ranged over is looked at once. */
export function loopDepths(tree: Tree): Int32Array {
  const depths = new Int32Array(tree.size);
  const loops = numbersOf(tree.words, LOOPS);
  for (let node = 1; node < tree.size; node++) {
    const parent = at(tree.parent, node);
    const isInside =
      loops.has(at(tree.fact, parent)) &&
      (kindOf(tree, node) === "Block" || (kindOf(tree, parent) === "For" && node !== parent + 1));
    depths[node] = at(depths, parent) + Number(isInside);
  }
  return depths;
}
