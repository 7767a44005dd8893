// A bundle of a measured change, for tests of the server: allocations of one benchmark, which are
// exact and need no luck, and the compiler's word on the function that makes them.
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { type Manifest, manifestSchema, type Side } from "../../src/evidence/manifest.ts";
import { formatProcess } from "../../src/evidence/pair-text.ts";
import type { Plan } from "../../src/plan/plan.ts";
import { syntaxOf } from "../goast/syntax-of.ts";

export type Measured = {
  /** Allocations an operation on each side. */
  readonly allocs: Readonly<Record<Side, number>>;
  /** "git diff" of the two sides; the cause's line is inside it or not. */
  readonly diff?: string;
  readonly benchmark?: string;
};

const PACKAGE = "example.com/ledger/journal";
const PAIRS = 6;

/** For `Collecting.succeed`. */
export function allocationBundle(measured: Measured): (plan: Plan, dir: string) => Promise<void> {
  return async (plan, dir) => {
    const files = {
      baseBench: "files/base.txt",
      headBench: "files/head.txt",
      baseCompiler: "files/base.m2.txt",
      headCompiler: "files/head.m2.txt",
    };
    await mkdir(join(dir, "files"), { recursive: true });
    await writeFile(join(dir, files.baseBench), benchText(measured, "base"));
    await writeFile(join(dir, files.headBench), benchText(measured, "head"));
    await writeFile(join(dir, files.baseCompiler), compilerText(74, false));
    const isWorse = measured.allocs.head > measured.allocs.base;
    await writeFile(join(dir, files.headCompiler), compilerText(79, isWorse));
    await writeFile(join(dir, "files/base.syntax.json"), syntaxText(74, "a"));
    await writeFile(join(dir, "files/head.syntax.json"), syntaxText(79, isWorse ? "b" : "a"));
    await writeFile(join(dir, "files/diff.patch"), measured.diff ?? "");
    const manifest = manifestSchema.parse(manifestOf(plan, measured, files));
    await writeFile(join(dir, "manifest.json"), JSON.stringify(manifest));
  };
}

function benchText({ allocs, benchmark = "BenchmarkParseLine" }: Measured, side: Side): string {
  return Array.from({ length: PAIRS }, (_, at) =>
    formatProcess(
      {
        pair: at + 1,
        phase: "explore",
        first: at % 2 === 0 ? "base" : "head",
        layout: 0,
        wallSec: 0.05,
        cpuSec: 0.05,
        involuntarySwitches: 0,
      },
      [
        {
          name: `${benchmark}-2`,
          iterations: 1000,
          values: [
            { value: 1e-6 + at * 1e-9, unit: "sec/op" },
            { value: allocs[side], unit: "allocs/op" },
          ],
        },
      ],
    ),
  ).join("");
}

/** The probe's reading: one function, the same on both sides or not. */
function syntaxText(line: number, hash: string): string {
  const file = "journal/journal.go";
  return JSON.stringify(syntaxOf({ [file]: [`func readHead ${line}-${line + 11} ${hash}`] }));
}

/** As `go build -gcflags=-m=2` words it. */
function compilerText(line: number, hasEscape: boolean): string {
  const file = `${PACKAGE}/journal.go`;
  return [
    `# ${PACKAGE}`,
    `${file}:${line}:6: cannot inline readHead: function too complex: cost 143 exceeds budget 80`,
    ...(hasEscape ? [`${file}:${line + 1}:2: moved to heap: text`] : []),
    "",
  ].join("\n");
}

function manifestOf(
  plan: Plan,
  { benchmark = "BenchmarkParseLine" }: Measured,
  files: Manifest["packages"][number]["files"],
): Manifest {
  const cell = plan.cells[0]?.id ?? "default";
  return {
    schema: "tailguard.evidence/1",
    tailguard: "0.0.0",
    plan,
    outcome: { kind: "collected" },
    cells: [{ id: cell, go: "go1.26.8", env: {}, gomaxprocs: 2, layoutSeeds: 1 }],
    packages: [{ cell, importPath: PACKAGE, dir: "journal", files }],
    benchmarks: [
      {
        cell,
        package: PACKAGE,
        name: benchmark,
        status: "measured",
        reason: "",
        pairs: PAIRS,
        stopped: "settled",
      },
    ],
    profiles: [],
    diff: "files/diff.patch",
    syntax: { base: "files/base.syntax.json", head: "files/head.syntax.json" },
    machine: { cpu: "none", cores: 1, os: "linux", load1: 0, sandbox: "none", warnings: [] },
    seconds: { checkout: 1, build: 1, measure: 1 },
    degraded: [],
  };
}
