// Second pass of map-trees.ts: inner nodes of the same kind that hold the same mapped subtrees.
//
// Bottom up. What is mapped below a node of head votes for the unmapped nodes above its partners,
// each with its size; the one with the most votes is its partner when the votes are a good part of
// both (the Dice coefficient). One walk over the tree a node would be quadratic in deep trees, so
// the votes are those of the largest mapped subtrees below, up to a limit.
import { link, type Mapping } from "./mapping.ts";
import { at, kindOf } from "./tree.ts";

/** Part of both subtrees that must be mapped to each other; GumTree takes a half. */
const ALIKE = 0.4;
/** Nodes looked at below one node, and ancestors of a partner that may be meant. */
const MOST_BELOW = 400;
const MOST_ABOVE = 6;

/** Maps inner nodes that are not mapped yet. */
export function matchContainers(mapping: Mapping): void {
  const { head, toBase } = mapping;
  for (let node = head.size - 1; node >= 0; node--) {
    if (at(toBase, node) >= 0 || at(head.end, node) - node === 1) continue;
    const best = mostVoted(mapping, node);
    if (best !== undefined) link(mapping, best, node);
  }
}

function mostVoted(mapping: Mapping, node: number): number | undefined {
  const { base, head } = mapping;
  const votes = countVotes(mapping, node);
  const size = at(head.end, node) - node;
  let best: number | undefined;
  let bestDice = ALIKE;
  for (const [candidate, weight] of votes) {
    const dice = (2 * weight) / (size + at(base.end, candidate) - candidate - 2);
    if (dice > bestDice || (dice === bestDice && best !== undefined && candidate > best)) {
      best = candidate;
      bestDice = dice;
    }
  }
  return best;
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
