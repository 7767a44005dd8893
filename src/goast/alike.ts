// How much two declarations have in common, as bags of nodes: each is its kind and its own text, the
// names of locals left out, and order is ignored (the Dice coefficient; and, for one that grew, the
// part of the smaller that is in the larger).
import { at, type Tree } from "./tree.ts";

/** A declaration's nodes, counted. */
export type Nodes = { readonly size: number; readonly counts: ReadonlyMap<number, number> };

/**
 * Only of trees that share their words can the counts be compared.
 * @param renames words that count as others.
 */
export function countNodes(tree: Tree, renames: ReadonlyMap<number, number> = new Map()): Nodes {
  const local = tree.words.numbers.get("Local");
  const counts = new Map<number, number>();
  for (let node = 0; node < tree.size; node++) {
    const kind = at(tree.kind, node);
    const label = at(tree.label, node);
    const key = kind * 2 ** 24 + (kind === local ? 0 : (renames.get(label) ?? label));
    counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  return { size: tree.size, counts };
}

/** From 0, nothing in common, to 1, the same nodes. */
export function diceOf(base: Nodes, head: Nodes): number {
  return (2 * shared(base, head)) / (base.size + head.size);
}

/** The largest that diceOf can be, by the sizes alone. */
export function mostDice(base: Nodes, head: Nodes): number {
  return (2 * Math.min(base.size, head.size)) / (base.size + head.size);
}

/** Part of the smaller one's nodes that the larger has too. */
export function containedPart(base: Nodes, head: Nodes): number {
  return shared(base, head) / Math.min(base.size, head.size);
}

function shared(base: Nodes, head: Nodes): number {
  let sum = 0;
  for (const [key, count] of base.counts) sum += Math.min(count, head.counts.get(key) ?? 0);
  return sum;
}
