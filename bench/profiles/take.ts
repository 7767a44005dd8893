// Profiles of a built benchmark, taken by the product's own code: launcher, recorder, checks.
import { readFileSync, writeFileSync } from "node:fs";
import { availableParallelism } from "node:os";
import { exactPattern } from "../../src/bench/name.ts";
import { Launcher } from "../../src/collect/launcher.ts";
import { machineMemoryBytes, processLimits } from "../../src/collect/limits.ts";
import {
  operationsFor,
  type ProfileRunOptions,
  takeProfile,
} from "../../src/collect/profile-run.ts";
import { readRecorded } from "../../src/collect/recorded-values.ts";
import type { Measurable } from "../../src/collect/track.ts";
import type { ProfileRecord, Side } from "../../src/evidence/manifest.ts";
import { runBenchmarks } from "../binaries.ts";
import { TURNS_VARIABLE } from "./plant.ts";

export type Recorder = {
  readonly options: ProfileRunOptions;
  /** File that the recorded binaries append to. */
  readonly recordPath: string;
  readonly close: () => Promise<void>;
};

/** A benchmark in one binary, with so many turns of a planted loop. */
export type Subject = {
  readonly binary: string;
  /** The package's folder and import path. */
  readonly dir: string;
  readonly package: string;
  readonly name: string;
  readonly secondsPerOperation: number;
  readonly turns: number;
};

/** `number` tells the files of one benchmark's changes apart. */
export type Taking = {
  readonly side: Side;
  readonly run: number;
  readonly number: number;
  readonly operations: number;
};

/** Keeps what is taken in `outDir`; `scratchDir` is for files that come and go. */
export function startRecorder(probePath: string, scratchDir: string, outDir: string): Recorder {
  const limits = processLimits(machineMemoryBytes());
  const { signal } = new AbortController();
  const launcher = new Launcher({ probePath, limits, inside: undefined, signal });
  return {
    options: {
      launchers: { base: launcher, head: launcher },
      cell: "default",
      scratchDirs: { base: scratchDir, head: scratchDir },
      outDir,
    },
    recordPath: `${scratchDir}/records.jsonl`,
    close: () => launcher.close(),
  };
}

/** Takes a CPU profile; throws where the benchmark fails. */
export async function take(
  recorder: Recorder,
  subject: Subject,
  { side, run, number: target, operations }: Taking,
): Promise<ProfileRecord> {
  const benchmark = measurableOf(subject, recorder);
  const profileRun = { benchmark, target, side, run, operations, allocationRate: 512 * 1024 };
  const record = await takeProfile("cpu", profileRun, recorder.options);
  if (typeof record === "string") throw new Error(`${subject.name}: ${record}`);
  return record;
}

function measurableOf(subject: Subject, { recordPath }: Recorder): Measurable {
  const { PATH = "", HOME = "" } = process.env;
  const binary = {
    path: subject.binary,
    dir: subject.dir,
    env: { PATH, HOME, [TURNS_VARIABLE]: String(subject.turns) },
    gomaxprocs: availableParallelism(),
    recordPath,
  };
  return {
    package: subject.package,
    name: subject.name,
    base: [binary],
    head: [binary],
    layoutSeeds: [0],
    isRecorded: true,
    secondsPerOperation: subject.secondsPerOperation,
    slowestSecondsPerOperation: subject.secondsPerOperation,
  };
}

/** Operations of a benchmark that take so many seconds. */
export function operationsOf(recorder: Recorder, subject: Subject, seconds: number): number {
  return operationsFor(seconds, measurableOf(subject, recorder));
}

const TRIALS = 3;
const TRIAL_SECONDS = 0.15;

/** Seconds of a typical operation (p10), by the fastest of some runs: load on the machine adds little. */
export function typicalTime(recorder: Recorder, subject: Subject): number {
  const { recordPath } = recorder;
  const operations = operationsOf(recorder, subject, TRIAL_SECONDS);
  const times = Array.from({ length: TRIALS }, () => {
    writeFileSync(recordPath, "");
    runBenchmarks(subject.binary, {
      dir: subject.dir,
      pattern: exactPattern(subject.name),
      benchTime: `${operations}x`,
      recordsFile: recordPath,
      env: { [TURNS_VARIABLE]: String(subject.turns) },
    });
    const recorded = readRecorded(readFileSync(recordPath, "utf8"), subject.name);
    const time = recorded?.values.find(({ unit }) => unit === "p10-sec/op")?.value;
    return time ?? Number.POSITIVE_INFINITY;
  });
  return Math.min(...times);
}
