// A profile as we have it: strings resolved, numbers plain, every reference checked (decode.ts).

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

/** What is said of all samples of a profile. */
export type ProfileHead = {
  readonly sampleTypes: readonly ValueType[];
  readonly period: number;
  readonly periodType: ValueType;
  readonly durationNs: number;
};

export type Profile = ProfileHead & { readonly samples: readonly ProfileSample[] };

/** The samples of a profile, in their order. */
export type PackedSamples = {
  /** Numbers of the frames of all stacks, leaf first each, one stack behind the other. */
  readonly places: Int32Array;
  /** Where the stack of each sample ends in `places`; it begins where the one before it ends. */
  readonly ends: Int32Array;
  /** One for each sample type of each sample. */
  readonly values: Float64Array;
  /** Of each sample, by number in `labelSets`; 0 is none. */
  readonly labelSetOf: Int32Array;
  readonly labelSets: readonly (readonly ProfileLabel[])[];
};

/** Frames that samples name by their place in the list. */
export type FrameTable = {
  readonly frames: readonly ProfileFrame[];
  /** The number of each frame's function: frames of one function have the same. */
  readonly functionNumbers: Int32Array;
  /** Above all numbers of functions. */
  readonly functionCount: number;
};

/** The same in lists of numbers, for work on very many samples; all frames, used or not. */
export type PackedProfile = ProfileHead & FrameTable & { readonly samples: PackedSamples };

/** Index of the values of a sample type, such as "samples", "cpu" or "alloc_space"; -1 if absent. */
export function valueIndex(profile: ProfileHead, type: string): number {
  return profile.sampleTypes.findIndex((sampleType) => sampleType.type === type);
}
