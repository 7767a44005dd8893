// Before the passes of map-trees.ts: what is equal and stands where it stood, from both ends of every
// list. A pull request changes a few statements of a function; this maps all the rest without
// looking for it, and leaves the passes what lies between.
import { type Hashes, link, linkTrees, type Mapping } from "./mapping.ts";
import { at, childrenOf } from "./tree.ts";
import { isEqualTree } from "./tree-hash.ts";

type Step = readonly [base: number, head: number];

/**
 * Nodes compared without hashes, for each of head: a change ten blocks deep takes as many. Beyond it
 * hashes tell what is not equal, so that no nesting makes it quadratic.
 */
const FREE_PART = 16;

/** Walks down from two mapped nodes as long as what differs is one child of the same kind. */
export function matchInStep(mapping: Mapping, hashes: () => Hashes, start: Step): void {
  const mayEqual = filterBefore(mapping, hashes);
  const open: Step[] = [start];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const between = matchEnds(mapping, mayEqual, next);
    const [b] = between.base;
    const [h] = between.head;
    if (between.base.length !== 1 || between.head.length !== 1) continue;
    if (b === undefined || h === undefined || !isSameConstruct(mapping, b, h)) continue;
    link(mapping, b, h);
    open.push([b, h]);
  }
}

type Filter = (baseNode: number, headNode: number) => boolean;

/** False where two subtrees need not be compared. */
function filterBefore({ base, head }: Mapping, hashes: () => Hashes): Filter {
  let free = FREE_PART * head.size;
  return (b, h) => {
    const size = at(head.end, h) - h;
    if (at(base.end, b) - b !== size || at(base.kind, b) !== at(head.kind, h)) return false;
    free -= size;
    return free > 0 || hashes().base[b] === hashes().head[h];
  };
}

/** Maps equal children from the left and from the right; gives what is left between. */
function matchEnds(mapping: Mapping, mayEqual: Filter, [baseNode, headNode]: Step) {
  const base = childrenOf(mapping.base, baseNode);
  const head = childrenOf(mapping.head, headNode);
  const tryLink = (b: number | undefined, h: number | undefined): boolean => {
    if (b === undefined || h === undefined) return false;
    // Parts of the declaration are mapped before, and walked down by themselves.
    if (at(mapping.toHead, b) >= 0 || at(mapping.toBase, h) >= 0)
      return at(mapping.toHead, b) === h;
    if (!mayEqual(b, h)) return false;
    const pair = [
      { tree: mapping.base, node: b },
      { tree: mapping.head, node: h },
    ] as const;
    if (!isEqualTree(...pair, "named")) return false;
    linkTrees(mapping, b, h);
    return true;
  };
  let left = 0;
  while (left < base.length && tryLink(base[left], head[left])) left++;
  let [baseEnd, headEnd] = [base.length, head.length];
  while (baseEnd > left && headEnd > left && tryLink(base[baseEnd - 1], head[headEnd - 1])) {
    baseEnd--;
    headEnd--;
  }
  return { base: base.slice(left, baseEnd), head: head.slice(left, headEnd) };
}

/** One kind is not enough: two calls in the same place may have nothing in common. */
function isSameConstruct({ base, head }: Mapping, baseNode: number, headNode: number): boolean {
  if (at(base.kind, baseNode) !== at(head.kind, headNode)) return false;
  const kept = childrenOf(base, baseNode);
  const came = childrenOf(head, headNode);
  return kept.some((child, index) => {
    const other = came[index];
    return (
      other !== undefined &&
      at(base.end, child) - child > 1 &&
      isEqualTree({ tree: base, node: child }, { tree: head, node: other }, "named")
    );
  });
}
