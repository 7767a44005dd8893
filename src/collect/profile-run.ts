// One profiled run of a benchmark: the process, and the file it left, checked before it is kept.
//
// The file comes from a process of strangers' code. It must be a plain file within its bound that
// unpacks within another one to something with the shape of a profile: what is cut, empty, or a
// bomb is named here, where a person can still tell which run it was.
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import type { ProfileKind, ProfileRecord, Side } from "../evidence/manifest.ts";
import { PROFILE_LIMITS } from "../pprof/limits.ts";
import { wireProblem } from "../pprof/wire.ts";
import { bundleName, writeBundleFile } from "./bundle.ts";
import type { Launcher } from "./launcher.ts";
import { type RuntimeProfile, runBenchmark, valueIn } from "./run-benchmark.ts";
import type { Measurable } from "./track.ts";

export type ProfileRunOptions = {
  readonly launchers: Readonly<Record<Side, Launcher>>;
  readonly cell: string;
  /** A folder a side that its sandbox may write to. */
  readonly scratchDirs: Readonly<Record<Side, string>>;
  readonly outDir: string;
};

/** Which run: `target` numbers the benchmark, `run` the profiles of its kind and side. */
export type ProfileRun = {
  readonly benchmark: Measurable;
  readonly target: number;
  readonly side: Side;
  readonly run: number;
  /** The same on both sides. */
  readonly operations: number;
  /** Bytes per sample of an allocation profile, the same on both sides. */
  readonly allocationRate: number;
};

/** A profiled process that ran to a good end, with the file it should have written. */
export type Profiled = {
  readonly path: string;
  /** The file's bytes, or what is wrong with it. */
  readonly written: Uint8Array | string;
  /** All operations, those of package testing's first trial run included. */
  readonly operations: number;
  readonly wallNs: number | undefined;
};

/** A profile of a benchmark is some 20 KB, one of a large program 1 MB; more is no profile. */
const MAX_PACKED_BYTES = 8 << 20;
/** 0.1 s of a program that does nothing but wake goroutines: 10 MB. Reading takes 30 times as much memory. */
const MAX_TRACE_BYTES = 32 << 20;
/** One operation may take long; a process that takes longer than this is stuck. */
const TIMEOUT_MS = 60_000;
/** testing itself refuses more (testing/benchmark.go). */
const MOST_OPERATIONS = 1_000_000_000;

/** Operations that take so many seconds; at least one. */
export function operationsFor(seconds: number, benchmark: Measurable): number {
  const wanted = Math.round(seconds / Math.max(benchmark.secondsPerOperation, 1e-12));
  return Math.min(MOST_OPERATIONS, Math.max(1, wanted));
}

/** Runs the process; text says what went wrong. */
export async function runProfiled(
  kind: RuntimeProfile,
  { benchmark, side, operations, allocationRate }: ProfileRun,
  options: ProfileRunOptions,
): Promise<Profiled | string> {
  const [binary] = benchmark[side];
  if (binary === undefined) return "there is no binary";
  const path = join(options.scratchDirs[side], `${kind}.profile`);
  const maxBytes = kind === "trace" ? MAX_TRACE_BYTES : MAX_PACKED_BYTES;
  const run = await runBenchmark(options.launchers[side], {
    binary,
    select: { name: benchmark.name },
    benchTime: `${operations}x`,
    batches: 1,
    timeoutMs: TIMEOUT_MS,
    profile: { kind, path, maxBytes, allocationRate },
  });
  if (run.failure !== "") return run.failure;
  const secondsPerOperation = run.results[0] && valueIn(run.results[0], "sec/op");
  const isLooped = run.recorded?.record.loops.some(({ form }) => form === "loop") ?? false;
  return {
    path,
    written: run.profile ?? "is missing",
    // A given count other than 1 comes after a trial of one operation, but not with b.Loop.
    operations: operations > 1 && !isLooped ? operations + 1 : operations,
    wallNs: secondsPerOperation === undefined ? undefined : secondsPerOperation * operations * 1e9,
  };
}

/** Runs the process, checks its profile and writes it into the bundle; text says what is wrong. */
export async function takeProfile(
  kind: Exclude<RuntimeProfile, "trace">,
  run: ProfileRun,
  options: ProfileRunOptions,
): Promise<ProfileRecord | string> {
  const profiled = await runProfiled(kind, run, options);
  if (typeof profiled === "string") return profiled;
  if (typeof profiled.written === "string") return `its profile ${profiled.written}`;
  return await keepProfile(kind, profiled.written, { ...run, ...profiled }, options);
}

/** Checks the packed bytes of a profile and writes them into the bundle. */
export async function keepProfile(
  kind: ProfileKind,
  bytes: Uint8Array,
  run: ProfileRun & Profiled,
  options: ProfileRunOptions,
): Promise<ProfileRecord | string> {
  const problem = packedProblem(bytes);
  if (problem !== undefined) return `its profile ${problem}`;
  const { benchmark, side, target, wallNs } = run;
  const folder = `profiles/${bundleName(options.cell)}/${bundleName(benchmark.package)}`;
  const file = `${folder}/${target}-${bundleName(benchmark.name)}-${side}-${run.run}.${kind}.pb.gz`;
  return {
    cell: options.cell,
    package: benchmark.package,
    benchmark: benchmark.name,
    side,
    kind,
    run: run.run,
    operations: run.operations,
    ...(wallNs !== undefined && wallNs > 0 ? { wallNs } : {}),
    file: await writeBundleFile(options.outDir, file, bytes),
  };
}

/** What makes the bytes no packed profile, in words; undefined when nothing does. */
export function packedProblem(bytes: Uint8Array): string | undefined {
  let unpacked: Uint8Array;
  try {
    unpacked = gunzipSync(bytes, { maxOutputLength: PROFILE_LIMITS.bytes });
  } catch (error) {
    const code = error instanceof Error && "code" in error ? error.code : "";
    if (code === "ERR_BUFFER_TOO_LARGE") {
      return `unpacks to more than ${PROFILE_LIMITS.bytes} bytes`;
    }
    if (code === "Z_BUF_ERROR") return "was cut: the process ended before it was written";
    return "is not packed with gzip";
  }
  const problem = wireProblem(unpacked, PROFILE_LIMITS);
  return problem === undefined ? undefined : `cannot be read: ${problem}`;
}
