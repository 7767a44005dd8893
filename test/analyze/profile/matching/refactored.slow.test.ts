// A program before and after a refactoring (renamed, extracted, inlined, wrapped), profiled for real.
import { readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { analyzeProfile } from "../../../../src/analyze/profile/analyze-profile.ts";
import type { SourceNames } from "../../../../src/analyze/source-names.ts";
import type { ProfileEvidence } from "../../../../src/evidence/evidence.ts";
import type { Side } from "../../../../src/evidence/manifest.ts";
import { buildTest, copyModule, record, type TestBinary } from "../../../pprof/record-profile.ts";

const GO = new URL("../../../testdata/go", import.meta.url).pathname;
/** As few as are compared run by run, of eighty samples each. */
const RUNS = 4;
const OPERATIONS = 150_000;

/** What the syntax trees say of the patch. */
const NAMES: SourceNames = {
  renamed: new Map([["example.com/tally.parseValue", "example.com/tally.consume"]]),
  removed: new Set(["example.com/tally.digit"]),
  added: new Set(["example.com/tally.checked", "example.com/tally.fold"]),
};

type Program = Awaited<ReturnType<typeof copyModule>> & { readonly binary: TestBinary };
const programs: Program[] = [];
const profiles: Record<"base" | "head" | "slower", ProfileEvidence[]> = {
  base: [],
  head: [],
  slower: [],
};

async function program(isRefactored: boolean, edit: (source: string) => string): Promise<Program> {
  const patch = path.join(GO, "refactored-changes", "refactor.patch");
  const copy = await copyModule(path.join(GO, "refactored"), isRefactored ? patch : undefined);
  const file = path.join(copy.module, "tally.go");
  await writeFile(file, edit(await readFile(file, "utf8")));
  const made = { ...copy, binary: await buildTest(copy.module, ".") };
  programs.push(made);
  return made;
}

async function profileOf({ binary }: Program, side: Side, run: number): Promise<ProfileEvidence> {
  const bench = "^BenchmarkSum$";
  const { bytes, operations } = await record(binary, {
    bench,
    operations: OPERATIONS,
    kind: "cpu",
  });
  const of = { cell: "default", package: "example.com/tally", benchmark: "BenchmarkSum" };
  const file = `${side}-${run}.pb.gz`;
  return { record: { ...of, side, kind: "cpu", run, operations, file }, bytes };
}

beforeAll(async () => {
  const same = (source: string) => source;
  const base = await program(false, same);
  const head = await program(true, same);
  // The renamed function does twice the work.
  const slower = await program(true, (source) => source.replace("turn < 16", "turn < 32"));
  for (let run = 0; run < RUNS; run++) {
    profiles.base.push(await profileOf(base, "base", run));
    profiles.head.push(await profileOf(head, "head", run));
    profiles.slower.push(await profileOf(slower, "head", run));
  }
});
afterAll(async () => {
  for (const { remove } of programs) await remove();
});

function analyzed(head: readonly ProfileEvidence[]) {
  const evidence = { packages: [], profiles: [...profiles.base, ...head] };
  const { findings } = analyzeProfile(evidence, NAMES);
  const moved = findings.filter((finding) => finding.kind === "moved-code");
  const short = (name: string) => name.replace("example.com/tally.", "");
  return {
    code: moved.map(({ how, base, head: to, change }) => [how, short(base), short(to), change]),
    functions: findings.flatMap((finding) =>
      finding.kind === "function-share" && finding.moved ? [short(finding.function)] : [],
    ),
  };
}

test("a refactoring that costs nothing moves nothing", () => {
  const { code, functions } = analyzed(profiles.head);
  expect(code.sort()).toEqual([
    ["extracted", "checksum", "fold", "same"],
    ["inlined", "digit", "number", "same"],
    ["renamed", "parseValue", "consume", "same"],
    ["wrapped", "Line", "checked", "same"],
  ]);
  expect(functions).toEqual([]);
});

test("a function that got slower under its new name is slower", () => {
  const { code, functions } = analyzed(profiles.slower);
  expect(code).toContainEqual(["renamed", "parseValue", "consume", "slower"]);
  expect(code.filter(([how, , , change]) => how !== "renamed" && change !== "same")).toEqual([]);
  expect(functions).toContain("consume");
});
