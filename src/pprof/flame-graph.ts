// A differential flame graph as a value: which rectangles, where, and what each costs on both sides.
//
// After B. Gregg, "Differential Flame Graphs" (2014). There a box is as wide as head, so that what
// head no longer does has no width at all. Here it is as wide as base and head together, so that
// what came and what went are both seen, in one picture. Siblings stand in the order of their names:
// the order of a profile is that of chance, and would move boxes from run to run.
//
// Bounded: a hostile profile can name millions of distinct stacks of thousands of frames.
import type { FrameKey, Stack } from "./stacks.ts";

export type FlameSide = { readonly stacks: readonly Stack[]; readonly operations: number };

export type FlameBox = {
  /** Key of the function; "" is the whole. */
  readonly key: string;
  /** 0 is the whole, callees stand one deeper. */
  readonly depth: number;
  /** Left edge and width as fractions of the whole. */
  readonly left: number;
  readonly width: number;
  /** Cost of an operation in the unit of the stacks, with everything below. */
  readonly base: number;
  readonly head: number;
};

export type FlameGraph = {
  /** Callers before callees, the whole first. */
  readonly boxes: readonly FlameBox[];
  /** Rows that the boxes need. */
  readonly depth: number;
  /** Boxes too narrow to draw, and stacks cut for their depth; their cost is in their callers. */
  readonly leftOutCount: number;
};

/** Deeper frames are left out: a picture of 100 rows is 1,700 pixels high. */
const DEPTH_MAX = 100;
/** Narrower than one pixel of 1,200 nothing is seen. */
const WIDTH_MIN = 1 / 1200;
/** About 80 MB of tree. Largest stacks go first, so that what is cut here is small. */
const NODES_MAX = 300_000;

type Node = {
  readonly key: string;
  base: number;
  head: number;
  readonly callees: Map<string, Node>;
};

/** The layout; without any cost it is one box of full width. */
export function flameGraph(
  sides: { readonly base: FlameSide; readonly head: FlameSide },
  keyOf: FrameKey,
): FlameGraph {
  const root = newNode("");
  let [nodeCount, leftOutCount] = [1, 0];
  const stacks = (["base", "head"] as const).flatMap((side) =>
    sides[side].stacks.map(({ frames, value }) => ({
      side,
      frames,
      cost: value / sides[side].operations,
    })),
  );
  stacks.sort((one, other) => other.cost - one.cost);
  for (const { side, frames, cost } of stacks) {
    root[side] += cost;
    let node = root;
    const last = Math.max(0, frames.length - DEPTH_MAX);
    for (let at = frames.length - 1; at >= last; at--) {
      const key = keyOf(frames[at] as (typeof frames)[number]);
      let callee = node.callees.get(key);
      if (callee === undefined) {
        if (nodeCount >= NODES_MAX) break;
        nodeCount++;
        callee = newNode(key);
        node.callees.set(key, callee);
      }
      callee[side] += cost;
      node = callee;
    }
    if (last > 0) leftOutCount++;
  }
  const laid = layOut(root);
  return { ...laid, leftOutCount: leftOutCount + laid.leftOutCount };
}

function newNode(key: string): Node {
  return { key, base: 0, head: 0, callees: new Map() };
}

function layOut(root: Node): FlameGraph {
  const total = root.base + root.head || 1;
  const boxes: FlameBox[] = [];
  const open = [{ node: root, depth: 0, left: 0 }];
  let [depth, leftOutCount] = [0, 0];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const { node, left } = next;
    const width = node === root ? 1 : (node.base + node.head) / total;
    if (width < WIDTH_MIN) {
      leftOutCount++;
      continue;
    }
    const { key, base, head } = node;
    boxes.push({ key, depth: next.depth, left, width, base, head });
    depth = Math.max(depth, next.depth + 1);
    let edge = left;
    const callees = [...node.callees.values()].sort((one, other) => (one.key < other.key ? -1 : 1));
    for (const callee of callees) {
      open.push({ node: callee, depth: next.depth + 1, left: edge });
      edge += (callee.base + callee.head) / total;
    }
  }
  return { boxes, depth, leftOutCount };
}
