// Records real profiles of a Go module: builds its test binary and runs benchmarks under the
// standard tools' own flags, in a copy outside the repository.
import { execFile } from "node:child_process";
import { cp, mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { promisify } from "node:util";
import { gunzipSync } from "node:zlib";
import { decodeProfile, type Profile } from "../../src/pprof/decode.ts";

const run = promisify(execFile);

export type Recorded = {
  /** The file as Go wrote it. */
  readonly file: string;
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
    // --git-dir keeps git from finding a repository around the temporary folder.
    await run("git", ["init", "-q"], { cwd: module });
    await run("git", ["apply", patch], { cwd: module });
  }
  return { module, root, remove: () => rm(root, { recursive: true, force: true }) };
}

/** Runs one benchmark `operations` times and gives its profile. */
export async function record(
  module: string,
  options: {
    readonly package: string;
    readonly bench: string;
    readonly operations: number;
    readonly kind: "cpu" | "mem" | "mutex" | "block";
  },
): Promise<Recorded> {
  const dir = path.join(module, options.package);
  const name = `${options.kind}-${options.bench.replaceAll(/\W+/g, "-")}`;
  const binary = path.join(module, "..", `${path.basename(dir)}.test`);
  const file = path.join(module, "..", `${name}.pb.gz`);
  await run("go", ["test", "-c", "-trimpath", "-vet=off", "-o", binary, "."], { cwd: dir });
  const rate = options.kind === "mem" ? ["-test.memprofilerate=4096"] : [];
  await run(
    binary,
    [
      "-test.run=^$",
      `-test.bench=${options.bench}`,
      `-test.benchtime=${options.operations}x`,
      `-test.${options.kind}profile=${file}`,
      ...rate,
    ],
    { cwd: dir },
  );
  const decoded = decodeProfile(gunzipSync(await readFile(file)));
  if (decoded.kind === "damaged") throw new Error(decoded.problem);
  // A run with a given count is preceded by one of a single operation.
  return { file, profile: decoded.profile, operations: options.operations + 1 };
}

/**
 * What `go tool pprof` prints for a file: nothing left out for being small, and names
 * as they are (by default it takes what looks like C++ parameters out of generic names).
 */
export async function goToolPprof(file: string, options: readonly string[]): Promise<string> {
  const whole = [
    "-symbolize=none",
    "-trim=false",
    "-nodefraction=0",
    "-edgefraction=0",
    "-nodecount=1000000",
  ];
  const { stdout } = await run("go", ["tool", "pprof", ...whole, ...options, file], {
    maxBuffer: 256 * 1024 * 1024,
  });
  return stdout;
}
