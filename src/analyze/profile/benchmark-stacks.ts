// Which stacks of a benchmark's profile are the benchmark's cost, and where they begin.
//
// What calls the benchmark is package testing's harness: those frames go, and so do the stacks that
// are the harness's own work (the garbage collection it forces before each run, package main) or
// its own waiting (for the goroutines of RunParallel). What the runtime does below the benchmark
// stays, and so do stacks of goroutines that have no benchmark frame: the collector's workers and
// the scheduler run on the benchmark's account. Where the recorder marked loops with a label
// (probe/recorder/setup.go), what the benchmark function did outside of them is set-up, and goes.
import type { Profile, ProfileFrame, ProfileSample } from "../../pprof/profile.ts";

/** The frames that call a benchmark function, or the body that it gave to RunParallel. */
const HARNESS_ENTRY = /^testing\.\(\*B\)\.(runN|RunParallel\.func\d+)$/;

const HARNESS_WORK = /^(testing|runtime)\./;
/** What a benchmark function calls to run others and to wait for them. */
const HARNESS_WAIT = /^testing\.\(\*B\)\.(Run|RunParallel)$/;

/** The injected package, by the name that probe/instrument.go gives it. */
const RECORDER = /(^|\/)tailguardrec\d*\./;

/** Samples from the leaf to the benchmark function, or to their own root where they have none. */
export function benchmarkSamples({ samples }: Profile): ProfileSample[] {
  const isMarked = samples.some(isInLoop);
  return samples.flatMap((sample) => {
    if (isMarked && !isInLoop(sample) && sample.frames.some(isEntry)) return [];
    const frames = belowHarness(sample.frames);
    return frames === undefined ? [] : [{ ...sample, frames }];
  });
}

function isInLoop({ labels }: ProfileSample): boolean {
  return labels.some(({ key, value }) => key === "part" && value === "loop");
}

function isEntry({ function: { name } }: ProfileFrame): boolean {
  return HARNESS_ENTRY.test(name);
}

/** The frames below the harness; undefined when the stack is the harness's or the recorder's own. */
function belowHarness(frames: readonly ProfileFrame[]): readonly ProfileFrame[] | undefined {
  if (frames.some(({ function: { name } }) => RECORDER.test(name))) return undefined;
  const entry = frames.findIndex(isEntry);
  if (entry < 0) {
    const root = frames.at(-1)?.function.name ?? "";
    return root.startsWith("testing.") || root === "runtime.main" ? undefined : frames;
  }
  const benchmark = frames[entry - 1];
  if (benchmark === undefined || HARNESS_WORK.test(benchmark.function.name)) return undefined;
  const below = frames.slice(0, entry);
  return below.some(({ function: { name } }) => HARNESS_WAIT.test(name)) ? undefined : below;
}
