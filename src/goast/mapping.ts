// A partial one-to-one mapping of the nodes of two trees, while it is made and after. map-trees.ts
// makes it.
import { at, type Tree } from "./tree.ts";
import type { TreeHashes } from "./tree-hash.ts";

export type Mapping = {
  readonly base: Tree;
  readonly head: Tree;
  /** Head node by base node; -1 where there is none. */
  readonly toHead: Int32Array;
  readonly toBase: Int32Array;
};

/** What a comparison may still cost, in nodes looked at; at 0 only what is mapped counts. */
export type Budget = { steps: number };

export type Hashed = { readonly tree: Tree; readonly hashes: TreeHashes };
export type Sides = { readonly base: Hashed; readonly head: Hashed };

/** Maps one node to one node. */
export function link(mapping: Mapping, baseNode: number, headNode: number): void {
  mapping.toHead[baseNode] = headNode;
  mapping.toBase[headNode] = baseNode;
}

/** Maps two equal subtrees node by node. */
export function linkTrees(mapping: Mapping, baseNode: number, headNode: number): void {
  const size = at(mapping.head.end, headNode) - headNode;
  for (let i = 0; i < size; i++) link(mapping, baseNode + i, headNode + i);
}
