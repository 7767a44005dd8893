// Our numbers against those of `go tool pprof`, on the profiles of test/testdata/profiles and on
// two that the Go at hand writes while the test runs.
//
// Two differences are meant, and each has a test of its own that says what it is:
// - samples at equal lines but different addresses are one: addresses are not kept (decode.ts);
// - stacks leave out the leaves in which preemption lands (stacks.ts).
import { writeFile } from "node:fs/promises";
import { gzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { deltaProfile, mergeProfiles, scaleProfile } from "../../src/pprof/combine.ts";
import { encodeProfile } from "../../src/pprof/encode.ts";
import {
  type Profile,
  type ProfileFrame,
  type ProfileLabel,
  valueIndex,
} from "../../src/pprof/profile.ts";
import {
  callEdges,
  functionCosts,
  mergeStacks,
  type Stack,
  stacksOf,
  totalValue,
} from "../../src/pprof/stacks.ts";
import { buildTest, copyModule, goToolPprof, type Recorded, record } from "./record-profile.ts";
import { PROFILES_DIR, readRecorded, recordedProfiles } from "./recorded-profiles.ts";
import { type Cost, readEdges, readRaw, readTop, readTraces } from "./tool-output.ts";

const LEDGER = new URL("../testdata/go/ledger", import.meta.url).pathname;

const isPreemption = ({ function: { name } }: ProfileFrame) =>
  name.startsWith("runtime.asyncPreempt");
const byName = (frame: ProfileFrame) => frame.function.name;

function sorted<V>(map: Iterable<readonly [string, V]>): (readonly [string, V])[] {
  return [...map].sort(([one], [other]) => (one < other ? -1 : 1));
}

/** The stacks as the file has them. */
function allStacks({ samples }: Profile, valueAt: number): Stack[] {
  return samples.flatMap(({ frames, values }) =>
    values[valueAt] === 0 ? [] : [{ frames, value: values[valueAt]! }],
  );
}

/** Functions that cost anything; the tool prints others too. */
function costly(costs: Iterable<readonly [string, Cost]>): (readonly [string, Cost])[] {
  return sorted([...costs].filter(([, { flat, cum }]) => flat !== 0 || cum !== 0));
}

const nonzero = (values: Iterable<readonly [string, number]>) =>
  sorted([...values].filter(([, value]) => value !== 0));

/** Nothing rounded: each value in the unit in which the profile has it. */
function wholeValues({ sampleTypes }: Profile, at: number): string[] {
  const { type, unit } = sampleTypes[at]!;
  const units: Readonly<Record<string, string>> = { nanoseconds: "ns", bytes: "B" };
  return [`-sample_index=${type}`, `-unit=${units[unit] ?? unit}`];
}

function rawLabel({ key, value, unit }: ProfileLabel): string {
  return `${key}:[${value}${unit === "" ? "" : ` ${unit}`}]`;
}

/** As readRaw has the samples of the tool. */
function rawSamples(profile: Profile): Map<string, readonly number[]> {
  return new Map(
    mergeProfiles([profile]).samples.map(({ frames, values, labels }) => {
      const rows = frames.map(
        ({ function: { name, file, startLine }, line }) => `${name} ${file} ${line} ${startLine}`,
      );
      const texts = labels.filter(({ value }) => typeof value === "string").map(rawLabel);
      const numbers = labels.filter(({ value }) => typeof value === "number").map(rawLabel);
      const ofLabels = [texts, numbers].filter((line) => line.length > 0);
      return [[...rows, ...ofLabels.map((line) => line.sort().join(" "))].join("\n"), values];
    }),
  );
}

async function expectEqualTop(profile: Profile, files: readonly string[], options: string[] = []) {
  for (const at of profile.sampleTypes.keys()) {
    const ours = functionCosts(allStacks(profile, at), byName);
    const theirs = await goToolPprof(files, [...wholeValues(profile, at), ...options, "-top"]);
    expect(costly(ours)).toEqual(costly(readTop(theirs)));
  }
}

/** What the tool shows of a kind when it is not told; of memory it would show what is in use. */
const SHOWN_TYPES = { cpu: "cpu", mem: "alloc_space", mutex: "delay", block: "delay" } as const;

const recorded = recordedProfiles();

test("there are at least 20, of four kinds, by five versions of Go", () => {
  expect(recorded.length).toBeGreaterThanOrEqual(20);
  expect(new Set(recorded.map(({ kind }) => kind)).size).toBe(4);
  expect(new Set(recorded.map(({ go }) => go)).size).toBeGreaterThanOrEqual(5);
});

describe.each(recorded)("$file", (one) => {
  const profile = readRecorded(one);
  const file = PROFILES_DIR + one.file;
  const at = valueIndex(profile, SHOWN_TYPES[one.kind]);

  test("flat and cum of every function equal -top, for every sample type", async () => {
    expect(functionCosts(allStacks(profile, at), byName).size).toBeGreaterThan(10);
    await expectEqualTop(profile, [file]);
  });

  test("stacks equal -traces", async () => {
    const text = await goToolPprof(file, [...wholeValues(profile, at), "-traces"]);
    const ours = mergeStacks(allStacks(profile, at), byName).map(
      ({ frames, value }) => [frames.map(byName).join(" < "), value] as const,
    );
    expect(nonzero(ours)).toEqual(nonzero(readTraces(text)));
  });

  test("samples with their lines, labels and values equal -raw", async () => {
    const theirs = readRaw(await goToolPprof(file, ["-raw"]));
    expect(sorted(rawSamples(profile))).toEqual(sorted(theirs));
  });

  test("calls equal the edges of -dot", async () => {
    const text = await goToolPprof(file, [...wholeValues(profile, at), "-dot"]);
    const ours = callEdges(allStacks(profile, at), byName).map(
      ({ caller, callee, value }) => [`${caller} -> ${callee}`, value] as const,
    );
    expect(nonzero(ours)).toEqual(nonzero(readEdges(text)));
  });
});

describe.each([...new Set(recorded.map(({ pair }) => pair))])("both of %s", (pair) => {
  const both = recorded.filter((one) => one.pair === pair);
  const [base, head] = both.map(readRecorded) as [Profile, Profile];
  const [baseFile, headFile] = both.map((one) => PROFILES_DIR + one.file) as [string, string];

  test("the profile of both equals that of the tool, in functions and samples", async () => {
    const merged = mergeProfiles([base, head]);
    await expectEqualTop(merged, [baseFile, headFile]);
    const theirs = readRaw(await goToolPprof([baseFile, headFile], ["-raw"]));
    expect(sorted(rawSamples(merged))).toEqual(sorted(theirs));
  });

  test("the difference equals -diff_base", async () => {
    await expectEqualTop(deltaProfile(base, head, 1), [headFile], [`-diff_base=${baseFile}`]);
  });

  test("the difference of equal totals equals -diff_base -normalize", async () => {
    const total = ({ samples }: Profile, at: number) =>
      samples.reduce((sum, { values }) => sum + values[at]!, 0);
    const ratios = base.sampleTypes.map((_, at) => total(base, at) / total(head, at));
    const delta = deltaProfile(base, scaleProfile(head, ratios), 1);
    await expectEqualTop(delta, [headFile], [`-diff_base=${baseFile}`, "-normalize"]);
  });
});

describe("what is meant to differ", () => {
  test("samples that differ in nothing but the address are one", () => {
    let [theirs, ours] = [0, 0];
    for (const profile of recorded.map(readRecorded)) {
      theirs += profile.samples.length;
      ours += mergeProfiles([profile]).samples.length;
    }
    expect({ theirs, ours }).toMatchInlineSnapshot(`
      {
        "ours": 5043,
        "theirs": 5308,
      }
    `);
  });

  test.each(recorded.filter(({ kind }) => kind === "cpu"))(
    "preemption is not a leaf in $file: as the tool with those frames hidden",
    async (one) => {
      const profile = readRecorded(one);
      const at = valueIndex(profile, "cpu");
      const stacks = stacksOf([profile], at);
      // The tool hides frames anywhere, we leave out leaves: the same where no other is such one.
      expect(stacks.flatMap(({ frames }) => frames).filter(isPreemption)).toEqual([]);
      const hidden = ["-hide=^runtime\\.asyncPreempt2?$", ...wholeValues(profile, at), "-top"];
      const theirs = readTop(await goToolPprof(PROFILES_DIR + one.file, hidden));
      expect(costly(functionCosts(stacks, byName))).toEqual(costly(theirs));
      expect(totalValue(stacks)).toBe(totalValue(allStacks(profile, at)));
    },
  );
});

describe("profiles of the Go at hand", () => {
  let remove: () => Promise<void> = async () => {};
  const live: Partial<Record<"cpu" | "mem", Recorded>> = {};

  beforeAll(async () => {
    const copy = await copyModule(LEDGER);
    remove = copy.remove;
    const binary = await buildTest(copy.module, "api");
    for (const kind of ["cpu", "mem"] as const) {
      live[kind] = await record(binary, {
        bench: "^BenchmarkGetBalances$",
        operations: 20_000,
        kind,
      });
    }
  }, 240_000);
  afterAll(() => remove());

  test.each(["cpu", "mem"] as const)(
    "%s: functions and samples equal -top and -raw",
    async (kind) => {
      const { profile, file } = live[kind]!;
      await expectEqualTop(profile, [file]);
      const theirs = readRaw(await goToolPprof(file, ["-raw"]));
      expect(sorted(rawSamples(profile))).toEqual(sorted(theirs));
    },
  );

  /** Writes head, which is the CPU profile times a factor, and its difference from the profile. */
  async function written(baseFactor: number, headFactor: number) {
    const { file, profile } = live.cpu!;
    const head = scaleProfile(profile, [headFactor, headFactor]);
    const delta = encodeProfile(deltaProfile(profile, head, baseFactor), {
      defaultType: "samples",
    });
    const files = { delta: `${file}-delta.pb.gz`, head: `${file}-head.pb.gz` };
    await writeFile(files.delta, gzipSync(delta));
    await writeFile(files.head, gzipSync(encodeProfile(head)));
    return files;
  }

  const top = ["-sample_index=samples", "-unit=count", "-top"];

  test("a difference that we wrote reads as -diff_base of both profiles", async () => {
    const { delta, head } = await written(1, 3);
    const theirs = await goToolPprof(head, [...top, `-diff_base=${live.cpu!.file}`]);
    const ours = await goToolPprof(delta, top);
    expect(costly(readTop(theirs)).length).toBeGreaterThan(10);
    expect(costly(readTop(ours))).toEqual(costly(readTop(theirs)));
    const shares = (text: string) => /Total samples = .*|^Showing nodes .*/m.exec(text)?.[0];
    expect(shares(ours)).toBe(shares(theirs));
  });

  test("a difference that we wrote costs nothing where both did the same", async () => {
    const { delta } = await written(3, 3);
    expect(costly(readTop(await goToolPprof(delta, top)))).toEqual([]);
  });
});
