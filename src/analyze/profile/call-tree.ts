// Through which path did the cost come? The calls of both sides as one tree, and the way down it.
//
// Single stacks are too thin for a test: one allocation ends in a dozen leaves of the allocator. So
// counts are added up in a call tree, functions matched by their key and lines ignored, and the way
// goes from the root into the child that gained most, as deep as a move can be shown. A refactoring
// that wraps or inlines a frame splits the path here; matching such stacks is similarity's work.
import type { ProfileFrame } from "../../pprof/decode.ts";
import type { FrameKey, Stack } from "../../pprof/stacks.ts";
import { type Counts, compareCounts, type Move, type Sides } from "./move.ts";

type Node = {
  readonly key: string;
  readonly parent: Node | undefined;
  readonly children: Map<string, Node>;
  base: number;
  head: number;
};

export type Path = {
  /** Leaf first, as the given side has them. */
  readonly frames: readonly ProfileFrame[];
  readonly move: Move;
};

export type BothStacks = { readonly base: readonly Stack[]; readonly head: readonly Stack[] };

/** All nodes, every parent before its children; the first one is above all roots. */
function buildTree(stacks: BothStacks, keyOf: FrameKey): readonly Node[] {
  const top: Node = { key: "", parent: undefined, children: new Map(), base: 0, head: 0 };
  const nodes = [top];
  for (const side of ["base", "head"] as const) {
    for (const { frames, value } of stacks[side]) {
      let node = top;
      for (let at = frames.length - 1; at >= 0; at--) {
        const key = keyOf(frames[at] as ProfileFrame);
        let child = node.children.get(key);
        if (child === undefined) {
          child = { key, parent: node, children: new Map(), base: 0, head: 0 };
          node.children.set(key, child);
          nodes.push(child);
        }
        child[side] += value;
        node = child;
      }
    }
  }
  return nodes;
}

/**
 * From each root whose cost moved, the path to the deepest call that took most of it, largest move
 * first. `slower` chooses the paths that cost more in head, else those that cost less.
 */
export function heaviestPaths(
  stacks: BothStacks,
  options: { readonly sides: Sides; readonly keyOf: FrameKey; readonly slower: boolean },
): Path[] {
  const { sides, keyOf, slower } = options;
  const nodes = buildTree(stacks, keyOf);
  const gainNs = new Map<Node, number>();
  const moves = new Set<Node>();
  /** Nodes with a move in or below them. */
  const open = new Set<Node>();
  for (let at = nodes.length - 1; at > 0; at--) {
    const node = nodes[at] as Node;
    const move = compareCounts(node, sides);
    const gain = slower ? move.costChangeNs : -move.costChangeNs;
    gainNs.set(node, gain);
    const moved = move.moved || compareCounts(selfCounts(node), sides).wholeMoved;
    if (moved && gain > 0) moves.add(node);
    if (moves.has(node)) open.add(node);
    if (open.has(node) && node.parent !== undefined) open.add(node.parent);
  }
  const paths: Path[] = [];
  for (const root of nodes[0]?.children.values() ?? []) {
    if (!open.has(root)) continue;
    const leaf = descend(root, { gainNs, open, moves });
    const move = compareCounts(leaf, sides);
    paths.push({ frames: framesOf(leaf, slower ? stacks.head : stacks.base, keyOf), move });
  }
  return paths.sort(
    (one, other) => Math.abs(other.move.costChangeNs) - Math.abs(one.move.costChangeNs),
  );
}

type Gains = {
  readonly gainNs: ReadonlyMap<Node, number>;
  readonly open: ReadonlySet<Node>;
  readonly moves: ReadonlySet<Node>;
};

/** Down into the child that gained most, until the function itself gained more or no child moved. */
function descend(root: Node, { gainNs, open, moves }: Gains): Node {
  for (let node = root; ; ) {
    let best: Node | undefined;
    let bestNs = 0;
    let selfNs = gainNs.get(node) ?? 0;
    for (const child of node.children.values()) {
      const childNs = gainNs.get(child) ?? 0;
      selfNs -= childNs;
      if (open.has(child) && (best === undefined || childNs > bestNs)) {
        best = child;
        bestNs = childNs;
      }
    }
    if (best === undefined || (moves.has(node) && selfNs > bestNs)) return node;
    node = best;
  }
}

function selfCounts(node: Node): Counts {
  let { base, head } = node;
  for (const child of node.children.values()) {
    base -= child.base;
    head -= child.head;
  }
  return { base, head };
}

/** The frames of a path, each at the line that most samples on the path went through. */
function framesOf(leaf: Node, stacks: readonly Stack[], keyOf: FrameKey): ProfileFrame[] {
  const keys: string[] = [];
  for (let node: Node | undefined = leaf; node?.parent !== undefined; node = node.parent) {
    keys.push(node.key);
  }
  const votes = keys.map(() => new Map<number, { frame: ProfileFrame; value: number }>());
  for (const { frames, value } of stacks) {
    const first = frames.length - keys.length;
    if (first < 0 || keys.some((key, at) => keyOf(frames[first + at] as ProfileFrame) !== key)) {
      continue;
    }
    votes.forEach((lines, at) => {
      const frame = frames[first + at] as ProfileFrame;
      const vote = lines.get(frame.line);
      if (vote === undefined) lines.set(frame.line, { frame, value });
      else vote.value += value;
    });
  }
  return votes.flatMap((lines) => {
    const winner = [...lines.values()].sort((one, other) => other.value - one.value)[0];
    return winner === undefined ? [] : [winner.frame];
  });
}
