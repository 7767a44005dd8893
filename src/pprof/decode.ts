// Profiles of our own from the bytes of a profile.proto: strings resolved, numbers plain, every
// reference checked once here so that nobody checks again.
//
// pprof-format reads the messages; what it does not do is done around it. It accepts damaged input
// (wire.ts refuses that first), gives numbers above 28 bits as bigint and negative ones as unsigned,
// and resolves no reference. Inlined frames are kept: line[0] of a Location is the innermost call,
// the last one is the function the code was compiled into (profile.proto, message Location).
//
// Decoding blocks its thread, for seconds at the limits: it runs in the process of a run or of a
// command, and the import rules keep it out of the server.
import { Profile as ProtoProfile } from "pprof-format";
import { PROFILE_LIMITS, type ProfileLimits } from "./limits.ts";
import { wireProblem } from "./wire.ts";

export type ValueType = { readonly type: string; readonly unit: string };

export type ProfileFunction = {
  /** As the runtime prints it: "example.com/m.(*T).Parse", "example.com/m.Map[...]". */
  readonly name: string;
  readonly file: string;
  /** Line of the declaration, 0 when the profile does not say. */
  readonly startLine: number;
};

export type ProfileFrame = {
  readonly function: ProfileFunction;
  readonly line: number;
  /** Whether the compiler put this call into its caller, the next frame of the stack. */
  readonly inlined: boolean;
};

export type ProfileLabel = {
  readonly key: string;
  /** Text, or a number with its unit. */
  readonly value: string | number;
  readonly unit: string;
};

export type ProfileSample = {
  /** Leaf first. */
  readonly frames: readonly ProfileFrame[];
  /** One for each sample type, in their order. */
  readonly values: readonly number[];
  readonly labels: readonly ProfileLabel[];
};

export type Profile = {
  readonly sampleTypes: readonly ValueType[];
  readonly samples: readonly ProfileSample[];
  readonly period: number;
  readonly periodType: ValueType;
  readonly durationNs: number;
};

/** "damaged" is an outcome to report: a process that was killed leaves an empty or cut profile. */
export type DecodedProfile =
  | { readonly kind: "profile"; readonly profile: Profile }
  | {
      readonly kind: "damaged";
      readonly problem: string;
      /** Set where nothing else is wrong so far than that it is larger than this limit. */
      readonly limit?: "samples" | "frames";
    };

/**
 * The profile in `bytes`, already unpacked from gzip, or what is wrong with them ("it is empty",
 * "sample 12 names location 40, which does not exist"). A profile without samples is a profile.
 */
export function decodeProfile(
  bytes: Uint8Array,
  limits: ProfileLimits = PROFILE_LIMITS,
): DecodedProfile {
  const problem = wireProblem(bytes, limits);
  if (problem !== undefined) {
    const isWhole = wireProblem(bytes, { ...limits, samples: Infinity }) === undefined;
    return { kind: "damaged", problem, ...(isWhole ? { limit: "samples" } : {}) };
  }
  try {
    return { kind: "profile", profile: resolve(ProtoProfile.decode(bytes), limits) };
  } catch (thrown) {
    if (thrown instanceof TooManyFrames) {
      return { kind: "damaged", problem: thrown.message, limit: "frames" };
    }
    if (thrown instanceof Damage) return { kind: "damaged", problem: thrown.message };
    throw thrown;
  }
}

/** Index of the values of a sample type, such as "samples", "cpu" or "alloc_space"; -1 if absent. */
export function valueIndex(profile: Profile, type: string): number {
  return profile.sampleTypes.findIndex((sampleType) => sampleType.type === type);
}

class Damage extends Error {}
class TooManyFrames extends Damage {}

function damage(problem: string): never {
  throw new Damage(problem);
}

type Numeric = number | bigint;

function resolve(proto: ProtoProfile, limits: ProfileLimits): Profile {
  const strings = proto.stringTable.strings;
  if (strings[0] !== "") damage("its string table does not start with the empty string");
  if (proto.sampleType.length === 0) damage("it has no sample types");
  const text = (index: Numeric, what: string): string =>
    strings[Number(index)] ?? damage(`${what} names string ${index}, which does not exist`);
  const valueType = (value: { readonly type: Numeric; readonly unit: Numeric }): ValueType => ({
    type: text(value.type, "a sample type"),
    unit: text(value.unit, "a sample type"),
  });
  const sampleTypes = proto.sampleType.map(valueType);
  const locations = resolveLocations(proto, { text, limits });
  return {
    sampleTypes,
    samples: resolveSamples(proto, { text, limits, locations, types: sampleTypes.length }),
    period: integer(proto.period, "the period"),
    periodType:
      proto.periodType === undefined ? { type: "", unit: "" } : valueType(proto.periodType),
    durationNs: integer(proto.durationNanos, "the duration"),
  };
}

type Text = (index: Numeric, what: string) => string;

function resolveFunctions(
  proto: ProtoProfile,
  { text, limits }: { readonly text: Text; readonly limits: ProfileLimits },
): Map<Id, ProfileFunction> {
  const functions = new Map<Id, ProfileFunction>();
  for (const item of proto.function) {
    const id = identity(item.id);
    if (id === 0 || functions.has(id)) damage(`function id ${id} is zero or used twice`);
    const name = text(item.name, `function ${id}`) || text(item.systemName, `function ${id}`);
    const file = text(item.filename, `function ${id}`);
    if (name.length > limits.nameLength || file.length > limits.nameLength) {
      damage(`the name of function ${id} is longer than ${limits.nameLength} characters`);
    }
    const startLine = lineNumber(item.startLine, `function ${id}`);
    functions.set(id, { name, file, startLine });
  }
  return functions;
}

/** Frames of every location by its id, innermost first. */
function resolveLocations(
  proto: ProtoProfile,
  options: { readonly text: Text; readonly limits: ProfileLimits },
): Map<Id, readonly ProfileFrame[]> {
  const functions = resolveFunctions(proto, options);
  const mappings = resolveMappings(proto, options.text);
  const locations = new Map<Id, readonly ProfileFrame[]>();
  for (const location of proto.location) {
    const id = identity(location.id);
    if (id === 0 || locations.has(id)) damage(`location id ${id} is zero or used twice`);
    const last = location.line.length - 1;
    const frames = location.line.map(({ functionId, line }, at): ProfileFrame => {
      const found = functions.get(identity(functionId));
      if (found === undefined) {
        damage(`location ${id} names function ${functionId}, which does not exist`);
      }
      return { function: found, line: lineNumber(line, `location ${id}`), inlined: at < last };
    });
    const mapping = mappings.get(identity(location.mappingId));
    if (mapping === undefined && identity(location.mappingId) !== 0) {
      damage(`location ${id} names mapping ${location.mappingId}, which does not exist`);
    }
    if (frames.length === 0) frames.push(unnamedFrame(mapping));
    locations.set(id, frames);
  }
  return locations;
}

/** The files that code was loaded from, by the mapping's id. */
function resolveMappings(proto: ProtoProfile, text: Text): Map<Id, string> {
  const mappings = new Map<Id, string>();
  for (const item of proto.mapping) {
    const id = identity(item.id);
    if (id === 0 || mappings.has(id)) damage(`mapping id ${id} is zero or used twice`);
    mappings.set(id, text(item.filename, `mapping ${id}`));
  }
  return mappings;
}

/** Code without symbols, the C library for one, named as `go tool pprof` does. */
function unnamedFrame(mapping: string | undefined): ProfileFrame {
  const object = mapping?.split("/").at(-1) ?? "";
  const name = object === "" ? "<unknown>" : `[${object.slice(0, 200)}]`;
  return { function: { name, file: "", startLine: 0 }, line: 0, inlined: false };
}

function resolveSamples(
  proto: ProtoProfile,
  options: {
    readonly text: Text;
    readonly limits: ProfileLimits;
    readonly locations: ReadonlyMap<Id, readonly ProfileFrame[]>;
    readonly types: number;
  },
): ProfileSample[] {
  const { text, limits, locations, types } = options;
  let left = limits.frames;
  return proto.sample.map((sample, at) => {
    if (sample.value.length !== types) {
      damage(`sample ${at} has ${sample.value.length} values for ${types} sample types`);
    }
    const frames: ProfileFrame[] = [];
    for (const id of sample.locationId) {
      const found = locations.get(identity(id));
      if (found === undefined) damage(`sample ${at} names location ${id}, which does not exist`);
      if (frames.length + found.length > limits.stackDepth) {
        damage(`sample ${at} is deeper than the limit of ${limits.stackDepth} frames`);
      }
      for (const frame of found) frames.push(frame);
    }
    left -= frames.length;
    if (left < 0) {
      throw new TooManyFrames(`its stacks hold more than the limit of ${limits.frames} frames`);
    }
    return {
      frames,
      values: sample.value.map((value) => integer(value, `a value of sample ${at}`)),
      labels: sample.label.map((label): ProfileLabel => {
        const str = text(label.str, `a label of sample ${at}`);
        return {
          key: text(label.key, `a label of sample ${at}`),
          value: str === "" ? integer(label.num, `a label of sample ${at}`) : str,
          unit: text(label.numUnit, `a label of sample ${at}`),
        };
      }),
    };
  });
}

/** An id as a key of a map: the library gives one number as number or bigint, by how it was packed. */
type Id = number | string;

function identity(id: Numeric): Id {
  if (typeof id === "number") return id;
  return id <= Number.MAX_SAFE_INTEGER ? Number(id) : String(id);
}

/** A signed 64-bit field as a number; beyond 2^53 sums would not be exact, and no Go profile is. */
function integer(value: Numeric, what: string): number {
  const number = typeof value === "number" ? value : Number(BigInt.asIntN(64, value));
  if (!Number.isSafeInteger(number)) damage(`${what} is beyond 2^53`);
  return number;
}

function lineNumber(value: Numeric, what: string): number {
  const line = integer(value, `a line of ${what}`);
  if (line < 0) damage(`a line of ${what} is negative`);
  return line;
}
