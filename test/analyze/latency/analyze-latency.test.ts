import fc from "fast-check";
import { expect, test } from "vitest";
import type { MetricFinding } from "../../../src/analyze/finding.ts";
import { analyzeLatency } from "../../../src/analyze/latency/analyze-latency.ts";
import type { Evidence } from "../../../src/evidence/evidence.ts";
import { evidenceOf, evidenceOfTexts, NAME, type PairRow } from "./measured.ts";

const times = (base: readonly number[], head: readonly number[]): PairRow => ({
  printed: { "ns/op": [base, head] },
});

function metric(evidence: Evidence, name: string): MetricFinding {
  const found = analyzeLatency(evidence).findings.find((finding) => finding.metric === name);
  if (found === undefined) throw new Error(`no finding for ${name}`);
  return found;
}

/** Ten quiet pairs whose head takes `factor` times as long. */
const quiet = (factor: number) =>
  Array.from({ length: 10 }, (_, i) => times([1000 + i], [(1000 + ((i * 7) % 10)) * factor]));

test("a slow-down of 10 % is found with its size, interval and p", () => {
  const finding = metric(evidenceOf(quiet(1.1), { stopped: "cap" }), "p10-sec/op");
  expect(finding.change).toBeCloseTo(0.1, 3);
  expect(finding.low).toBeGreaterThan(0.09);
  expect(finding.high).toBeLessThan(0.11);
  expect(finding.level).toBeGreaterThan(0.95);
  // Twice the smallest p of ten pairs.
  expect(finding.p).toBeCloseTo(2 * 2 ** -9, 12);
  expect(finding.couldHide).toBeLessThan(0.01);
  expect(finding).toMatchObject({ pairs: 10, comparison: "paired", warnings: [] });
  expect(finding.benchmark).toEqual({ cell: "local", package: "example.com/m", name: NAME });
});

test("the signed-rank test counts only where the outcomes did not end the run", () => {
  const p = (stopped: "cap" | "budget" | "settled") =>
    metric(evidenceOf(quiet(1.1), { stopped }), "p10-sec/op").p;
  expect(p("budget")).toBe(p("cap"));
  expect(p("settled")).toBeGreaterThan(p("cap"));
  expect(p("settled")).toBeLessThan(0.05);
});

test("p10 is the nearest rank over a process's batches, the mean stands beside it", () => {
  const batches = [10, 1, 2, 3, 4, 5, 6, 7, 8, 9, 11];
  const evidence = evidenceOf([
    times(
      batches,
      batches.map((value) => 2 * value),
    ),
  ]);
  expect(metric(evidence, "p10-sec/op")).toMatchObject({ base: 2e-9, head: 4e-9, pairs: 1 });
  expect(metric(evidence, "sec/op").base).toBeCloseTo(6e-9, 20);
  expect(metric(evidence, "sec/op").change).toBeCloseTo(1, 12);
});

test("the order of the pairs in the files does not matter", () => {
  const rows = Array.from({ length: 9 }, (_, i) => ({
    ...times([100 + i * i], [103 + i]),
    pair: i + 1,
  }));
  const plain = analyzeLatency(evidenceOf(rows));
  fc.assert(
    fc.property(fc.shuffledSubarray(rows, { minLength: rows.length }), (shuffled) => {
      expect(analyzeLatency(evidenceOf(shuffled))).toEqual(plain);
    }),
    { numRuns: 20 },
  );
});

test("swapping base and head keeps p and reverses the change", () => {
  const value = fc.integer({ min: 1, max: 1000 });
  fc.assert(
    fc.property(fc.array(fc.tuple(value, value), { minLength: 1, maxLength: 12 }), (pairs) => {
      const run = (flip: boolean) =>
        metric(
          evidenceOf(
            pairs.map(([a, b]) => (flip ? times([b], [a]) : times([a], [b]))),
            { stopped: "cap" },
          ),
          "sec/op",
        );
      const [plain, swapped] = [run(false), run(true)];
      expect(swapped.p).toBeCloseTo(plain.p, 9);
      expect((1 + swapped.change) * (1 + plain.change)).toBeCloseTo(1, 6);
      expect(swapped.base).toBe(plain.head);
    }),
    { numRuns: 50 },
  );
});

const allocations = (base: readonly number[], head: readonly number[]): PairRow => ({
  printed: { "ns/op": [base.map(() => 10), head.map(() => 10)], "allocs/op": [base, head] },
});

test("allocations that agree in every run are compared exactly", () => {
  const rows = [allocations([2, 2], [3, 3]), ...Array(5).fill(allocations([2], [3]))];
  expect(metric(evidenceOf(rows), "allocs/op")).toMatchObject({
    comparison: "exact",
    base: 2,
    head: 3,
    change: 0.5,
    low: 0.5,
    high: 0.5,
    p: 0,
    level: 1,
    couldHide: 0,
    warnings: [],
  });
});

test("a count that differs in five pairs may be chance, and regresses nothing", () => {
  const finding = metric(evidenceOf(Array(5).fill(allocations([2], [3]))), "allocs/op");
  expect(finding).toMatchObject({ comparison: "paired", change: 0.5 });
  expect(finding.p).toBeGreaterThan(0.05);
});

test("nothing to something is an infinite change, nothing to nothing is none", () => {
  expect(metric(evidenceOf([allocations([0], [1])]), "allocs/op").change).toBe(Infinity);
  const none = metric(evidenceOf([allocations([0], [0])]), "allocs/op");
  expect(none).toMatchObject({ change: 0, p: 1, comparison: "exact" });
});

test("allocations that differ between runs are paired, also where some runs have none", () => {
  const rows = Array.from({ length: 10 }, (_, i) => allocations([i % 3 === 0 ? 1 : 0], [1]));
  const finding = metric(evidenceOf(rows, { stopped: "cap" }), "allocs/op");
  expect(finding).toMatchObject({ comparison: "paired", base: 0, head: 1, change: Infinity });
  expect(finding.low).toBeGreaterThanOrEqual(-1);
  const same = metric(evidenceOf(rows.map(() => allocations([0, 3], [3, 0]))), "allocs/op");
  expect(same).toMatchObject({ change: 0, low: 0, high: 0, p: 1 });
});

test("a confirming run that disagrees ends an exact comparison", () => {
  const rows = [allocations([2], [3]), { ...allocations([2], [2]), phase: "confirm" as const }];
  expect(metric(evidenceOf(rows), "allocs/op")).toMatchObject({
    comparison: "paired",
    confirmation: { change: 0, p: 1, pairs: 1 },
  });
});

test("confirming pairs stand apart from exploring ones, noise pairs are left out", () => {
  const confirming = quiet(1.2).map((row) => ({ ...row, phase: "confirm" as const }));
  const noise = quiet(3).map((row) => ({ ...row, phase: "noise" as const }));
  const finding = metric(evidenceOf([...quiet(1.1), ...confirming, ...noise]), "p10-sec/op");
  expect(finding.pairs).toBe(10);
  expect(finding.change).toBeCloseTo(0.1, 3);
  expect(finding.confirmation?.pairs).toBe(10);
  expect(finding.confirmation?.change).toBeCloseTo(0.2, 3);
  expect(finding.confirmation?.p).toBeCloseTo(2 ** -9, 12);
});

test("the change is told per layout", () => {
  const rows = Array.from({ length: 6 }, (_, i) => ({
    ...times([100], [i % 2 === 0 ? 110 : 95]),
    layout: i % 2,
  }));
  const { layoutChanges } = metric(evidenceOf(rows), "p10-sec/op");
  expect(layoutChanges[0]).toBeCloseTo(0.1, 9);
  expect(layoutChanges[1]).toBeCloseTo(-0.05, 9);
});

test("few pairs and lost sides are said", () => {
  const rows = [90, 100, 120, 140].map((head) => times([100], [head]));
  const evidence = evidenceOf(rows);
  const [texts] = evidence.packages;
  const extra = texts!.baseBench.replaceAll("pair=1 ", "pair=99 ");
  const warned = metric(evidenceOfTexts(texts!.baseBench + extra, texts!.headBench), "p10-sec/op");
  expect(warned.warnings).toEqual([
    "4 pairs: at least 6 are needed for a 95 % interval",
    "1 pair left out: only one side has results",
  ]);
  expect(warned.couldHide).toBe(Infinity);
  expect(warned.bound).toBe(Infinity);
});

test("a busy machine is said once for the run", () => {
  const starved = { wallSec: 0.1, cpuSec: 0.044, involuntarySwitches: 9 };
  const { degraded } = analyzeLatency(evidenceOf(quiet(4).map((row) => ({ ...row, ...starved }))));
  expect(degraded.map(({ reason }) => reason)).toContain(
    "The machine was busy: 20 of 20 processes waited for a processor (CPU time at worst 44 % of wall time). Intervals are wider for it, and more is unknown.",
  );
});

test("says what percentiles are of, and says nothing where nothing was found", () => {
  const { degraded } = analyzeLatency(evidenceOf(quiet(1)));
  expect(degraded.map(({ reason }) => reason.split(":")[0])).toEqual([
    "Percentiles of 1 of 1 benchmarks are of batches, each a mean of operations",
    "No p99 for 1 of 1 benchmarks",
  ]);
  expect(analyzeLatency(evidenceOf(quiet(1), { status: "unaffected" }))).toEqual({
    findings: [],
    degraded: [],
  });
});

test("a benchmark without a whole pair, and text that is none, are told", () => {
  const { findings, degraded } = analyzeLatency(evidenceOfTexts("# pair=1 nonsense\n\u0000", ""));
  expect(findings).toEqual([]);
  expect(degraded.map(({ reason }) => reason)).toEqual([
    "example.com/m: unreadable lines in the benchmark text: 1, the first is line 1 (not a process header)",
    `${NAME}: no pair of processes has results on both sides`,
  ]);
});

test("a clock that reads 0 measured nothing", () => {
  const rows = [times([0], [0]), times([0], [5]), times([10], [10])];
  expect(metric(evidenceOf(rows), "p10-sec/op")).toMatchObject({ pairs: 1, change: 0 });
});
