// Finds the benchmarks of both sides that the change can reach, and the controls, and pairs them by
// name.
import { join } from "node:path";
import type { BenchmarkRecord, Side } from "../evidence/manifest.ts";
import type { BuiltPackage } from "./build-packages.ts";
import { belongsTo, type Discovered, discoverBenchmarks } from "./discover.ts";
import type { Launcher } from "./launcher.ts";
import type { TestBinary } from "./run-benchmark.ts";
import type { Measurable } from "./track.ts";

export type FindOptions = {
  readonly benchPattern: string;
  readonly budgetSeconds: number;
  readonly cell: string;
  /** Environment of the benchmark processes. */
  readonly env: Readonly<Record<string, string>>;
  readonly gomaxprocs: number;
  readonly rootDirs: Readonly<Record<Side, string>>;
  /** Folders that each side's sandbox may write to, for what recorded benchmarks say. */
  readonly scratchDirs: Readonly<Record<Side, string>>;
};

/** Benchmarks on both sides to measure, and a record for each that is not. */
export async function findBenchmarks(
  built: readonly BuiltPackage[],
  launchers: Readonly<Record<Side, Launcher>>,
  options: FindOptions,
): Promise<{ measurables: Measurable[]; records: BenchmarkRecord[] }> {
  const measurables: Measurable[] = [];
  const records: BenchmarkRecord[] = [];
  for (const at of built) {
    const plain = { base: plainOf(at, "base", options), head: plainOf(at, "head", options) };
    const recorded = recordedOf(at, options);
    const discover = async (side: Side) => {
      const first = { plain: plain[side][0], recorded: recorded?.[side][0] };
      if (first.plain === undefined) throw new Error(`no ${side} binary of ${at.head.importPath}`);
      const functions = at[side].functions.filter((name) => at.selection.measured.has(name));
      const binaries = { plain: first.plain, recorded: first.recorded };
      return discoverBenchmarks(launchers[side], binaries, functions, options);
    };
    const [base, head] = await Promise.all([discover("base"), discover("head")]);
    const shared = { cell: options.cell, package: at.head.importPath };
    records.push(...unpaired(shared, base, head));
    for (const [name, baseSeconds] of base.benchmarks) {
      const headSeconds = head.benchmarks.get(name);
      if (headSeconds === undefined || hasFailed(name, base) || hasFailed(name, head)) continue;
      const isRecorded = base.recorded.has(name) && head.recorded.has(name);
      measurables.push({
        package: at.head.importPath,
        name,
        isRecorded,
        ...(isRecorded && recorded !== undefined ? recorded : plain),
        layoutSeeds: at.layoutSeeds,
        secondsPerOperation: Math.min(baseSeconds, headSeconds),
      });
    }
  }
  return { measurables, records };
}

type Binaries = Record<Side, TestBinary[]>;

function plainOf(at: BuiltPackage, side: Side, options: FindOptions): TestBinary[] {
  return at.binaries[side].map((path) =>
    binaryOf(path, at, { side, recordPath: undefined }, options),
  );
}

function recordedOf(at: BuiltPackage, options: FindOptions): Binaries | undefined {
  const { recorded } = at;
  if (recorded === undefined) return undefined;
  const of = (side: Side) => {
    const recordPath = join(options.scratchDirs[side], "records.jsonl");
    return recorded[side].map((path) => binaryOf(path, at, { side, recordPath }, options));
  };
  return { base: of("base"), head: of("head") };
}

function binaryOf(
  path: string,
  at: BuiltPackage,
  { side, recordPath }: { readonly side: Side; readonly recordPath: string | undefined },
  options: FindOptions,
): TestBinary {
  const dir = join(options.rootDirs[side], at[side].dir);
  return { path, dir, env: options.env, gomaxprocs: options.gomaxprocs, recordPath };
}

/** Whether the function that a benchmark belongs to failed on this side. */
function hasFailed(name: string, side: Discovered): boolean {
  return [...side.failures.keys()].some((failed) => belongsTo(name, failed));
}

function unpaired(
  shared: { cell: string; package: string },
  base: Discovered,
  head: Discovered,
): BenchmarkRecord[] {
  const records: BenchmarkRecord[] = [];
  const failed = new Set([...base.failures.keys(), ...head.failures.keys()]);
  for (const name of failed) {
    const reasons = (["base", "head"] as const).flatMap((side) => {
      const reason = (side === "base" ? base : head).failures.get(name);
      return reason === undefined ? [] : [`${side}: ${reason}`];
    });
    records.push({ ...shared, name, status: "failed", reason: reasons.join("; ") });
  }
  const isFailed = (name: string) => hasFailed(name, base) || hasFailed(name, head);
  for (const name of head.benchmarks.keys()) {
    if (base.benchmarks.has(name) || isFailed(name)) continue;
    records.push({ ...shared, name, status: "added", reason: "only head has it" });
  }
  for (const name of base.benchmarks.keys()) {
    if (head.benchmarks.has(name) || isFailed(name)) continue;
    records.push({ ...shared, name, status: "removed", reason: "only base has it" });
  }
  return records;
}
