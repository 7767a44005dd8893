// What every benchmark process of a cell has in common, and the binaries that are started with it.
import { join } from "node:path";
import type { Side } from "../evidence/manifest.ts";
import type { TestBinary } from "./run-benchmark.ts";

export type RunSetup = {
  /** Environment of the benchmark processes. */
  readonly env: Readonly<Record<string, string>>;
  readonly gomaxprocs: number;
  /** Folders that each side's sandbox may write to, for what recorded benchmarks say. */
  readonly scratchDirs: Readonly<Record<Side, string>>;
};

/** A binary of this cell: the place is its own, the environment everybody's. */
export function testBinary(
  { env, gomaxprocs }: RunSetup,
  place: Pick<TestBinary, "path" | "dir" | "recordPath">,
): TestBinary {
  return { ...place, env, gomaxprocs };
}

/** The file that a side's recorded binaries append to. */
export function recordPathOf({ scratchDirs }: RunSetup, side: Side): string {
  return join(scratchDirs[side], "records.jsonl");
}
