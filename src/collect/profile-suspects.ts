// Takes one CPU profile a side of each suspect, in runs of their own: a profiled run is never timed.
import { rm } from "node:fs/promises";
import { join } from "node:path";
import type { ProfileRecord, Side } from "../evidence/manifest.ts";
import { bundleName, readUntrustedFile, writeBundleFile } from "./bundle.ts";
import type { Launcher } from "./launcher.ts";
import { runBenchmark, type TestBinary } from "./run-benchmark.ts";
import type { Measured } from "./schedule.ts";

export type ProfileOptions = {
  readonly launchers: Readonly<Record<Side, Launcher>>;
  readonly cell: string;
  /** A folder a side that its sandbox may write to. */
  readonly scratchDirs: Readonly<Record<Side, string>>;
  readonly outDir: string;
  readonly untilMs: number;
  readonly nowMs: () => number;
  readonly signal: AbortSignal;
  readonly onProgress: (done: number, total: number, text: string) => void;
};

/** At the runtime's 100 samples a second, 300 samples: shares are good to about 3 points. */
const PROFILE_SECONDS = 3;
/** More suspects have one cause more often than many. */
const MOST_PROFILED = 6;
/** A profile of a benchmark is some 100 KB; more than this is a bomb. */
const MAX_PROFILE_BYTES = 32 << 20;

/** Profiles the suspects, largest change first; those that fail are named in `problems`. */
export async function profileSuspects(
  suspects: readonly Measured[],
  options: ProfileOptions,
): Promise<{ profiles: ProfileRecord[]; problems: string[] }> {
  const profiles: ProfileRecord[] = [];
  const problems: string[] = [];
  const chosen = suspects.slice(0, MOST_PROFILED);
  for (const [index, suspect] of chosen.entries()) {
    options.onProgress(index, chosen.length, suspect.benchmark.name);
    for (const side of ["base", "head"] as const) {
      if (options.signal.aborted) return { profiles, problems };
      if (options.nowMs() >= options.untilMs) {
        problems.push(`no time left to profile ${suspect.benchmark.name}`);
        return { profiles, problems };
      }
      const record = await profileOne(suspect, index, side, options);
      if (typeof record === "string") problems.push(record);
      else profiles.push(record);
    }
  }
  return { profiles, problems };
}

async function profileOne(
  suspect: Measured,
  index: number,
  side: Side,
  options: ProfileOptions,
): Promise<ProfileRecord | string> {
  const { benchmark } = suspect;
  const binary: TestBinary | undefined = benchmark[side][0];
  const operations = Math.max(1, Math.round(PROFILE_SECONDS / benchmark.secondsPerOperation));
  const path = join(options.scratchDirs[side], "cpu.pb.gz");
  if (binary === undefined) return `no ${side} binary of ${benchmark.name}`;
  await rm(path, { force: true });
  const run = await runBenchmark(options.launchers[side], {
    binary,
    select: { name: benchmark.name },
    benchTime: `${Math.min(operations, 1_000_000_000)}x`,
    batches: 1,
    timeoutMs: 60_000,
    cpuProfilePath: path,
  });
  if (run.failure !== "") return `profiling ${benchmark.name} on ${side}: ${run.failure}`;
  const bytes = await readUntrustedFile(path, MAX_PROFILE_BYTES);
  if (typeof bytes === "string") return `the profile of ${benchmark.name} on ${side} ${bytes}`;
  const folder = `profiles/${bundleName(options.cell)}/${bundleName(benchmark.package)}`;
  const file = `${folder}/${index}-${bundleName(benchmark.name)}-${side}.cpu.pb.gz`;
  return {
    cell: options.cell,
    package: benchmark.package,
    benchmark: benchmark.name,
    side,
    kind: "cpu",
    operations,
    file: await writeBundleFile(options.outDir, file, bytes),
  };
}
