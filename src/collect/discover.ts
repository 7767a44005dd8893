// Finds the benchmarks of a test binary by running each benchmark function once, briefly.
//
// Sub-benchmarks exist only at run time, so there is no other way to know their names. Each
// function runs in a process of its own: one that panics, hangs or exits costs itself only. The
// rough time per operation found here sizes the measuring processes.

import { withoutGomaxprocs } from "../bench/name.ts";
import { alternativesFor } from "./bench-pattern.ts";
import type { Launcher } from "./launcher.ts";
import { runBenchmark, type TestBinary, valueIn } from "./run-benchmark.ts";

export type Discovered = {
  /** Seconds per operation by full name, in the order found. */
  readonly benchmarks: ReadonlyMap<string, number>;
  /** Functions that cannot be measured, with the reason. */
  readonly failures: ReadonlyMap<string, string>;
};

/** Ten milliseconds of timed work a benchmark: enough to size a process within a factor of two. */
const DISCOVERY_TIME = "10ms";
/** A tenth of the budget for one function, set-up included; more leaves no time for pairs of it. */
const FUNCTION_PART = 0.1;
const SHORTEST_TIMEOUT_MS = 5_000;
const LONGEST_TIMEOUT_MS = 30_000;
/** Beyond, a package is a generator of benchmarks; --bench selects some. */
export const MAX_BENCHMARKS_PER_PACKAGE = 1_000;

/** Runs every function that can match the pattern, on one side. */
export async function discoverBenchmarks(
  launcher: Launcher,
  binary: TestBinary,
  functions: readonly string[],
  options: { readonly benchPattern: string; readonly budgetSeconds: number },
): Promise<Discovered> {
  const benchmarks = new Map<string, number>();
  const failures = new Map<string, string>();
  for (const name of functions) {
    const pattern = alternativesFor(options.benchPattern, name);
    if (pattern === undefined) continue;
    const run = await runBenchmark(launcher, {
      binary,
      select: { pattern },
      benchTime: DISCOVERY_TIME,
      batches: 1,
      timeoutMs: functionTimeoutMs(options.budgetSeconds),
    });
    for (const result of run.results) {
      const fullName = withoutGomaxprocs(result.name, binary.gomaxprocs);
      const seconds = valueIn(result, "sec/op");
      if (seconds === undefined || !belongsTo(fullName, name)) continue;
      if (benchmarks.size < MAX_BENCHMARKS_PER_PACKAGE) benchmarks.set(fullName, seconds);
    }
    if (run.failure !== "") failures.set(name, run.failure);
    else if (run.results.length === 0 && /^--- SKIP: /m.test(run.launch.stdout)) {
      failures.set(name, "it skips itself (b.Skip)");
    }
  }
  return { benchmarks, failures };
}

function functionTimeoutMs(budgetSeconds: number): number {
  const part = budgetSeconds * 1000 * FUNCTION_PART;
  return Math.round(Math.min(LONGEST_TIMEOUT_MS, Math.max(SHORTEST_TIMEOUT_MS, part)));
}

/** Whether a full name is this function or one of its sub-benchmarks. */
export function belongsTo(name: string, functionName: string): boolean {
  return name === functionName || name.startsWith(`${functionName}/`);
}
