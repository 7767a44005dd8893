// Which nodes of base and head belong together: a partial one-to-one mapping of two trees.
//
// Both are the same declaration, so the roots and their parts are mapped first, and below them what
// is equal at the same place (match-in-step.ts). What is left is mapped in three passes,
// after GumTree (Falleri et al., 2014): equal subtrees, largest first; inner nodes that hold the same
// equal subtrees, by similarity; the children of what was mapped, in order.
//
// GumTree's own last pass is an optimal tree edit distance on small subtrees; it is cubic and its
// result is rarely another than that of the ordered alignment used here.
import { alignChildren } from "./align-children.ts";
import { type Hashes, link, type Mapping } from "./mapping.ts";
import { matchContainers } from "./match-containers.ts";
import { matchEqual } from "./match-equal.ts";
import { matchInStep } from "./match-in-step.ts";
import { at, childrenOf, type Tree } from "./tree.ts";
import { type HashKind, hashTree } from "./tree-hash.ts";

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
    whole: new Uint8Array(head.size),
  };
  const budget = { steps: MOST_STEPS };
  const named = hashesOf(mapping, "named");
  for (const part of linkRoots(mapping)) matchInStep(mapping, named, part);
  matchEqual(mapping, named, budget);
  matchEqual(mapping, hashesOf(mapping, "blind"), budget);
  matchContainers(mapping);
  alignChildren(mapping, budget);
  return mapping;
}

/** Worked out when they are first needed: where little changed they never are. */
function hashesOf({ base, head }: Mapping, kind: HashKind): () => Hashes {
  let hashes: Hashes | undefined;
  return () => {
    hashes ??= { kind, base: hashTree(base, kind), head: hashTree(head, kind) };
    return hashes;
  };
}

/** The roots are one declaration, and so are their parts that occur once: body, parameters. */
function linkRoots(mapping: Mapping): (readonly [base: number, head: number])[] {
  link(mapping, 0, 0);
  const pairs: [number, number][] = [];
  const parts = new Map(
    onlyChildren(mapping.base).map((node) => [at(mapping.base.kind, node), node]),
  );
  for (const node of onlyChildren(mapping.head)) {
    const partner = parts.get(at(mapping.head.kind, node));
    if (partner === undefined) continue;
    link(mapping, partner, node);
    pairs.push([partner, node]);
  }
  return pairs;
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
