// The calls of both sides as one tree, with the samples of every run at and below each call.
//
// Nodes are numbers and their fields are lists: two profiles of 84,000 stacks are three million
// steps down the tree, and with an object and a map of names for every node they took 1.2 s.
import type { NumberedRun } from "./numbered-runs.ts";
import type { BothRuns } from "./read-runs.ts";

/** A million nodes of sixteen runs take 130 MB. What is deeper than the limit ends at its caller. */
const NODES_MAX = 200_000;

export type CallCounts = {
  /** Nodes; every parent comes before its children, and number 0 is above all roots. */
  readonly size: number;
  /** The number of each node's function. */
  readonly functions: Int32Array;
  readonly parents: Int32Array;
  readonly runs: BothRuns<NumberedRun>;
  /** Samples of each node at and below it, in each run. */
  readonly base: readonly Float64Array[];
  readonly head: readonly Float64Array[];
  /** Children in the order in which they were met. */
  readonly childrenOf: (node: number) => number[];
};

export function countCalls(runs: BothRuns<NumberedRun>): CallCounts {
  const tree = createTree();
  const count = (run: NumberedRun): Float64Array => countRun(tree, run);
  const base = runs.base.map(count);
  const head = runs.head.map(count);
  const { size, functions, parents } = tree;
  return { size, functions, parents, runs, base, head, childrenOf: childLists(tree) };
}

type Tree = {
  size: number;
  readonly functions: Int32Array;
  readonly parents: Int32Array;
  /** Nodes by a hash of their parent and function, open addressing; 0 is none. */
  slots: Int32Array;
};

function createTree(): Tree {
  const functions = new Int32Array(NODES_MAX);
  const parents = new Int32Array(NODES_MAX);
  functions[0] = -1;
  parents[0] = -1;
  return { size: 1, functions, parents, slots: new Int32Array(1 << 12) };
}

function countRun(tree: Tree, { stacks, functionOf }: NumberedRun): Float64Array {
  const { places, ends, values } = stacks;
  const counts = new Float64Array(NODES_MAX);
  for (let stack = 0, begin = 0; stack < ends.length; stack++) {
    const end = ends[stack] as number;
    const value = values[stack] as number;
    let node = 0;
    for (let at = end - 1; at >= begin; at--) {
      node = childOf(tree, node, functionOf[places[at] as number] as number);
      if (node < 0) break;
      counts[node] = (counts[node] as number) + value;
    }
    begin = end;
  }
  return counts;
}

/** The child of a node for a function, made where there is none; -1 where no more may be made. */
function childOf(tree: Tree, parent: number, own: number): number {
  const { functions, parents } = tree;
  const mask = tree.slots.length - 1;
  let slot = slotOf(parent, own) & mask;
  for (;;) {
    const node = tree.slots[slot] as number;
    if (node === 0) break;
    if (parents[node] === parent && functions[node] === own) return node;
    slot = (slot + 1) & mask;
  }
  if (tree.size === NODES_MAX) return -1;
  const node = tree.size++;
  functions[node] = own;
  parents[node] = parent;
  tree.slots[slot] = node;
  if (2 * tree.size > tree.slots.length) grow(tree);
  return node;
}

/** Mixes both numbers into all bits (multiplicative hashing, Knuth 6.4; the golden ratio's factor). */
function slotOf(parent: number, own: number): number {
  const mixed = Math.imul(Math.imul(parent, 0x9e3779b1) ^ own, 0x85ebca6b);
  return (mixed ^ (mixed >>> 15)) >>> 0;
}

function grow(tree: Tree): void {
  const slots = new Int32Array(4 * tree.slots.length);
  const mask = slots.length - 1;
  for (let node = 1; node < tree.size; node++) {
    let slot = slotOf(tree.parents[node] as number, tree.functions[node] as number) & mask;
    while (slots[slot] !== 0) slot = (slot + 1) & mask;
    slots[slot] = node;
  }
  tree.slots = slots;
}

function childLists({ size, parents }: Tree): CallCounts["childrenOf"] {
  const first = new Int32Array(size);
  const next = new Int32Array(size);
  for (let node = size - 1; node > 0; node--) {
    const parent = parents[node] as number;
    next[node] = first[parent] as number;
    first[parent] = node;
  }
  return (node) => {
    const children: number[] = [];
    for (let child = first[node] as number; child !== 0; child = next[child] as number) {
      children.push(child);
    }
    return children;
  };
}
