// Evidence made from a table of numbers: what each process of each pair printed.
import type { Evidence } from "../../../src/evidence/evidence.ts";
import type { BenchmarkRecord, Manifest, Side } from "../../../src/evidence/manifest.ts";
import { formatProcess, type MeasuredProcess } from "../../../src/evidence/pair-text.ts";

/** A unit as printed, and what base and head print in it, one value per batch. */
type Printed = Readonly<
  Record<string, readonly [base: readonly number[], head: readonly number[]]>
>;

export type PairRow = Partial<MeasuredProcess> & { readonly printed: Printed };

const PROCESS = {
  first: "base",
  layout: 0,
  phase: "explore",
  wallSec: 0.05,
  cpuSec: 0.05,
  involuntarySwitches: 0,
} as const;

export const NAME = "BenchmarkParse/large";

/** One benchmark in one package and one cell of two processors. */
export function evidenceOf(
  rows: readonly PairRow[],
  record: Partial<BenchmarkRecord> = {},
): Evidence {
  const text = (side: Side) => rows.map((row, index) => processText(row, index, side)).join("");
  return evidenceOfTexts(text("base"), text("head"), record);
}

export function evidenceOfTexts(
  baseBench: string,
  headBench: string,
  record: Partial<BenchmarkRecord> = {},
): Evidence {
  const files = { baseBench: "base.txt", headBench: "head.txt" };
  const packageRecord = { cell: "local", importPath: "example.com/m", dir: ".", files };
  const benchmark: BenchmarkRecord = {
    cell: "local",
    package: "example.com/m",
    name: NAME,
    status: "measured",
    reason: "",
    stopped: "settled",
    ...record,
  };
  const commit = "0123456789abcdef0123456789abcdef01234567";
  const manifest: Manifest = {
    schema: "tailguard.evidence/1",
    tailguard: "0.1.0",
    plan: {
      schema: "tailguard.plan/1",
      source: { kind: "local", repositoryDir: "/r" },
      trust: "trusted",
      base: commit,
      head: commit,
      packages: ["./..."],
      benchPattern: ".",
      budgetSeconds: 60,
      seed: 1,
      cells: [{ id: "local", go: "local", env: {} }],
      changedFiles: [],
    },
    outcome: { kind: "collected" },
    cells: [{ id: "local", go: "go1.26.8", env: {}, gomaxprocs: 2, layoutSeeds: 2 }],
    packages: [packageRecord],
    benchmarks: [benchmark],
    profiles: [],
    machine: { cpu: "", cores: 2, os: "linux", load1: 0, sandbox: "none", warnings: [] },
    seconds: { checkout: 0, build: 0, measure: 0 },
    degraded: [],
  };
  const texts = { record: packageRecord, baseBench, headBench, baseCompiler: "", headCompiler: "" };
  return { manifest, diff: "", packages: [texts], profiles: [] };
}

function processText({ printed, ...process }: PairRow, index: number, side: Side): string {
  const column = side === "base" ? 0 : 1;
  const batches = Math.max(...Object.values(printed).map((values) => values[column].length));
  const results = Array.from({ length: batches }, (_, batch) => ({
    name: `${NAME}-2`,
    iterations: 100,
    values: Object.entries(printed).map(([unit, values]) => ({
      value: values[column][batch]!,
      unit,
    })),
  }));
  return formatProcess({ ...PROCESS, pair: index + 1, ...process }, results);
}
