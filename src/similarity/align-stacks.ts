// Which frame of one call stack is which frame of the other? The way that stack-distance.ts only
// gives the length of: frames that stand for each other, in order, the rest more on one side.
//
// The same costs, without the band and the pruning: it is asked of a few pairs that are known to be
// near, and of 16 frames a side at most.
import { FRAMES_MAX } from "./embed-stack.ts";
import { type FrameParts, frameParts } from "./frame-features.ts";
import { frameCost, GAP_COST } from "./stack-distance.ts";

/** Two frames that stand for each other, by their places from the leaf. */
export type FramePair = { readonly one: number; readonly other: number };

/** Aligns stacks of names, leaf first; frames that have nothing in common are no pair. */
export function createStackAlignment(): (
  one: readonly string[],
  other: readonly string[],
) => FramePair[] {
  const known = new Map<string, FrameParts>();
  const partsOf = (name: string): FrameParts => {
    let parts = known.get(name);
    if (parts === undefined) {
      parts = frameParts(name);
      known.set(name, parts);
    }
    return parts;
  };
  return (one, other) =>
    align(one.slice(0, FRAMES_MAX).map(partsOf), other.slice(0, FRAMES_MAX).map(partsOf));
}

function align(a: readonly FrameParts[], b: readonly FrameParts[]): FramePair[] {
  const width = b.length + 1;
  const costs = new Float64Array((a.length + 1) * width);
  const at = (i: number, j: number) => costs[i * width + j] as number;
  const replaced = (i: number, j: number) =>
    at(i - 1, j - 1) + frameCost(a[i - 1] as FrameParts, b[j - 1] as FrameParts);
  for (let i = 0; i <= a.length; i++) {
    for (let j = 0; j <= b.length; j++) {
      if (i === 0 || j === 0) {
        costs[i * width + j] = (i + j) * GAP_COST;
        continue;
      }
      const gap = Math.min(at(i - 1, j), at(i, j - 1)) + GAP_COST;
      costs[i * width + j] = Math.min(replaced(i, j), gap);
    }
  }
  const pairs: FramePair[] = [];
  for (let i = a.length, j = b.length; i > 0 && j > 0; ) {
    if (at(i, j) === replaced(i, j)) {
      i--;
      j--;
      if (frameCost(a[i] as FrameParts, b[j] as FrameParts) < 1) pairs.push({ one: i, other: j });
    } else if (at(i, j) === at(i - 1, j) + GAP_COST) i--;
    else j--;
  }
  return pairs.reverse();
}
