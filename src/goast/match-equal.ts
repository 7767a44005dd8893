// First pass of map-trees.ts: equal subtrees of base and head, the largest first.
//
// What occurs once on both sides is mapped at once. What occurs several times is ambiguous: then the
// place decides, the partner's parent first and the order of the source next.
import { type Budget, type Hashes, linkTrees, type Mapping } from "./mapping.ts";
import { at, type Tree } from "./tree.ts";
import { type HashKind, isEqualTree } from "./tree-hash.ts";

/** A name or `i++` occurs everywhere: by itself it says nothing about what belongs together. */
const SMALLEST = 4;
/** Of many equal subtrees so many are looked at: the nearest ones. */
const MOST_TRIED = 32;

/** Maps equal subtrees that are not mapped yet. */
export function matchEqual(mapping: Mapping, hashesOf: () => Hashes, budget: Budget): void {
  const { base, head, toHead, toBase } = mapping;
  if (!hasLeft(base, toHead) || !hasLeft(head, toBase)) return;
  const hashes = hashesOf();
  const places = placesByHash(mapping, hashes);
  const search = { kind: hashes.kind, budget };
  if (places.size === 0) return;
  const order = bySize(mapping);
  for (const isAmbiguous of [false, true]) {
    for (const headNode of order) {
      if (at(mapping.toBase, headNode) >= 0) continue;
      const found = places.get(hashes.head[headNode] ?? 0);
      if (found === undefined || found.base.length === 0) continue;
      if ((found.base.length > 1 || found.headCount > 1) !== isAmbiguous) continue;
      const baseNode = choose(mapping, found.base, headNode, search);
      if (baseNode !== undefined) linkTrees(mapping, baseNode, headNode);
    }
  }
}

/** Whether a subtree that may be matched has no partner yet. */
function hasLeft({ size, end }: Tree, partners: Int32Array): boolean {
  for (let node = 0; node < size; node++) {
    if (at(partners, node) < 0 && at(end, node) - node >= SMALLEST) return true;
  }
  return false;
}

type Places = { readonly base: number[]; headCount: number };

/** Unmapped subtrees by their hash, those of base in the order of the source. */
function placesByHash(
  { base, head, toHead, toBase }: Mapping,
  hashes: Hashes,
): Map<number, Places> {
  const places = new Map<number, Places>();
  for (let node = 0; node < base.size; node++) {
    if (at(base.end, node) - node < SMALLEST || at(toHead, node) >= 0) continue;
    const hash = hashes.base[node] ?? 0;
    const known = places.get(hash);
    if (known === undefined) places.set(hash, { base: [node], headCount: 0 });
    else known.base.push(node);
  }
  if (places.size === 0) return places;
  for (let node = 0; node < head.size; node++) {
    if (at(toBase, node) >= 0) continue;
    const known = places.get(hashes.head[node] ?? 0);
    if (known !== undefined) known.headCount++;
  }
  return places;
}

/** Nodes of head that may be a match, largest subtree first and then in the order of the source. */
function bySize({ head, toBase }: Mapping): number[] {
  const nodes: number[] = [];
  for (let node = 0; node < head.size; node++) {
    if (at(head.end, node) - node >= SMALLEST && at(toBase, node) < 0) nodes.push(node);
  }
  const sizeOf = (node: number) => at(head.end, node) - node;
  return nodes.sort((a, b) => sizeOf(b) - sizeOf(a) || a - b);
}

function choose(
  mapping: Mapping,
  candidates: readonly number[],
  headNode: number,
  { kind, budget }: { readonly kind: HashKind; readonly budget: Budget },
): number | undefined {
  const { base, head } = mapping;
  if (isPartlyMapped(mapping.toBase, { from: headNode, to: at(head.end, headNode), budget })) {
    return undefined;
  }
  const parent = at(head.parent, headNode);
  const wantedParent = parent < 0 ? -1 : at(mapping.toBase, parent);
  const expected = expectedPlace(mapping, headNode);
  const start = Math.max(0, firstFrom(candidates, expected) - MOST_TRIED / 2);
  let best: number | undefined;
  let bestDistance = Number.POSITIVE_INFINITY;
  for (const candidate of candidates.slice(start, start + MOST_TRIED)) {
    if (at(mapping.toHead, candidate) >= 0) continue;
    // A node of it may be taken although the whole is not: inner subtrees are mapped apart.
    const range = { from: candidate, to: at(base.end, candidate), budget };
    if (isPartlyMapped(mapping.toHead, range)) continue;
    const near = Math.abs(candidate - expected);
    const sameParent = wantedParent >= 0 && at(base.parent, candidate) === wantedParent;
    const distance = sameParent ? near - base.size : near;
    if (distance >= bestDistance) continue;
    const sides = [
      { tree: base, node: candidate },
      { tree: head, node: headNode },
    ] as const;
    budget.steps -= range.to - range.from;
    if (!isEqualTree(...sides, kind)) continue;
    best = candidate;
    bestDistance = distance;
  }
  return best;
}

type Range = { readonly from: number; readonly to: number; readonly budget: Budget };

/** Also where the budget is spent: then nothing more is proposed. */
function isPartlyMapped(partners: Int32Array, { from, to, budget }: Range): boolean {
  for (let node = from; node < to; node++) {
    if (at(partners, node) >= 0 || budget.steps-- <= 0) return true;
  }
  return false;
}

/** Where base would continue after the partner of the mapped node before; a few nodes are tried. */
function expectedPlace({ toBase, head, base }: Mapping, headNode: number): number {
  for (let before = headNode - 1; before >= 0 && before > headNode - 200; before--) {
    const partner = at(toBase, before);
    if (partner >= 0) return partner + (headNode - before);
  }
  return Math.round((headNode / head.size) * base.size);
}

/** Index of the first candidate at or behind a place. */
function firstFrom(candidates: readonly number[], place: number): number {
  let low = 0;
  let high = candidates.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((candidates[middle] ?? 0) < place) low = middle + 1;
    else high = middle;
  }
  return low;
}
