// How far are two call stacks apart, from 0 (the same functions) to 1 (nothing in common)?
//
// A stack is a tree: a frame holds its package, its receiver, the words of its name, and the frame
// it calls. This is the edit distance of two such trees in which frames go onto frames (the
// constrained distance of Zhang, Pattern Recognition 1995), so that it needs a step a pair of
// frames where Zhang and Shasha's needs one a pair of nodes and of their forests. Pruned: frames that
// both ends share are cut off, the rest is aligned within a band, and it stops where no way can end
// below the limit. Edits cost: a frame more or fewer 0.5, another frame by what of it differs.
import { FRAMES_MAX } from "./embed-stack.ts";
import { type FrameParts, frameParts } from "./frame-features.ts";

/** Cheaper than two thirds of another frame: a wrapper that was added leaves the others alone. */
export const GAP_COST = 0.5;
/** Frames that may be more or fewer at any place; a refactoring that adds six is a rewrite. */
const BAND = 6;
/** Parts of the cost of another frame; moved and renamed functions keep at least one of them. */
const PACKAGE_COST = 0.25;
const RECEIVER_COST = 0.25;
const NAME_COST = 0.5;

export type StackDistance = (
  one: readonly string[],
  other: readonly string[],
  limit?: number,
) => number;

/** Distances of stacks of names, leaf first. From `limit` on the result is 1: not looked into. */
export function createStackDistance(): StackDistance {
  const known = new Map<string, FrameParts>();
  const partsOf = (name: string): FrameParts => {
    let parts = known.get(name);
    if (parts === undefined) {
      parts = frameParts(name);
      known.set(name, parts);
    }
    return parts;
  };
  return (one, other, limit = 1) => {
    const a = one.slice(0, FRAMES_MAX).map(partsOf);
    const b = other.slice(0, FRAMES_MAX).map(partsOf);
    const longest = Math.max(a.length, b.length);
    if (longest === 0) return 0;
    const distance = editCost(a, b, limit * longest) / longest;
    return distance < limit ? distance : 1;
  };
}

function editCost(a: readonly FrameParts[], b: readonly FrameParts[], limit: number): number {
  let first = 0;
  let [endA, endB] = [a.length, b.length];
  while (first < endA && first < endB && a[first]?.key === b[first]?.key) first++;
  while (endA > first && endB > first && a[endA - 1]?.key === b[endB - 1]?.key) {
    endA--;
    endB--;
  }
  const [rows, columns] = [endA - first, endB - first];
  if (Math.abs(rows - columns) > BAND) return Number.POSITIVE_INFINITY;
  let previous = new Float64Array(columns + 1).map((_, at) => at * GAP_COST);
  let current = new Float64Array(columns + 1);
  for (let i = 1; i <= rows; i++) {
    current.fill(Number.POSITIVE_INFINITY);
    current[0] = i * GAP_COST;
    let best = current[0];
    const last = Math.min(columns, i + BAND);
    for (let j = Math.max(1, i - BAND); j <= last; j++) {
      const replaced = frameCost(a[first + i - 1] as FrameParts, b[first + j - 1] as FrameParts);
      const cost = Math.min(
        (previous[j - 1] as number) + replaced,
        (previous[j] as number) + GAP_COST,
        (current[j - 1] as number) + GAP_COST,
      );
      current[j] = cost;
      if (cost < best) best = cost;
    }
    if (best >= limit) return Number.POSITIVE_INFINITY;
    [previous, current] = [current, previous];
  }
  return previous[columns] as number;
}

/** From 0 for the same function to 1 for one of which nothing is the same. */
export function frameCost(a: FrameParts, b: FrameParts): number {
  if (a.key === b.key) return 0;
  const name = a.name === b.name ? 0 : NAME_COST * (1 - sharedPart(a.words, b.words));
  return (
    (a.package === b.package ? 0 : PACKAGE_COST) +
    (a.receiver === b.receiver ? 0 : RECEIVER_COST) +
    name
  );
}

/** Dice's coefficient of two short lists of words. */
function sharedPart(a: readonly string[], b: readonly string[]): number {
  if (a.length + b.length === 0) return 0;
  let shared = 0;
  for (const word of a) if (b.includes(word)) shared++;
  return Math.min(1, (2 * shared) / (a.length + b.length));
}
