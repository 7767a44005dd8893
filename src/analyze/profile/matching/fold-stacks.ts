// Stacks as they would be if some functions were still part of their caller: a function that was
// taken out of another one, or stands between two as a wrapper, is folded into the frame above it.
//
// No sample is lost or gained, each only counts for another function; what was folded stays with the
// frame, for whoever shows the path as it is. Only next to a caller of the program itself: below
// `sort.Slice` there is no code that a function could have been taken out of.
import type { ProfileFrame } from "../../../pprof/profile.ts";
import type { Stack } from "../../../pprof/stacks.ts";
import type { Naming } from "../naming.ts";

/** Where a function is folded: where it is the innermost one of the program, where it calls others. */
export type Fold = { readonly own: boolean; readonly through: boolean };

/** Folds by the function's key. */
export type Folds = ReadonlyMap<string, Fold>;

/** A frame with the frames that were folded into it, leaf first. */
export type FoldedFrame = ProfileFrame & { readonly inner?: readonly ProfileFrame[] };

export type FoldNaming = Pick<Naming, "keyOf" | "isOwn">;

/** The frames, leaf first as they came; the very same ones where nothing is folded. */
export function foldFrames(
  frames: readonly ProfileFrame[],
  folds: Folds,
  { keyOf, isOwn }: FoldNaming,
): readonly FoldedFrame[] {
  const innermost = frames.findIndex(isOwn);
  if (folds.size === 0 || innermost < 0) return frames;
  const folded: { frame: ProfileFrame; inner: ProfileFrame[] }[] = [];
  for (let at = frames.length - 1; at >= 0; at--) {
    const frame = frames[at] as ProfileFrame;
    const caller = folded.at(-1);
    const fold = folds.get(keyOf(frame));
    const isFolded = at === innermost ? fold?.own : at > innermost && fold?.through;
    if (isFolded === true && caller !== undefined && isOwn(caller.frame)) caller.inner.push(frame);
    else folded.push({ frame, inner: [] });
  }
  if (folded.length === frames.length) return frames;
  return folded
    .reverse()
    .map(({ frame, inner }) => (inner.length === 0 ? frame : { ...frame, inner: inner.reverse() }));
}

/** The frames as the profile has them. */
export function unfolded(frames: readonly FoldedFrame[]): readonly ProfileFrame[] {
  return frames.flatMap((frame) => [...(frame.inner ?? []), frame]);
}

/** Folds every stack; the same list where nothing is folded at all. */
export function foldStacks(
  stacks: readonly Stack[],
  folds: Folds,
  naming: FoldNaming,
): readonly Stack[] {
  if (folds.size === 0) return stacks;
  return stacks.map(({ frames, value }) => ({ frames: foldFrames(frames, folds, naming), value }));
}
