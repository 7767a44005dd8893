// Runs one benchmark in a process of its own and reads what it printed.
//
// The process repeats the benchmark with a fixed number of iterations (-test.benchtime=Nx,
// -test.count=batches): the same work on both sides, no time lost to testing's ramp-up, and
// allocation averages that do not move with N. `-test.v` makes testing print the name and the
// figures in one go, so that output of the benchmark's own seldom tears a line apart.
import { MAX_VALUES } from "../bench/limits.ts";
import { exactPattern, withoutGomaxprocs } from "../bench/name.ts";
import { type BenchmarkResult, type LocatedResult, parseBenchmarks } from "../bench/parse.ts";
import { hasSucceeded, type Launcher, type LaunchResult } from "./launcher.ts";
import { type Recorded, readRecorded } from "./recorded-values.ts";
import { untearLines } from "./untear-lines.ts";

/** A built test binary and how to start it. */
export type TestBinary = {
  readonly path: string;
  /** The package's folder: benchmarks read testdata relative to it. */
  readonly dir: string;
  readonly env: Readonly<Record<string, string>>;
  readonly gomaxprocs: number;
  /** A file of ours that an instrumented binary appends its records to; undefined: a plain one. */
  readonly recordPath: string | undefined;
};

export type BenchmarkRequest = {
  readonly binary: TestBinary;
  /** Full name of one benchmark, without the GOMAXPROCS suffix, or a -test.bench pattern. */
  readonly select: { readonly name: string } | { readonly pattern: string };
  /** "250x" or "10ms", as -test.benchtime. */
  readonly benchTime: string;
  readonly batches: number;
  readonly timeoutMs: number;
  /** What else the process records and where to; such a run is never a timed one. */
  readonly profile?: {
    readonly kind: RuntimeProfile;
    readonly path: string;
    readonly maxBytes: number;
    /** Of allocations: bytes per sample; undefined for the runtime's own. */
    readonly allocationRate?: number | undefined;
  };
};

/** What package testing writes by itself. */
export type RuntimeProfile = "cpu" | "alloc" | "mutex" | "block" | "trace";

/** Samples of CPU a second, as many as a Linux kernel with 250 ticks can give; others give fewer. */
export const CPU_HZ = 250;

export type BenchmarkRun = {
  readonly launch: LaunchResult;
  /** Results for the requested benchmarks, in the order printed, names as printed. */
  readonly results: readonly LocatedResult[];
  /** What the recorder wrote; empty when it wrote nothing that can be used. */
  readonly records: string;
  /** The profile asked for, or what is wrong with it; undefined when none was asked for. */
  readonly profile: Uint8Array | string | undefined;
  /** What the recorder saw of the one benchmark asked for; undefined without one. */
  readonly recorded: Recorded | undefined;
  /** For people: why the run cannot count; empty when it can. */
  readonly failure: string;
};

/** A benchmark of ten thousand sub-benchmarks prints about 1 MB. */
const MAX_STDOUT_BYTES = 8 << 20;
const MAX_STDERR_BYTES = 8 << 20;

/** Starts the process and waits for its end. */
export async function runBenchmark(
  launcher: Launcher,
  request: BenchmarkRequest,
): Promise<BenchmarkRun> {
  const { binary, select } = request;
  const pattern = "name" in select ? exactPattern(select.name) : select.pattern;
  const outputs = outputsOf(request);
  const launch = await launcher.run({
    argv: [
      binary.path,
      "-test.run=^$",
      `-test.bench=${pattern}`,
      `-test.benchtime=${request.benchTime}`,
      `-test.count=${request.batches}`,
      // -test.timeout is of no use: testing stops its alarm before the benchmarks start.
      "-test.benchmem",
      "-test.v",
      "-test.paniconexit0",
      ...profileFlags(request.profile),
    ],
    dir: binary.dir,
    env: {
      ...binary.env,
      // Read by the recorder (probe/recorder/setup.go).
      ...(binary.recordPath === undefined ? {} : { TAILGUARD_RECORD: binary.recordPath }),
      // Read by the recorder (probe/recorder/setup.go) before testing starts the profile.
      ...(request.profile?.kind === "cpu" ? { TAILGUARD_CPU_HZ: String(CPU_HZ) } : {}),
    },
    timeoutMs: request.timeoutMs,
    maxStdoutBytes: MAX_STDOUT_BYTES,
    maxStderrBytes: MAX_STDERR_BYTES,
    outputs,
  });
  const written = (path: string | undefined) =>
    launch.outputs[outputs.findIndex((output) => output.path === path)];
  const records = textOf(written(binary.recordPath));
  const results = parseBenchmarks(untearLines(launch.stdout))
    .results.filter((result) => result.iterations > 0)
    .filter(
      (result) =>
        !("name" in select) || withoutGomaxprocs(result.name, binary.gomaxprocs) === select.name,
    );
  const recorded = "name" in select ? readRecorded(records, select.name) : undefined;
  const withRecorded = recorded === undefined ? results : results.map((at) => extend(at, recorded));
  return {
    launch,
    results: withRecorded,
    records,
    profile: written(request.profile?.path),
    recorded,
    failure: describeFailure(launch) || surplus(results.length, request),
  };
}

/** More results than were asked for: some of them are the benchmark's own words. */
function surplus(count: number, { select, batches }: BenchmarkRequest): string {
  return "name" in select && count > batches
    ? `it printed ${count} results under its name, and ${batches} were asked for`
    : "";
}

/** Every event of locks: they are counted, not sampled. */
function profileFlags(profile: BenchmarkRequest["profile"]): string[] {
  switch (profile?.kind) {
    case undefined:
      return [];
    case "cpu":
      return [`-test.cpuprofile=${profile.path}`];
    case "alloc":
      return [
        `-test.memprofile=${profile.path}`,
        ...(profile.allocationRate === undefined
          ? []
          : [`-test.memprofilerate=${profile.allocationRate}`]),
      ];
    case "mutex":
      return [`-test.mutexprofile=${profile.path}`, "-test.mutexprofilefraction=1"];
    case "block":
      return [`-test.blockprofile=${profile.path}`, "-test.blockprofilerate=1"];
    case "trace":
      return [`-test.trace=${profile.path}`];
  }
}

/** A process of one benchmark writes some 100 KB; one of a thousand sub-benchmarks 10 MB. */
const MAX_RECORD_BYTES = 32 << 20;

function outputsOf({ binary, profile }: BenchmarkRequest): { path: string; maxBytes: number }[] {
  const outputs = profile === undefined ? [] : [{ path: profile.path, maxBytes: profile.maxBytes }];
  if (binary.recordPath === undefined) return outputs;
  return [...outputs, { path: binary.recordPath, maxBytes: MAX_RECORD_BYTES }];
}

/** No file is what a benchmark without a recordable loop leaves: its plain values count then. */
function textOf(written: Uint8Array | string | undefined): string {
  return written instanceof Uint8Array ? Buffer.from(written).toString("utf8") : "";
}

/**
 * The recorded values belong to the run with the most operations, which its line names. A metric
 * that the benchmark reports under a name of ours gives way.
 */
function extend(result: LocatedResult, { record, values }: Recorded): LocatedResult {
  if (result.iterations !== record.n) return result;
  const ours = new Set(values.map(({ unit }) => unit));
  const own = result.values
    .filter(({ unit }) => !ours.has(unit))
    .slice(0, MAX_VALUES - values.length);
  return { ...result, values: [...own, ...values] };
}

/** Longest quote of a benchmark's own words in a reason. */
const MAX_QUOTE_CHARS = 300;

/**
 * What testing prints of a benchmark that left by Goexit, or by a panic when the process passes before
 * the panic ends it: launch tells of its end in a deferred function (testing/benchmark.go, Go 1.26).
 */
const ENDED_EARLY = /^Benchmark\S*[ \t]+0\t[ ]*NaN ns\/op/m;

/** Why the process cannot count, in one line; empty when it ran to a good end. */
function describeFailure(launch: LaunchResult): string {
  if (hasSucceeded(launch)) {
    return ENDED_EARLY.test(launch.stdout)
      ? "it left before its result was known, by a panic or by runtime.Goexit"
      : "";
  }
  const text = `${launch.stdout}\n${launch.stderr}`;
  if (launch.outcome === "output-limit") return "it printed more than 8 MiB";
  if (launch.outcome === "start-failed") return `it could not be started: ${launch.error}`;
  if (launch.outcome === "timeout") return "it did not end within its time limit";
  if (launch.outcome === "lost") return "the process that supervises it was lost";
  if (launch.outcome !== "exited") return launch.error;
  const full = fullFolder(launch);
  if (full !== "") return `it left no room in ${full}: ${describeExit(launch, text)}`;
  return describeExit(launch, text);
}

function describeExit(launch: LaunchResult, text: string): string {
  const panic = /^panic: (.*)$/m.exec(text);
  if (panic !== null) return `it panics: ${quote(panic[1])}`;
  const fatal = /^fatal error: (.*)$/m.exec(text);
  if (fatal !== null) return `it dies: ${quote(fatal[1])}`;
  const failed = /^\s*--- FAIL: /m.exec(text);
  if (failed !== null) return `it fails: ${quote(lastLogged(text.slice(0, failed.index)))}`;
  if (launch.signal !== "") return `it was ended by the signal "${launch.signal}"`;
  const words = quote(withoutPreamble(text).slice(-MAX_QUOTE_CHARS));
  return `it exits with status ${launch.exitCode}${words === "" ? "" : `: ${words}`}`;
}

/** What package testing prints before a benchmark has anything to say. */
function withoutPreamble(text: string): string {
  return text.replace(/^(?:(?:goos|goarch|pkg|cpu): .*|Benchmark\S*)\s*$/gm, "");
}

function fullFolder({ fullFolder: path }: LaunchResult): string {
  if (path === "") return "";
  return path === "/tmp" || path === "/dev/shm" ? `its private ${path}` : "the folder it may write";
}

/** With -test.v, what b.Fatal said stands before its "--- FAIL" line, indented, with its place. */
function lastLogged(text: string): string {
  const logged = [...text.matchAll(/^ {4,}[^\s:]+\.go:\d+: (.*)$/gm)];
  return logged.at(-1)?.[1] ?? "no message";
}

function quote(text: string | undefined): string {
  return (text ?? "").replace(/\s+/g, " ").trim().slice(0, MAX_QUOTE_CHARS);
}

/** The value of a unit in base units ("sec/op"); undefined when the result has none. */
export function valueIn(result: BenchmarkResult, unit: string): number | undefined {
  return result.values.find((value) => value.unit === unit)?.value;
}
