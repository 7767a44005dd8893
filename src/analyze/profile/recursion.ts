// Stacks without their recursion: a parser that is called by itself five levels deep is one call.
//
// A recursive function has a path for every depth it was sampled at, each too thin for a test and
// none of them the one a reader means. What lies between a function and its own call further out is
// left out, from the leaf on (the loop-erased path), so that all depths are one way through the
// calls. Leaves keep their own cost; a function inside of the loop counts for the stacks that end in
// it or call out from it. By full names, not by the keys that match base and head: closures of one
// function share a key, and one that calls another is no recursion.
import type { ProfileFrame } from "../../pprof/profile.ts";
import type { Stack } from "../../pprof/stacks.ts";

/** Every function once, at the line of its innermost call; the very same frames where all differ. */
function framesWithoutRecursion(frames: readonly ProfileFrame[]): readonly ProfileFrame[] {
  const outermost = new Map(frames.map((frame, at) => [frame.function.name, at]));
  if (outermost.size === frames.length) return frames;
  const kept: ProfileFrame[] = [];
  let next = 0;
  for (const [at, frame] of frames.entries()) {
    if (at < next) continue;
    kept.push(frame);
    next = (outermost.get(frame.function.name) ?? at) + 1;
  }
  return kept;
}

/** The stacks, each without its recursion; those that become equal stay apart. */
export function withoutRecursion(stacks: readonly Stack[]): Stack[] {
  return stacks.map(({ frames, value }) => ({ frames: framesWithoutRecursion(frames), value }));
}
