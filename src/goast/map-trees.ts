// Which nodes of base and head belong together: a partial one-to-one mapping of two trees.
//
// Both are the same declaration, so the roots and their parts are mapped first. Then in three passes,
// after GumTree (Falleri et al., 2014): equal subtrees, largest first; inner nodes that hold the same
// equal subtrees, by similarity; the children of what was mapped, in order.
//
// GumTree's own last pass is an optimal tree edit distance on small subtrees; it is cubic and its
// result is rarely another than that of the ordered alignment used here.
import { alignChildren } from "./align-children.ts";
import { link, type Mapping } from "./mapping.ts";
import { matchContainers } from "./match-containers.ts";
import { matchEqual } from "./match-equal.ts";
import { at, childrenOf, type Tree } from "./tree.ts";
import { hashTree } from "./tree-hash.ts";

/**
 * Real functions need some 30 steps a node; the rest is for generated ones. Trees made to be
 * expensive (50,000 nested nodes, equal but for the innermost) end here after a second.
 */
const MOST_STEPS = 20_000_000;

/** Maps two trees that share their words. */
export function mapTrees(base: Tree, head: Tree): Mapping {
  const mapping: Mapping = {
    base,
    head,
    toHead: new Int32Array(base.size).fill(-1),
    toBase: new Int32Array(head.size).fill(-1),
  };
  const sides = {
    base: { tree: base, hashes: hashTree(base) },
    head: { tree: head, hashes: hashTree(head) },
  };
  const budget = { steps: MOST_STEPS };
  linkRoots(mapping);
  matchEqual(mapping, sides, { kind: "named", budget });
  matchEqual(mapping, sides, { kind: "blind", budget });
  matchContainers(mapping);
  alignChildren(mapping, budget);
  return mapping;
}

/** The roots are one declaration, and so are their parts that occur once: body, parameters. */
function linkRoots(mapping: Mapping): void {
  link(mapping, 0, 0);
  const parts = new Map(
    onlyChildren(mapping.base).map((node) => [at(mapping.base.kind, node), node]),
  );
  for (const node of onlyChildren(mapping.head)) {
    const partner = parts.get(at(mapping.head.kind, node));
    if (partner !== undefined) link(mapping, partner, node);
  }
}

/** Children of the root whose kind no other child has. */
function onlyChildren(tree: Tree): number[] {
  const children = childrenOf(tree, 0);
  const counts = new Map<number, number>();
  for (const child of children) {
    counts.set(at(tree.kind, child), (counts.get(at(tree.kind, child)) ?? 0) + 1);
  }
  return children.filter((child) => counts.get(at(tree.kind, child)) === 1);
}
