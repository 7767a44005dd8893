// Our reading, medians, intervals and U test against benchstat's, recorded by
// script/record-benchstat.ts: what a person gets who runs benchstat on the same files.
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { parseBenchmarks } from "../../src/bench/parse.ts";
import { joinPairs, readProcesses } from "../../src/evidence/pair-text.ts";
import { mannWhitneyTest } from "../../src/stats/mann-whitney.ts";
import { type MedianInterval, medianInterval } from "../../src/stats/median-interval.ts";

const DIR = new URL("../testdata/benchstat/", import.meta.url);
const read = (path: string) => readFileSync(new URL(path, DIR), "utf8");

type Row = { readonly phase: string; readonly name: string; readonly unit: string };
type Samples = Map<string, Row & { readonly values: number[] }>;

/** Values by phase, name and unit, as benchstat groups them; names without "Benchmark". */
function samplesOf(text: string): Samples {
  const samples: Samples = new Map();
  for (const result of parseBenchmarks(text).results) {
    const phase = result.configuration.get("phase") ?? "";
    const name = result.name.slice("Benchmark".length);
    for (const { value, unit } of result.values) {
      const key = `${phase} ${name} ${unit}`;
      if (!samples.has(key)) samples.set(key, { phase, name, unit, values: [] });
      samples.get(key)!.values.push(value);
    }
  }
  return samples;
}

/** benchmath's Summary.PctRangeString. */
function percentRange({ center, low, high }: MedianInterval): string {
  if (!Number.isFinite(low) || !Number.isFinite(high)) return "∞";
  if (center === 0) return "0%";
  return `${(100 * Math.max(high / center - 1, 1 - low / center)).toFixed(0)}%`;
}

/** benchmath's Comparison.FormatDelta at alpha 0.05. */
function delta(p: number, base: number, head: number): string {
  if (p > 0.05) return "~";
  if (base === head) return "0.00%";
  const percent = (head / base - 1) * 100;
  return `${percent >= 0 ? "+" : ""}${percent.toFixed(2)}%`;
}

function csvRow(name: string, base: readonly number[], head: readonly number[]): string[] {
  const [left, right] = [medianInterval(base), medianInterval(head)];
  const { p } = mannWhitneyTest(base, head);
  const n = base.length === head.length ? `n=${base.length}` : `n=${base.length}+${head.length}`;
  return [
    name,
    String(left.center),
    percentRange(left),
    String(right.center),
    percentRange(right),
    delta(p, left.center, right.center),
    p === 0 ? n : `p=${p.toFixed(3)} ${n}`,
  ];
}

/** Rows of results in benchstat's CSV; its numbers as JavaScript writes them. */
function recordedRows(csv: string): string[][] {
  return csv
    .split("\n")
    .map((line) => line.split(","))
    .filter((fields) => fields.length === 7 && fields[6] !== "" && fields[0] !== "")
    .map((fields) =>
      fields.map((field, at) => (at === 1 || at === 3 ? String(Number(field)) : field)),
    );
}

for (const name of ["sizes", "ties", "text", "pairs", "measured"]) {
  const [base, head] = [samplesOf(read(`${name}/base.txt`)), samplesOf(read(`${name}/head.txt`))];

  test(`${name}: the unrounded numbers of benchmath`, () => {
    const want = JSON.parse(read(`${name}/want.json`));
    expect(want.length).toBeGreaterThan(0);
    for (const row of want) {
      const key = `${row.phase} ${row.name} ${row.unit}`;
      for (const [side, samples] of [
        ["base", base],
        ["head", head],
      ] as const) {
        const { center, low, high, level } = medianInterval(samples.get(key)!.values);
        expect(center, key).toBe(row[side].center);
        expect(low, key).toBe(row[side].low ?? Number.NEGATIVE_INFINITY);
        expect(high, key).toBe(row[side].high ?? Number.POSITIVE_INFINITY);
        expect(level, key).toBeCloseTo(row[side].level, 12);
      }
      const { p } = mannWhitneyTest(base.get(key)!.values, head.get(key)!.values);
      expect(Math.abs(p - row.p), `${key}: ${p} is not ${row.p}`).toBeLessThanOrEqual(
        1e-11 * row.p,
      );
    }
  });

  test(`${name}: every row benchstat prints, digit for digit`, () => {
    const recorded = recordedRows(read(`${name}/want.csv`));
    const key = ([row, , , , , , n]: string[]) => `${row} ${n}`;
    const ours = [...base]
      .filter(([at]) => head.has(at))
      .map(([at, sample]) => csvRow(sample.name, sample.values, head.get(at)!.values));
    // benchstat goes by unit, then name; the file goes by name.
    const sorted = (rows: string[][]) => rows.map((row) => row.join(",")).sort();
    expect(recorded.map(key).length).toBe(ours.length);
    expect(sorted(ours)).toEqual(sorted(recorded));
  });
}

test("pairs: benchstat keeps noise runs apart, and so does our reader", () => {
  const sides = {
    base: readProcesses(read("pairs/base.txt")).processes,
    head: readProcesses(read("pairs/head.txt")).processes,
  };
  const joined = joinPairs(sides, 2).map(({ name, phase, pairs }) => [name, phase, pairs.length]);
  expect(joined).toEqual([
    ["BenchmarkPair/a-2", "explore", 6],
    ["BenchmarkPair/a-2", "noise", 2],
  ]);
  const csv = read("pairs/want.csv");
  expect(csv.match(/^phase: \w+$/gm)).toEqual(["phase: explore", "phase: noise"]);
});
