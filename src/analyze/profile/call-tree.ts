// Through which path did the cost come? The calls of both sides as one tree, and the way down it.
//
// Single stacks are too thin for a test: one allocation ends in a dozen leaves of the allocator. So
// counts are added up in a call tree, run by run, functions matched by their key and lines ignored,
// and the way goes from the root into the children that gained most, as deep as a move can be shown.
// A function's own cost is too thin as well when its callers are many or its callees dear: it grows
// by half and what passes it by a twentieth. Whether it moved is tested over all its calls (by the
// caller); the tree only says which way most of that came, and the path ends in the function.
// Stacks come folded (matching/fold-stacks.ts), so that a refactoring does not split a path; what was
// folded is shown in its place again.
import type { ProfileFrame } from "../../pprof/profile.ts";
import type { FrameKey, Stack } from "../../pprof/stacks.ts";
import { compareRows, type RunTotals } from "./compare-runs.ts";
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
    /** Keys of functions whose own cost moved, whoever called them. */
    readonly own: ReadonlySet<string>;
  },
): Path[] {
  const { totals, shift, keyOf, slower, limit, own } = options;
  const nodes = buildTree(stacks, keyOf).slice(1);
  const moveOf = new Map<Node, Move>();
  for (const [at, move] of compareRows(nodes, totals, shift).entries()) {
    moveOf.set(nodes[at] as Node, move);
  }
  const gainNs = new Map<Node, number>();
  const moves = new Set<Node>();
  for (const node of nodes) {
    const move = moveOf.get(node) as Move;
    const gain = slower ? move.costChangeNs : -move.costChangeNs;
    gainNs.set(node, gain);
    if (move.moved && gain > 0) moves.add(node);
  }
  const ownEnds = mainWays(nodes, own, gainNs);
  /** Nodes with a move in or below them. */
  const open = new Set<Node>();
  for (const node of nodes.toReversed()) {
    if (moves.has(node) || ownEnds.has(node)) open.add(node);
    if (open.has(node) && node.parent !== undefined) open.add(node.parent);
  }
  const ends = endpoints(nodes, { gainNs, open, moves, ownEnds });
  for (const node of missing(ownEnds, ends)) ends.push({ node, weight: selfGain(node, gainNs) });
  ends.sort((one, other) => other.weight - one.weight);
  const side = stacks[slower ? "head" : "base"].flat();
  return ends.slice(0, limit).map(({ node }) => ({
    frames: framesOf(node, side, keyOf),
    move: moves.has(node)
      ? (moveOf.get(node) as Move)
      : (compareRows([selfCounts(node)], totals, shift)[0] as Move),
  }));
}

type Gains = {
  readonly gainNs: ReadonlyMap<Node, number>;
  readonly open: ReadonlySet<Node>;
  readonly moves: ReadonlySet<Node>;
  readonly ownEnds: ReadonlySet<Node>;
};

/** Of each of these functions the node whose own gain is largest. */
function mainWays(
  nodes: readonly Node[],
  functions: ReadonlySet<string>,
  gainNs: ReadonlyMap<Node, number>,
): Set<Node> {
  const best = new Map<string, { node: Node; gain: number }>();
  for (const node of nodes) {
    if (!functions.has(node.key)) continue;
    const gain = selfGain(node, gainNs);
    if (gain > (best.get(node.key)?.gain ?? 0)) best.set(node.key, { node, gain });
  }
  return new Set([...best.values()].map(({ node }) => node));
}

/** The ways to a function's own cost that no end is on, and that no other way to it stands for. */
function missing(ownEnds: ReadonlySet<Node>, ends: readonly End[]): Node[] {
  const endNodes = new Set(ends.map(({ node }) => node));
  const passed = new Set(ends.flatMap(({ node }) => wayTo(node)));
  const told = new Set(ends.map(({ node }) => node.key));
  return [...ownEnds].filter(
    (node) =>
      !passed.has(node) && !told.has(node.key) && !wayTo(node).some((at) => endNodes.has(at)),
  );
}

/** The node and all above it, leaf first. */
function wayTo(end: Node): Node[] {
  const way: Node[] = [];
  for (let node: Node | undefined = end; node?.parent !== undefined; node = node.parent) {
    way.push(node);
  }
  return way;
}

/** What a node gained by itself, less what its children did. */
function selfGain(node: Node, gainNs: ReadonlyMap<Node, number>): number {
  const gainOf = (at: Node): number => gainNs.get(at) ?? 0;
  return [...node.children.values()].reduce((left, child) => left - gainOf(child), gainOf(node));
}

/** A branch is followed beside the heaviest one when it gained at least this part of its gain. */
const BRANCH_MIN = 1 / 3;

/** `weight` is what the branch gained that the end is the heaviest way down of, in nanoseconds. */
type End = { readonly node: Node; readonly weight: number };

/**
 * The ends of the ways down from the roots: each into the children that gained most, until the
 * function itself gained more than any of them, or none moved. The heaviest child goes on with the
 * weight of its parent's branch and the others begin one of their own (heavy-path decomposition):
 * by the ends' own gains, an allocation that ends in a dozen leaves came behind any other path.
 */
function endpoints(nodes: readonly Node[], { gainNs, open, moves, ownEnds }: Gains): End[] {
  const gainOf = (node: Node): number => gainNs.get(node) ?? 0;
  const ends: End[] = [];
  const pending = nodes
    .filter((node) => node.parent?.parent === undefined && open.has(node))
    .map((node): End => ({ node, weight: gainOf(node) }));
  for (let at = pending.pop(); at !== undefined; at = pending.pop()) {
    const { node, weight } = at;
    const candidates = [...node.children.values()].filter((child) => open.has(child));
    candidates.sort((one, other) => gainOf(other) - gainOf(one));
    const best = Math.max(0, ...candidates.map(gainOf));
    const moved = moves.has(node) || ownEnds.has(node);
    if (candidates.length === 0 || (moved && selfGain(node, gainNs) > best)) ends.push(at);
    for (const [rank, child] of (ends.at(-1) === at ? [] : candidates).entries()) {
      if (rank > 0 && gainOf(child) < BRANCH_MIN * best) break;
      pending.push({ node: child, weight: rank === 0 ? weight : gainOf(child) });
    }
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
  const keys = wayTo(leaf).map(({ key }) => key);
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
