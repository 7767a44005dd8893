// How many operations make a batch, and how many batches a process?
//
// Many short processes beat few long ones: the run-to-run noise, not the clock, decides how sure
// one can be. A process times about 20 ms in twenty batches of 1 ms, a third of a scheduler's time
// slice, so that its tenth percentile is free of preemption even where every process shares its
// core; both sides get the very same numbers. Slow operations get fewer batches, and a
// benchmark whose set-up is long gets fewer still.
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
/**
 * Where it can hold the 5,000 timed operations of a p99 it is longer: the recorder times one in
 * 9.6 µs (probe/recorder/pace.go), 6,250 in 60 ms, which leaves room for its warm-up and noise.
 */
const TAIL_SECONDS = 0.06;
const SLOWEST_WITH_TAIL_SECONDS = TAIL_SECONDS / 5500;
/** A process should not take longer than this, set-up included. */
const PROCESS_SECONDS = 0.3;
/** testing itself refuses more (testing/benchmark.go). */
const MOST_ITERATIONS = 1_000_000_000;

/** A first size from the time of one operation, in seconds. */
export function firstSize(secondsPerOperation: number, isRecorded: boolean): Size {
  if (isRecorded) {
    const hasTail = secondsPerOperation <= SLOWEST_WITH_TAIL_SECONDS;
    const seconds = hasTail ? TAIL_SECONDS : RECORDED_SECONDS;
    const wanted = seconds / Math.max(secondsPerOperation, 1e-12);
    return { iterations: Math.min(MOST_ITERATIONS, Math.max(1, Math.round(wanted))), batches: 1 };
  }
  const perBatch = BATCH_SECONDS / Math.max(secondsPerOperation, 1e-12);
  const iterations = Math.min(MOST_ITERATIONS, Math.max(1, Math.round(perBatch)));
  const batchSeconds = iterations * secondsPerOperation;
  const batches = Math.round(
    (MOST_BATCHES * BATCH_SECONDS) / Math.max(batchSeconds, BATCH_SECONDS),
  );
  return { iterations, batches: Math.max(1, Math.min(MOST_BATCHES, batches)) };
}

/** The size after one uncounted run of it: corrected for the true time and the set-up it needs. */
export function correctSize(size: Size, run: BenchmarkRun, isRecorded: boolean): Size {
  const seconds = run.results.map((result) => valueIn(result, "sec/op") ?? 0).filter((s) => s > 0);
  if (seconds.length === 0) return size;
  const corrected = firstSize(Math.min(...seconds), isRecorded);
  const perBatch = run.launch.wallSeconds / size.batches;
  const affordable = Math.max(1, Math.floor(PROCESS_SECONDS / Math.max(perBatch, 1e-6)));
  return { ...corrected, batches: Math.min(corrected.batches, affordable) };
}
