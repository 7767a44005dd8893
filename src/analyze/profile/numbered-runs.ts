// The CPU profiles of a benchmark with their functions numbered alike in all runs, so that counts
// are added up in lists. What a function is called is asked once of every frame of every run.
import type { ProfileFrame } from "../../pprof/profile.ts";
import { askFunctions } from "../../pprof/stack-table.ts";
import type { FrameKey } from "../../pprof/stacks.ts";
import type { BothRuns, CpuRun } from "./read-runs.ts";

export type NumberedRun = CpuRun & {
  /** The number of the function of each frame of its stacks. */
  readonly functionOf: Int32Array;
};

/** The functions, head's first, each where it was first met from the leaf on. */
export type NumberedRuns = BothRuns<NumberedRun> & {
  /** The key of each function by its number. */
  readonly keys: readonly string[];
  /** A frame of each function, from head where it is there. */
  readonly frames: readonly ProfileFrame[];
};

export function numberRuns({ base, head }: BothRuns<CpuRun>, keyOf: FrameKey): NumberedRuns {
  const numbers = new Map<string, number>();
  const frames: ProfileFrame[] = [];
  const numberOf = (frame: ProfileFrame): number => {
    const key = keyOf(frame);
    let number = numbers.get(key);
    if (number === undefined) {
      number = frames.length;
      numbers.set(key, number);
      frames.push(frame);
    }
    return number;
  };
  const numbered = (run: CpuRun): NumberedRun => {
    return { ...run, functionOf: askFunctions(run.stacks, numberOf) };
  };
  const sides = { head: head.map(numbered), base: base.map(numbered) };
  return { ...sides, keys: [...numbers.keys()], frames };
}
