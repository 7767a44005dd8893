// How many operations make a batch, and how many batches a process?
//
// Many short processes beat few long ones: the run-to-run noise, not the clock, decides how sure
// one can be. A process times about 20 ms in twenty batches of 1 ms, a third of a scheduler's time
// slice, so that its tenth percentile is free of preemption even where every process shares its
// core; both sides get the very same numbers. Slow operations get fewer batches, and a
// benchmark whose set-up is long gets fewer still.
import { mainLoop } from "../hdr/latency.ts";
import type { BenchmarkRun } from "./run-benchmark.ts";
import { valueIn } from "./run-benchmark.ts";

export type Size = {
  /** Operations of a batch: -test.benchtime=Nx. */
  readonly iterations: number;
  /** Batches of a process: -test.count. */
  readonly batches: number;
};

const BATCH_SECONDS = 0.001;
const MOST_BATCHES = 20;
/** A recorded process is one long batch: its percentiles come from single operations. */
const RECORDED_SECONDS = 0.04;
/** Where it can hold the 5,000 timed operations of a p99, with room for noise, it is longer. */
const TAIL_OPERATIONS = 5500;
const LEAST_TAIL_SECONDS = 0.06;
const MOST_TAIL_SECONDS = 0.08;
/** The recorder times every operation from here on, below it one after each gap (recorder/pace.go). */
const EVERY_SECONDS = 4.8e-6;
const GAP_SECONDS = 9.6e-6;
/** A process should not take longer than this, set-up included. */
const PROCESS_SECONDS = 0.3;
/** The same for a recorded one, which on a busy machine waits several times its own time. */
const RECORDED_PROCESS_SECONDS = 1;
/**
 * A recorded process times so many operations where it can bear them: testing itself runs one
 * beforehand when more than one is asked for, and a single cold one differs by 15 % from run to run
 * where warm ones differ by 1 % (bench/noise, 60 ms operations that fill a fresh heap).
 */
const LEAST_OPERATIONS = 3;
/** testing itself refuses more (testing/benchmark.go). */
const MOST_ITERATIONS = 1_000_000_000;

/** A first size for two sides, from the seconds of one operation on each. */
export function sizeForBoth(
  seconds: { readonly faster: number; readonly slower: number },
  isRecorded: boolean,
): Size {
  if (!isRecorded) return firstSize(seconds.slower, false);
  const { iterations } = firstSize(seconds.faster, true);
  return { iterations: Math.min(iterations, mostRecorded(seconds.slower)), batches: 1 };
}

/** The most operations of a recorded process: 0.3 s of them, or a few in at most 1 s. */
function mostRecorded(secondsPerOperation: number): number {
  const seconds = Math.max(secondsPerOperation, 1e-12);
  const warm = Math.floor(RECORDED_PROCESS_SECONDS / seconds) - 1; // testing runs one more.
  return Math.max(1, Math.round(PROCESS_SECONDS / seconds), Math.min(LEAST_OPERATIONS, warm));
}

/** A first size from the time of one operation, in seconds. */
export function firstSize(secondsPerOperation: number, isRecorded: boolean): Size {
  if (isRecorded) {
    const wanted = recordedSeconds(secondsPerOperation) / Math.max(secondsPerOperation, 1e-12);
    const least = Math.min(LEAST_OPERATIONS, mostRecorded(secondsPerOperation));
    return {
      iterations: Math.min(MOST_ITERATIONS, Math.max(least, Math.round(wanted))),
      batches: 1,
    };
  }
  const perBatch = BATCH_SECONDS / Math.max(secondsPerOperation, 1e-12);
  const iterations = Math.min(MOST_ITERATIONS, Math.max(1, Math.round(perBatch)));
  const batchSeconds = iterations * secondsPerOperation;
  const batches = Math.round(
    (MOST_BATCHES * BATCH_SECONDS) / Math.max(batchSeconds, BATCH_SECONDS),
  );
  return { iterations, batches: Math.max(1, Math.min(MOST_BATCHES, batches)) };
}

function recordedSeconds(secondsPerOperation: number): number {
  const gap = secondsPerOperation < EVERY_SECONDS ? GAP_SECONDS : 0;
  const tail = Math.max(LEAST_TAIL_SECONDS, TAIL_OPERATIONS * (gap + secondsPerOperation));
  return tail <= MOST_TAIL_SECONDS ? tail : RECORDED_SECONDS;
}

/**
 * The size after a first pair: corrected for the true time and the set-up it needs. A recorded
 * process should hold enough operations also on the faster side, as long as it does not take too
 * long on the slower one.
 */
export function correctSize(size: Size, runs: readonly BenchmarkRun[], isRecorded: boolean): Size {
  const sides = runs.flatMap((run) => sideSize(size, run, isRecorded) ?? []);
  if (sides.length === 0) return size;
  const wanted = sides.map(({ wanted: { iterations } }) => iterations);
  const most = Math.min(...sides.map(({ mostIterations }) => mostIterations));
  return {
    iterations: Math.min(isRecorded ? Math.max(...wanted) : Math.min(...wanted), most),
    batches: Math.min(...sides.map(({ wanted: { batches } }) => batches)),
  };
}

/** What one side would like, and what it can bear; undefined where its time could not be read. */
function sideSize(
  size: Size,
  run: BenchmarkRun,
  isRecorded: boolean,
): { readonly wanted: Size; readonly mostIterations: number } | undefined {
  const seconds = run.results.map((result) => valueIn(result, "sec/op") ?? 0).filter((s) => s > 0);
  if (seconds.length === 0) return undefined;
  const mean = Math.min(...seconds);
  const { iterations, batches } = firstSize(isRecorded ? typical(run, mean) : mean, isRecorded);
  const { wallSeconds } = run.launch;
  const affordable = Math.max(
    1,
    Math.floor(PROCESS_SECONDS / Math.max(wallSeconds / size.batches, 1e-6)),
  );
  // Set-up with the timer stopped, most likely: it grows with the operations.
  const shrink = isRecorded ? Math.min(1, RECORDED_PROCESS_SECONDS / wallSeconds) : 1;
  const byWall = shrink < 1 ? Math.floor(size.iterations * shrink) : MOST_ITERATIONS;
  return {
    wanted: { iterations, batches: Math.min(batches, affordable) },
    mostIterations: Math.max(1, Math.min(mostRecorded(mean), byWall)),
  };
}

/**
 * The median operation, shared by the goroutines: on a busy machine the mean is of waiting, and a
 * process sized by it would hold too few operations for a p99.
 */
function typical({ recorded }: BenchmarkRun, mean: number): number {
  const loop = recorded === undefined ? undefined : mainLoop(recorded.record);
  if (loop === undefined || loop.medianPs === 0) return mean;
  return Math.min(mean, (loop.medianPs * 1e-12) / Math.max(1, loop.goroutines));
}
