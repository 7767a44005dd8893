// An expression of a tree in a few characters, for sentences: `b.buf`, `strings.Index`, `[]byte`.
import { at, childrenOf, kindOf, labelOf, type Tree } from "./tree.ts";

/** A name longer than this is no longer read. */
const MAX_CHARS = 60;
/** `a.b.c.d` is four deep; what is deeper is not spelled out. */
const MAX_DEPTH = 6;

/** "…" for what is more than names, types and calls. */
export function expressionText(tree: Tree, node: number): string {
  const text = spelled(tree, node, MAX_DEPTH);
  return text.length <= MAX_CHARS ? text : `${text.slice(0, MAX_CHARS - 1)}…`;
}

function spelled(tree: Tree, node: number, depth: number): string {
  if (depth === 0 || node >= tree.size) return "…";
  const [label = "", value = ""] = labelOf(tree, node).split("\0");
  const child = (index: number) => {
    const found = childrenOf(tree, node)[index];
    return found === undefined ? "" : spelled(tree, found, depth - 1);
  };
  switch (kindOf(tree, node)) {
    case "Name":
    case "Local":
    case "LocalType":
      return label;
    case "Own":
      return "itself";
    case "Qualifier":
      return label.slice(label.lastIndexOf("/") + 1);
    case "BasicLit":
      return value;
    case "Selector":
      return `${child(0)}.${label}`;
    case "Index":
      return child(0);
    case "Call":
      return `${child(0)}()`;
    case "Star":
      return `*${child(0)}`;
    case "ArrayType":
      return `[${noneIsEmpty(tree, node)}]${child(1)}`;
    case "MapType":
      return `map[${child(0)}]${child(1)}`;
    case "ChanType":
      return `chan ${child(0)}`;
    case "FuncLit":
    case "FuncType":
      return "func";
    default:
      return "…";
  }
}

/** The length of an array type; nothing for a slice. */
function noneIsEmpty(tree: Tree, node: number): string {
  return kindOf(tree, node + 1) === "None" && at(tree.parent, node + 1) === node ? "" : "…";
}
