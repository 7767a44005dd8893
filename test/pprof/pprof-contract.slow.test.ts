// Our numbers against those of `go tool pprof`, on profiles that Go writes while the test runs.
import { writeFile } from "node:fs/promises";
import { gzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { deltaProfile, scaleProfile } from "../../src/pprof/combine.ts";
import { type Profile, type ProfileFrame, valueIndex } from "../../src/pprof/decode.ts";
import { encodeProfile } from "../../src/pprof/encode.ts";
import { callEdges, functionCosts, mergeStacks, stacksOf } from "../../src/pprof/stacks.ts";
import { buildTest, copyModule, goToolPprof, type Recorded, record } from "./record-profile.ts";

const LEDGER = new URL("../testdata/go/ledger", import.meta.url).pathname;
/** Our stacks leave these leaves out; hidden, they are out of the tool's too. */
const NO_PREEMPTION = "-hide=^runtime\\.asyncPreempt2?$";

const cases = [
  { package: "journal", bench: "^BenchmarkRead$/^lines=400$", operations: 30_000, kind: "cpu" },
  { package: "balance", bench: "^BenchmarkRollup$/^depth=6$", operations: 25_000, kind: "cpu" },
  { package: "api", bench: "^BenchmarkGetBalances$", operations: 150_000, kind: "cpu" },
  { package: "api", bench: "^BenchmarkGetBalances$", operations: 20_000, kind: "mem" },
  { package: "balance", bench: "^BenchmarkRollup$", operations: 5_000, kind: "mem" },
] as const;

type Case = (typeof cases)[number];

const recorded = new Map<Case, Recorded>();
let remove: () => Promise<void> = async () => {};

beforeAll(async () => {
  const copy = await copyModule(LEDGER);
  remove = copy.remove;
  for (const one of cases)
    recorded.set(one, await record(await buildTest(copy.module, one.package), one));
}, 240_000);
afterAll(() => remove());

const byName = (frame: ProfileFrame) => frame.function.name;

function sampleTypeOf(one: Case): { readonly type: string; readonly options: readonly string[] } {
  const type = one.kind === "cpu" ? "samples" : "alloc_space";
  const unit = one.kind === "cpu" ? "count" : "B";
  return { type, options: [`-sample_index=${type}`, `-unit=${unit}`, NO_PREEMPTION] };
}

function stacksOfCase(one: Case): ReturnType<typeof stacksOf> {
  const { profile } = recorded.get(one)!;
  return stacksOf([profile], valueIndex(profile, sampleTypeOf(one).type));
}

/** "flat flat% sum% cum cum% name" rows of -top, without its marks for inlined functions. */
function readTop(text: string): Map<string, { flat: number; cum: number }> {
  const rows = new Map<string, { flat: number; cum: number }>();
  for (const line of text.split("\n")) {
    const row =
      /^\s*(-?\d+)B?\s+\S+%\s+\S+%\s+(-?\d+)B?\s+\S+%\s+(.*?)(?: \((?:partial-)?inline\))?$/.exec(
        line,
      );
    if (row !== null) rows.set(row[3]!, { flat: Number(row[1]), cum: Number(row[2]) });
  }
  return rows;
}

/** Stacks of -traces as "leaf < … < root", with their values added up. */
function readTraces(text: string): Map<string, number> {
  const traces = new Map<string, number>();
  for (const block of text.split(/^-+\+-+$/m).slice(1)) {
    const lines = block
      .split("\n")
      .filter((line) => line.trim() !== "" && !/^\s+bytes:/.test(line));
    const first = /^\s*(-?\d+)B?\s+(.*)$/.exec(lines[0] ?? "");
    if (first === null) continue;
    const names = [first[2]!, ...lines.slice(1).map((line) => line.trim())].map((name) =>
      name.replace(/ \(inline\)$/, ""),
    );
    const key = names.join(" < ");
    traces.set(key, (traces.get(key) ?? 0) + Number(first[1]));
  }
  return traces;
}

/** Sums of all samples of -raw, one for each sample type. */
function readRawSums(text: string, types: number): number[] {
  const sums = Array<number>(types).fill(0);
  for (const line of text.split("\nLocations\n")[0]!.split("\n")) {
    const row = /^\s*((?:-?\d+\s+)*-?\d+): [\d ]*$/.exec(line);
    const values = row?.[1]?.trim().split(/\s+/) ?? [];
    values.forEach((value, at) => {
      sums[at]! += Number(value);
    });
  }
  return sums;
}

function sorted<V>(map: Iterable<readonly [string, V]>): (readonly [string, V])[] {
  return [...map].sort(([one], [other]) => (one < other ? -1 : 1));
}

function sums(profile: Profile): number[] {
  return profile.sampleTypes.map((_, at) =>
    profile.samples.reduce((sum, { values }) => sum + values[at]!, 0),
  );
}

describe.each(cases)("$kind profile of $package $bench", (one) => {
  test("flat and cum of every function equal -top", async () => {
    const top = readTop(
      await goToolPprof(recorded.get(one)!.file, [...sampleTypeOf(one).options, "-top"]),
    );
    const ours = [...functionCosts(stacksOfCase(one), byName)].filter(
      ([, { flat, cum }]) => flat !== 0 || cum !== 0,
    );
    expect(ours.length).toBeGreaterThan(10);
    expect(sorted(ours)).toEqual(sorted(top));
  });

  test("stacks equal -traces", async () => {
    const text = await goToolPprof(recorded.get(one)!.file, [
      ...sampleTypeOf(one).options,
      "-traces",
    ]);
    const ours = mergeStacks(stacksOfCase(one), byName).map(
      ({ frames, value }) => [frames.map(byName).join(" < "), value] as const,
    );
    const traces = [...readTraces(text)].filter(([, value]) => value !== 0);
    expect(sorted(ours)).toEqual(sorted(traces));
  });

  test("totals of every sample type equal -raw", async () => {
    const { file, profile } = recorded.get(one)!;
    const raw = readRawSums(await goToolPprof(file, ["-raw"]), profile.sampleTypes.length);
    expect(sums(profile)).toEqual(raw);
  });

  test("calls equal the edges of -dot", async () => {
    const text = await goToolPprof(recorded.get(one)!.file, [...sampleTypeOf(one).options, "-dot"]);
    const edges = new Map<string, number>();
    for (const [, call, value] of text.matchAll(/ labeltooltip="(.* -> .*) \((-?\d+)B?\)"/g)) {
      edges.set(call!, Number(value));
    }
    const ours = callEdges(stacksOfCase(one), byName).map(
      ({ caller, callee, value }) => [`${caller} -> ${callee}`, value] as const,
    );
    expect(sorted(ours)).toEqual(sorted(edges));
  });
});

describe("the difference as a profile", () => {
  const one = cases[0];

  /** Writes head, the recorded profile times a factor, and its difference from the profile. */
  async function written(baseFactor: number, headFactor: number): Promise<string> {
    const { file, profile } = recorded.get(one)!;
    const head = scaleProfile(profile, [headFactor, headFactor]);
    const delta = deltaProfile(profile, head, baseFactor);
    const target = `${file}-delta-${baseFactor}.pb.gz`;
    await writeFile(target, gzipSync(encodeProfile(delta, { defaultType: "samples" })));
    const headFile = `${file}-head-${headFactor}.pb.gz`;
    await writeFile(headFile, gzipSync(encodeProfile(head)));
    return target;
  }

  const top = ["-sample_index=samples", "-unit=count", "-top"];

  test("reads as -diff_base of both profiles", async () => {
    const { file } = recorded.get(one)!;
    const delta = await written(1, 3);
    const theirs = await goToolPprof(`${file}-head-3.pb.gz`, [...top, `-diff_base=${file}`]);
    const rows = [...readTop(theirs)].filter(([, { flat, cum }]) => flat !== 0 || cum !== 0);
    expect(rows.length).toBeGreaterThan(10);
    const ours = [...readTop(await goToolPprof(delta, top))];
    expect(sorted(ours.filter(([, { flat, cum }]) => flat !== 0 || cum !== 0))).toEqual(
      sorted(rows),
    );
    const shares = (text: string) => /Total samples = .*|^Showing nodes .*/m.exec(text)?.[0];
    expect(shares(await goToolPprof(delta, top))).toBe(shares(theirs));
  });

  test("costs nothing where both did the same", async () => {
    const delta = await written(3, 3);
    expect([...readTop(await goToolPprof(delta, top))].filter(([, { cum }]) => cum !== 0)).toEqual(
      [],
    );
  });
});
