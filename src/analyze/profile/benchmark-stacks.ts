// Which stacks of a benchmark's profile are the benchmark's cost, and where they begin.
//
// What calls the benchmark is package testing's harness: those frames go, and so do the stacks that
// are the harness's own work (the garbage collection it forces before each run, package main) or
// its own waiting (for the goroutines of RunParallel). What the runtime does below the benchmark
// stays, and so do stacks of goroutines that have no benchmark frame: the collector's workers and
// the scheduler run on the benchmark's account. Where the recorder marked loops with a label
// (probe/recorder/setup.go), what the benchmark function did outside of them is set-up, and goes.
import type {
  PackedProfile,
  Profile,
  ProfileFrame,
  ProfileLabel,
  ProfileSample,
} from "../../pprof/profile.ts";
import {
  addStack,
  askFunctions,
  buildStackTable,
  type StackTable,
  tableIn,
} from "../../pprof/stack-table.ts";
import { isPreemption } from "../../pprof/stacks.ts";

/** The frames that call a benchmark function, or the body that it gave to RunParallel. */
const HARNESS_ENTRY = /^testing\.\(\*B\)\.(runN|RunParallel\.func\d+)$/;

const HARNESS_WORK = /^(testing|runtime)\./;
/** What a benchmark function calls to run others and to wait for them. */
const HARNESS_WAIT = /^testing\.\(\*B\)\.(Run|RunParallel)$/;

/** The injected package, by the name that probe/instrument.go gives it. */
const RECORDER = /(^|\/)tailguardrec\d*\./;

/** Samples from the leaf to the benchmark function, or to their own root where they have none. */
export function benchmarkSamples({ samples }: Profile): ProfileSample[] {
  const isMarked = samples.some(({ labels }) => isLoop(labels));
  return samples.flatMap((sample) => {
    const roleOf = Int32Array.from(sample.frames, rolesByName);
    const places = Int32Array.from(sample.frames, (_, at) => at);
    const isSetUp = isMarked && !isLoop(sample.labels);
    const end = ownEnd({ places, roleOf }, { begin: 0, end: places.length, isSetUp });
    return end < 0 ? [] : [{ ...sample, frames: sample.frames.slice(0, end) }];
  });
}

/** The same of packed samples, as stacks of one of their values without preemption (stacks.ts). */
export function benchmarkStacks(profile: PackedProfile, valueAt: number): StackTable {
  const { sampleTypes, samples } = profile;
  const { places, ends, values, labelSetOf, labelSets } = samples;
  const roleOf = askFunctions(profile, rolesByName);
  const inLoop = labelSets.map(isLoop);
  const isMarked = inLoop.some(Boolean);
  const stacks = buildStackTable(profile, places, ends.length);
  for (let at = 0, begin = 0; at < ends.length; at++) {
    const sampleEnd = ends[at] as number;
    const value = values[at * sampleTypes.length + valueAt] as number;
    const isSetUp = isMarked && inLoop[labelSetOf[at] as number] !== true;
    const end = ownEnd({ places, roleOf }, { begin, end: sampleEnd, isSetUp });
    let leaf = begin;
    while (leaf < end && ((roleOf[places[leaf] as number] as number) & PREEMPTION) !== 0) leaf++;
    if (value !== 0 && leaf < end) addStack(stacks, leaf, end, value);
    begin = sampleEnd;
  }
  return tableIn(stacks);
}

function isLoop(labels: readonly ProfileLabel[]): boolean {
  return labels.some(({ key, value }) => key === "part" && value === "loop");
}

/** What a function is on a stack, as bits. */
const ENTRY = 1;
const RECORDED = 2;
const WORK = 4;
const WAIT = 8;
const ROOT = 16;
const PREEMPTION = 32;

function rolesByName(frame: ProfileFrame): number {
  const { name } = frame.function;
  const isRoot = name.startsWith("testing.") || name === "runtime.main";
  return (
    (HARNESS_ENTRY.test(name) ? ENTRY : 0) |
    (RECORDER.test(name) ? RECORDED : 0) |
    (HARNESS_WORK.test(name) ? WORK : 0) |
    (HARNESS_WAIT.test(name) ? WAIT : 0) |
    (isRoot ? ROOT : 0) |
    (isPreemption(frame) ? PREEMPTION : 0)
  );
}

type Roles = {
  /** Numbers of frames, leaf first. */
  readonly places: Int32Array;
  /** What the frames are, by their numbers. */
  readonly roleOf: Int32Array;
};

type Stretch = {
  readonly begin: number;
  readonly end: number;
  /** Whether all that a benchmark function did on this stack is set-up. */
  readonly isSetUp: boolean;
};

/** Where the frames below the harness end; -1 when the stack is the harness's or the recorder's own. */
function ownEnd({ places, roleOf }: Roles, { begin, end, isSetUp }: Stretch): number {
  const roleAt = (at: number) => roleOf[places[at] as number] as number;
  let entry = -1;
  for (let at = begin; at < end; at++) {
    const role = roleOf[places[at] as number] as number;
    if (role === 0) continue;
    if ((role & RECORDED) !== 0) return -1;
    if (entry < 0 && (role & ENTRY) !== 0) entry = at;
  }
  if (entry < 0) return begin < end && (roleAt(end - 1) & ROOT) !== 0 ? -1 : end;
  if (isSetUp || entry === begin || (roleAt(entry - 1) & WORK) !== 0) return -1;
  for (let at = begin; at < entry; at++) if ((roleAt(at) & WAIT) !== 0) return -1;
  return entry;
}
