// Wall time and peak memory of whole processes, as the probe accounts them.
import { tmpdir } from "node:os";
import { Launcher } from "../src/collect/launcher.ts";
import { machineMemoryBytes, processLimits } from "../src/collect/limits.ts";
import { buildProbe } from "./binaries.ts";

/** Difftastic takes half a second for a file of a thousand lines, and has 500. */
const TIMEOUT_MS = 10 * 60_000;

export type Cost = {
  readonly seconds: number;
  /** Of all processors: what a busy machine leaves as it is. */
  readonly cpuSeconds: number;
  readonly megabytes: number;
  readonly output: string;
};

/** The probe is built into `dir`. Close it at the end. */
export function openLauncher(dir: string): { launcher: Launcher; probe: string } {
  const probe = buildProbe("go", dir);
  const launcher = new Launcher({
    probePath: probe,
    limits: processLimits(machineMemoryBytes()),
    inside: undefined,
    signal: new AbortController().signal,
  });
  return { launcher, probe };
}

/** Of one command, the processes it waits for included. Throws where it fails. */
export async function cost(
  launcher: Launcher,
  argv: [string, ...string[]],
  dir: string,
): Promise<Cost> {
  const result = await launcher.run({
    argv,
    dir,
    env: { PATH: process.env.PATH ?? "", HOME: process.env.HOME ?? tmpdir() },
    timeoutMs: TIMEOUT_MS,
    maxStdoutBytes: 64 << 20,
    maxStderrBytes: 1 << 20,
  });
  if (result.outcome !== "exited" || result.exitCode > 1) {
    throw new Error(`${argv.join(" ").slice(0, 200)}: ${result.outcome} ${result.stderr}`);
  }
  const { wallSeconds: seconds, cpuSeconds, maxRssBytes } = result;
  return { seconds, cpuSeconds, megabytes: maxRssBytes / 2 ** 20, output: result.stdout };
}
