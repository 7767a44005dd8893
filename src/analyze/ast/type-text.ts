// A type of a tree as one text, to compare it. It tells more apart than a sentence would spell out.
import { at, kindOf, labelOf, type Tree } from "../../goast/tree.ts";

/** How names of types are written: as on head, and without their package where they moved. */
export type TypeNames = {
  readonly onHead: (name: string) => string;
  readonly hasMoved: (name: string) => boolean;
};

/** Names on head by those on base: what has only another name or package is the same type. */
export function typeNames(names: ReadonlyMap<string, string>): Record<"base" | "head", TypeNames> {
  const there = new Set(names.values());
  return {
    base: { onHead: (name) => names.get(name) ?? name, hasMoved: (name) => names.has(name) },
    head: { onHead: (name) => name, hasMoved: (name) => there.has(name) },
  };
}

export function typeText(tree: Tree, type: number, { onHead, hasMoved }: TypeNames): string {
  const words: string[] = [];
  for (let node = type; node < at(tree.end, type); node++) {
    const label = labelOf(tree, node);
    const isQualified = kindOf(tree, node) === "Selector" && kindOf(tree, node + 1) === "Qualifier";
    const kind = isQualified && hasMoved(label) ? "Name" : kindOf(tree, node);
    words.push(`${kind}:${onHead(label)}`);
    if (kind !== kindOf(tree, node)) node++;
  }
  return words.join(" ");
}
