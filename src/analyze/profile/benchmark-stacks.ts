// Which stacks of a benchmark's CPU profile are the benchmark's cost, and where they begin.
//
// What calls the benchmark is package testing's harness: those frames go, and so do the stacks that
// are the harness's own work (the garbage collection it forces before each run, package main). What
// the runtime does below the benchmark stays, and so do stacks of goroutines that have no benchmark
// frame: the collector's workers and the scheduler run on the benchmark's account.
import type { ProfileFrame } from "../../pprof/decode.ts";
import type { Stack } from "../../pprof/stacks.ts";

/** The frames that call a benchmark function, or the body that it gave to RunParallel. */
const HARNESS_ENTRY = /^testing\.\(\*B\)\.(runN|RunParallel\.func\d+)$/;

const HARNESS_WORK = /^(testing|runtime)\./;

/** Stacks from the leaf to the benchmark function, or to their own root where they have none. */
export function benchmarkStacks(stacks: readonly Stack[]): Stack[] {
  return stacks.flatMap(({ frames, value }) => {
    const below = belowHarness(frames);
    return below === undefined ? [] : [{ frames: below, value }];
  });
}

/** The frames below the harness; undefined when the stack is the harness's own. */
function belowHarness(frames: readonly ProfileFrame[]): readonly ProfileFrame[] | undefined {
  const entry = frames.findIndex(({ function: { name } }) => HARNESS_ENTRY.test(name));
  if (entry < 0) {
    const root = frames.at(-1)?.function.name ?? "";
    return root.startsWith("testing.") || root === "runtime.main" ? undefined : frames;
  }
  const benchmark = frames[entry - 1];
  if (benchmark === undefined || HARNESS_WORK.test(benchmark.function.name)) return undefined;
  return frames.slice(0, entry);
}
