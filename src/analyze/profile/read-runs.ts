// The profiles of one benchmark and kind, decoded run by run. Damaged, empty and foreign profiles
// are outcomes to report: a process that was killed leaves such files.
import type { ProfileEvidence } from "../../evidence/evidence.ts";
import type { ProfileRecord, Side } from "../../evidence/manifest.ts";
import { decodeProfile } from "../../pprof/decode.ts";
import { PROFILE_LIMITS } from "../../pprof/limits.ts";
import { type Profile, valueIndex } from "../../pprof/profile.ts";
import { type Stack, stacksOf, totalValue } from "../../pprof/stacks.ts";
import type { BenchmarkId } from "../finding.ts";
import { benchmarkSamples } from "./benchmark-stacks.ts";
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

/** The runs of both sides, in their order. */
export type BothRuns = {
  readonly base: readonly ProfiledRun[];
  readonly head: readonly ProfiledRun[];
};

/** The runs that could be used, and what was wrong or thin, for people. */
export type Reading = {
  readonly runs: readonly ProfiledRun[];
  readonly problems: readonly string[];
};

/**
 * What the profiles of a benchmark may hold together: as much as one profile, so that sixteen
 * hostile ones need no more memory than one.
 */
export type DecodeBudget = { samples: number; frames: number };

export function newBudget(): DecodeBudget {
  return { samples: PROFILE_LIMITS.samples, frames: PROFILE_LIMITS.frames };
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
): Reading {
  const own = profiles.filter(({ record }) => record.side === side && record.kind === "cpu");
  if (own.length === 0) return { runs: [], problems: ["there is none"] };
  const reading = readRuns(own, "samples", budget);
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
  const runs: ProfiledRun[] = [];
  const problems: string[] = [];
  for (const evidence of profiles) {
    const read = readRun(evidence, type, budget);
    if (typeof read !== "string") runs.push(read);
    else problems.push(profiles.length === 1 ? read : `run ${evidence.record.run}: ${read}`);
  }
  return { runs, problems };
}

function readRun(
  { bytes, record }: ProfileEvidence,
  type: string,
  budget: DecodeBudget,
): ProfiledRun | string {
  const decoded = decodeProfile(bytes, { ...PROFILE_LIMITS, ...budget });
  if (decoded.kind === "damaged") {
    const { limit, problem } = decoded;
    // The profile may be as it should be: those read before it left no room.
    if (limit === undefined || budget[limit] === PROFILE_LIMITS[limit])
      return `not readable: ${problem}`;
    return `left out: the profiles of this benchmark together hold more than ${PROFILE_LIMITS[limit]} ${limit}`;
  }
  const { profile } = decoded;
  budget.samples -= profile.samples.length;
  for (const { frames } of profile.samples) budget.frames -= frames.length;
  const at = valueIndex(profile, type);
  // Counts of locks have no period worth the name; samples need theirs.
  if (at < 0 || (record.kind === "cpu" && profile.period <= 0)) {
    return `not a profile of ${record.kind}: it has no values "${type}" or no period`;
  }
  if (profile.samples.some(({ values }) => (values[at] ?? 0) < 0)) {
    return `not a profile of ${record.kind}: it has negative counts`;
  }
  const own = { ...profile, samples: benchmarkSamples(profile) };
  const stacks = stacksOf([own], at);
  const total = totalValue(stacks);
  // No waiting is an answer; no CPU time is none.
  if (total === 0 && record.kind === "cpu") return "it holds no samples of the benchmark";
  return { record, profile: own, stacks, total };
}
