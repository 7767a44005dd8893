import { expect, test } from "vitest";
import { formatBenchmarkLine } from "../../src/bench/format.ts";
import { parseBenchmarks } from "../../src/bench/parse.ts";
import { readRecorded, recordedBenchmarks } from "../../src/collect/recorded-values.ts";
import { peerOf, textOf } from "../hdr/histogram-of.ts";

type Operations = { batchesPs: number[]; singlesPs: number[]; carries?: string };

/** One line of the recorder: a benchmark of `n` operations. */
function line(benchmark: string, n: number, operations: Operations): string {
  const { batchesPs, singlesPs, carries = "operations" } = operations;
  const loop = {
    site: `${benchmark}#1`,
    form: "bound",
    goroutines: 1,
    operations: n,
    medianPs: batchesPs[0] ?? 0,
    carries,
    batches: textOf(peerOf(batchesPs)),
    singles: textOf(peerOf(singlesPs)),
  };
  const record = {
    schema: "tailguard.record/1",
    benchmark,
    pid: 1,
    n,
    elapsedNs: 1000,
    cpuNs: 9_999_999,
    loopCpuNs: 250 * n,
    involuntarySwitches: 0,
    intervalCostPs: 0,
    gomaxprocs: 2,
    unrecorded: 0,
    go: "go1.26.8",
    loops: [loop],
    runtime: {},
  };
  return `${JSON.stringify(record)}\n`;
}

const unitsOf = (text: string) =>
  readRecorded(text, "BenchmarkX")?.values.map(({ unit, printed }) => `${printed?.value} ${unit}`);

test("the longest run of the benchmark gives percentiles and CPU time", () => {
  const slow = { batchesPs: [900_000], singlesPs: [] };
  const quick = { batchesPs: [100_000, 200_000, 300_000], singlesPs: [] };
  const text = line("BenchmarkX", 1, slow) + line("BenchmarkX", 500, quick);
  const [p10, p50, cpu] = unitsOf(text) ?? [];
  expect(Number.parseFloat(p10 ?? "")).toBeCloseTo(100, 0);
  expect(Number.parseFloat(p50 ?? "")).toBeCloseTo(200, -1);
  expect([p10, p50, cpu].map((value) => value?.split(" ")[1])).toEqual([
    "p10-sec/op",
    "p50-sec/op",
    "cpu-sec/op",
  ]);
  expect(cpu).toBe("250 cpu-sec/op");
});

test("a p99 is there only where 5,000 operations were timed one by one", () => {
  const of = (count: number) =>
    line("BenchmarkX", count, {
      batchesPs: [1_000_000],
      singlesPs: Array.from({ length: count }, (_, at) => (at % 100 === 0 ? 9_000_000 : 1_000_000)),
    });
  expect(unitsOf(of(4_900))?.join()).not.toContain("p99");
  const p99 = unitsOf(of(6_000))?.find((value) => value.endsWith("p99-sec/op"));
  expect(Number.parseFloat(p99 ?? "")).toBeGreaterThan(900);
});

test("whether recording pays is decided by the longest run", () => {
  const short = { batchesPs: [1000], singlesPs: [], carries: "runs-only" };
  const long = { batchesPs: [80_000], singlesPs: [] };
  const text = line("BenchmarkX", 1, short) + line("BenchmarkX", 900, long);
  expect([...recordedBenchmarks(text)]).toEqual(["BenchmarkX"]);
  expect([
    ...recordedBenchmarks(line("BenchmarkX", 900, { ...long, carries: "runs-only" })),
  ]).toEqual([]);
});

test("other benchmarks' records, torn lines and nothing at all give nothing", () => {
  const other = line("BenchmarkY", 5, { batchesPs: [1000], singlesPs: [] });
  expect(readRecorded(other, "BenchmarkX")).toBeUndefined();
  expect(readRecorded(other.slice(0, 80), "BenchmarkY")).toBeUndefined();
  expect(readRecorded("", "BenchmarkX")).toBeUndefined();
});

test("the values survive benchmark text, in units that benchstat knows", () => {
  const text = line("BenchmarkX", 500, { batchesPs: [100_000], singlesPs: [] });
  const values = readRecorded(text, "BenchmarkX")?.values ?? [];
  const printed = formatBenchmarkLine({ name: "BenchmarkX-2", iterations: 500, values });
  expect(printed).toContain("p10-ns/op");
  const read = parseBenchmarks(`${printed}\n`).results[0]?.values ?? [];
  expect(read.map(({ unit }) => unit)).toEqual(values.map(({ unit }) => unit));
  for (const [at, { value }] of values.entries()) expect(read[at]?.value).toBeCloseTo(value, 15);
});
