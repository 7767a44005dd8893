// Records real profiles of a Go module: builds its test binary and runs benchmarks under the
// standard tools' own flags, in a copy outside the repository.
import { execFile } from "node:child_process";
import { cp, mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { promisify } from "node:util";
import { gunzipSync } from "node:zlib";
import { decodeProfile } from "../../src/pprof/decode.ts";
import type { Profile } from "../../src/pprof/profile.ts";

const run = promisify(execFile);

export type Recorded = {
  /** The file as Go wrote it. */
  readonly file: string;
  readonly bytes: Uint8Array;
  readonly profile: Profile;
  /** Operations of the one benchmark that ran, all its runs together. */
  readonly operations: number;
};

/** A copy of a module that is removed by `remove`. */
export async function copyModule(dir: string, patch?: string) {
  const root = await mkdtemp(path.join(tmpdir(), "tailguard-profile-"));
  const module = path.join(root, "module");
  await cp(dir, module, { recursive: true });
  if (patch !== undefined) {
    // A repository of its own, or git would apply the patch to one around the folder.
    await run("git", ["init", "-q"], { cwd: module });
    await run("git", ["apply", patch], { cwd: module });
  }
  return { module, root, remove: () => rm(root, { recursive: true, force: true }) };
}

export type TestBinary = { readonly path: string; readonly dir: string };

/** Builds the test binary of a package, which is a folder of the module. */
export async function buildTest(module: string, folder: string): Promise<TestBinary> {
  const dir = path.join(module, folder);
  const binary = path.join(module, "..", `${path.basename(dir)}.test`);
  await run("go", ["test", "-c", "-trimpath", "-vet=off", "-o", binary, "."], { cwd: dir });
  return { path: binary, dir };
}

/** Runs one benchmark `operations` times and gives its profile. */
export async function record(
  binary: TestBinary,
  options: {
    readonly bench: string;
    readonly operations: number;
    readonly kind: "cpu" | "mem" | "mutex" | "block";
  },
): Promise<Recorded> {
  const name = `${options.kind}-${options.bench.replaceAll(/\W+/g, "-")}`;
  const file = `${binary.path}-${name}.pb.gz`;
  const rate = options.kind === "mem" ? ["-test.memprofilerate=4096"] : [];
  await run(
    binary.path,
    [
      "-test.run=^$",
      `-test.bench=${options.bench}`,
      `-test.benchtime=${options.operations}x`,
      `-test.${options.kind}profile=${file}`,
      ...rate,
    ],
    { cwd: binary.dir },
  );
  const bytes = gunzipSync(await readFile(file));
  const decoded = decodeProfile(bytes);
  if (decoded.kind === "damaged") throw new Error(decoded.problem);
  // A run with a given count is preceded by one of a single operation.
  return { file, bytes, profile: decoded.profile, operations: options.operations + 1 };
}

/** The go command takes ten times as long to find the tool as the tool to answer. */
let toolPath: Promise<string> | undefined;

/**
 * What `go tool pprof` prints for files, which it merges: nothing left out for being small, and names
 * as they are (by default it takes what looks like C++ parameters out of generic names).
 */
export async function goToolPprof(
  files: string | readonly string[],
  options: readonly string[],
): Promise<string> {
  const whole = [
    "-symbolize=none",
    "-trim=false",
    "-nodefraction=0",
    "-edgefraction=0",
    "-nodecount=1000000",
  ];
  toolPath ??= run("go", ["tool", "-n", "pprof"]).then(({ stdout }) => stdout.trim());
  const { stdout } = await run(await toolPath, [...whole, ...options, ...[files].flat()], {
    maxBuffer: 256 * 1024 * 1024,
  });
  return stdout;
}
