// A profile as our reader has it and as the library has it are the same.
import { readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";
import fc from "fast-check";
import {
  Line,
  Location,
  Profile,
  Function as ProtoFunction,
  Sample,
  StringTable,
} from "pprof-format";
import { expect, test } from "vitest";
import { decodeProfile } from "../../src/pprof/decode.ts";
import { PROFILES_DIR, recordedProfiles } from "./recorded-profiles.ts";

type Numeric = number | bigint;

const signed = (value: Numeric): number => Number(BigInt.asIntN(64, BigInt(value)));

/** The samples by the library alone: frames as "name file:declared:line", values, labels. */
function samplesByLibrary(bytes: Uint8Array) {
  const proto = Profile.decode(bytes);
  const text = (at: Numeric) => proto.stringTable.strings[Number(at)];
  const functions = new Map(
    proto.function.map(({ id, name, filename, startLine }) => [
      BigInt(id),
      `${text(name)} ${text(filename)}:${startLine}`,
    ]),
  );
  const frames = new Map(
    proto.location.map(({ id, line }) => [
      BigInt(id),
      line.map((at) => `${functions.get(BigInt(at.functionId))}:${at.line}`),
    ]),
  );
  return proto.sample.map(({ locationId, value, label }) => ({
    frames: locationId.flatMap((id) => frames.get(BigInt(id)) ?? ["unknown"]),
    values: value.map(signed),
    labels: label.map(({ key, str, num, numUnit }) => ({
      key: text(key),
      value: text(str) || signed(num),
      unit: text(numUnit),
    })),
  }));
}

function samplesByUs(bytes: Uint8Array) {
  const decoded = decodeProfile(bytes);
  if (decoded.kind === "damaged") throw new Error(decoded.problem);
  return decoded.profile.samples.map(({ frames, values, labels }) => ({
    frames: frames.map(
      ({ function: { name, file, startLine }, line }) => `${name} ${file}:${startLine}:${line}`,
    ),
    values,
    labels,
  }));
}

test.each(recordedProfiles().map(({ file }) => [file]))("recorded: %s", (file) => {
  const bytes = gunzipSync(readFileSync(PROFILES_DIR + file));
  expect(samplesByUs(bytes)).toEqual(samplesByLibrary(bytes));
});

/** Small as Go writes them, at the borders of one more byte, and as no Go profile has them. */
const IDS: readonly Numeric[] = [
  3,
  1,
  2,
  127,
  128,
  2 ** 28,
  2n ** 49n,
  2n ** 53n + 2n,
  2n ** 64n - 1n,
];

const VALUES = fc.oneof(
  fc.integer({ min: -5, max: 300 }),
  fc.maxSafeInteger(),
  fc.constantFrom(2 ** 28, -(2 ** 49), 2 ** 49, 2 ** 53 - 1),
);

const SAMPLES = fc.array(
  fc.record({
    locationId: fc.array(fc.constantFrom(...IDS), { maxLength: 30 }),
    value: fc.tuple(VALUES, VALUES),
    label: fc.array(
      fc.record({
        key: fc.integer({ min: 1, max: 3 }),
        str: fc.nat(3),
        num: VALUES,
        numUnit: fc.nat(3),
      }),
      { maxLength: 3 },
    ),
  }),
  { maxLength: 20 },
);

function encoded(samples: readonly ConstructorParameters<typeof Sample>[0][]): Uint8Array {
  const strings = new StringTable();
  for (const text of ["samples", "count", "part", "m/é.go"]) strings.dedup(text);
  return new Profile({
    sampleType: [
      { type: 1, unit: 2 },
      { type: 3, unit: 2 },
    ],
    function: [
      new ProtoFunction({ id: 1, name: 1, systemName: 2, filename: 4, startLine: 2 ** 40 }),
      new ProtoFunction({ id: 9, name: 2 }),
    ],
    // The first one holds an inlined call, so that numbers of frames are not those of locations.
    location: IDS.map((id, at) => {
      const lines = [new Line({ functionId: 9, line: at }), new Line({ functionId: 1, line: 4 })];
      return new Location({ id, line: at % 2 === 0 ? lines : lines.slice(1) });
    }),
    sample: samples.map((sample) => new Sample(sample)),
    stringTable: strings,
    period: 1,
  }).encode();
}

test("random samples", () => {
  fc.assert(
    fc.property(SAMPLES, (samples) => {
      const bytes = encoded(samples);
      expect(samplesByUs(bytes)).toEqual(samplesByLibrary(bytes));
    }),
  );
});

test("numbers that are not packed, and fields in any order", () => {
  const profile = encoded([]);
  // Value 7, location 1, value 300, location 3, and a field that no sample has.
  const sample = [0x10, 7, 0x08, 1, 0x10, 0xac, 2, 0x08, 3, 0x28, 1];
  const bytes = Uint8Array.from([
    0x12,
    sample.length,
    ...sample,
    ...profile,
    0x12,
    4,
    0x12,
    2,
    1,
    2,
  ]);
  expect(samplesByUs(bytes)).toEqual(samplesByLibrary(bytes));
  expect(samplesByUs(bytes).map(({ values }) => values)).toEqual([
    [7, 300],
    [1, 2],
  ]);
});
