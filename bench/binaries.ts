// A test binary of a Go package as it is, and one with recorded loops, for benches of the recorder.
import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseBenchmarks } from "../src/bench/parse.ts";

export type Binaries = { readonly plain: string; readonly recorded: string };

/** Where a package lies: its module's folder and path, and its own folder, relative, with "./". */
export type Place = {
  readonly moduleDir: string;
  readonly modulePath: string;
  readonly package: string;
};

const PROBE = fileURLToPath(new URL("../probe/", import.meta.url));

/** What `probe instrument` says of the loops it found; probe/instrument.go. */
export type InstrumentAnswer = {
  readonly files: readonly {
    readonly path: string;
    readonly problem?: string;
    readonly benchmarks:
      | readonly { readonly name: string; readonly coverage: string; readonly reason?: string }[]
      | null;
  }[];
};

/** The environment of every go command: the module's own settings and nothing from around it. */
export function goEnvironment(): NodeJS.ProcessEnv {
  return { ...process.env, GOFLAGS: "", GOWORK: "off" };
}

/** Builds the probe with this Go and gives its path. */
export function buildProbe(go: string, dir: string): string {
  const path = join(dir, "probe");
  execFileSync(go, ["build", "-o", path, "."], { cwd: PROBE, env: goEnvironment() });
  return path;
}

/** Writes the overlay of some packages of a module. */
export function instrument(
  probe: string,
  place: Omit<Place, "package">,
  packages: readonly string[],
  outDir: string,
): InstrumentAnswer {
  const flags = ["-root", place.moduleDir, "-module-path", place.modulePath, "-out", outDir];
  const input = packages.map((dir) => `${dir.replace(/^\.\//, "")}\n`).join("");
  const options = { input, encoding: "utf8" as const, maxBuffer: 1 << 28 };
  return JSON.parse(execFileSync(probe, ["instrument", ...flags], options)) as InstrumentAnswer;
}

/**
 * Builds both binaries of a package into `dir`; throws with Go's words where it does not build.
 * A layout seed shuffles the order of their functions and only links anew (Go 1.23 and later).
 */
export function buildBinaries(
  go: string,
  probe: string,
  place: Place,
  dir: string,
  layoutSeed?: number,
): Binaries {
  const flags = layoutSeed === undefined ? [] : [`-ldflags=-randlayout=${layoutSeed}`];
  const plain = join(dir, "plain");
  buildTest(go, place, plain, flags);
  return { plain, recorded: buildRecorded(go, probe, place, dir, flags) };
}

/** Builds the binary with recorded loops alone and gives its path. */
export function buildRecorded(
  go: string,
  probe: string,
  place: Place,
  dir: string,
  flags: readonly string[] = [],
): string {
  const overlayDir = join(dir, "overlay");
  instrument(probe, place, [place.package], overlayDir);
  const path = join(dir, "recorded");
  buildTest(go, place, path, [...flags, `-overlay=${join(overlayDir, "overlay.json")}`]);
  return path;
}

function buildTest(go: string, place: Place, output: string, flags: readonly string[]): void {
  const all = ["test", "-c", "-vet=off", "-trimpath", "-buildvcs=false", "-mod=readonly", ...flags];
  execFileSync(go, [...all, "-o", output, place.package], {
    cwd: place.moduleDir,
    env: goEnvironment(),
    stdio: ["ignore", "ignore", "pipe"],
  });
}

export type BenchmarkCall = {
  readonly dir: string;
  readonly pattern: string;
  readonly benchTime: string;
  readonly count?: number;
  /** File that a recorded binary appends to; empty: none. */
  readonly recordsFile?: string;
  /** Beside this process's own variables. */
  readonly env?: Readonly<Record<string, string>>;
};

/** Runs benchmarks of a binary and gives their results, names without the GOMAXPROCS suffix. */
export function runBenchmarks(binary: string, call: BenchmarkCall) {
  const { pattern, benchTime, count = 1, recordsFile = "" } = call;
  const args = [`-test.bench=${pattern}`, `-test.benchtime=${benchTime}`, `-test.count=${count}`];
  const text = execFileSync(binary, [...args, "-test.run=^$", "-test.benchmem"], {
    cwd: call.dir,
    env: { ...process.env, ...call.env, TAILGUARD_RECORD: recordsFile },
    encoding: "utf8",
    stdio: ["ignore", "pipe", "ignore"],
    maxBuffer: 1 << 28,
    timeout: 120_000,
  });
  return parseBenchmarks(text).results.map((result) => ({
    name: result.name.replace(/-\d+$/, ""),
    iterations: result.iterations,
    values: new Map(result.values.map(({ unit, value }) => [unit, value])),
  }));
}
