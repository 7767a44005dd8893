// The profiles of one benchmark and kind, decoded run by run. Damaged, empty and foreign profiles
// are outcomes to report: a process that was killed leaves such files.
import type { ProfileEvidence } from "../../evidence/evidence.ts";
import type { ProfileRecord, Side } from "../../evidence/manifest.ts";
import { decodePacked, unpacked } from "../../pprof/decode.ts";
import { OBJECT_LIMITS, PROFILE_LIMITS, type ProfileLimits } from "../../pprof/limits.ts";
import { type PackedProfile, type Profile, valueIndex } from "../../pprof/profile.ts";
import type { StackTable } from "../../pprof/stack-table.ts";
import { type Stack, stacksOf, totalValue } from "../../pprof/stacks.ts";
import { sum } from "../../stats/sum.ts";
import type { BenchmarkId } from "../subject.ts";
import { benchmarkSamples, benchmarkStacks } from "./benchmark-stacks.ts";
import type { Naming } from "./naming.ts";

/** With fewer samples a share of 20 % has to move by 17 points to be seen. */
const SAMPLES_WANTED = 100;

/** One process of a benchmark, profiled. */
export type ProfiledRun = {
  readonly record: ProfileRecord;
  /** With the samples of the benchmark alone. */
  readonly profile: Profile;
  /** Its stacks with the values that were asked for, and their sum: for CPU, samples. */
  readonly stacks: readonly Stack[];
  readonly total: number;
};

/** One process of a benchmark with its CPU profile: many stacks, so they are kept as numbers. */
export type CpuRun = {
  readonly record: ProfileRecord;
  /** Nanoseconds of CPU that a sample stands for. */
  readonly periodNs: number;
  /** The benchmark's stacks with their samples, and how many these are. */
  readonly stacks: StackTable;
  readonly total: number;
};

/** The runs of both sides, in their order. */
export type BothRuns<Run = ProfiledRun> = {
  readonly base: readonly Run[];
  readonly head: readonly Run[];
};

/** The runs that could be used, and what was wrong or thin, for people. */
export type Reading<Run = ProfiledRun> = {
  readonly runs: readonly Run[];
  readonly problems: readonly string[];
};

/**
 * What the profiles of a benchmark may hold together: as much as one profile, so that sixteen
 * hostile ones need no more memory than one. `left` goes down as they are read.
 */
export type DecodeBudget = { readonly whole: Amount; left: Amount };

type Amount = Pick<ProfileLimits, "samples" | "frames">;

/** Of one benchmark's CPU profiles, which are kept as numbers, or of all else that is read of it. */
export function newBudget(of: "numbers" | "objects"): DecodeBudget {
  const { samples, frames } = of === "numbers" ? PROFILE_LIMITS : OBJECT_LIMITS;
  return { whole: { samples, frames }, left: { samples, frames } };
}

/** Whether what was read so far would also be read as objects. */
export function fitsObjects({ whole, left }: DecodeBudget): boolean {
  return (
    whole.samples - left.samples <= OBJECT_LIMITS.samples &&
    whole.frames - left.frames <= OBJECT_LIMITS.frames
  );
}

/** The profiles of one benchmark, for the analyses of kinds other than CPU. */
export type ProfiledBenchmark = {
  readonly benchmark: BenchmarkId;
  readonly profiles: readonly ProfileEvidence[];
  readonly naming: Naming;
  readonly budget: DecodeBudget;
};

/** The CPU profiles of a side. One damaged profile of several is named and left out. */
export function readCpuRuns(
  profiles: readonly ProfileEvidence[],
  side: Side,
  budget: DecodeBudget,
): Reading<CpuRun> {
  const own = profiles.filter(({ record }) => record.side === side && record.kind === "cpu");
  if (own.length === 0) return { runs: [], problems: ["there is none"] };
  const reading = readEach(own, (evidence) => readCpuRun(evidence, budget));
  const samples = reading.runs.reduce((sum, run) => sum + run.total, 0);
  if (samples >= SAMPLES_WANTED || reading.problems.length > 0) return reading;
  const thin = `${samples} samples show large moves only; at least ${SAMPLES_WANTED} are wanted`;
  return { ...reading, problems: [thin] };
}

/** Profiles of one kind and side, with stacks of the values of `type`. */
export function readRuns(
  profiles: readonly ProfileEvidence[],
  type: string,
  budget: DecodeBudget,
): Reading {
  return readEach(profiles, (evidence) => readRun(evidence, type, budget));
}

function readEach<Run extends object>(
  profiles: readonly ProfileEvidence[],
  read: (evidence: ProfileEvidence) => Run | string,
): Reading<Run> {
  const runs: Run[] = [];
  const problems: string[] = [];
  for (const evidence of profiles) {
    const run = read(evidence);
    if (typeof run !== "string") runs.push(run);
    else problems.push(profiles.length === 1 ? run : `run ${evidence.record.run}: ${run}`);
  }
  return { runs, problems };
}

const NO_SAMPLES = "it holds no samples of the benchmark";

function readCpuRun(evidence: ProfileEvidence, budget: DecodeBudget): CpuRun | string {
  const decoded = decodeFor(evidence, "samples", budget);
  if (typeof decoded === "string") return decoded;
  const { profile, valueAt } = decoded;
  const stacks = benchmarkStacks(profile, valueAt);
  const total = sum(stacks.values);
  if (total === 0) return NO_SAMPLES;
  return { record: evidence.record, periodNs: profile.period, stacks, total };
}

function readRun(
  evidence: ProfileEvidence,
  type: string,
  budget: DecodeBudget,
): ProfiledRun | string {
  const decoded = decodeFor(evidence, type, budget);
  if (typeof decoded === "string") return decoded;
  const profile = unpacked(decoded.profile);
  const own = { ...profile, samples: benchmarkSamples(profile) };
  const stacks = stacksOf([own], decoded.valueAt);
  const total = totalValue(stacks);
  // No waiting is an answer; no CPU time is none.
  if (total === 0 && evidence.record.kind === "cpu") return NO_SAMPLES;
  return { record: evidence.record, profile: own, stacks, total };
}

/** The profile, taken from the budget, and where the values of `type` are; or what is wrong. */
function decodeFor(
  { bytes, record }: ProfileEvidence,
  type: string,
  budget: DecodeBudget,
): { readonly profile: PackedProfile; readonly valueAt: number } | string {
  const decoded = decodePacked(bytes, { ...PROFILE_LIMITS, ...budget.left });
  if (decoded.kind === "damaged") {
    const { limit, problem } = decoded;
    // The profile may be as it should be: those read before it left no room.
    if (limit === undefined || budget.left[limit] === budget.whole[limit])
      return `not readable: ${problem}`;
    return `left out: the profiles of this benchmark together hold more than ${budget.whole[limit]} ${limit}`;
  }
  const { profile } = decoded;
  const { ends, places, values } = profile.samples;
  const { samples, frames } = budget.left;
  budget.left = { samples: samples - ends.length, frames: frames - places.length };
  const valueAt = valueIndex(profile, type);
  // Counts of locks have no period worth the name; samples need theirs.
  if (valueAt < 0 || (record.kind === "cpu" && profile.period <= 0)) {
    return `not a profile of ${record.kind}: it has no values "${type}" or no period`;
  }
  for (let at = valueAt; at < values.length; at += profile.sampleTypes.length) {
    if ((values[at] as number) < 0) {
      return `not a profile of ${record.kind}: it has negative counts`;
    }
  }
  return { profile, valueAt };
}
