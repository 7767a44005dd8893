// The analysis on profiles of a real program, changed in a way that is known.
import { readFile } from "node:fs/promises";
import { expect, test } from "vitest";
import { analyzeProfile } from "../../../src/analyze/profile/analyze-profile.ts";
import type { PackageEvidence, ProfileEvidence } from "../../../src/evidence/evidence.ts";
import { buildTest, copyModule, record, type TestBinary } from "../../pprof/record-profile.ts";

const GO = new URL("../../testdata/go", import.meta.url).pathname;

/** CPU profiles of one ledger benchmark, before and after a patch. */
async function analyzeChange(patch: string, folder: string, bench: string, operations: number) {
  const profiles: ProfileEvidence[] = [];
  for (const side of ["base", "head"] as const) {
    const change = side === "head" ? [`${GO}/ledger-changes/${patch}.patch`] : [];
    const copy = await copyModule(`${GO}/ledger`, ...change);
    try {
      const binary = await buildTest(copy.module, folder);
      const taken = await record(binary, { bench, operations, kind: "cpu" });
      profiles.push({
        record: {
          cell: "default",
          package: `example.com/ledger/${folder}`,
          benchmark: bench,
          side,
          kind: "cpu",
          run: 0,
          operations: taken.operations,
          file: `profiles/${side}.pb.gz`,
        },
        bytes: taken.bytes,
      });
    } finally {
      await copy.remove();
    }
  }
  const importPath = `example.com/ledger/${folder}`;
  const measured: PackageEvidence = {
    record: { cell: "default", importPath, dir: folder, files: {} },
    baseBench: "",
    headBench: "",
    baseCompiler: "",
    headCompiler: "",
  };
  return analyzeProfile({ packages: [measured], profiles });
}

test("a value that moved to the heap shows as the path from the benchmark to the allocator", async () => {
  const { findings } = await analyzeChange(
    "escape",
    "journal",
    "^BenchmarkParseLine$/^full$",
    10_000_000,
  );
  const stacks = findings.filter((finding) => finding.kind === "stack");
  const path = stacks.find(({ frames }) =>
    frames.some((frame) => frame.function === "runtime.mallocgc"),
  );
  expect(path, JSON.stringify(findings, undefined, 1)).toBeDefined();
  expect(path?.frames.slice(-4)).toMatchObject([
    { function: "runtime.mallocgc" },
    { function: "runtime.newobject" },
    { function: "example.com/ledger/journal.ParseLine", file: "journal/journal.go" },
    {
      function: "example.com/ledger/journal.BenchmarkParseLine.func1",
      file: "journal/journal_test.go",
    },
  ]);
  const lines = (await readFile(`${GO}/ledger/journal/journal.go`, "utf8")).split("\n");
  // The patch adds five lines above the declaration of `source`.
  const declared = lines.findIndex((line) => line.includes("source := fields")) + 1 + 5;
  expect(path?.frames.at(-2)?.line).toBe(declared);
  expect(findings).toContainEqual(
    expect.objectContaining({ kind: "function-share", function: "runtime.newobject" }),
  );
});

/** Family on the heaviest path of a benchmark, which does one kind of work in head only. */
const FAMILIES = {
  Allocation: "allocation",
  Map: "map",
  MapGrowth: "map",
  SliceGrowth: "slice-growth",
  TextConversion: "text-conversion",
  Interface: "interface",
  MemoryCopy: "memory-copy",
  Panic: "defer-panic",
  StackGrowth: "stack-growth",
  Lock: "lock",
  Channel: "channel",
  Scheduler: "scheduler",
  Timer: "timer",
  Syscall: "syscall",
  Reflection: "reflection",
  Formatting: "formatting",
  Encoding: "encoding",
  Regexp: "regexp",
  Crypto: "crypto",
  LiveHeap: "gc-mark",
  SparseHeap: "gc-sweep",
  WriteBarrier: "write-barrier",
};
/** Who asks for memory sweeps for it: there the allocation stands first, and leads to the sweep. */
const PAID_BY_ALLOCATION = "gc-sweep";
/** As many as it takes to compare runs as such, with one to spare. */
const RUNS = 4;
const OPERATIONS = 175_000;

/** Base and head of each run are neighbors. */
async function profileFamily(binary: TestBinary, name: string): Promise<ProfileEvidence[]> {
  const profiles: ProfileEvidence[] = [];
  for (let run = 0; run < RUNS; run++) {
    for (const side of ["base", "head"] as const) {
      const bench = `^Benchmark${name}$/^${side}$`;
      const { operations, bytes } = await record(binary, {
        bench,
        operations: OPERATIONS,
        kind: "cpu",
      });
      const of = { cell: "default", package: "example.com/families", benchmark: name };
      profiles.push({
        record: { ...of, side, kind: "cpu", run, operations, file: `${side}-${run}.pb.gz` },
        bytes,
      });
    }
  }
  return profiles;
}

test("the work that a program was given shows first, for at least 9 of 10 families", async () => {
  const copy = await copyModule(`${GO}/families`);
  const wrong: string[] = [];
  try {
    const binary = await buildTest(copy.module, ".");
    for (const [name, family] of Object.entries(FAMILIES)) {
      const profiles = await profileFamily(binary, name);
      const { findings } = analyzeProfile({ packages: [], profiles });
      const found = findings
        .filter((finding) => finding.kind === "stack")
        .map(({ work, frames }) => [work?.map((at) => at.family), frames.map((at) => at.function)]);
      const [first, ...rest] = found[0]?.[0] ?? [];
      const isPaid = family === PAID_BY_ALLOCATION && first === "allocation";
      if (isPaid ? !rest.includes(family) : first !== family) {
        wrong.push(`${name}: ${JSON.stringify(found, undefined, 1)}`);
      }
    }
  } finally {
    await copy.remove();
  }
  expect(wrong.length, wrong.join("\n")).toBeLessThanOrEqual(Object.keys(FAMILIES).length / 10);
});

// Two profiles a side can differ by more than sampling when a neighbor takes the core in one of
// them: what is wrong would be wrong again in every attempt.
test("a refactoring that compiles to the same code moves none of its functions", {
  retry: 2,
}, async () => {
  const { findings, degraded } = await analyzeChange(
    "refactor",
    "balance",
    "^BenchmarkRollup$/^depth=6$",
    40_000,
  );
  expect(degraded).toEqual([]);
  const moved = findings.filter(
    (finding) =>
      finding.kind === "function-share" &&
      finding.moved &&
      finding.function.startsWith("example.com/ledger/") &&
      Math.abs(finding.headFlat - finding.baseFlat) > 0.05,
  );
  expect(moved).toEqual([]);
});
