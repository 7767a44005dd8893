// One benchmark on its way through the schedule, and the pair of processes that brings it further.
//
// A pair of which a process waited for a processor is repeated, on whichever side it was.
import type { BenchmarkValue, LocatedResult } from "../bench/parse.ts";
import type { Side } from "../evidence/manifest.ts";
import { formatProcess, type MeasuredProcess } from "../evidence/pair-text.ts";
import { isStarved } from "../evidence/starved.ts";
import { flip, type Random } from "../stats/random.ts";
import type { Launcher } from "./launcher.ts";
import { addProcess, bucketLimit, type KeptLatencies } from "./merge-latencies.ts";
import { type BenchmarkRun, runBenchmark, type TestBinary } from "./run-benchmark.ts";
import { correctSize, type Size, sizeForBoth } from "./size-benchmark.ts";
import { startWatch, type Watch, watchPair } from "./watch.ts";

/** A benchmark to measure: one binary per layout and side, the same layouts on both. */
export type Measurable = {
  readonly package: string;
  readonly name: string;
  readonly base: readonly TestBinary[];
  readonly head: readonly TestBinary[];
  /** Link layout of each binary: the seed, or 0 for the toolchain's own order. */
  readonly layoutSeeds: readonly number[];
  /** Whether the binaries record single operations; else percentiles are of batches. */
  readonly isRecorded: boolean;
  /** Rough time of one operation on the faster side, from discovery. */
  readonly secondsPerOperation: number;
  /** The same on the slower side. */
  readonly slowestSecondsPerOperation: number;
};

export type PairOptions = {
  readonly launchers: Readonly<Record<Side, Launcher>>;
  readonly random: Random;
  readonly signal: AbortSignal;
  /** Head takes this part more time, in a trial. */
  readonly slowHeadBy?: number;
};

/** A process that takes longer than this is stuck, not slow: discovery allowed less. */
const PROCESS_TIMEOUT_MS = 60_000;

export type Track = {
  readonly benchmark: Measurable;
  size: Size;
  watch: Watch;
  /** Evidence texts of its processes, base and head line up pair by pair. */
  baseText: string;
  headText: string;
  /** Latencies of all counted processes of a side, merged within so many buckets. */
  readonly latencies: Record<Side, KeptLatencies>;
  readonly bucketLimit: number;
  /** Pairs that count, of all phases, and those that were repeated. */
  pairs: number;
  starvedPairs: number;
  /** For people: why it cannot be measured; empty while it can. */
  failure: string;
};

/**
 * A benchmark of which nothing is measured yet, one of so many; discovery's time gives the first
 * pair its size.
 */
export function startTrack(benchmark: Measurable, benchmarkCount: number): Track {
  return {
    benchmark,
    size: sizeForBoth(
      { faster: benchmark.secondsPerOperation, slower: benchmark.slowestSecondsPerOperation },
      benchmark.isRecorded,
    ),
    watch: startWatch(),
    baseText: "",
    headText: "",
    latencies: { base: undefined, head: undefined },
    bucketLimit: bucketLimit(benchmarkCount),
    pairs: 0,
    starvedPairs: 0,
    failure: "",
  };
}

/**
 * Measures one pair and keeps its texts; in phase "explore" the watch learns of it. What goes wrong
 * becomes the track's `failure`.
 */
export async function measurePair(
  track: Track,
  phase: MeasuredProcess["phase"],
  options: PairOptions,
): Promise<void> {
  const turn = track.pairs % track.benchmark.layoutSeeds.length;
  const layout = track.benchmark.layoutSeeds[turn] ?? 0;
  const base = track.benchmark.base[turn];
  const head = phase === "noise" ? base : track.benchmark.head[turn];
  if (base === undefined || head === undefined) return;
  const headFirst = flip(options.random);
  const runs = new Map<"base" | "head", BenchmarkRun>();
  for (const side of headFirst ? (["head", "base"] as const) : (["base", "head"] as const)) {
    // In a noise pair both processes are base, each in its turn in base's own sandbox.
    const place = phase === "noise" ? "base" : side;
    const run = await runOnce(track, side === "base" ? base : head, place, options);
    if (options.signal.aborted) return; // Cut short by us: not the benchmark's failure.
    if (run.failure !== "" || run.results.length === 0) {
      track.failure = `${side}: ${run.failure || "its results could not be read in its output"}`;
      return;
    }
    runs.set(side, run);
  }
  const [baseRun, headRun] = [runs.get("base"), runs.get("head")];
  if (baseRun === undefined || headRun === undefined) return;
  const repeats = isToRepeat(track, baseRun, headRun);
  const shared = {
    pair: track.pairs + track.starvedPairs,
    phase: repeats ? "starved" : phase,
    first: headFirst ? "head" : "base",
    layout,
  } as const;
  track.baseText += formatProcess({ ...shared, ...usage(baseRun) }, baseRun.results);
  track.headText += formatProcess({ ...shared, ...usage(headRun) }, headRun.results);
  if (repeats) {
    track.starvedPairs++;
    await measurePair(track, phase, options);
    return;
  }
  if (track.pairs === 0) {
    track.size = correctSize(track.size, [baseRun, headRun], track.benchmark.isRecorded);
  }
  track.pairs++;
  if (phase !== "noise") {
    keepLatencies(track, "base", baseRun);
    keepLatencies(track, "head", headRun);
  }
  if (phase === "explore") track.watch = watchPair(track.watch, baseRun.results, headRun.results);
}

function keepLatencies({ latencies, bucketLimit: limit }: Track, side: Side, run: BenchmarkRun) {
  const record = run.recorded?.record;
  if (record !== undefined) latencies[side] = addProcess(latencies[side], record, limit);
}

/**
 * Whichever side it was, and one pair in four at most: on a machine that starves every process the
 * time is better spent on pairs, whose p10 shrugs it off.
 */
function isToRepeat(track: Track, base: BenchmarkRun, head: BenchmarkRun): boolean {
  if (track.starvedPairs >= track.pairs / 4) return false;
  return isStarved(usage(base)) || isStarved(usage(head));
}

async function runOnce(
  track: Track,
  binary: TestBinary,
  side: Side,
  options: PairOptions,
): Promise<BenchmarkRun> {
  const slowBy = side === "head" ? (options.slowHeadBy ?? 0) : 0;
  const run = await runBenchmark(options.launchers[side], {
    binary: slowBy === 0 ? binary : slowedDown(binary, slowBy),
    select: { name: track.benchmark.name },
    benchTime: `${track.size.iterations}x`,
    batches: track.size.batches,
    timeoutMs: PROCESS_TIMEOUT_MS,
  });
  const isBurning = binary.recordPath !== undefined;
  return slowBy === 0 || isBurning ? run : { ...run, results: run.results.map(longer(1 + slowBy)) };
}

/** A recorded binary burns the time itself (probe/recorder/burn.go). */
function slowedDown(binary: TestBinary, part: number): TestBinary {
  return { ...binary, env: { ...binary.env, TAILGUARD_SLOW_DOWN: String(part) } };
}

/** A plain binary has nobody to burn time in it: its times are printed longer instead. */
function longer(factor: number): (result: LocatedResult) => LocatedResult {
  return (result) => ({
    ...result,
    values: result.values.map((at) =>
      at.unit === "sec/op"
        ? { unit: at.unit, value: at.value * factor, ...printedLonger(at.printed, factor) }
        : at,
    ),
  });
}

function printedLonger(printed: BenchmarkValue["printed"], factor: number) {
  return printed && { printed: { unit: printed.unit, value: printed.value * factor } };
}

function usage(
  run: BenchmarkRun,
): Pick<MeasuredProcess, "wallSec" | "cpuSec" | "involuntarySwitches"> {
  const { wallSeconds, cpuSeconds, involuntarySwitches } = run.launch;
  return { wallSec: wallSeconds, cpuSec: cpuSeconds, involuntarySwitches };
}
