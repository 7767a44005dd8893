// Finds the benchmarks of both sides that the change can reach, and the controls, and pairs them by
// name.
import { join } from "node:path";
import type { BenchmarkRecord, Side } from "../evidence/manifest.ts";
import type { Plan } from "../plan/plan.ts";
import type { BuiltPackage } from "./build-packages.ts";
import { type BinaryKind, binaryPath } from "./build-sides.ts";
import {
  belongsTo,
  type Discovered,
  discoverBenchmarks,
  MAX_BENCHMARKS_PER_PACKAGE,
  SKIPPED,
} from "./discover.ts";
import type { Launcher } from "./launcher.ts";
import { type RunSetup, recordPathOf, testBinary } from "./run-setup.ts";

export type FindOptions = RunSetup & {
  readonly benchPattern: string;
  readonly benchmarks: Plan["benchmarks"];
  readonly budgetSeconds: number;
  readonly cell: string;
  readonly rootDirs: Readonly<Record<Side, string>>;
  readonly binariesDir: string;
};

/** A benchmark that both sides have. */
export type FoundBenchmark = {
  readonly package: string;
  readonly name: string;
  /** Whether its single operations can be recorded on both sides. */
  readonly isRecorded: boolean;
  /** Rough time of one operation, on the faster side. */
  readonly secondsPerOperation: number;
  readonly slowestSecondsPerOperation: number;
};

/** Benchmarks on both sides to measure, and a record for each that is not. */
export async function findBenchmarks(
  built: readonly BuiltPackage[],
  launchers: Readonly<Record<Side, Launcher>>,
  options: FindOptions,
): Promise<{ found: FoundBenchmark[]; records: BenchmarkRecord[] }> {
  const found: FoundBenchmark[] = [];
  const records: BenchmarkRecord[] = [];
  for (const at of built) {
    const discover = (side: Side) => {
      const functions = at[side].functions.filter((name) => at.selection.measured.has(name));
      const binaries = firstBinaries(at, side, options);
      return discoverBenchmarks(launchers[side], binaries, functions, options);
    };
    const [base, head] = await Promise.all([discover("base"), discover("head")]);
    const shared = { cell: options.cell, package: at.head.importPath };
    records.push(...unpaired(shared, base, head));
    for (const [name, baseSeconds] of base.benchmarks) {
      const headSeconds = head.benchmarks.get(name);
      if (headSeconds === undefined || hasFailed(name, base) || hasFailed(name, head)) continue;
      found.push({
        package: at.head.importPath,
        name,
        isRecorded: base.recorded.has(name) && head.recorded.has(name),
        secondsPerOperation: Math.min(baseSeconds, headSeconds),
        slowestSecondsPerOperation: Math.max(baseSeconds, headSeconds),
      });
    }
  }
  return { found, records };
}

function firstBinaries(at: BuiltPackage, side: Side, options: FindOptions) {
  const dir = join(options.rootDirs[side], at[side].dir);
  const path = (kind: BinaryKind) =>
    binaryPath(options, { side, index: at.index, seed: at.firstSeed, kind });
  const recordPath = recordPathOf(options, side);
  return {
    plain: testBinary(options, { path: path("plain"), dir, recordPath: undefined }),
    recorded:
      at.overlays === undefined
        ? undefined
        : testBinary(options, { path: path("recorded"), dir, recordPath }),
  };
}

/** Whether the function that a benchmark belongs to failed on this side. */
function hasFailed(name: string, side: Discovered): boolean {
  return [...side.failures.keys()].some((failed) => belongsTo(name, failed));
}

function bothReasons(onBase: string | undefined, onHead: string | undefined): string {
  if (onBase === onHead) return `base and head: ${onBase}`;
  return [onBase && `base: ${onBase}`, onHead && `head: ${onHead}`].filter(Boolean).join("; ");
}

function unpaired(
  shared: { cell: string; package: string },
  base: Discovered,
  head: Discovered,
): BenchmarkRecord[] {
  const records: BenchmarkRecord[] = [];
  const failed = new Set([...base.failures.keys(), ...head.failures.keys()]);
  for (const name of failed) {
    const [onBase, onHead] = [base.failures.get(name), head.failures.get(name)];
    const isFailure = [onBase, onHead].some((why) => why !== undefined && why !== SKIPPED);
    const status = isFailure ? "failed" : "not-measured";
    records.push({ ...shared, name, status, reason: bothReasons(onBase, onHead) });
  }
  const isFailed = (name: string) => hasFailed(name, base) || hasFailed(name, head);
  const crowded = new Set([...base.leftOut.keys(), ...head.leftOut.keys()]);
  for (const name of crowded) {
    if (isFailed(name)) continue;
    const count = Math.max(base.leftOut.get(name) ?? 0, head.leftOut.get(name) ?? 0);
    const reason = `${count} more sub-benchmarks of it: a package may have ${MAX_BENCHMARKS_PER_PACKAGE}; --bench selects some`;
    records.push({ ...shared, name, status: "not-measured", reason });
  }
  // Where some were left out, a name that one side lacks may be among them.
  const isUnknown = (name: string) => [...crowded].some((of) => belongsTo(name, of));
  for (const name of head.benchmarks.keys()) {
    if (base.benchmarks.has(name) || isFailed(name) || isUnknown(name)) continue;
    records.push({ ...shared, name, status: "added", reason: "only head has it" });
  }
  for (const name of base.benchmarks.keys()) {
    if (head.benchmarks.has(name) || isFailed(name) || isUnknown(name)) continue;
    records.push({ ...shared, name, status: "removed", reason: "only base has it" });
  }
  return records;
}
