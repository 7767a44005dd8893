// What changed in a type: the fields of a struct, the methods of an interface. By itself it explains
// no time; it names what the functions that changed with it had to follow.
import { expressionText } from "../../goast/expression-text.ts";
import { at, childrenOf, kindOf, labelOf, type Tree } from "../../goast/tree.ts";
import type { SpecialChange } from "./fact-words.ts";
import { type TypeNames, typeNames, typeText } from "./type-text.ts";

const WEIGHT = 3;
/** Several fields are told by name, more are counted. */
const MOST_NAMED = 3;

/** @param names as typeNames takes them. */
export function fieldChanges(
  base: Tree,
  head: Tree,
  names: ReadonlyMap<string, string>,
): SpecialChange[] {
  const spelled = typeNames(names);
  const [from, to] = [fieldsOf(base, spelled.base), fieldsOf(head, spelled.head)];
  if (from === undefined || to === undefined) return underlyingChange(base, head);
  const noun = kindOf(head, to.node) === "InterfaceType" ? "method" : "field";
  const say = (names: readonly string[], one: string, many: string) =>
    told(names, noun, { one, many }).map((text) => said(text, head));
  const renamed = renamedFields(from.fields, to.fields);
  if (renamed !== undefined) {
    const now = renamed.map(([, { name }]) => `\`${name}\``).slice(0, MOST_NAMED);
    const became = renamed.length > MOST_NAMED ? "" : ` to ${now.join(", ")}`;
    const retyped = from.fields.filter((field, index) => field.type !== to.fields[index]?.type);
    return [
      ...say(
        renamed.map(([{ name }]) => name),
        `was renamed${became}`,
        `were renamed${became}`,
      ),
      ...say(namesOf(retyped), "has another type", "have other types"),
    ];
  }
  const types = new Map(from.fields.map(({ name, type }) => [name, type]));
  const had = new Set(namesOf(from.fields));
  const has = new Set(namesOf(to.fields));
  const kept = [...has].filter((name) => had.has(name));
  const retyped = to.fields.filter(({ name, type }) => had.has(name) && types.get(name) !== type);
  const order = [...had].filter((name) => has.has(name));
  const isReordered = order.some((name, index) => name !== kept[index]);
  return [
    ...say(
      [...has].filter((name) => !had.has(name)),
      "was added",
      "were added",
    ),
    ...say(
      [...had].filter((name) => !has.has(name)),
      "was removed",
      "were removed",
    ),
    ...say(namesOf(retyped), "has another type", "have other types"),
    ...(isReordered ? [said(`the ${noun}s stand in another order`, head)] : []),
  ];
}

function namesOf(fields: readonly Field[]): string[] {
  return fields.map(({ name }) => name);
}

/**
 * Fields with other names in their places; undefined where it is not by names alone that the types
 * differ, place by place, or where the names only changed places.
 */
function renamedFields(base: readonly Field[], head: readonly Field[]) {
  if (base.length !== head.length) return undefined;
  const renamed: (readonly [base: Field, head: Field])[] = [];
  for (const [index, from] of base.entries()) {
    const to = head[index];
    if (to === undefined || (from.name !== to.name && from.type !== to.type)) return undefined;
    if (from.name !== to.name) renamed.push([from, to]);
  }
  const had = new Set(namesOf(base));
  return head.every(({ name }) => had.has(name)) ? undefined : renamed;
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

function told(
  names: readonly string[],
  noun: string,
  { one, many }: { readonly one: string; readonly many: string },
): string[] {
  if (names.length === 0) return [];
  if (names.length > MOST_NAMED) return [`${names.length} ${noun}s ${many}`];
  const list = names.map((name) => `\`${name}\``).join(", ");
  return [names.length === 1 ? `the ${noun} ${list} ${one}` : `the ${noun}s ${list} ${many}`];
}

function said(text: string, tree: Tree): SpecialChange {
  const line = at(tree.line, 0);
  return { group: "other", direction: "neutral", text, weight: WEIGHT, line, side: "head" };
}

/** A field of a struct or a method of an interface; the type of an embedded one is its name. */
type Field = { readonly name: string; readonly type: string };

/** In the order of the source; undefined where the declaration has none. */
function fieldsOf(
  tree: Tree,
  names: TypeNames,
): { readonly node: number; readonly fields: Field[] } | undefined {
  const node = childrenOf(tree, 0).find((child) =>
    ["StructType", "InterfaceType"].includes(kindOf(tree, child)),
  );
  if (node === undefined) return undefined;
  const fields = childrenOf(tree, node + 1).map((field) => {
    const type = childrenOf(tree, field)
      .map((node) => typeText(tree, node, names))
      .join(" ");
    return { name: labelOf(tree, field) || type.replace(/^.*:/, ""), type };
  });
  return { node, fields };
}
