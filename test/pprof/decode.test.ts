import fc from "fast-check";
import {
  Label,
  Location,
  Mapping,
  Profile,
  Function as ProtoFunction,
  Sample,
  StringTable,
} from "pprof-format";
import { describe, expect, test } from "vitest";
import { decodeProfile } from "../../src/pprof/decode.ts";
import { PROFILE_LIMITS } from "../../src/pprof/limits.ts";
import { valueIndex } from "../../src/pprof/profile.ts";
import { textProfile, textProfileBytes } from "../text-profile.ts";

const PARSER = textProfileBytes(`
  #            30           5            2
  +m.skip:7    .            .
  +m.white:9   .            .
  m.Parse:20   m.Parse:21   .
  m.Bench:3    m.Bench:3    gcWriteBarrier:1
`);

function problemOf(bytes: Uint8Array, limits = PROFILE_LIMITS): string {
  const decoded = decodeProfile(bytes, limits);
  return decoded.kind === "damaged" ? decoded.problem : "none";
}

function labeled(label: ConstructorParameters<typeof Label>[0]): Sample {
  return new Sample({ locationId: [1], value: [1], label: [new Label(label)] });
}

type Parts = ConstructorParameters<typeof Profile>[0];

/** A small whole profile with some of its parts replaced. */
function encoded(parts: Parts = {}): Uint8Array {
  const strings = new StringTable();
  const [samples, count, name] = ["samples", "count", "m.F"].map((text) => strings.dedup(text));
  return new Profile({
    sampleType: [{ type: samples!, unit: count! }],
    function: [new ProtoFunction({ id: 1, name: name! })],
    location: [new Location({ id: 1, line: [{ functionId: 1, line: 4 }] })],
    sample: [new Sample({ locationId: [1], value: [1] })],
    stringTable: strings,
    period: 1,
    ...parts,
  }).encode();
}

describe("a whole profile", () => {
  test("keeps inlined frames, innermost first", () => {
    const profile = textProfile(`
      +m.skip:7
      +m.white:9
      m.Parse:20
      m.Bench:3
    `);
    const frames = profile.samples[0]?.frames.map(
      ({ function: { name }, line, inlined }) => `${name}:${line}${inlined ? " inlined" : ""}`,
    );
    expect(frames).toEqual(["m.skip:7 inlined", "m.white:9 inlined", "m.Parse:20", "m.Bench:3"]);
  });

  test("has plain numbers and resolved strings", () => {
    const decoded = decodeProfile(PARSER);
    if (decoded.kind === "damaged") throw new Error(decoded.problem);
    const { profile } = decoded;
    expect(profile.sampleTypes).toEqual([
      { type: "samples", unit: "count" },
      { type: "cpu", unit: "nanoseconds" },
    ]);
    expect(profile.periodType).toEqual({ type: "cpu", unit: "nanoseconds" });
    expect(profile.period).toBe(10_000_000);
    expect(profile.samples.map(({ values }) => values)).toEqual([
      [30, 300_000_000],
      [5, 50_000_000],
      [2, 20_000_000],
    ]);
    expect(valueIndex(profile, "cpu")).toBe(1);
    expect(valueIndex(profile, "alloc_space")).toBe(-1);
  });

  test("reads negative values, which the library gives as unsigned", () => {
    const profile = textProfile("# -5/-7000000000\n m.F");
    expect(profile.samples[0]?.values).toEqual([-5, -7_000_000_000]);
  });

  test("keeps labels of both kinds", () => {
    const strings = new StringTable();
    const [type, key, value, size, unit] = ["samples", "handler", "/a", "bytes", "B"].map((text) =>
      strings.dedup(text),
    );
    const bytes = encoded({
      stringTable: strings,
      sampleType: [{ type: type!, unit: 0 }],
      function: [new ProtoFunction({ id: 1, name: key! })],
      sample: [
        new Sample({
          locationId: [1],
          value: [1],
          label: [
            { key: key!, str: value! },
            { key: size!, num: -8, numUnit: unit! },
          ],
        }),
      ],
    });
    const decoded = decodeProfile(bytes);
    if (decoded.kind === "damaged") throw new Error(decoded.problem);
    expect(decoded.profile.samples[0]?.labels).toEqual([
      { key: "handler", value: "/a", unit: "" },
      { key: "bytes", value: -8, unit: "B" },
    ]);
  });

  test("names code without symbols after its file, as go tool pprof does", () => {
    const strings = new StringTable();
    const filename = strings.dedup("/usr/lib/libc.so.6");
    const bytes = encoded({
      stringTable: strings,
      sampleType: [{ type: 0, unit: 0 }],
      function: [],
      mapping: [{ id: 9, filename }],
      location: [new Location({ id: 1, mappingId: 9 })],
    });
    const decoded = decodeProfile(bytes);
    if (decoded.kind === "damaged") throw new Error(decoded.problem);
    expect(decoded.profile.samples[0]?.frames[0]?.function.name).toBe("[libc.so.6]");
  });

  test("may hold no samples", () => {
    expect(problemOf(encoded({ sample: [] }))).toBe("none");
  });
});

describe("damage is named", () => {
  const cases: readonly (readonly [string, Uint8Array, string])[] = [
    ["empty", new Uint8Array(), "it is empty"],
    ["still packed", new Uint8Array([0x1f, 0x8b, 8, 0]), "it is still packed with gzip"],
    ["not a profile", new TextEncoder().encode("goos: linux\n"), "not a field of a profile"],
    ["no sample types", encoded({ sampleType: [], sample: [] }), "it has no sample types"],
    [
      "value count",
      encoded({ sample: [new Sample({ locationId: [1], value: [1, 2] })] }),
      "sample 0 has 2 values for 1 sample types",
    ],
    [
      "unknown location",
      encoded({ sample: [new Sample({ locationId: [1, 40], value: [1] })] }),
      "sample 0 names location 40, which does not exist",
    ],
    [
      "unknown function",
      encoded({ location: [new Location({ id: 1, line: [{ functionId: 7, line: 1 }] })] }),
      "location 1 names function 7, which does not exist",
    ],
    ...(
      [
        ["function 1", { function: [new ProtoFunction({ id: 1, name: 99 })] }],
        ["function 1", { function: [new ProtoFunction({ id: 1, name: 3, filename: 99 })] }],
        ["function 1", { function: [new ProtoFunction({ id: 1, systemName: 99 })] }],
        ["mapping 1", { mapping: [new Mapping({ id: 1, filename: 99 })] }],
        ["a sample type", { sampleType: [{ type: 99, unit: 0 }] }],
        ["a sample type", { sampleType: [{ type: 0, unit: 99 }] }],
        ["a sample type", { periodType: { type: 99, unit: 0 } }],
        ["a label of sample 0", { sample: [labeled({ key: 99, num: 1 })] }],
        ["a label of sample 0", { sample: [labeled({ key: 1, str: 99 })] }],
        ["a label of sample 0", { sample: [labeled({ key: 1, num: 1, numUnit: 99 })] }],
      ] satisfies (readonly [string, Parts])[]
    ).map(([what, parts], at): readonly [string, Uint8Array, string] => [
      `string out of range (${at}): ${what}`,
      encoded(parts),
      `${what} names string 99, which does not exist`,
    ]),
    ...[0, 1].flatMap((id): (readonly [string, Uint8Array, string])[] => {
      const both = <T>(one: T): T[] => (id === 0 ? [one] : [one, one]);
      const how = id === 0 ? "zero" : "used twice";
      return [
        [
          `the id of a location is ${how}`,
          encoded({ location: both(new Location({ id })) }),
          `location id ${id} is zero or used twice`,
        ],
        [
          `the id of a function is ${how}`,
          encoded({ function: both(new ProtoFunction({ id, name: 3 })) }),
          `function id ${id} is zero or used twice`,
        ],
        [
          `the id of a mapping is ${how}`,
          encoded({ mapping: both(new Mapping({ id })) }),
          `mapping id ${id} is zero or used twice`,
        ],
      ];
    }),
    [
      "unknown mapping",
      encoded({ location: [new Location({ id: 1, mappingId: 5 })] }),
      "location 1 names mapping 5, which does not exist",
    ],
    [
      "a location of id zero",
      encoded({ sample: [new Sample({ locationId: [0], value: [1] })] }),
      "sample 0 names location 0, which does not exist",
    ],
    [
      "a line below zero",
      encoded({ location: [new Location({ id: 1, line: [{ functionId: 1, line: -4 }] })] }),
      "a line of location 1 is negative",
    ],
    ["a period beyond what numbers hold", encoded({ period: 2n ** 60n }), "the period is beyond"],
    [
      "a string table that starts with text",
      new Uint8Array([0x32, 1, 0x61]),
      "its string table does not start with the empty string",
    ],
    [
      "value beyond what numbers hold",
      encoded({ sample: [new Sample({ locationId: [1], value: [2n ** 60n] })] }),
      "a value of sample 0 is beyond 2^53",
    ],
    ["endless varint", new Uint8Array([0x48, ...Array(64).fill(0xff)]), "cut or too long"],
  ];
  test.each(cases)("%s", (_, bytes, problem) => {
    expect(problemOf(bytes)).toContain(problem);
  });

  test.each([
    ["samples", { samples: 2 }, "it has more samples than the limit of 2"],
    ["sample types", { valueTypes: 1 }, "more sample types than the limit of 1"],
    ["locations", { locations: 2 }, "more locations than the limit of 2"],
    ["functions", { functions: 2 }, "more functions than the limit of 2"],
    ["ids and values", { locationIds: 5 }, "more ids and values than the limit of 5"],
    ["strings", { strings: 3 }, "more strings than the limit of 3"],
    ["lines", { lines: 3 }, "more inlined lines than the limit of 3"],
    ["stack depth", { stackDepth: 3 }, "sample 0 is deeper than the limit of 3 frames"],
    ["frames", { frames: 5 }, "its stacks hold more than the limit of 5 frames"],
    ["bytes", { bytes: 100 }, "bytes, more than the limit of 100"],
    ["names", { nameLength: 4 }, "is longer than 4 characters"],
  ])("too many: %s", (_, limit, problem) => {
    expect(problemOf(PARSER, { ...PROFILE_LIMITS, ...limit })).toContain(problem);
  });

  test("a bomb of empty samples costs no memory", () => {
    const bomb = new Uint8Array(8_000_000).fill(0);
    for (let at = 0; at < bomb.length; at += 2) bomb[at] = 0x12;
    expect(problemOf(bomb)).toBe("it has more samples than the limit of 2000000");
  });

  test("a stack of 10,000 frames", () => {
    const deep = encoded({
      sample: [new Sample({ locationId: Array(10_000).fill(1), value: [1] })],
    });
    expect(problemOf(deep)).toBe("sample 0 is deeper than the limit of 4096 frames");
  });

  test("a file cut anywhere before its last fields", () => {
    // Only the period and its type stand after the string table; Go writes them in other places.
    const tail = 2 + 4 + 5;
    for (let length = 0; length < PARSER.length - tail; length++) {
      expect(problemOf(PARSER.slice(0, length)), `${length} bytes`).not.toBe("none");
    }
  });

  test("no bytes make it throw", () => {
    const flips = fc.array(fc.tuple(fc.nat(PARSER.length - 1), fc.nat(255)), { maxLength: 8 });
    fc.assert(
      fc.property(flips, (changes) => {
        const bytes = PARSER.slice();
        for (const [at, byte] of changes) bytes[at] = byte;
        expect(typeof problemOf(bytes)).toBe("string");
      }),
      { numRuns: 2000 },
    );
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        expect(typeof problemOf(bytes)).toBe("string");
      }),
      { numRuns: 1000 },
    );
  });
});
