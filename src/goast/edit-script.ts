// What turns the base tree into the head tree: insert, delete, update, move; what is in no edit is
// kept. After Chawathe et al. (1996): head is walked top down and every node put where it belongs.
//
// Names of locals are not edits of their own. Two locals are one variable when most of the places
// that mention them are mapped to each other; then the script renames it once, and only an
// identifier that stands for another variable than before is an update. So a script without edits
// is exactly one between trees of equal hashes.
//
// Applied to base, the script gives head: test/goast/apply-edit-script.ts does it.
import type { Mapping } from "./mapping.ts";
import { at, childrenOf } from "./tree.ts";

/** Where a node goes: below a node of head, behind a sibling of head; -1 puts it first. */
type Place = { readonly parent: number; readonly after: number };

/** Nodes are named by their index in their own tree. */
export type Edit =
  | ({ readonly kind: "insert"; readonly head: number } & Place)
  | ({ readonly kind: "move"; readonly base: number; readonly head: number } & Place)
  | { readonly kind: "update"; readonly base: number; readonly head: number }
  | { readonly kind: "delete"; readonly base: number };

export type EditScript = {
  /** Inserts and moves in the order of head, then updates, then deletes with children first. */
  readonly edits: readonly Edit[];
  /** Nodes of base that are in no edit. */
  readonly keptCount: number;
  /** Head's local by base's, by number: one variable on both sides, whatever its name. */
  readonly locals: ReadonlyMap<number, number>;
};

export function editScript(mapping: Mapping): EditScript {
  const { base, head, toHead, toBase } = mapping;
  const locals = sameLocals(mapping);
  const placed = placements(mapping);
  const updates: Edit[] = [];
  for (let node = 0; node < head.size; node++) {
    const partner = at(toBase, node);
    if (partner < 0 || isSameNode(mapping, partner, node, locals)) continue;
    updates.push({ kind: "update", base: partner, head: node });
  }
  const deletes: Edit[] = [];
  for (let node = base.size - 1; node >= 0; node--) {
    if (at(toHead, node) < 0) deletes.push({ kind: "delete", base: node });
  }
  const edits = [...placed, ...updates, ...deletes];
  const touched = new Set(edits.flatMap((edit) => ("base" in edit ? [edit.base] : [])));
  return { edits, keptCount: base.size - touched.size, locals };
}

/** Inserts and moves, parents before children and siblings from left to right. */
function placements(mapping: Mapping): Edit[] {
  const { base, head, toBase, whole } = mapping;
  const edits: Edit[] = [];
  for (let parent = 0; parent < head.size; parent++) {
    if (at(head.end, parent) === parent + 1) continue;
    if (whole[parent] === 1) {
      parent = at(head.end, parent) - 1;
      continue;
    }
    if (hasStayed(mapping, parent)) continue;
    const children = childrenOf(head, parent);
    const staying = longestInOrder(mapping, parent, children);
    let after = -1;
    for (const child of children) {
      const partner = at(toBase, child);
      if (partner < 0) edits.push({ kind: "insert", head: child, parent, after });
      else if (at(base.parent, partner) !== at(toBase, parent) || !staying.has(child)) {
        edits.push({ kind: "move", base: partner, head: child, parent, after });
      }
      after = child;
    }
  }
  return edits;
}

/** Whether all children are those of the partner, in its order: so it is for nearly all nodes. */
function hasStayed({ base, head, toBase }: Mapping, parent: number): boolean {
  const partner = at(toBase, parent);
  let last = -1;
  for (let child = parent + 1; child < at(head.end, parent); child = at(head.end, child)) {
    const other = at(toBase, child);
    if (other <= last || at(base.parent, other) !== partner) return false;
    last = other;
  }
  return true;
}

/** The most children that keep both their parent and their order: a longest increasing sequence. */
function longestInOrder(
  { base, toBase }: Mapping,
  parent: number,
  children: readonly number[],
): ReadonlySet<number> {
  const partner = at(toBase, parent);
  const kept = children.filter(
    (child) => at(toBase, child) >= 0 && at(base.parent, at(toBase, child)) === partner,
  );
  if (partner < 0 || kept.length === 0) return new Set();
  /** By length - 1: the child that ends the sequence of that length with the smallest partner. */
  const ends: number[] = [];
  const before = new Map<number, number>();
  for (const child of kept) {
    let low = 0;
    let high = ends.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (at(toBase, ends[middle] ?? 0) < at(toBase, child)) low = middle + 1;
      else high = middle;
    }
    ends[low] = child;
    before.set(child, ends[low - 1] ?? -1);
  }
  const staying = new Set<number>();
  for (let child = ends.at(-1) ?? -1; child >= 0; child = before.get(child) ?? -1) {
    staying.add(child);
  }
  return staying;
}

function isSameNode(
  { base, head }: Mapping,
  baseNode: number,
  headNode: number,
  locals: ReadonlyMap<number, number>,
): boolean {
  const binding = at(base.binding, baseNode);
  if (binding < 0) return at(base.label, baseNode) === at(head.label, headNode);
  if (locals.get(binding) !== at(head.binding, headNode)) return false;
  const local = base.words.numbers.get("Local");
  return at(base.kind, baseNode) === local || at(base.label, baseNode) === at(head.label, headNode);
}

/** One to one; where places disagree the pair with the most of them wins. */
function sameLocals({ base, head, toHead }: Mapping): Map<number, number> {
  const votes = new Map<number, number>();
  for (let node = 0; node < base.size; node++) {
    const partner = at(toHead, node);
    const from = at(base.binding, node);
    if (from < 0 || partner < 0) continue;
    const key = from * head.size + at(head.binding, partner);
    votes.set(key, (votes.get(key) ?? 0) + 1);
  }
  const locals = new Map<number, number>();
  const taken = new Set<number>();
  for (const [key] of [...votes].sort((a, b) => b[1] - a[1] || a[0] - b[0])) {
    const [from, to] = [Math.floor(key / head.size), key % head.size];
    if (locals.has(from) || taken.has(to)) continue;
    locals.set(from, to);
    taken.add(to);
  }
  return locals;
}
