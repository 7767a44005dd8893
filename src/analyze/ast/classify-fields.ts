// What changed in a type: the fields of a struct, the methods of an interface. By itself it explains
// no time; it names what the functions that changed with it had to follow.
import { expressionText } from "../../goast/expression-text.ts";
import { at, childrenOf, kindOf, labelOf, type Tree } from "../../goast/tree.ts";
import type { SpecialChange } from "./special-changes.ts";

const WEIGHT = 3;
/** Several fields are told by name, more are counted. */
const MOST_NAMED = 3;

export function fieldChanges(base: Tree, head: Tree): SpecialChange[] {
  const [from, to] = [fieldsOf(base), fieldsOf(head)];
  if (from === undefined || to === undefined) return underlyingChange(base, head);
  const added = [...to.keys()].filter((name) => !from.has(name));
  const removed = [...from.keys()].filter((name) => !to.has(name));
  const kept = [...to.keys()].filter((name) => from.has(name));
  const retyped = kept.filter((name) => from.get(name) !== to.get(name));
  const order = [...from.keys()].filter((name) => to.has(name));
  const isReordered = order.some((name, index) => name !== kept[index]);
  return [
    ...told(added, "was added", "were added", head),
    ...told(removed, "was removed", "were removed", head),
    ...told(retyped, "has another type", "have other types", head),
    ...(isReordered ? [said("the fields stand in another order", head)] : []),
  ];
}

/** `type T int` that became `type T uint`. */
function underlyingChange(base: Tree, head: Tree): SpecialChange[] {
  const typeIn = (tree: Tree) => {
    const label = labelOf(tree, 0);
    if (label !== "type" && !label.startsWith("type\0")) return undefined;
    const type = childrenOf(tree, 0).at(-1);
    return type === undefined ? undefined : expressionText(tree, type);
  };
  const [from, to] = [typeIn(base), typeIn(head)];
  if (from === undefined || to === undefined || from === to) return [];
  return [said(`\`${from}\` became \`${to}\``, head)];
}

function told(names: readonly string[], one: string, many: string, tree: Tree): SpecialChange[] {
  if (names.length === 0) return [];
  if (names.length > MOST_NAMED) return [said(`${names.length} fields ${many}`, tree)];
  const list = names.map((name) => `\`${name}\``).join(", ");
  return [
    said(
      `${names.length === 1 ? "the field" : "the fields"} ${list} ${names.length === 1 ? one : many}`,
      tree,
    ),
  ];
}

function said(text: string, tree: Tree): SpecialChange {
  const line = at(tree.line, 0);
  return { group: "other", direction: "neutral", text, weight: WEIGHT, line, side: "head" };
}

/** What each field is, by its name; undefined where the declaration has none. */
function fieldsOf(tree: Tree): Map<string, string> | undefined {
  const type = childrenOf(tree, 0).find((node) =>
    ["StructType", "InterfaceType"].includes(kindOf(tree, node)),
  );
  if (type === undefined) return undefined;
  const fields = new Map<string, string>();
  for (const field of childrenOf(tree, type + 1)) {
    const words: string[] = [];
    for (let node = field + 1; node < at(tree.end, field); node++) {
      words.push(`${kindOf(tree, node)}:${labelOf(tree, node)}`);
    }
    const text = words.join(" ");
    fields.set(labelOf(tree, field) || text.replace(/^.*:/, ""), text);
  }
  return fields;
}
