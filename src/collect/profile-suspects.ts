// Takes the profiles of suspects, in runs of their own: a profiled run is never timed.
//
// Base and head are neighbors, in an order drawn at random, and the rounds go over all suspects, so
// that neither drift of the machine nor the end of the budget falls on one side or one benchmark.
// Each profile is a file of its own, because the spread between runs is what tells a change from
// chance; what could not be taken, and why, is a problem for people.
import type { ProfileRecord, Side } from "../evidence/manifest.ts";
import type { ExtraProfile } from "../plan/extra-profile.ts";
import { flip, type Random, shuffle } from "../stats/random.ts";
import {
  allocationRate,
  fitTargets,
  PROFILE_RUNS,
  type ProfileTarget,
  profileTargets,
} from "./profile-plan.ts";
import { operationsFor, type ProfileRunOptions, takeProfile } from "./profile-run.ts";
import { CPU_HZ, type RuntimeProfile } from "./run-benchmark.ts";
import type { Measured } from "./schedule.ts";
import { type TraceTool, traceRun } from "./trace-profiles.ts";

export type ProfileOptions = ProfileRunOptions & {
  readonly random: Random;
  /** Profiles that were asked for beside those of CPU and allocations. */
  readonly extra: readonly ExtraProfile[];
  /** Called when a trace is to be read, once. */
  readonly traceTool: () => Promise<TraceTool | string>;
  /** Milliseconds since the epoch: no pair of profiles starts later. */
  readonly untilMs: number;
  readonly nowMs: () => number;
  readonly signal: AbortSignal;
  readonly onProgress: (done: number, total: number, text: string) => void;
};

/** Profiles of one benchmark and kind. */
type Series = {
  readonly target: ProfileTarget;
  /** Number of the target, for the names of files. */
  readonly number: number;
  readonly kind: RuntimeProfile;
  readonly operations: number;
  /** Rounds begun, and rounds that gave a profile on both sides. */
  rounds: number;
  complete: number;
};

/** One bad file may be chance; a benchmark that fails when it is profiled fails again. */
const MOST_FAILURES = 2;

/** Profiles the suspects, largest change first; what is missing is named in `problems`. */
export async function profileSuspects(
  measured: readonly Measured[],
  options: ProfileOptions,
): Promise<{ profiles: ProfileRecord[]; problems: string[] }> {
  const targets = profileTargets(measured, options.extra);
  const secondsLeft = Math.max(0, (options.untilMs - options.nowMs()) / 1000);
  const { chosen, cpuSeconds } = fitTargets(targets, secondsLeft);
  const series = chosen.flatMap((target, number) => seriesOf(target, number, cpuSeconds));
  const profiles: ProfileRecord[] = [];
  const problems = await takeAll(series, profiles, options);
  return {
    profiles,
    problems: [
      ...leftOut(targets.slice(chosen.length)),
      ...problems,
      ...series.flatMap(shortfall),
      ...slowRates(chosen),
    ],
  };
}

function seriesOf(target: ProfileTarget, number: number, cpuSeconds: number): Series[] {
  return target.kinds.map((kind) => {
    const seconds = kind === "cpu" ? cpuSeconds : PROFILE_RUNS[kind].seconds;
    const operations = operationsFor(seconds, target.benchmark);
    return { target, number, kind, operations, rounds: 0, complete: 0 };
  });
}

/** Rounds over all series until each is complete or time is up; adds to `profiles`. */
async function takeAll(
  series: readonly Series[],
  profiles: ProfileRecord[],
  options: ProfileOptions,
): Promise<string[]> {
  const problems: string[] = [];
  const total = series.reduce((sum, { kind }) => sum + PROFILE_RUNS[kind].runs, 0);
  const take = withTraceTool(options);
  for (let begun = 0; ; ) {
    const open = series.filter(isOpen);
    if (open.length === 0) return problems;
    for (const at of shuffle(options.random, open)) {
      if (options.signal.aborted || options.nowMs() >= options.untilMs) return problems;
      options.onProgress(begun++, total, at.target.benchmark.name);
      const failures: string[] = [];
      for (const side of sidesInRandomOrder(options.random)) {
        const taken = await take(at, side);
        if (options.signal.aborted) return problems; // Cut short by us: no failure.
        if (typeof taken === "string") failures.push(`${nameOf(at)}, ${side}: ${taken}`);
        else profiles.push(...taken);
      }
      at.rounds++;
      if (failures.length === 0) at.complete++;
      problems.push(...failures);
    }
  }
}

function isOpen({ kind, rounds, complete }: Series): boolean {
  return rounds < PROFILE_RUNS[kind].runs && rounds - complete < MOST_FAILURES;
}

function sidesInRandomOrder(random: Random): readonly Side[] {
  return flip(random) ? ["head", "base"] : ["base", "head"];
}

/** Takes one profile, or the four of a trace; the tool for traces is made with the first of them. */
function withTraceTool(
  options: ProfileOptions,
): (at: Series, side: Side) => Promise<readonly ProfileRecord[] | string> {
  let tool: TraceTool | string | undefined;
  return async (at, side) => {
    const { kind, number: target, rounds: run, operations } = at;
    const request = {
      benchmark: at.target.benchmark,
      target,
      side,
      run,
      operations,
      allocationRate: allocationRate(at.target, operations),
    };
    if (kind !== "trace") {
      const record = await takeProfile(kind, request, options);
      return typeof record === "string" ? record : [record];
    }
    tool ??= await options.traceTool();
    return typeof tool === "string" ? tool : await traceRun(tool, request, options);
  };
}

const KIND_NAMES: Readonly<Record<RuntimeProfile, string>> = {
  cpu: "CPU profile",
  alloc: "allocation profile",
  mutex: "mutex profile",
  block: "block profile",
  trace: "trace",
};

function nameOf({ target, kind }: Series): string {
  return `${KIND_NAMES[kind]} of ${target.benchmark.package} ${target.benchmark.name}`;
}

function leftOut(targets: readonly ProfileTarget[]): string[] {
  if (targets.length === 0) return [];
  const names = targets.map(({ benchmark }) => benchmark.name).join(", ");
  return [`no time left to profile ${names}`];
}

/** Too few of a kind, and none of it failed: the budget ended. */
function shortfall(at: Series): string[] {
  const { runs } = PROFILE_RUNS[at.kind];
  if (at.rounds > at.complete || at.complete === runs) return [];
  return [`${nameOf(at)}: ${at.complete} of ${runs} a side, the budget ended`];
}

/** Without the recorder nothing sets the rate: package testing then asks for 100 samples a second. */
function slowRates(targets: readonly ProfileTarget[]): string[] {
  const slow = targets.filter(
    ({ kinds, benchmark }) => kinds.includes("cpu") && !benchmark.isRecorded,
  );
  if (slow.length === 0) return [];
  const names = slow.map(({ benchmark }) => benchmark.name).join(", ");
  return [`sampled 100 times a second in place of ${CPU_HZ}, without the recorder: ${names}`];
}
