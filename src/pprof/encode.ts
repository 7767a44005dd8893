// The bytes of a profile.proto from a profile of our own, for tools that read that format.
//
// Addresses and binaries are not kept: names are resolved, and the one mapping says so, or
// `go tool pprof` would look for a binary to resolve them again. Frames that were inlined share the
// location of the frame they were compiled into, as profile.proto wants it (message Location).
import assert from "node:assert/strict";
import {
  Label,
  Line,
  Location,
  Mapping,
  Function as ProtoFunction,
  Profile as ProtoProfile,
  Sample,
  StringTable,
} from "pprof-format";
import type { Profile, ProfileFrame, ProfileLabel } from "./profile.ts";

export type EncodeOptions = {
  /** For people, shown by `go tool pprof -comments`. */
  readonly comments?: readonly string[];
  /** The sample type that tools show first; the format's default is the last one. */
  readonly defaultType?: string | undefined;
};

/** Not packed with gzip. Values must be safe integers; negative ones are kept. */
export function encodeProfile(profile: Profile, options: EncodeOptions = {}): Uint8Array {
  const strings = new StringTable();
  const text = textIds(strings);
  const tables = new Tables(text);
  const sample = profile.samples.map(({ frames, values, labels }) => {
    assert(values.every(Number.isSafeInteger), "values of a profile are whole numbers");
    return new Sample({
      locationId: tables.locationIds(frames),
      value: [...values],
      label: labels.map((label) => new Label(labelOf(label, text))),
    });
  });
  const { defaultType } = options;
  return new ProtoProfile({
    sampleType: profile.sampleTypes.map(({ type, unit }) => ({
      type: text(type),
      unit: text(unit),
    })),
    sample,
    mapping: [
      new Mapping({
        id: 1,
        hasFunctions: true,
        hasFilenames: true,
        hasLineNumbers: true,
        hasInlineFrames: true,
      }),
    ],
    location: tables.locations,
    function: tables.functions,
    period: profile.period,
    periodType: { type: text(profile.periodType.type), unit: text(profile.periodType.unit) },
    durationNanos: profile.durationNs,
    comment: (options.comments ?? []).map(text),
    ...(defaultType === undefined ? {} : { defaultSampleType: text(defaultType) }),
    stringTable: strings,
  }).encode();
}

/** Strings go through the table, which keeps their bytes beside them. */
function textIds(strings: StringTable): (text: string) => number {
  const ids = new Map<string, number>([["", 0]]);
  return (text) => {
    let id = ids.get(text);
    if (id === undefined) {
      id = strings.dedup(text);
      ids.set(text, id);
    }
    return id;
  };
}

function labelOf({ key, value, unit }: ProfileLabel, text: (text: string) => number) {
  if (typeof value === "string") return { key: text(key), str: text(value) };
  return { key: text(key), num: value, numUnit: text(unit) };
}

/** Functions and locations as they come up; ids count from 1. */
class Tables {
  readonly locations: Location[] = [];
  readonly functions: ProtoFunction[] = [];
  readonly #locationIds = new Map<string, number>();
  readonly #functionIds = new Map<string, number>();
  readonly #text: (text: string) => number;

  constructor(text: (text: string) => number) {
    this.#text = text;
  }

  locationIds(frames: readonly ProfileFrame[]): number[] {
    const ids: number[] = [];
    let start = 0;
    frames.forEach((frame, at) => {
      // A stack that was cut may end within inlined frames: the last one closes its location.
      if (frame.inlined && at < frames.length - 1) return;
      ids.push(this.#location(frames.slice(start, at + 1)));
      start = at + 1;
    });
    return ids;
  }

  #location(frames: readonly ProfileFrame[]): number {
    const lines = frames.map(({ function: { name, file, startLine }, line }) => {
      const key = [name, file, startLine].join("\0");
      let functionId = this.#functionIds.get(key);
      if (functionId === undefined) {
        functionId = this.functions.length + 1;
        this.#functionIds.set(key, functionId);
        const [nameId, filename] = [this.#text(name), this.#text(file)];
        const names = { name: nameId, systemName: nameId, filename };
        this.functions.push(new ProtoFunction({ id: functionId, ...names, startLine }));
      }
      return { functionId, line };
    });
    const key = lines.map(({ functionId, line }) => `${functionId}:${line}`).join(" ");
    let id = this.#locationIds.get(key);
    if (id === undefined) {
      id = this.locations.length + 1;
      this.#locationIds.set(key, id);
      const line = lines.map((at) => new Line(at));
      this.locations.push(new Location({ id, mappingId: 1, line }));
    }
    return id;
  }
}
