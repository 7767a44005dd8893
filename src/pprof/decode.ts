// Profiles of our own from the bytes of a profile.proto: strings resolved, numbers plain, every
// reference checked once here so that nobody checks again.
//
// pprof-format reads the profile's own fields and mappings; what it does not do is done around it. It
// accepts damaged input (wire.ts refuses that first), gives numbers above 28 bits as bigint and
// negative ones as unsigned, and resolves no reference (resolve-locations.ts). It makes five objects
// of every number and a decoder of every string, so the long tables are read without it.
//
// Decoding blocks its thread, for seconds at the limits: it runs in the process of a run or of a
// command, and the import rules keep it out of the server.
import { Profile as ProtoProfile } from "pprof-format";
import { Damage, damage, TooManyFrames } from "./damage.ts";
import { PROFILE_LIMITS, type ProfileLimits } from "./limits.ts";
import { integer, type Numeric } from "./numeric.ts";
import type {
  PackedProfile,
  Profile,
  ProfileFrame,
  ProfileLabel,
  ProfileSample,
  ValueType,
} from "./profile.ts";
import { readSamples } from "./read-samples.ts";
import { resolveLocations } from "./resolve-locations.ts";
import { splitProfile, stringTable } from "./split-profile.ts";
import { wireProblem } from "./wire.ts";

type Damaged = {
  readonly kind: "damaged";
  readonly problem: string;
  /** Set where nothing else is wrong so far than that it is larger than this limit. */
  readonly limit?: "samples" | "frames";
};

/** "damaged" is an outcome to report: a process that was killed leaves an empty or cut profile. */
export type DecodedProfile = { readonly kind: "profile"; readonly profile: Profile } | Damaged;

export type DecodedPacked = { readonly kind: "profile"; readonly profile: PackedProfile } | Damaged;

/**
 * The profile in `bytes`, already unpacked from gzip, or what is wrong with them ("it is empty",
 * "sample 12 names location 40, which does not exist"). A profile without samples is a profile.
 */
export function decodeProfile(
  bytes: Uint8Array,
  limits: ProfileLimits = PROFILE_LIMITS,
): DecodedProfile {
  const decoded = decodePacked(bytes, limits);
  if (decoded.kind === "damaged") return decoded;
  return { kind: "profile", profile: unpacked(decoded.profile) };
}

/** The same, its samples in lists of numbers. */
export function decodePacked(
  bytes: Uint8Array,
  limits: ProfileLimits = PROFILE_LIMITS,
): DecodedPacked {
  const problem = wireProblem(bytes, limits);
  if (problem !== undefined) {
    const isWhole = wireProblem(bytes, { ...limits, samples: Infinity }) === undefined;
    return { kind: "damaged", problem, ...(isWhole ? { limit: "samples" } : {}) };
  }
  try {
    return { kind: "profile", profile: resolve(bytes, limits) };
  } catch (thrown) {
    if (thrown instanceof TooManyFrames) {
      return { kind: "damaged", problem: thrown.message, limit: "frames" };
    }
    if (thrown instanceof Damage) return { kind: "damaged", problem: thrown.message };
    throw thrown;
  }
}

/** Every sample as an object of its own. */
export function unpacked(packed: PackedProfile): Profile {
  const { sampleTypes, period, periodType, durationNs, frames } = packed;
  const { places, ends, values, labelSetOf, labelSets } = packed.samples;
  const types = sampleTypes.length;
  const samples = Array.from(ends, (end, at): ProfileSample => {
    const own = places.subarray(ends[at - 1] ?? 0, end);
    return {
      frames: Array.from(own, (place) => frames[place] as ProfileFrame),
      values: [...values.subarray(at * types, (at + 1) * types)],
      labels: labelSets[labelSetOf[at] as number] as readonly ProfileLabel[],
    };
  });
  return { sampleTypes, samples, period, periodType, durationNs };
}

function resolve(bytes: Uint8Array, limits: ProfileLimits): PackedProfile {
  const split = splitProfile(bytes);
  const proto = ProtoProfile.decode(split.rest);
  const string = stringTable(split);
  if (string(0) !== "") damage("its string table does not start with the empty string");
  if (proto.sampleType.length === 0) damage("it has no sample types");
  const text = (index: Numeric, what: string): string =>
    string(index) ?? damage(`${what} names string ${index}, which does not exist`);
  const valueType = (value: { readonly type: Numeric; readonly unit: Numeric }): ValueType => ({
    type: text(value.type, "a sample type"),
    unit: text(value.unit, "a sample type"),
  });
  const sampleTypes = proto.sampleType.map(valueType);
  const locations = resolveLocations(proto, split, { text, limits });
  return {
    sampleTypes,
    frames: locations.frames,
    functionNumbers: locations.functionNumbers,
    functionCount: locations.functionCount,
    samples: readSamples(bytes, split.samples, {
      text,
      limits,
      locations,
      types: sampleTypes.length,
    }),
    period: integer(proto.period, "the period"),
    periodType:
      proto.periodType === undefined ? { type: "", unit: "" } : valueType(proto.periodType),
    durationNs: integer(proto.durationNanos, "the duration"),
  };
}
