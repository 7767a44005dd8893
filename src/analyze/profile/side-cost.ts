// What a benchmark cost on one side, from the CPU profiles of that side added up. Damaged, empty and
// foreign profiles are outcomes to report: a process that was killed leaves such files.
import type { ProfileEvidence } from "../../evidence/evidence.ts";
import type { Side } from "../../evidence/manifest.ts";
import { decodeProfile, type Profile, valueIndex } from "../../pprof/decode.ts";
import { type Stack, stacksOf, totalValue } from "../../pprof/stacks.ts";
import { benchmarkStacks } from "./benchmark-stacks.ts";
import type { SideExposure } from "./move.ts";

/** With fewer samples a share of 20 % has to move by 17 points to be seen. */
const SAMPLES_WANTED = 100;

/** A benchmark's cost on one side, over all profiles of that side. */
export type SideCost = { readonly stacks: readonly Stack[]; readonly exposure: SideExposure };

/** The cost, absent when no profile gave one, and what was wrong or thin, for people. */
export type Reading = {
  readonly cost: SideCost | undefined;
  readonly problems: readonly string[];
};

/** One damaged profile of several is named and left out: the others' counts stand. */
export function readSide(profiles: readonly ProfileEvidence[], side: Side): Reading {
  const own = profiles.filter(({ record }) => record.side === side && record.kind === "cpu");
  if (own.length === 0) return { cost: undefined, problems: ["there is none"] };
  const problems: string[] = [];
  let exposure = 0;
  let stacks: Stack[] = [];
  for (const { bytes, record } of own) {
    const read = readCpuProfile(bytes);
    if ("problem" in read) {
      problems.push(read.problem);
      continue;
    }
    stacks = stacks.concat(read.stacks);
    exposure += record.operations / read.profile.period;
  }
  const samples = totalValue(stacks);
  if (samples < SAMPLES_WANTED && problems.length === 0) problems.push(tooFew(samples));
  return {
    cost: samples === 0 ? undefined : { stacks, exposure: { samples, exposure } },
    problems,
  };
}

function tooFew(samples: number): string {
  if (samples === 0) return "it holds no samples of the benchmark";
  return `${samples} samples show large moves only; at least ${SAMPLES_WANTED} are wanted`;
}

type CpuProfile = { readonly profile: Profile; readonly stacks: readonly Stack[] };

function readCpuProfile(bytes: Uint8Array): CpuProfile | { readonly problem: string } {
  const decoded = decodeProfile(bytes);
  if (decoded.kind === "damaged") return { problem: `not readable: ${decoded.problem}` };
  const { profile } = decoded;
  const samplesAt = valueIndex(profile, "samples");
  if (samplesAt < 0 || profile.period <= 0) {
    return { problem: "not a CPU profile: it has no sample counts or no period" };
  }
  if (profile.samples.some(({ values }) => (values[samplesAt] ?? 0) < 0)) {
    return { problem: "not a CPU profile: it has negative counts" };
  }
  return { profile, stacks: benchmarkStacks(stacksOf([profile], samplesAt)) };
}
