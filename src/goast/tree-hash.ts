// A hash of every subtree, to find equal ones without comparing them: equal where kinds, labels and
// shape are. Two of them: one takes the names of locals, one is blind to them, so that what kept its
// names is matched before what was renamed.
//
// 53 bits mixed from two 32-bit halves (the multipliers are those of MurmurHash3). It only proposes;
// who uses it compares before believing, so a collision costs time and never truth.
import { at, type Tree } from "./tree.ts";

export type HashKind = "named" | "blind";

/** One hash a node. */
export function hashTree(tree: Tree, kind: HashKind): Float64Array {
  const local = kind === "blind" ? tree.words.numbers.get("Local") : undefined;
  const hashes = new Float64Array(tree.size);
  // Children stand behind their parents.
  for (let node = tree.size - 1; node >= 0; node--) {
    const nodeKind = at(tree.kind, node);
    const own = mixed(nodeKind, nodeKind === local ? 0 : at(tree.label, node));
    hashes[node] = hashNode(tree, node, own, hashes);
  }
  return hashes;
}

function hashNode(tree: Tree, node: number, own: number, hashes: Float64Array): number {
  let hash = own;
  for (let child = node + 1; child < at(tree.end, node); child = at(tree.end, child)) {
    hash = mixed(hash, hashes[child] ?? 0);
  }
  return mixed(hash, at(tree.end, node) - node);
}

const HIGH = 2 ** 32;

/** Order matters: mixed(a, b) is not mixed(b, a). */
function mixed(a: number, b: number): number {
  let low = (a | 0) ^ Math.imul(b | 0, 0xcc9e2d51);
  let high = Math.floor(a / HIGH) ^ Math.imul(Math.floor(b / HIGH) | 0, 0x1b873593) ^ (b | 0);
  low = Math.imul(low ^ (low >>> 16), 0x85ebca6b);
  high = Math.imul(high ^ (high >>> 15), 0xc2b2ae35) + low;
  low = Math.imul(low ^ (high >>> 13), 0xc2b2ae35);
  high ^= low >>> 16;
  return (high & 0x1fffff) * HIGH + (low >>> 0);
}

/**
 * Whether two subtrees are equal, names of locals left out.
 * @param named whether the names of locals must be equal too.
 */
export function isEqualTree(
  base: { readonly tree: Tree; readonly node: number },
  head: { readonly tree: Tree; readonly node: number },
  named: HashKind,
): boolean {
  const length = at(base.tree.end, base.node) - base.node;
  if (at(head.tree.end, head.node) - head.node !== length) return false;
  const local = base.tree.words.numbers.get("Local");
  for (let i = 0; i < length; i++) {
    const b = base.node + i;
    const h = head.node + i;
    const kind = at(base.tree.kind, b);
    if (kind !== at(head.tree.kind, h)) return false;
    if (at(base.tree.end, b) - base.node !== at(head.tree.end, h) - head.node) return false;
    const hasOwnLabel = named === "named" || kind !== local;
    if (hasOwnLabel && at(base.tree.label, b) !== at(head.tree.label, h)) return false;
  }
  return true;
}
