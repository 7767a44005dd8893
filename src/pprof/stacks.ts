// Stacks of functions, and what each function and each call costs.
//
// Follows `go tool pprof` (google/pprof, internal/graph): flat is what was spent in a function
// itself, cum what was spent in it and below it. A function that is on a stack more than once is
// counted once for cum, and so is a call, or recursion would cost more than all there is.
import type { Profile, ProfileFrame } from "./profile.ts";

export type Stack = {
  /** Leaf first. */
  readonly frames: readonly ProfileFrame[];
  readonly value: number;
};

export type FunctionCost = { readonly flat: number; readonly cum: number };

export type CallEdge = { readonly caller: string; readonly callee: string; readonly value: number };

/** Gives the key under which a frame's function is counted. */
export type FrameKey = (frame: ProfileFrame) => string;

/**
 * The signal that stops a goroutine lands in this function, so samples taken then carry it as leaf
 * (2 to 25 % of a CPU profile): the code that was running is the frame below.
 */
const PREEMPTION = new Set(["runtime.asyncPreempt", "runtime.asyncPreempt2"]);

/** The stacks of all profiles with one of their values; those left without a frame or value go. */
export function stacksOf(profiles: readonly Profile[], valueAt: number): Stack[] {
  const stacks: Stack[] = [];
  for (const { samples } of profiles) {
    for (const sample of samples) {
      const value = sample.values[valueAt] ?? 0;
      const frames = withoutPreemption(sample.frames);
      if (value !== 0 && frames.length > 0) stacks.push({ frames, value });
    }
  }
  return stacks;
}

/** Whether the frame is of the signal's code, not of what it stopped. */
export function isPreemption(frame: ProfileFrame): boolean {
  return PREEMPTION.has(frame.function.name);
}

/** The frames from the code that was running on. */
export function withoutPreemption(frames: readonly ProfileFrame[]): readonly ProfileFrame[] {
  let leaf = 0;
  for (let frame = frames[0]; frame !== undefined && isPreemption(frame); frame = frames[leaf])
    leaf++;
  return leaf === 0 ? frames : frames.slice(leaf);
}

/** Stacks that run through the same functions as one, with the lines of the first of them. */
export function mergeStacks(stacks: readonly Stack[], keyOf: FrameKey): Stack[] {
  const merged = new Map<string, { frames: readonly ProfileFrame[]; value: number }>();
  for (const { frames, value } of stacks) {
    const key = frames.map(keyOf).join("\n");
    const same = merged.get(key);
    if (same === undefined) merged.set(key, { frames, value });
    else same.value += value;
  }
  return [...merged.values()];
}

export function totalValue(stacks: readonly Stack[]): number {
  let total = 0;
  for (const { value } of stacks) total += value;
  return total;
}

/** Cost of every function by its key. */
export function functionCosts(
  stacks: readonly Stack[],
  keyOf: FrameKey,
): Map<string, FunctionCost> {
  const costs = new Map<string, { flat: number; cum: number }>();
  const seen = new Set<string>();
  for (const { frames, value } of stacks) {
    seen.clear();
    frames.forEach((frame, at) => {
      const key = keyOf(frame);
      let cost = costs.get(key);
      if (cost === undefined) {
        cost = { flat: 0, cum: 0 };
        costs.set(key, cost);
      }
      if (at === 0) cost.flat += value;
      if (!seen.has(key)) cost.cum += value;
      seen.add(key);
    });
  }
  return costs;
}

/** Cost of every call from one function to another one, in no particular order. */
export function callEdges(stacks: readonly Stack[], keyOf: FrameKey): CallEdge[] {
  const edges = new Map<string, { caller: string; callee: string; value: number }>();
  const seen = new Set<string>();
  for (const { frames, value } of stacks) {
    seen.clear();
    for (let at = 1; at < frames.length; at++) {
      const caller = keyOf(frames[at] as ProfileFrame);
      const callee = keyOf(frames[at - 1] as ProfileFrame);
      const key = `${caller}\n${callee}`;
      if (caller === callee || seen.has(key)) continue;
      seen.add(key);
      const edge = edges.get(key);
      if (edge === undefined) edges.set(key, { caller, callee, value });
      else edge.value += value;
    }
  }
  return [...edges.values()];
}
