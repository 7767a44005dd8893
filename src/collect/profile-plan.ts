// Which benchmarks are profiled, by what, how often and how long? Worked out from the pairs alone.
//
// Time goes to CPU profiles: the statistics over runs need eight a side, short ones, because it is
// the runs that are counted. Where the time left does not hold eight for every suspect, the
// smallest changes are left out rather than all of them sampled too thinly. Of allocations one
// profile a side will do: what a run allocates repeats itself.
import { withoutGomaxprocs } from "../bench/name.ts";
import { type ProcessRecord, readProcesses } from "../evidence/pair-text.ts";
import type { ExtraProfile } from "../plan/extra-profile.ts";
import { median } from "../stats/quantile.ts";
import type { RuntimeProfile } from "./run-benchmark.ts";
import type { Measured } from "./schedule.ts";
import type { Measurable } from "./track.ts";

/** A benchmark to profile. */
export type ProfileTarget = {
  readonly benchmark: Measurable;
  readonly kinds: readonly RuntimeProfile[];
  /** Wall time that a process needs beside its timed work, at most. */
  readonly overheadSeconds: number;
  /** Bytes allocated per operation, by the side that allocates more. */
  readonly allocatedBytes: number;
};

/** How each kind is taken: runs a side, and seconds of timed work in each. */
export const PROFILE_RUNS: Readonly<
  Record<RuntimeProfile, { readonly runs: number; readonly seconds: number }>
> = {
  // Half a second at 250 Hz is some 100 samples; up to twice as long where time is left.
  cpu: { runs: 8, seconds: 0.5 },
  alloc: { runs: 1, seconds: 0.5 },
  // Four a side are the fewest whose complete separation is significant: 2 of 70 re-labelings.
  mutex: { runs: 4, seconds: 0.25 },
  block: { runs: 4, seconds: 0.25 },
  // A goroutine that parks writes some 40 bytes: 0.1 s of the busiest program are 10 MB.
  trace: { runs: 4, seconds: 0.1 },
};
const CPU_SECONDS_MOST = 1;
/** `go tool trace` reads a trace four times, about as long as it took to write. */
const TRACE_READING_SECONDS = 2;

/** More suspects have one cause more often than many. */
const MOST_PROFILED = 6;

/** From half an allocation or one size class of 16 bytes on a change is no pool's doing. */
const ALLOCATIONS_MOVED = 0.5;
const BYTES_MOVED = 16;
/** A wait and no work: typical time moved by so much, and CPU time by less than a third of it. */
const WAIT_CHANGE = Math.log(1.05);
const UNEXPLAINED_PART = 1 / 3;

/**
 * Suspects by falling size of their change, the slower ones first: an improvement stops nobody. Then
 * those of which only allocations moved.
 */
export function profileTargets(
  measured: readonly Measured[],
  extra: readonly ExtraProfile[],
): ProfileTarget[] {
  const targets = measured.flatMap((at) => {
    if (at.failure !== "") return [];
    const sides = { base: readSide(at.baseText, at), head: readSide(at.headText, at) };
    const time = at.suspected === undefined ? 0 : Math.abs(logChange(sides, typicalUnit(sides)));
    const kinds: RuntimeProfile[] = [];
    if (allocationsMoved(sides)) kinds.push("alloc");
    if (at.suspected !== undefined) {
      const trace = extra.includes("trace") || isWaiting(sides, time) ? (["trace"] as const) : [];
      kinds.push("cpu", ...extra.filter((kind) => kind !== "trace"), ...trace);
    }
    if (kinds.length === 0) return [];
    const overheadSeconds = median(sides.head.wallSeconds.concat(sides.base.wallSeconds));
    const bytes = medians(sides, "B/op");
    const allocatedBytes = Math.max(bytes?.base ?? 0, bytes?.head ?? 0);
    const rank = at.suspected === "slower" ? 0 : 1;
    return [
      { rank, time, target: { benchmark: at.benchmark, kinds, overheadSeconds, allocatedBytes } },
    ];
  });
  return targets
    .sort((one, other) => one.rank - other.rank || other.time - one.time)
    .map(({ target }) => target);
}

/** The targets that fit into the time left, the first always, and how long a CPU profile takes. */
export function fitTargets(
  targets: readonly ProfileTarget[],
  secondsLeft: number,
): { readonly chosen: readonly ProfileTarget[]; readonly cpuSeconds: number } {
  let chosen = targets.slice(0, MOST_PROFILED);
  const need = (cpuSeconds: number) =>
    chosen.reduce((sum, target) => sum + targetSeconds(target, cpuSeconds), 0);
  while (chosen.length > 1 && need(PROFILE_RUNS.cpu.seconds) > secondsLeft) {
    chosen = chosen.slice(0, -1);
  }
  const spare = secondsLeft - need(PROFILE_RUNS.cpu.seconds);
  const cpuRuns =
    2 * PROFILE_RUNS.cpu.runs * chosen.filter(({ kinds }) => kinds.includes("cpu")).length;
  const longer = cpuRuns === 0 ? 0 : Math.max(0, spare) / cpuRuns;
  return { chosen, cpuSeconds: Math.min(CPU_SECONDS_MOST, PROFILE_RUNS.cpu.seconds + longer) };
}

function targetSeconds(target: ProfileTarget, cpuSeconds: number): number {
  return target.kinds.reduce((sum, kind) => {
    const { runs, seconds } = PROFILE_RUNS[kind];
    const timed = kind === "cpu" ? cpuSeconds : seconds;
    const reading = kind === "trace" ? TRACE_READING_SECONDS : 0;
    const least = Math.max(timed, target.benchmark.secondsPerOperation);
    return sum + 2 * runs * (least + target.overheadSeconds + reading);
  }, 0);
}

/** The runtime's own rate: one sample for so many bytes (runtime.MemProfileRate). */
const ALLOCATION_RATE = 512 * 1024;
/** Two thousand samples tell a site of 2 % from one of 3 %. */
const ALLOCATION_SAMPLES = 2000;

/** Bytes allocated per sample: the runtime's own, or fewer where a run allocates little. */
export function allocationRate(target: ProfileTarget, operations: number): number {
  const finer = Math.floor((target.allocatedBytes * operations) / ALLOCATION_SAMPLES);
  return Math.min(ALLOCATION_RATE, Math.max(1, finer));
}

type SideValues = {
  readonly byUnit: ReadonlyMap<string, readonly number[]>;
  readonly wallSeconds: readonly number[];
};
type BothValues = { readonly base: SideValues; readonly head: SideValues };

/** Values of the counted processes; those of base against base are left out. */
function readSide(text: string, { benchmark }: Measured): SideValues {
  const { processes } = readProcesses(text);
  const byUnit = new Map<string, number[]>();
  const counted = processes.filter(({ phase }) => phase !== "noise");
  const gomaxprocs = benchmark.head[0]?.gomaxprocs ?? 1;
  for (const value of counted.flatMap((process) => valuesOf(process, benchmark.name, gomaxprocs))) {
    const values = byUnit.get(value.unit);
    if (values === undefined) byUnit.set(value.unit, [value.value]);
    else values.push(value.value);
  }
  return { byUnit, wallSeconds: counted.map(({ wallSec }) => wallSec) };
}

function valuesOf({ results }: ProcessRecord, name: string, gomaxprocs: number) {
  return results
    .filter((result) => withoutGomaxprocs(result.name, gomaxprocs) === name)
    .flatMap((result) => result.values);
}

function medians({ base, head }: BothValues, unit: string) {
  const [ofBase, ofHead] = [base.byUnit.get(unit) ?? [], head.byUnit.get(unit) ?? []];
  if (ofBase.length === 0 || ofHead.length === 0) return undefined;
  return { base: median(ofBase), head: median(ofHead) };
}

function logChange(sides: BothValues, unit: string): number {
  const both = medians(sides, unit);
  if (both === undefined || both.base <= 0 || both.head <= 0) return 0;
  return Math.log(both.head / both.base);
}

function typicalUnit(sides: BothValues): string {
  return medians(sides, "p10-sec/op") === undefined ? "sec/op" : "p10-sec/op";
}

function allocationsMoved(sides: BothValues): boolean {
  const moved = (unit: string, least: number) => {
    const both = medians(sides, unit);
    return both !== undefined && Math.abs(both.head - both.base) >= least;
  };
  return moved("allocs/op", ALLOCATIONS_MOVED) || moved("B/op", BYTES_MOVED);
}

function isWaiting(sides: BothValues, time: number): boolean {
  if (time < WAIT_CHANGE || medians(sides, "cpu-sec/op") === undefined) return false;
  return Math.abs(logChange(sides, "cpu-sec/op")) < UNEXPLAINED_PART * time;
}
