// Third pass of map-trees.ts: the children of mapped nodes, in their order.
//
// Top down. What is left unmapped below two mapped nodes is aligned as two sequences: the pairs that
// score most without crossing (longest common subsequence with weights). Statements that have little
// in common are never a pair, because "deleted and inserted" tells a reader more than an update of
// everything.
import { type Budget, link, type Mapping } from "./mapping.ts";
import { at, childrenOf, kindOf, labelOf, type Tree } from "./tree.ts";
import { isEqualTree } from "./tree-hash.ts";

/** Cells of one table; beyond it children are paired one after the other where they are alike. */
const MOST_CELLS = 40_000;
/** Nodes compared to tell how much two subtrees have in common. */
const MOST_COMPARED = 120;
/** Part of the words that two subtrees must share to be one that was edited. */
const SHARED = 0.35;
/** Small enough that kind and place say all: `x` for `y`, `a.b` for `c.d`. */
const SMALL = 4;

type Pair = readonly [base: number, head: number];

/** Maps what is left below mapped nodes. */
export function alignChildren(mapping: Mapping, budget: Budget): void {
  const { base, head, toBase, toHead, whole } = mapping;
  for (let node = 0; node < head.size; node++) {
    if (whole[node] === 1) {
      node = at(head.end, node) - 1;
      continue;
    }
    const partner = at(toBase, node);
    if (partner < 0 || budget.steps <= 0) continue;
    const baseLeft = childrenOf(base, partner).filter((child) => at(toHead, child) < 0);
    if (baseLeft.length === 0) continue;
    const headLeft = childrenOf(head, node).filter((child) => at(toBase, child) < 0);
    const left = linkOnly(mapping, node, { baseLeft, headLeft });
    for (const [b, h] of alignedPairs(mapping, budget, left)) link(mapping, b, h);
  }
}

/**
 * The block of a loop is its block, also where nothing in it is as it was; and what a variable is
 * given is what it was given before, where that is an expression of the same kind.
 */
function linkOnly(mapping: Mapping, parent: number, left: Left): Left {
  const { base, head } = mapping;
  const isGiven = kindOf(head, parent) === "Assign";
  const mayBe = (tree: Tree) => (node: number) =>
    isGiven
      ? at(tree.end, node) === at(tree.end, at(tree.parent, node))
      : kindOf(tree, node) === "Block";
  const [b, another] = left.baseLeft.filter(mayBe(base));
  const [h, other] = left.headLeft.filter(mayBe(head));
  if (b === undefined || h === undefined || another !== undefined || other !== undefined)
    return left;
  if (at(base.kind, b) !== at(head.kind, h)) return left;
  link(mapping, b, h);
  return {
    baseLeft: left.baseLeft.filter((node) => node !== b),
    headLeft: left.headLeft.filter((node) => node !== h),
  };
}

type Left = { readonly baseLeft: readonly number[]; readonly headLeft: readonly number[] };

function alignedPairs(mapping: Mapping, budget: Budget, { baseLeft, headLeft }: Left): Pair[] {
  const { base, head } = mapping;
  const score = (b: number, h: number) => {
    if (at(base.kind, b) !== at(head.kind, h)) return 0;
    return alikeness(base, b, { tree: head, node: h }, budget);
  };
  if (baseLeft.length * headLeft.length > MOST_CELLS) return inOrder(baseLeft, headLeft, score);
  return bestAlignment(baseLeft, headLeft, score);
}

type Score = (baseNode: number, headNode: number) => number;

/** The table of the best scores of all prefixes, then the way back through it. */
function bestAlignment(baseLeft: readonly number[], headLeft: readonly number[], score: Score) {
  const width = headLeft.length + 1;
  const best = new Float64Array((baseLeft.length + 1) * width);
  const own = new Float64Array(best.length);
  for (const [i, b] of baseLeft.entries()) {
    for (const [j, h] of headLeft.entries()) {
      const cell = (i + 1) * width + j + 1;
      own[cell] = score(b, h);
      const paired = (best[cell - width - 1] ?? 0) + (own[cell] ?? 0);
      best[cell] = Math.max(best[cell - 1] ?? 0, best[cell - width] ?? 0, paired);
    }
  }
  const pairs: Pair[] = [];
  let [i, j] = [baseLeft.length, headLeft.length];
  while (i > 0 && j > 0) {
    const cell = i * width + j;
    if (best[cell] === best[cell - 1]) j--;
    else if (best[cell] === best[cell - width]) i--;
    else pairs.push([baseLeft[--i] ?? 0, headLeft[--j] ?? 0]);
  }
  return pairs.reverse();
}

/** For very long lists: each of base takes the next of head that is like it. */
function inOrder(baseLeft: readonly number[], headLeft: readonly number[], score: Score): Pair[] {
  const pairs: Pair[] = [];
  let next = 0;
  for (const b of baseLeft) {
    for (let j = next; j < headLeft.length && j < next + 16; j++) {
      const h = headLeft[j] ?? 0;
      if (score(b, h) === 0) continue;
      pairs.push([b, h]);
      next = j + 1;
      break;
    }
  }
  return pairs;
}

/**
 * How much two subtrees of one kind have in common: 0 when they are no pair, up to 2. The kind alone
 * is enough for small ones, and for inner nodes that hold a pair of mapped nodes.
 */
function alikeness(
  base: Tree,
  baseNode: number,
  head: { readonly tree: Tree; readonly node: number },
  budget: Budget,
): number {
  const baseSize = at(base.end, baseNode) - baseNode;
  const headSize = at(head.tree.end, head.node) - head.node;
  const sameLabel = at(base.label, baseNode) === at(head.tree.label, head.node) ? 0.5 : 0;
  const shared = sharedWords(base, baseNode, head, budget);
  if (baseSize <= SMALL && headSize <= SMALL) return 0.5 + sameLabel + shared;
  if (shared >= SHARED) return 0.5 + sameLabel + shared;
  // A block returns once.
  const isReturn = kindOf(base, baseNode) === "Return";
  return isReturn || isSameVariable(base, baseNode, head) ? 0.5 : 0;
}

/** A variable that gets another value: one statement, whatever stands on its right side. */
function isSameVariable(
  base: Tree,
  baseNode: number,
  { tree, node }: { readonly tree: Tree; readonly node: number },
): boolean {
  if (kindOf(base, baseNode) !== "Assign") return false;
  const [from, to] = [childrenOf(base, baseNode), childrenOf(tree, node)];
  const [left, other] = [from[0], to[0]];
  if (from.length !== 2 || to.length !== 2 || left === undefined || other === undefined) {
    return false;
  }
  // These hold what was done last, whatever it was.
  if (/^(err|ok|_)$/.test(labelOf(base, left))) return false;
  return isEqualTree({ tree: base, node: left }, { tree, node: other }, "named");
}

/** Part of the larger subtree's nodes that the other has too, by kind and label; order is ignored. */
function sharedWords(
  base: Tree,
  baseNode: number,
  head: { readonly tree: Tree; readonly node: number },
  budget: Budget,
): number {
  const counts = new Map<number, number>();
  const keyOf = (tree: Tree, node: number) => at(tree.kind, node) * 2 ** 22 + at(tree.label, node);
  const baseEnd = Math.min(at(base.end, baseNode), baseNode + MOST_COMPARED);
  const headEnd = Math.min(at(head.tree.end, head.node), head.node + MOST_COMPARED);
  budget.steps -= baseEnd - baseNode + headEnd - head.node;
  for (let node = baseNode + 1; node < baseEnd; node++) {
    const key = keyOf(base, node);
    counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  let shared = 0;
  for (let node = head.node + 1; node < headEnd; node++) {
    const key = keyOf(head.tree, node);
    const count = counts.get(key) ?? 0;
    if (count === 0) continue;
    counts.set(key, count - 1);
    shared++;
  }
  return shared / Math.max(1, baseEnd - baseNode - 1, headEnd - head.node - 1);
}
