import { expect, test } from "vitest";
import type { BuiltPackage } from "../../src/collect/build-packages.ts";
import type { FoundBenchmark } from "../../src/collect/find-benchmarks.ts";
import { keepControls } from "../../src/collect/keep-controls.ts";
import { seededRandom } from "../../src/stats/random.ts";

function built(importPath: string, controls: string[]): BuiltPackage {
  const selection = { measured: new Set(controls), controls: new Set(controls), skipped: [] };
  return { head: { importPath }, selection } as unknown as BuiltPackage;
}

function benchmark(importPath: string, name: string): FoundBenchmark {
  return {
    package: importPath,
    name,
    isRecorded: true,
    secondsPerOperation: 1e-6,
    slowestSecondsPerOperation: 1e-6,
  };
}

const PACKAGES = [built("m/p", ["BenchmarkC", "BenchmarkD"]), built("m/q", [])];
const FOUND = [
  benchmark("m/p", "BenchmarkA/1"),
  benchmark("m/p", "BenchmarkC/1"),
  benchmark("m/p", "BenchmarkC/2"),
  benchmark("m/p", "BenchmarkC/3"),
  benchmark("m/p", "BenchmarkD"),
  benchmark("m/q", "BenchmarkC/1"),
  benchmark("m/q", "BenchmarkC/2"),
];

test("of each control function one benchmark is kept, and all that are affected", () => {
  const random = seededRandom(1);
  const { kept, records } = keepControls(FOUND, PACKAGES, { cell: "default", random });
  const names = kept.map((at) => `${at.package} ${at.name}`);
  expect(names.filter((name) => name.startsWith("m/p BenchmarkC/"))).toHaveLength(1);
  expect(names.filter((name) => !name.startsWith("m/p BenchmarkC/"))).toEqual([
    "m/p BenchmarkA/1",
    "m/p BenchmarkD",
    "m/q BenchmarkC/1",
    "m/q BenchmarkC/2",
  ]);
  expect(records).toHaveLength(2);
  expect(records[0]).toMatchObject({ cell: "default", package: "m/p", status: "unaffected" });
});

test("the seed chooses", () => {
  const chosen = [1, 2, 3, 4, 5, 6, 7, 8].map((seed) => {
    const random = seededRandom(seed);
    const { kept } = keepControls(FOUND, PACKAGES, { cell: "default", random });
    return kept.find((at) => at.name.startsWith("BenchmarkC/"))?.name;
  });
  expect(new Set(chosen).size).toBeGreaterThan(1);
});
