// A partial one-to-one mapping of the nodes of two trees, while it is made and after. map-trees.ts
// makes it.
import { at, type Tree } from "./tree.ts";
import type { HashKind } from "./tree-hash.ts";

export type Mapping = {
  readonly base: Tree;
  readonly head: Tree;
  /** Head node by base node; -1 where there is none. */
  readonly toHead: Int32Array;
  readonly toBase: Int32Array;
  /** By head node: 1 at the root of a subtree that was mapped as a whole, because it is equal. */
  readonly whole: Uint8Array;
};

/** What a comparison may still cost, in nodes looked at; at 0 only what is mapped counts. */
export type Budget = { steps: number };

/** A hash of each subtree of both sides, all of one kind. */
export type Hashes = {
  readonly kind: HashKind;
  readonly base: Float64Array;
  readonly head: Float64Array;
};

/** Maps one node to one node. */
export function link(mapping: Mapping, baseNode: number, headNode: number): void {
  mapping.toHead[baseNode] = headNode;
  mapping.toBase[headNode] = baseNode;
}

/** Maps two equal subtrees node by node. */
export function linkTrees(mapping: Mapping, baseNode: number, headNode: number): void {
  const size = at(mapping.head.end, headNode) - headNode;
  for (let i = 0; i < size; i++) link(mapping, baseNode + i, headNode + i);
  mapping.whole[headNode] = 1;
}
