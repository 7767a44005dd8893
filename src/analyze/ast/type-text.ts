// A type of a tree as one text, to compare it. It tells more apart than a sentence would spell out.
import { at, kindOf, labelOf, type Tree } from "../../goast/tree.ts";

/** @param names that count as others: what has only another name is the same type. */
export function typeText(tree: Tree, type: number, names: ReadonlyMap<string, string>): string {
  const words: string[] = [];
  for (let node = type; node < at(tree.end, type); node++) {
    const label = labelOf(tree, node);
    words.push(`${kindOf(tree, node)}:${names.get(label) ?? label}`);
  }
  return words.join(" ");
}
