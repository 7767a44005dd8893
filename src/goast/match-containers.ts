// Second pass of map-trees.ts: inner nodes of the same kind that hold the same mapped subtrees.
//
// What is mapped below a node of head votes for the unmapped nodes above its partners, each with its
// size; two are partners when the votes are a good part of both (the Dice coefficient), those first
// that have most in common. GumTree goes bottom up instead, and there a condition that is new inside
// of one that stayed takes its place. One walk over the tree a node would be quadratic in deep trees,
// so the votes are those of the largest mapped subtrees below, up to a limit.
import { link, type Mapping } from "./mapping.ts";
import { at, kindOf } from "./tree.ts";

/** Part of both subtrees that must be mapped to each other; GumTree takes a half. */
const ALIKE = 0.4;
/** Nodes looked at below one node, and ancestors of a partner that may be meant. */
const MOST_BELOW = 400;
const MOST_ABOVE = 6;
/** Partners that one node may still get when a better one is taken. */
const MOST_CANDIDATES = 4;

/** Maps inner nodes that are not mapped yet. */
export function matchContainers(mapping: Mapping): void {
  const { head, toBase, toHead } = mapping;
  const candidates: Candidate[] = [];
  for (let node = head.size - 1; node >= 0; node--) {
    if (at(toBase, node) >= 0 || at(head.end, node) - node === 1) continue;
    candidates.push(...votedFor(mapping, node));
  }
  candidates.sort((a, b) => b.dice - a.dice || b.from - a.from);
  const isBlock = ({ to }: Candidate) => kindOf(head, to) === "Block";
  for (const { from, to } of candidates.filter((at_) => !isBlock(at_))) {
    if (at(toHead, from) < 0 && at(toBase, to) < 0) link(mapping, from, to);
  }
  for (const { from, to } of candidates.filter(isBlock)) {
    if (at(toHead, from) >= 0 || at(toBase, to) >= 0) continue;
    if (haveOneParent(mapping, from, to)) link(mapping, from, to);
  }
}

/** Whether the parents are partners, where one of them has a partner. */
function haveOneParent({ base, head, toHead, toBase }: Mapping, from: number, to: number): boolean {
  const [above, parent] = [at(base.parent, from), at(head.parent, to)];
  if (at(toHead, above) < 0 && at(toBase, parent) < 0) return true;
  return at(toBase, parent) === above;
}

type Candidate = { readonly from: number; readonly to: number; readonly dice: number };

function votedFor(mapping: Mapping, node: number): Candidate[] {
  const { base, head } = mapping;
  const size = at(head.end, node) - node;
  const voted = [...countVotes(mapping, node)].flatMap(([from, weight]) => {
    const dice = (2 * weight) / (size + at(base.end, from) - from - 2);
    return dice > ALIKE ? [{ from, to: node, dice }] : [];
  });
  return voted.length <= MOST_CANDIDATES
    ? voted
    : voted.sort((a, b) => b.dice - a.dice).slice(0, MOST_CANDIDATES);
}

function countVotes(mapping: Mapping, node: number): Map<number, number> {
  const { base, head, toHead, toBase } = mapping;
  const kind = at(head.kind, node);
  const fits = blockFilter(mapping, node);
  const votes = new Map<number, number>();
  let tried = 0;
  for (let below = node + 1; below < at(head.end, node) && tried < MOST_BELOW; tried++) {
    const partner = at(toBase, below);
    if (partner < 0) {
      below++;
      continue;
    }
    const weight = at(head.end, below) - below;
    let above = at(base.parent, partner);
    for (let step = 0; above >= 0 && step < MOST_ABOVE; step++) {
      if (at(base.kind, above) === kind && at(toHead, above) < 0 && fits(above)) {
        votes.set(above, (votes.get(above) ?? 0) + weight);
      }
      above = at(base.parent, above);
    }
    below = at(head.end, below);
  }
  return votes;
}

/** The block of a loop is not that of a condition, although both hold the same statements. */
function blockFilter({ base, head }: Mapping, node: number): (candidate: number) => boolean {
  if (kindOf(head, node) !== "Block") return () => true;
  const parentKind = at(head.kind, at(head.parent, node));
  return (candidate) => at(base.kind, at(base.parent, candidate)) === parentKind;
}
