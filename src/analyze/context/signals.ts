// The numbers that are read together, each for one operation: where it stands in a process's lines,
// and from which size on a difference of it can explain a change.
//
// A time must be a part of what changed: a wait of the larger difference of clock and CPU time, work
// of the difference of CPU time, because a busy machine stretches the clock. Which part is told by
// what the number leaves out. A lock's wait is counted where it is long and not where
// goroutines spin. Waits for a processor add up over all goroutines: work handed from one to another
// waits no longer than the change, and where several stand in line each waits for all before it. A
// collector that costs a twentieth of the change costs more in caches. Counts must change by so much
// of themselves.
import type { BenchmarkResult } from "../../bench/parse.ts";

export type SignalName =
  | "gc-sec/op"
  | "gc-assist-cpu-sec/op"
  | "gc-cycles/op"
  | "gc-forced-cycles/op"
  | "gc-pause-sec/op"
  | "gc-mark-cpu-sec/op"
  | "B/op"
  | "mutex-wait-sec/op"
  | "off-cpu-sec/op"
  | "sec/cpu-sec"
  | "voluntary-switches/op"
  | "involuntary-switches/op"
  | "system-cpu-sec/op"
  | "sched-wait-sec/op"
  | "sched-runs/op"
  | "goroutines-created/op"
  | "goroutines";

/** A part of all that changed, of the change of CPU time where that moved, or of the larger value. */
export type Part =
  | { readonly ofChange: number }
  | { readonly ofCpu: number }
  | { readonly ofItself: number };

export type Signal = {
  readonly name: SignalName;
  /** The value in one process, in base units; undefined where it was not recorded. */
  readonly read: (results: readonly BenchmarkResult[]) => number | undefined;
  /** Smallest difference that counts, as a part of something. */
  readonly least: Part;
  /** Differences below this are nothing whatever their part, in base units. */
  readonly smallest: number;
};

/** In the order in which they are shown. */
export const SIGNALS: readonly Signal[] = [
  work("gc-sec/op", 0.05, (results) =>
    sumOf(results, ["gc-pause-sec/op", "gc-mark-cpu-sec/op", "gc-assist-cpu-sec/op"]),
  ),
  work("gc-pause-sec/op", 0.05),
  work("gc-mark-cpu-sec/op", 0.05),
  work("gc-assist-cpu-sec/op", 0.1),
  count("gc-cycles/op", 0.2),
  count("gc-forced-cycles/op", 0.2),
  count("B/op", 0.05),
  wait("mutex-wait-sec/op", 0.02),
  wait("off-cpu-sec/op", 0.3, (results) => {
    const [wall, cpu] = [valueIn(results, "sec/op"), valueIn(results, "cpu-sec/op")];
    return wall === undefined || cpu === undefined ? undefined : wall - cpu;
  }),
  // On a busy machine neighbors take their share of all work: more work is more time off the
  // processor, in proportion. Only what is out of proportion is waiting.
  count("sec/cpu-sec", 0.2, 0, (results) => {
    const [wall, cpu] = [valueIn(results, "sec/op"), valueIn(results, "cpu-sec/op")];
    return wall === undefined || cpu === undefined || cpu <= 0 ? undefined : wall / cpu;
  }),
  wait("sched-wait-sec/op", 3),
  // Timers and the collector's helpers wake a process some times in a hundred operations.
  count("sched-runs/op", 0.3, 0.01),
  count("goroutines-created/op", 0.2, 0.001),
  count("goroutines", 0.3, 2),
  work("system-cpu-sec/op", 0.3),
  count("voluntary-switches/op", 0.5, 0.001),
  count("involuntary-switches/op", 0.5, 0.001),
];

/** The times whose change is to be explained, the steadiest first, and what makes one relevant. */
export const EXPLAINED: readonly { readonly unit: string; readonly threshold: number }[] = [
  { unit: "cpu-sec/op", threshold: 0.05 },
  { unit: "p10-sec/op", threshold: 0.03 },
  { unit: "p99-sec/op", threshold: 0.05 },
  { unit: "sec/op", threshold: 0.05 },
];

/** The value of a unit in the process's one line; undefined where it has none. */
export function valueIn(results: readonly BenchmarkResult[], unit: string): number | undefined {
  return results[0]?.values.find((value) => value.unit === unit)?.value;
}

function wait(name: SignalName, ofChange: number, read: Signal["read"] = readUnit(name)): Signal {
  return { name, read, least: { ofChange }, smallest: 0 };
}

function work(name: SignalName, ofCpu: number, read: Signal["read"] = readUnit(name)): Signal {
  return { name, read, least: { ofCpu }, smallest: 0 };
}

function count(
  name: SignalName,
  ofItself: number,
  smallest = 0,
  read: Signal["read"] = readUnit(name),
): Signal {
  return { name, read, least: { ofItself }, smallest };
}

function readUnit(unit: string): Signal["read"] {
  return (results) => valueIn(results, unit);
}

function sumOf(results: readonly BenchmarkResult[], units: readonly string[]): number | undefined {
  const values = units.map((unit) => valueIn(results, unit));
  return values.reduce((sum, value) =>
    sum === undefined || value === undefined ? undefined : sum + value,
  );
}
