import { expect, test } from "vitest";
import { tidyUnit } from "../../src/bench/unit.ts";

// The cases of golang.org/x/perf/benchunit's own test and what its parser implies.
const CASES: readonly [unit: string, tidy: string, factor: number][] = [
  ["ns/op", "sec/op", 1e-9],
  ["MB/s", "B/s", 1e6],
  ["B/op", "B/op", 1],
  ["allocs/op", "allocs/op", 1],
  ["x-ns/op", "x-sec/op", 1e-9],
  ["ns", "sec", 1e-9],
  ["ns*MB", "sec*B", (1 / 1e9) * 1e6],
  ["B/ns", "B/ns", 1],
  ["B/ns*ns", "B/ns*sec", 1e-9],
  ["hits/MB", "hits/MB", 1],
  ["transactions", "transactions", 1],
  ["MBps", "MBps", 1],
  ["", "", 1],
];

for (const [unit, tidy, factor] of CASES) {
  test(`${unit} is ${tidy}`, () => expect(tidyUnit(unit)).toEqual({ unit: tidy, factor }));
}
