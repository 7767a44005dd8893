// Where does a benchmark wait? Profiles of waiting, made of an execution trace by `go tool trace`.
//
// A CPU profile sees no waiting. A trace holds every goroutine that parks and why: for the network,
// for locks and channels, in system calls, and for a processor. It is taken in a run of its own, which
// is never timed, and read inside the sandbox: it is a file of strangers' code. Since Go 1.25 the
// tool is no part of a toolchain's files, so it is built from them, once, outside of the sandbox.
import { existsSync } from "node:fs";
import { copyFile, mkdir, rename } from "node:fs/promises";
import { join } from "node:path";
import type { ProfileKind, ProfileRecord } from "../evidence/manifest.ts";
import type { Toolchain } from "./go-toolchain.ts";
import { runHostCommand } from "./host-command.ts";
import { hasSucceeded } from "./launcher.ts";
import {
  keepProfile,
  type Profiled,
  type ProfileRun,
  type ProfileRunOptions,
  runProfiled,
} from "./profile-run.ts";

/** The tool's own names of its profiles, and ours. */
const TRACE_KINDS = [
  ["net", "trace-net"],
  ["sync", "trace-sync"],
  ["syscall", "trace-syscall"],
  ["sched", "trace-sched"],
] as const satisfies readonly (readonly [string, ProfileKind])[];

const MAX_PROFILE_BYTES = 8 << 20;
const READ_TIMEOUT_MS = 30_000;

export type TraceTool = {
  /** Path of `trace` where both sandboxes can see it. */
  readonly path: string;
};

/** Builds the tool with the cell's toolchain, or finds it in the cache; text says why it is not there. */
export async function buildTraceTool(
  toolchain: Toolchain,
  dirs: { readonly cacheDir: string; readonly binariesDir: string },
  signal: AbortSignal,
): Promise<TraceTool | string> {
  const dir = join(dirs.cacheDir, "trace", toolchain.version);
  const cached = join(dir, "trace");
  if (!existsSync(cached)) {
    await mkdir(dir, { recursive: true });
    const fresh = join(dir, `trace.${process.pid}`);
    const built = await runHostCommand({
      argv: [toolchain.goPath, "build", "-trimpath", "-buildvcs=false", "-o", fresh, "cmd/trace"],
      dir: toolchain.goRoot,
      env: { ...toolchain.env, GOFLAGS: "", GOWORK: "off", GOPROXY: "off", CGO_ENABLED: "0" },
      timeoutMs: 10 * 60_000,
      signal,
    });
    if (built.exitCode !== 0) {
      return `go tool trace could not be built: ${built.stderr.slice(0, 500).trim()}`;
    }
    await rename(fresh, cached);
  }
  const path = join(dirs.binariesDir, "go-tool-trace");
  await copyFile(cached, path);
  return { path };
}

/** Traces one run and keeps the four profiles of it; text says what went wrong. */
export async function traceRun(
  tool: TraceTool,
  run: ProfileRun,
  options: ProfileRunOptions,
): Promise<readonly ProfileRecord[] | string> {
  const traced = await runProfiled("trace", run, options);
  if (typeof traced === "string") return traced;
  if (typeof traced.written === "string") return `its trace ${traced.written}`;
  const records: ProfileRecord[] = [];
  for (const [name, kind] of TRACE_KINDS) {
    const record = await readTrace(tool, { name, kind }, { ...run, ...traced }, options);
    if (typeof record === "string") return record;
    records.push(record);
  }
  return records;
}

async function readTrace(
  tool: TraceTool,
  { name, kind }: { readonly name: string; readonly kind: ProfileKind },
  run: ProfileRun & Profiled,
  options: ProfileRunOptions,
): Promise<ProfileRecord | string> {
  const read = await options.launchers[run.side].run({
    argv: [tool.path, `-pprof=${name}`, run.path],
    dir: options.scratchDirs[run.side],
    env: { HOME: "/tmp", TMPDIR: "/tmp", GOMEMLIMIT: "1GiB" },
    timeoutMs: READ_TIMEOUT_MS,
    maxStdoutBytes: MAX_PROFILE_BYTES,
    maxStderrBytes: 1 << 16,
  });
  if (!hasSucceeded(read)) {
    const why = read.stderr.trim().split("\n").at(-1) ?? "";
    return `go tool trace cannot read its trace: ${read.outcome} ${why}`.slice(0, 300).trim();
  }
  return await keepProfile(kind, read.stdoutBytes, run, options);
}
