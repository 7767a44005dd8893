// What changed in how a function is declared: receiver, parameters, results, directives.
import { expressionText } from "../../goast/expression-text.ts";
import { at, childrenOf, kindOf, labelOf, type Tree } from "../../goast/tree.ts";
import type { SpecialChange } from "./fact-words.ts";
import { type TypeNames, typeNames, typeText } from "./type-text.ts";

/** Weight of a changed signature: it names what changed, and rarely why something is slower. */
const SIGNATURE = 4;
/** A directive changes what the compiler makes of a body that stayed. */
const DIRECTIVE = 12;

/** @param names as typeNames takes them. */
export function signatureChanges(
  base: Tree,
  head: Tree,
  names: ReadonlyMap<string, string>,
): SpecialChange[] {
  const spelled = typeNames(names);
  const lists = [
    ["Parameters", "parameter"],
    ["Results", "result"],
    ["TypeParameters", "type parameter"],
  ] as const;
  return [
    ...receiverChange(base, head, spelled),
    ...lists.flatMap(([kind, noun]) => {
      const from = typesIn(base, part(base, kind), spelled.base);
      const to = typesIn(head, part(head, kind), spelled.head);
      return listChange({ from, to }, head, kind, noun);
    }),
    ...directiveChanges(base, head),
  ];
}

function said(
  tree: Tree,
  node: number,
  change: Pick<SpecialChange, "group" | "direction" | "text" | "weight" | "side">,
): SpecialChange {
  return { ...change, line: at(tree.line, Math.max(node, 0)) };
}

function part(tree: Tree, kind: string): number {
  return childrenOf(tree, 0).find((node) => kindOf(tree, node) === kind) ?? -1;
}

function receiverChange(
  base: Tree,
  head: Tree,
  names: Readonly<Record<"base" | "head", TypeNames>>,
): SpecialChange[] {
  const text = receiverText(receiverOf(base, names.base), receiverOf(head, names.head));
  const common = { group: "signature", direction: "neutral", side: "head" } as const;
  return text === undefined ? [] : [said(head, 0, { ...common, text, weight: SIGNATURE })];
}

type ReceiverType = { readonly isPointer: boolean; readonly type: string };

/** Undefined for a function that is no method. */
function receiverOf(tree: Tree, names: TypeNames): ReceiverType | undefined {
  const receiver = part(tree, "Receiver");
  const type = receiver < 0 ? undefined : childrenOf(tree, receiver + 1)[1];
  if (type === undefined) return undefined;
  const isPointer = kindOf(tree, type) === "Star";
  return { isPointer, type: typeText(tree, isPointer ? type + 1 : type, names) };
}

function receiverText(
  had: ReceiverType | undefined,
  has: ReceiverType | undefined,
): string | undefined {
  if (had === undefined) return has && "the function became a method";
  if (has === undefined) return "the method became a function";
  if (had.type !== has.type) return "the method is another type's";
  if (had.isPointer === has.isPointer) return undefined;
  return has.isPointer
    ? "the receiver became a pointer"
    : "the receiver became a value, which is copied";
}

/** The types of a list of parameters, in order. */
function typesIn(tree: Tree, list: number, names: TypeNames): string[] {
  if (list < 0) return [];
  return childrenOf(tree, list).map((field) => {
    const type = childrenOf(tree, field).at(-1);
    return type === undefined ? "" : typeText(tree, type, names);
  });
}

function listChange(
  { from, to }: Readonly<Record<"from" | "to", readonly string[]>>,
  head: Tree,
  kind: string,
  noun: string,
): SpecialChange[] {
  if (from.join("\n") === to.join("\n")) return [];
  const more = to.length - from.length;
  const changed = to.findIndex((type, index) => type !== from[index]);
  const list = part(head, kind);
  const field = list < 0 ? undefined : childrenOf(head, list)[changed];
  const type = field === undefined ? undefined : childrenOf(head, field).at(-1);
  const name = type === undefined ? "another type" : `\`${expressionText(head, type)}\``;
  const text =
    more === 0
      ? `a ${noun} became ${name}`
      : listText(noun, { gone: less(from, to), came: less(to, from) });
  const common = { group: "signature", direction: "neutral", side: "head" } as const;
  return [said(head, list, { ...common, text, weight: SIGNATURE })];
}

/** How many of a list the other has not, whatever their order. */
function less(types: readonly string[], other: readonly string[]): number {
  const left = new Map<string, number>();
  for (const type of other) left.set(type, (left.get(type) ?? 0) + 1);
  let count = 0;
  for (const type of types) {
    const known = left.get(type) ?? 0;
    left.set(type, known - 1);
    if (known <= 0) count++;
  }
  return count;
}

/** "5 parameters were removed and 2 added". */
function listText(noun: string, { gone, came }: Readonly<Record<"gone" | "came", number>>): string {
  const [count, what] = gone > 0 ? [gone, "removed"] : [came, "added"];
  const first = count === 1 ? `a ${noun} was ${what}` : `${count} ${noun}s were ${what}`;
  return gone > 0 && came > 0 ? `${first} and ${came === 1 ? "one" : came} added` : first;
}

/** Directives that forbid the compiler what makes code fast. */
const COSTLY = /^\/\/go:(noinline|norace|uintptrescapes)\b/;

function directiveChanges(base: Tree, head: Tree): SpecialChange[] {
  const [from, to] = [directivesOf(base), directivesOf(head)];
  const added = [...to].filter((text) => !from.has(text));
  const removed = [...from].filter((text) => !to.has(text));
  const change = (text: string, isAdded: boolean) => {
    const costs = COSTLY.test(text);
    return said(isAdded ? head : base, 0, {
      group: "directive",
      direction: costs ? (isAdded ? "worse" : "better") : "neutral",
      text: `${nounOf(text)}\`${text}\` was ${isAdded ? "added" : "removed"}`,
      weight: costs ? DIRECTIVE : SIGNATURE,
      side: isAdded ? "head" : "base",
    });
  };
  return [
    ...added.map((text) => change(text, true)),
    ...removed.map((text) => change(text, false)),
  ];
}

/** The probe writes build constraints without their marker. */
function nounOf(directive: string): string {
  return directive.startsWith("//") ? "" : "the build constraint ";
}

function directivesOf(tree: Tree): ReadonlySet<string> {
  const nodes = childrenOf(tree, 0).filter((node) => kindOf(tree, node) === "Directive");
  return new Set(nodes.map((node) => labelOf(tree, node).slice(0, 80)));
}
