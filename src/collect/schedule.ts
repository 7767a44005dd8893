// The schedule: pairs of short processes, base and head, until each benchmark is settled.
//
// A pair is two processes with nothing between them, in an order drawn at random; benchmarks are
// shuffled between rounds and link layouts rotate over the pairs, so that neither drift of the
// machine nor one lucky layout can pass for a change. After each round stats/ says which
// benchmarks are settled, and time goes where doubt remains. Suspects are then measured again in
// fresh pairs that had no part in the suspicion. Now and then both processes are base: what moves
// there is the run's own noise. A time limit ends all, and what is open then is "unknown".
import type { Side } from "../evidence/manifest.ts";
import { formatProcess, type MeasuredProcess } from "../evidence/pair-text.ts";
import { addPair, type EProcess, startEProcess } from "../stats/e-process.ts";
import { nearestRank } from "../stats/quantile.ts";
import { flip, pick, type Random, shuffle } from "../stats/random.ts";
import { isSettled, type SettleRule, suspect } from "../stats/settled.ts";
import type { Launcher } from "./launcher.ts";
import { type BenchmarkRun, runBenchmark, type TestBinary, valueIn } from "./run-benchmark.ts";
import { correctSize, firstSize, type Size } from "./size-benchmark.ts";

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
  /** Rough time of one operation, from discovery. */
  readonly secondsPerOperation: number;
};

export type Measured = {
  readonly benchmark: Measurable;
  /** Evidence texts of this benchmark's processes, base and head line up pair by pair. */
  readonly baseText: string;
  readonly headText: string;
  readonly pairs: number;
  readonly stopped: "settled" | "cap" | "budget";
  /** Which way it seems to have moved; such benchmarks were confirmed and deserve a profile. */
  readonly suspected: "slower" | "faster" | undefined;
  /** For people: why it cannot be measured; empty when it was. */
  readonly failure: string;
};

export type ScheduleOptions = {
  readonly launchers: Readonly<Record<Side, Launcher>>;
  readonly random: Random;
  readonly rule: Omit<SettleRule, "familySize">;
  /** Fresh pairs for each suspect. */
  readonly confirmationPairs: number;
  /** Milliseconds since the epoch: no pair of the first phase, or of any, starts later. */
  readonly exploreUntilMs: number;
  readonly untilMs: number;
  readonly nowMs: () => number;
  readonly signal: AbortSignal;
  readonly onProgress: (settled: number, total: number, text: string) => void;
};

/** One pair in so many is base against base. */
const NOISE_EVERY = 8;
/** A process that takes longer than this is stuck, not slow: discovery allowed less. */
const PROCESS_TIMEOUT_MS = 60_000;

type Track = {
  readonly benchmark: Measurable;
  size: Size;
  logRatios: number[];
  eProcess: EProcess;
  baseText: string;
  headText: string;
  pairs: number;
  failure: string;
};

/** Measures all benchmarks; the order of the result is that of `benchmarks`. */
export async function measurePairs(
  benchmarks: readonly Measurable[],
  options: ScheduleOptions,
): Promise<Measured[]> {
  const rule = { ...options.rule, familySize: Math.max(1, benchmarks.length) };
  const tracks = benchmarks.map(startTrack);
  await explore(tracks, rule, options);
  const suspects = tracks.filter((track) => suspect(track, rule) !== undefined);
  await confirm(suspects, options);
  return tracks.map((track) => ({
    benchmark: track.benchmark,
    baseText: track.baseText,
    headText: track.headText,
    pairs: track.pairs,
    stopped: stopReason(track, rule),
    suspected: suspect(track, rule),
    failure: track.failure,
  }));
}

function startTrack(benchmark: Measurable): Track {
  return {
    benchmark,
    size: firstSize(benchmark.secondsPerOperation, benchmark.isRecorded),
    logRatios: [],
    eProcess: startEProcess(),
    baseText: "",
    headText: "",
    pairs: 0,
    failure: "",
  };
}

function stopReason(track: Track, rule: SettleRule): Measured["stopped"] {
  if (!isSettled(track, rule)) return "budget";
  return track.logRatios.length >= rule.cap ? "cap" : "settled";
}

async function explore(
  tracks: readonly Track[],
  rule: SettleRule,
  options: ScheduleOptions,
): Promise<void> {
  let sinceNoise = 0;
  for (let round = 0; ; round++) {
    const open = tracks.filter((track) => track.failure === "" && !isSettled(track, rule));
    if (open.length === 0) return;
    for (const track of shuffle(options.random, open)) {
      if (options.signal.aborted || options.nowMs() >= options.exploreUntilMs) return;
      if (round === 0) await sizeTrack(track, options);
      await measurePair(track, "explore", options);
      if (++sinceNoise >= NOISE_EVERY && options.nowMs() < options.exploreUntilMs) {
        sinceNoise = 0;
        await measurePair(pick(options.random, open), "noise", options);
      }
      const settled = tracks.length - open.filter((at) => !isSettled(at, rule)).length;
      options.onProgress(settled, tracks.length, track.benchmark.name);
    }
  }
}

/** Rounds over all suspects, so that a short budget confirms each a little. */
async function confirm(suspects: readonly Track[], options: ScheduleOptions): Promise<void> {
  for (let pair = 0; pair < options.confirmationPairs; pair++) {
    for (const track of shuffle(options.random, suspects)) {
      if (options.signal.aborted || options.nowMs() >= options.untilMs) return;
      if (track.failure === "") await measurePair(track, "confirm", options);
      options.onProgress(pair, options.confirmationPairs, `confirming ${track.benchmark.name}`);
    }
  }
}

/** One uncounted process of base that says how much work fits into one. */
async function sizeTrack(track: Track, options: ScheduleOptions): Promise<void> {
  const binary = track.benchmark.base[0];
  if (binary === undefined) return;
  const run = await runOnce(track, binary, "base", options);
  if (run.failure === "") track.size = correctSize(track.size, run, track.benchmark.isRecorded);
}

async function measurePair(
  track: Track,
  phase: MeasuredProcess["phase"],
  options: ScheduleOptions,
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
  const shared = { pair: track.pairs, phase, first: headFirst ? "head" : "base", layout } as const;
  track.baseText += formatProcess({ ...shared, ...usage(baseRun) }, baseRun.results);
  track.headText += formatProcess({ ...shared, ...usage(headRun) }, headRun.results);
  track.pairs++;
  if (phase !== "explore") return;
  const d = Math.log(typicalSeconds(headRun) / typicalSeconds(baseRun));
  if (!Number.isFinite(d)) return;
  track.logRatios.push(d);
  track.eProcess = addPair(track.eProcess, d);
}

async function runOnce(
  track: Track,
  binary: TestBinary,
  side: Side,
  options: ScheduleOptions,
): Promise<BenchmarkRun> {
  return await runBenchmark(options.launchers[side], {
    binary,
    select: { name: track.benchmark.name },
    benchTime: `${track.size.iterations}x`,
    batches: track.size.batches,
    timeoutMs: PROCESS_TIMEOUT_MS,
  });
}

function usage(
  run: BenchmarkRun,
): Pick<MeasuredProcess, "wallSec" | "cpuSec" | "involuntarySwitches"> {
  const { wallSeconds, cpuSeconds, involuntarySwitches } = run.launch;
  return { wallSec: wallSeconds, cpuSec: cpuSeconds, involuntarySwitches };
}

/** What the schedule watches: the tenth percentile of operations, else of batches, in seconds. */
function typicalSeconds(run: BenchmarkRun): number {
  const recorded = run.results.map((result) => valueIn(result, "p10-sec/op"));
  const known = recorded.filter((value) => value !== undefined);
  const batches = run.results.map(
    (result) => valueIn(result, "sec/op") ?? Number.POSITIVE_INFINITY,
  );
  return nearestRank(known.length > 0 ? known : batches, 0.1);
}
