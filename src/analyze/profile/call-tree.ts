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

import type { Side } from "../../evidence/manifest.ts";
import type { ProfileFrame } from "../../pprof/profile.ts";
import type { GroupCounts } from "../../stats/quasi-poisson.ts";
import { sum } from "../../stats/sum.ts";
import type { CallCounts } from "./call-counts.ts";
import { comparableRows, compareRows, type RunTotals } from "./compare-runs.ts";
import { type FoldedFrame, unfolded } from "./matching/fold-stacks.ts";
import type { Move } from "./move.ts";

export type Path = {
  /** Leaf first, as the given side has them. */
  readonly frames: readonly ProfileFrame[];
  readonly move: Move;
  /** Ways to the leaf's own cost, this one the heaviest; 1 where the path was tested itself. */
  readonly ways: number;
};

/**
 * The paths from a root to the deepest calls whose cost moved, largest move first, `limit` at most.
 * `slower` chooses those that cost more in head, else those that cost less.
 */
export function heaviestPaths(
  calls: CallCounts,
  options: {
    readonly totals: RunTotals;
    readonly shift: number | undefined;
    readonly slower: boolean;
    readonly limit: number;
    /** Numbers of functions whose own cost moved, whoever called them. */
    readonly own: ReadonlySet<number>;
  },
): Path[] {
  const { totals, shift, slower, limit, own } = options;
  const gainNs = gainsOf(calls, totals, slower);
  const tree = { ...calls, gainNs };
  const moves = new Map<number, Move>();
  const comparable = comparableNodes(calls, totals);
  const rows = comparable.map((node) => countsOf(calls, node));
  for (const [at, move] of compareRows(rows, totals, shift).entries()) {
    const node = comparable[at] as number;
    if (move.moved && (gainNs[node] as number) > 0) moves.set(node, move);
  }
  const ownEnds = mainWays(tree, own);
  const ends = endpoints(tree, { claims: claimsOf(tree, moves, ownEnds), moves, ownEnds });
  for (const node of missing(tree, ownEnds, ends)) {
    ends.push({ node, weight: selfGain(tree, node) });
  }
  ends.sort((one, other) => other.weight - one.weight);
  return ends.slice(0, limit).map(({ node }) => {
    const frames = framesOf(calls, node, slower ? "head" : "base");
    const move = moves.get(node);
    if (move !== undefined) return { frames, move, ways: 1 };
    const [own] = compareRows([selfCounts(calls, node)], totals, shift);
    return { frames, move: own as Move, ways: waysTo(calls, node) };
  });
}

/** Nanoseconds an operation that each node gained; what it lost where not `slower`. */
function gainsOf({ size, base, head }: CallCounts, { exposures }: RunTotals, slower: boolean) {
  const [baseExposure, headExposure] = [sum(exposures.base), sum(exposures.head)];
  const gains = new Float64Array(size);
  for (let node = 0; node < size; node++) {
    const change = samplesAt(head, node) / headExposure - samplesAt(base, node) / baseExposure;
    gains[node] = slower ? change : -change;
  }
  return gains;
}

/** Samples of a node in all runs. */
function samplesAt(runs: readonly Float64Array[], node: number): number {
  let samples = 0;
  for (const counts of runs) samples += counts[node] as number;
  return samples;
}

/** The nodes that a test can say something of. */
function comparableNodes({ size, base, head }: CallCounts, totals: RunTotals): number[] {
  const isOne = comparableRows(totals);
  const nodes: number[] = [];
  for (let node = 1; node < size; node++) {
    if (isOne(samplesAt(base, node), samplesAt(head, node))) nodes.push(node);
  }
  return nodes;
}

type GainTree = CallCounts & { readonly gainNs: Float64Array };

type Moves = {
  readonly claims: Float64Array;
  readonly moves: ReadonlyMap<number, Move>;
  readonly ownEnds: ReadonlySet<number>;
};

/** Of each of these functions the node whose own gain is largest. */
function mainWays(tree: GainTree, own: ReadonlySet<number>): Set<number> {
  const best = new Map<number, { node: number; gain: number }>();
  for (let node = 1; own.size > 0 && node < tree.size; node++) {
    const called = tree.functions[node] as number;
    if (!own.has(called)) continue;
    const gain = selfGain(tree, node);
    if (gain > (best.get(called)?.gain ?? 0)) best.set(called, { node, gain });
  }
  return new Set([...best.values()].map(({ node }) => node));
}

/** How many nodes of the same function were sampled themselves. */
function waysTo(calls: CallCounts, node: number): number {
  let ways = 0;
  for (let at = 1; at < calls.size; at++) {
    if (calls.functions[at] !== calls.functions[node]) continue;
    const { base, head } = selfCounts(calls, at);
    if (sum(base) + sum(head) > 0) ways++;
  }
  return ways;
}

/** The ways to a function's own cost that no end is on, and that no other way to it stands for. */
function missing(
  { functions, parents }: CallCounts,
  ownEnds: ReadonlySet<number>,
  ends: readonly End[],
): number[] {
  const endNodes = new Set(ends.map(({ node }) => node));
  const passed = new Set(ends.flatMap(({ node }) => wayTo(parents, node)));
  const told = new Set(ends.map(({ node }) => functions[node]));
  return [...ownEnds].filter(
    (node) =>
      !passed.has(node) &&
      !told.has(functions[node]) &&
      !wayTo(parents, node).some((at) => endNodes.has(at)),
  );
}

/** The node and all above it, leaf first. */
function wayTo(parents: Int32Array, end: number): number[] {
  const way: number[] = [];
  for (let node = end; node > 0; node = parents[node] as number) way.push(node);
  return way;
}

/** What a node gained by itself, less what its children did. */
function selfGain({ childrenOf, gainNs }: GainTree, node: number): number {
  return childrenOf(node).reduce(
    (left, child) => left - (gainNs[child] as number),
    gainNs[node] as number,
  );
}

/**
 * What was shown to have been gained in and below each node: all of it where the node moved; else
 * its own gain where that did, and what is below. 0 where nothing moved: what such a node gained may
 * be chance, and one outlier below an own cost would take the way past it.
 */
function claimsOf(
  tree: GainTree,
  moves: ReadonlyMap<number, Move>,
  ownEnds: ReadonlySet<number>,
): Float64Array {
  const claims = new Float64Array(tree.size);
  for (let node = tree.size - 1; node > 0; node--) {
    const own = ownEnds.has(node) ? selfGain(tree, node) : 0;
    const claim = moves.has(node) ? (tree.gainNs[node] as number) : own + (claims[node] as number);
    claims[node] = claim;
    const parent = tree.parents[node] as number;
    claims[parent] = (claims[parent] as number) + claim;
  }
  return claims;
}

/** A branch is followed beside the heaviest one when it gained at least this part of its gain. */
const BRANCH_MIN = 1 / 3;

/** `weight` is what the branch gained that the end is the heaviest way down of, in nanoseconds. */
type End = { readonly node: number; readonly weight: number };

/**
 * The ends of the ways down from the roots: each into the children that gained most, until the
 * function itself gained more than any of them, or none moved. The heaviest child goes on with the
 * weight of its parent's branch and the others begin one of their own (heavy-path decomposition):
 * by the ends' own gains, an allocation that ends in a dozen leaves came behind any other path.
 */
function endpoints(tree: GainTree, { claims, moves, ownEnds }: Moves): End[] {
  const claimOf = (node: number): number => claims[node] as number;
  const openChildren = (node: number) =>
    tree.childrenOf(node).filter((child) => claimOf(child) > 0);
  const ends: End[] = [];
  const pending = openChildren(0).map((node): End => ({ node, weight: claimOf(node) }));
  for (let at = pending.pop(); at !== undefined; at = pending.pop()) {
    const { node, weight } = at;
    const candidates = openChildren(node);
    candidates.sort((one, other) => claimOf(other) - claimOf(one));
    const best = claimOf(candidates[0] ?? node);
    const moved = moves.has(node) || ownEnds.has(node);
    if (candidates.length === 0 || (moved && selfGain(tree, node) > best)) ends.push(at);
    for (const [rank, child] of (ends.at(-1) === at ? [] : candidates).entries()) {
      if (claimOf(child) < BRANCH_MIN * best) break;
      pending.push({ node: child, weight: rank === 0 ? weight : claimOf(child) });
    }
  }
  return ends;
}

/** Samples of a node in each run. */
function countsOf({ base, head }: CallCounts, node: number): GroupCounts {
  const of = (runs: readonly Float64Array[]) => runs.map((counts) => counts[node] as number);
  return { base: of(base), head: of(head) };
}

function selfCounts(calls: CallCounts, node: number): GroupCounts {
  const children = calls.childrenOf(node);
  const of = (runs: readonly Float64Array[]) =>
    runs.map((counts) =>
      children.reduce((left, child) => left - (counts[child] as number), counts[node] as number),
    );
  return { base: of(calls.base), head: of(calls.head) };
}

/** The frames of a path, each at the line that most samples on the path went through. */
function framesOf(calls: CallCounts, leaf: number, side: Side): ProfileFrame[] {
  const way = wayTo(calls.parents, leaf).map((node) => calls.functions[node] as number);
  const votes = way.map(() => new Map<string, { frame: FoldedFrame; value: number }>());
  for (const { stacks, functionOf } of calls.runs[side]) {
    const { frames, places, ends, values } = stacks;
    for (let stack = 0, begin = 0; stack < ends.length; stack++) {
      const first = (ends[stack] as number) - way.length;
      if (
        first >= begin &&
        way.every((own, at) => functionOf[places[first + at] as number] === own)
      ) {
        const value = values[stack] as number;
        votes.forEach((lines, at) => {
          vote(lines, frames[places[first + at] as number] as FoldedFrame, value);
        });
      }
      begin = ends[stack] as number;
    }
  }
  const winners = votes.flatMap((lines) => {
    const winner = [...lines.values()].sort((one, other) => other.value - one.value)[0];
    return winner === undefined ? [] : [winner.frame];
  });
  return [...unfolded(winners)];
}

function vote(
  lines: Map<string, { frame: FoldedFrame; value: number }>,
  frame: FoldedFrame,
  value: number,
): void {
  const place = placeOf(frame);
  const same = lines.get(place);
  if (same === undefined) lines.set(place, { frame, value });
  else same.value += value;
}

function placeOf({ line, inner }: FoldedFrame): string {
  const within = inner?.map((frame) => `${frame.function.name}:${frame.line}`) ?? [];
  return [line, ...within].join("\n");
}
