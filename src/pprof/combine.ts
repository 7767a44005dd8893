// Profiles added up, and the difference of two sides as a profile that `go tool pprof` opens.
//
// The difference is that of `go tool pprof -diff_base`: samples of base are kept with negative
// values and the label pprof::base, by which the tool takes percentages of base
// (google/pprof, internal/driver/fetch.go and internal/report/report.go, computeTotal). It differs
// in what makes both sides comparable: `-normalize` makes their totals equal, which hides that head
// costs more; here base is scaled to the operations that head did, so that what is left is cost.
import assert from "node:assert/strict";
import type { Profile, ProfileFrame, ProfileLabel, ProfileSample } from "./profile.ts";

/** The label by which `go tool pprof` knows samples of base. */
const BASE_LABEL = { key: "pprof::base", value: "true", unit: "" } as const;

/** All of one kind, at least one. Equal stacks with equal labels are one sample; zeros go. */
export function mergeProfiles(profiles: readonly Profile[]): Profile {
  const first = profiles[0];
  assert(first !== undefined, "there is a profile to merge");
  const types = JSON.stringify(first.sampleTypes);
  const merged = new Map<string, { sample: ProfileSample; values: number[] }>();
  const keyOf = sampleKeys();
  let durationNs = 0;
  for (const profile of profiles) {
    assert.equal(JSON.stringify(profile.sampleTypes), types, "merged profiles are of one kind");
    durationNs += profile.durationNs;
    for (const sample of profile.samples) {
      const key = keyOf(sample);
      const same = merged.get(key);
      if (same === undefined) merged.set(key, { sample, values: [...sample.values] });
      else {
        sample.values.forEach((value, at) => {
          same.values[at] = (same.values[at] as number) + value;
        });
      }
    }
  }
  const samples = [...merged.values()]
    .filter(({ values }) => values.some((value) => value !== 0))
    .map(({ sample, values }) => ({ ...sample, values }));
  return { ...first, samples, durationNs };
}

/** Every value times the factor of its sample type, rounded; zeros go. */
export function scaleProfile(profile: Profile, factors: readonly number[]): Profile {
  const samples = profile.samples
    .map((sample) => ({
      ...sample,
      // Adding 0 makes of -0 the 0 that it is.
      values: sample.values.map((value, at) => roundedAsGo(value * (factors[at] ?? 1)) + 0),
    }))
    .filter(({ values }) => values.some((value) => value !== 0));
  return { ...profile, samples };
}

/**
 * Head less base, base times its factor. Values of one sample may be those of both sides only where
 * labels are equal, which they never are: base has one more.
 */
export function deltaProfile(base: Profile, head: Profile, baseFactor: number): Profile {
  const factors = base.sampleTypes.map(() => -baseFactor);
  const scaled = scaleProfile(base, factors);
  const samples = scaled.samples.map((sample) => ({
    ...sample,
    labels: [...sample.labels, BASE_LABEL],
  }));
  return { ...mergeProfiles([head, { ...scaled, samples }]), durationNs: head.durationNs };
}

/** Halves away from zero, as math.Round, with which `go tool pprof` scales. */
function roundedAsGo(value: number): number {
  return Math.sign(value) * Math.round(Math.abs(value));
}

/** Go writes the labels of a goroutine in no order; the values of one key have one. */
function byKey(labels: readonly ProfileLabel[]): ProfileLabel[] {
  return [...labels].sort((one, other) =>
    one.key === other.key ? 0 : one.key < other.key ? -1 : 1,
  );
}

/** A key for what makes samples equal; frames are known by what they say, not by identity. */
function sampleKeys(): (sample: ProfileSample) => string {
  const known = new Map<ProfileFrame, number>();
  const ids = new Map<string, number>();
  const frameId = (frame: ProfileFrame): number => {
    let id = known.get(frame);
    if (id === undefined) {
      const { name, file, startLine } = frame.function;
      const key = [name, file, startLine, frame.line, frame.inlined].join("\0");
      id = ids.get(key) ?? ids.size;
      ids.set(key, id);
      known.set(frame, id);
    }
    return id;
  };
  return ({ frames, labels }) => {
    const stack = frames.map(frameId).join(" ");
    return labels.length === 0 ? stack : `${stack}\n${JSON.stringify(byKey(labels))}`;
  };
}
