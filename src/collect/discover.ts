// Finds the benchmarks of a test binary by running each benchmark function once, briefly.
//
// Sub-benchmarks exist only at run time, so there is no other way to know their names. Each
// function runs in a process of its own: one that panics, hangs or exits costs itself only. The
// rough time per operation found here sizes the measuring processes.

import { withoutGomaxprocs } from "../bench/name.ts";
import { isSelected } from "../plan/benchmark-filter.ts";
import type { Plan } from "../plan/plan.ts";
import { alternativesFor } from "./bench-pattern.ts";
import type { Launcher } from "./launcher.ts";
import { recordedBenchmarks } from "./recorded-values.ts";
import { type BenchmarkRun, runBenchmark, type TestBinary, valueIn } from "./run-benchmark.ts";

export type Discovered = {
  /** Seconds per operation by full name, in the order found. */
  readonly benchmarks: ReadonlyMap<string, number>;
  /** Those whose operations could be recorded one by one. */
  readonly recorded: ReadonlySet<string>;
  /** Functions that cannot be measured, with the reason. */
  readonly failures: ReadonlyMap<string, string>;
  /** How many sub-benchmarks of a function are beyond the number that a package may have. */
  readonly leftOut: ReadonlyMap<string, number>;
};

/** Ten milliseconds of timed work a benchmark: enough to size a process within a factor of two. */
const DISCOVERY_TIME = "10ms";
/** A tenth of the budget for one function, set-up included; more leaves no time for pairs of it. */
const FUNCTION_PART = 0.1;
const SHORTEST_TIMEOUT_MS = 5_000;
const LONGEST_TIMEOUT_MS = 30_000;
/** A failure that is none: the benchmark wants it so. */
export const SKIPPED = "it skips itself (b.Skip)";
/** Beyond, a package is a generator of benchmarks; --bench selects some. */
export const MAX_BENCHMARKS_PER_PACKAGE = 1_000;

export type DiscoverOptions = {
  readonly benchPattern: string;
  readonly benchmarks: Plan["benchmarks"];
  readonly budgetSeconds: number;
};

/**
 * Runs every function that can match the pattern, on one side: with recorded loops where there is
 * such a binary, and again without where that fails.
 */
export async function discoverBenchmarks(
  launcher: Launcher,
  binaries: { readonly plain: TestBinary; readonly recorded: TestBinary | undefined },
  functions: readonly string[],
  options: DiscoverOptions,
): Promise<Discovered> {
  const benchmarks = new Map<string, number>();
  const recorded = new Set<string>();
  const failures = new Map<string, string>();
  const leftOut = new Map<string, number>();
  for (const name of functions) {
    const pattern = alternativesFor(options.benchPattern, name);
    if (pattern === undefined) continue;
    const timeoutMs = functionTimeoutMs(options.budgetSeconds);
    const run = (binary: TestBinary) =>
      runBenchmark(launcher, {
        binary,
        select: { pattern },
        benchTime: DISCOVERY_TIME,
        batches: 1,
        timeoutMs,
      });
    let found = await run(binaries.recorded ?? binaries.plain);
    if (binaries.recorded !== undefined && found.failure === "") {
      for (const at of recordedBenchmarks(found.records)) recorded.add(at);
    } else if (found.failure !== "" && found.launch.outcome === "exited") {
      found = await run(binaries.plain);
    }
    const seen = { gomaxprocs: binaries.plain.gomaxprocs, options, benchmarks };
    const { printed, dropped } = keepResults(name, found, seen);
    if (dropped > 0) leftOut.set(name, dropped);
    if (found.failure !== "") failures.set(name, found.failure);
    else if (found.results.length === 0 && /^--- SKIP: /m.test(found.launch.stdout)) {
      failures.set(name, SKIPPED);
    } else if (printed === 0 && pattern === `^${name}$` && hasRun(name, found)) {
      failures.set(name, "it printed no result with a time");
    }
  }
  return { benchmarks, recorded, failures, leftOut };
}

/** With -test.v the name is printed first; a function in a comment is none. */
function hasRun(name: string, { launch }: BenchmarkRun): boolean {
  return launch.stdout.split("\n").some((line) => line.trimEnd() === name);
}

function keepResults(
  functionName: string,
  run: BenchmarkRun,
  {
    gomaxprocs,
    options,
    benchmarks,
  }: {
    readonly gomaxprocs: number;
    readonly options: DiscoverOptions;
    readonly benchmarks: Map<string, number>;
  },
): { printed: number; dropped: number } {
  let [printed, dropped] = [0, 0];
  for (const result of run.results) {
    const fullName = withoutGomaxprocs(result.name, gomaxprocs);
    const seconds = valueIn(result, "sec/op");
    if (seconds === undefined || !belongsTo(fullName, functionName)) continue;
    printed++;
    if (!isSelected(options.benchmarks, fullName)) continue;
    if (benchmarks.size < MAX_BENCHMARKS_PER_PACKAGE) benchmarks.set(fullName, seconds);
    else dropped++;
  }
  return { printed, dropped };
}

function functionTimeoutMs(budgetSeconds: number): number {
  const part = budgetSeconds * 1000 * FUNCTION_PART;
  return Math.round(Math.min(LONGEST_TIMEOUT_MS, Math.max(SHORTEST_TIMEOUT_MS, part)));
}

/** Whether a full name is this function or one of its sub-benchmarks. */
export function belongsTo(name: string, functionName: string): boolean {
  return name === functionName || name.startsWith(`${functionName}/`);
}
