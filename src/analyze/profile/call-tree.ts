// Through which path did the cost come? The calls of both sides as one tree, and the way down it.
//
// Single stacks are too thin for a test: one allocation ends in a dozen leaves of the allocator. So
// counts are added up in a call tree, run by run, functions matched by their key and lines ignored,
// and the way goes from the root into the children that gained most, as deep as a move can be shown.
// Stacks come folded (matching/fold-stacks.ts), so that a refactoring does not split a path; what was
// folded is shown in its place again.
import type { ProfileFrame } from "../../pprof/decode.ts";
import type { FrameKey, Stack } from "../../pprof/stacks.ts";
import { compareRows, isPooled, type RunTotals } from "./compare-runs.ts";
import { type FoldedFrame, unfolded } from "./matching/fold-stacks.ts";
import type { Move } from "./move.ts";

type Node = {
  readonly key: string;
  readonly parent: Node | undefined;
  readonly children: Map<string, Node>;
  /** Samples in each run. */
  readonly base: number[];
  readonly head: number[];
};

/** A million nodes of sixteen runs take 500 MB. What is deeper than the limit ends at its caller. */
const NODES_MAX = 200_000;

export type Path = {
  /** Leaf first, as the given side has them. */
  readonly frames: readonly ProfileFrame[];
  readonly move: Move;
};

/** The stacks of each run. */
export type BothStacks = {
  readonly base: readonly (readonly Stack[])[];
  readonly head: readonly (readonly Stack[])[];
};

/** All nodes, every parent before its children; the first one is above all roots. */
function buildTree(stacks: BothStacks, keyOf: FrameKey): readonly Node[] {
  const newNode = (key: string, parent: Node | undefined): Node => {
    const [base, head] = [stacks.base.map(() => 0), stacks.head.map(() => 0)];
    return { key, parent, children: new Map(), base, head };
  };
  const top = newNode("", undefined);
  const nodes = [top];
  const add = ({ frames, value }: Stack, side: "base" | "head", run: number) => {
    let node = top;
    for (let at = frames.length - 1; at >= 0; at--) {
      const key = keyOf(frames[at] as ProfileFrame);
      let child = node.children.get(key);
      if (child === undefined) {
        if (nodes.length === NODES_MAX) return;
        child = newNode(key, node);
        node.children.set(key, child);
        nodes.push(child);
      }
      child[side][run] = (child[side][run] ?? 0) + value;
      node = child;
    }
  };
  for (const side of ["base", "head"] as const) {
    for (const [run, own] of stacks[side].entries()) {
      for (const stack of own) add(stack, side, run);
    }
  }
  return nodes;
}

/**
 * The paths from a root to the deepest calls whose cost moved, largest move first, `limit` at most.
 * `slower` chooses those that cost more in head, else those that cost less.
 */
export function heaviestPaths(
  stacks: BothStacks,
  options: {
    readonly totals: RunTotals;
    readonly shift: number | undefined;
    readonly keyOf: FrameKey;
    readonly slower: boolean;
    readonly limit: number;
  },
): Path[] {
  const { totals, shift, keyOf, slower, limit } = options;
  const nodes = buildTree(stacks, keyOf).slice(1);
  const moveOf = new Map<Node, Move>();
  for (const [at, move] of compareRows(nodes, totals, shift).entries()) {
    moveOf.set(nodes[at] as Node, move);
  }
  // A function that hides its own growth in its share counts by itself where samples are pooled.
  const selves = isPooled(totals) ? compareRows(nodes.map(selfCounts), totals, shift) : [];
  const gainNs = new Map<Node, number>();
  const moves = new Set<Node>();
  /** Nodes with a move in or below them. */
  const open = new Set<Node>();
  for (let at = nodes.length - 1; at >= 0; at--) {
    const node = nodes[at] as Node;
    const move = moveOf.get(node) as Move;
    const gain = slower ? move.costChangeNs : -move.costChangeNs;
    gainNs.set(node, gain);
    if ((move.moved || selves[at]?.wholeMoved === true) && gain > 0) moves.add(node);
    if (moves.has(node)) open.add(node);
    if (open.has(node) && node.parent !== undefined) open.add(node.parent);
  }
  const ends: Node[] = [];
  for (const root of nodes.filter(({ parent }) => parent?.parent === undefined)) {
    if (!open.has(root)) continue;
    for (const end of endpoints(root, { gainNs, open, moves })) ends.push(end);
  }
  ends.sort((one, other) => (gainNs.get(other) ?? 0) - (gainNs.get(one) ?? 0));
  const side = stacks[slower ? "head" : "base"].flat();
  return ends.slice(0, limit).map((end) => ({
    frames: framesOf(end, side, keyOf),
    move: moveOf.get(end) as Move,
  }));
}

type Gains = {
  readonly gainNs: ReadonlyMap<Node, number>;
  readonly open: ReadonlySet<Node>;
  readonly moves: ReadonlySet<Node>;
};

/** A branch is followed beside the heaviest one when it gained at least this part of its gain. */
const BRANCH_MIN = 1 / 3;

/**
 * The ends of the ways down from a root: each into the children that gained most, until the
 * function itself gained more than any of them, or none moved.
 */
function endpoints(root: Node, { gainNs, open, moves }: Gains): Node[] {
  const ends: Node[] = [];
  const pending = [root];
  for (let node = pending.pop(); node !== undefined; node = pending.pop()) {
    const children = [...node.children.values()];
    const gainOf = (child: Node): number => gainNs.get(child) ?? 0;
    const selfNs = children.reduce((left, child) => left - gainOf(child), gainOf(node));
    const candidates = children.filter((child) => open.has(child));
    const best = Math.max(0, ...candidates.map(gainOf));
    if (candidates.length === 0 || (moves.has(node) && selfNs > best)) ends.push(node);
    else pending.push(...candidates.filter((child) => gainOf(child) >= BRANCH_MIN * best));
  }
  return ends;
}

function selfCounts(node: Node): { readonly base: number[]; readonly head: number[] } {
  const children = [...node.children.values()];
  const self = (side: "base" | "head") =>
    node[side].map((count, run) =>
      children.reduce((left, at) => left - (at[side][run] ?? 0), count),
    );
  return { base: self("base"), head: self("head") };
}

/** The frames of a path, each at the line that most samples on the path went through. */
function framesOf(leaf: Node, stacks: readonly Stack[], keyOf: FrameKey): ProfileFrame[] {
  const keys: string[] = [];
  for (let node: Node | undefined = leaf; node?.parent !== undefined; node = node.parent) {
    keys.push(node.key);
  }
  const votes = keys.map(() => new Map<string, { frame: FoldedFrame; value: number }>());
  for (const { frames, value } of stacks) {
    const first = frames.length - keys.length;
    if (first < 0 || keys.some((key, at) => keyOf(frames[first + at] as ProfileFrame) !== key)) {
      continue;
    }
    votes.forEach((lines, at) => {
      const frame = frames[first + at] as FoldedFrame;
      const place = placeOf(frame);
      const vote = lines.get(place);
      if (vote === undefined) lines.set(place, { frame, value });
      else vote.value += value;
    });
  }
  const winners = votes.flatMap((lines) => {
    const winner = [...lines.values()].sort((one, other) => other.value - one.value)[0];
    return winner === undefined ? [] : [winner.frame];
  });
  return [...unfolded(winners)];
}

function placeOf({ line, inner }: FoldedFrame): string {
  const within = inner?.map((frame) => `${frame.function.name}:${frame.line}`) ?? [];
  return [line, ...within].join("\n");
}
