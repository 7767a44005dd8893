// Stacks without their recursion: a parser that is called by itself five levels deep is one call.
//
// A recursive function has a path for every depth it was sampled at, each too thin for a test and
// none of them the one a reader means. What lies between a function and its own call further out is
// left out, from the leaf on (the loop-erased path), so that all depths are one way through the
// calls. Leaves keep their own cost; a function inside of the loop counts for the stacks that end in
// it or call out from it. By full names, not by the keys that match base and head: closures of one
// function share a key, and one that calls another is no recursion.
import type { FrameTable, ProfileFrame } from "../../pprof/profile.ts";
import { askFunctions, type StackTable } from "../../pprof/stack-table.ts";

/**
 * Every function of a stack once, at the line of its innermost call; equal stacks stay apart, and
 * frames keep their numbers.
 */
export function withoutRecursion(stacks: StackTable): StackTable {
  const { frames, places, ends } = stacks;
  const nameOf = numbersOfNames(stacks);
  /** The place of the outermost call of each function on the last stack that it was seen on. */
  const outermost = new Int32Array(frames.length).fill(-1);
  const kept = new Int32Array(places.length);
  const keptEnds = new Int32Array(ends.length);
  let length = 0;
  for (let stack = 0, at = 0; stack < ends.length; stack++) {
    const end = ends[stack] as number;
    let isRecursive = false;
    for (let place = at; place < end; place++) {
      const name = nameOf[places[place] as number] as number;
      if ((outermost[name] as number) >= at) isRecursive = true;
      outermost[name] = place;
    }
    if (!isRecursive) for (; at < end; at++) kept[length++] = places[at] as number;
    while (at < end) {
      const frame = places[at] as number;
      kept[length++] = frame;
      at = (outermost[nameOf[frame] as number] as number) + 1;
    }
    keptEnds[stack] = length;
  }
  return { ...stacks, places: kept.subarray(0, length), ends: keptEnds };
}

/** The number of each frame's full name. */
function numbersOfNames(frames: FrameTable): Int32Array {
  const names = new Map<string, number>();
  const numberOf = ({ function: { name } }: ProfileFrame): number => {
    const number = names.get(name) ?? names.size;
    names.set(name, number);
    return number;
  };
  return askFunctions(frames, numberOf);
}
