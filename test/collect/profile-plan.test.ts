import { describe, expect, test } from "vitest";
import {
  allocationRate,
  fitTargets,
  type ProfileTarget,
  profileTargets,
} from "../../src/collect/profile-plan.ts";
import type { Measured } from "../../src/collect/schedule.ts";
import type { Measurable } from "../../src/collect/track.ts";
import { formatProcess } from "../../src/evidence/pair-text.ts";

type Values = Readonly<Record<string, number>>;

function benchmarkNamed(name: string, secondsPerOperation = 1e-6): Measurable {
  const binary = { path: "/t", dir: "/", env: {}, gomaxprocs: 2, recordPath: undefined };
  const shared = { base: [binary], head: [binary], layoutSeeds: [0] };
  return {
    package: "example.com/m",
    name,
    ...shared,
    isRecorded: true,
    secondsPerOperation,
    slowestSecondsPerOperation: secondsPerOperation,
  };
}

/** Five processes of a benchmark, each printing the values, and one of base against base. */
function sideText(name: string, values: Values): string {
  const shared = { first: "base", layout: 0, wallSec: 0.05, cpuSec: 0.04 } as const;
  const result = {
    name: `${name}-2`,
    iterations: 1000,
    values: Object.entries(values).map(([unit, value]) => ({ unit, value })),
  };
  const far = { ...result, values: result.values.map(({ unit }) => ({ unit, value: 1e6 })) };
  const processes = [0, 1, 2, 3, 4].map((pair) =>
    formatProcess({ ...shared, pair, phase: "explore", involuntarySwitches: 0 }, [result]),
  );
  const noise = { ...shared, pair: 5, phase: "noise", involuntarySwitches: 0 } as const;
  return [...processes, formatProcess(noise, [far])].join("");
}

function measured(
  name: string,
  base: Values,
  head: Values,
  change: Partial<Measured> = {},
): Measured {
  return {
    benchmark: benchmarkNamed(name),
    baseText: sideText(name, base),
    headText: sideText(name, head),
    latencies: { base: undefined, head: undefined },
    pairs: 6,
    stopped: "settled",
    suspected: "slower",
    failure: "",
    ...change,
  };
}

const USUAL = { "sec/op": 100, "p10-sec/op": 90, "cpu-sec/op": 100, "B/op": 64, "allocs/op": 2 };

function kindsOf(all: readonly Measured[], extra: Parameters<typeof profileTargets>[1] = []) {
  return profileTargets(all, extra).map(({ benchmark, kinds }) => [benchmark.name, ...kinds]);
}

describe("what is profiled by what", () => {
  const slower = { ...USUAL, "sec/op": 150, "p10-sec/op": 135, "cpu-sec/op": 150 };

  test("a suspect of work: its CPU", () => {
    expect(kindsOf([measured("BenchmarkA", USUAL, slower)])).toEqual([["BenchmarkA", "cpu"]]);
  });

  test("one that also allocates more: both", () => {
    const head = { ...slower, "allocs/op": 3, "B/op": 80 };
    expect(kindsOf([measured("BenchmarkA", USUAL, head)])).toEqual([
      ["BenchmarkA", "alloc", "cpu"],
    ]);
  });

  test("one that allocates more and is as fast: allocations only, after the slower ones", () => {
    const head = { ...USUAL, "B/op": 80 };
    const all = [
      measured("BenchmarkB", USUAL, head, { suspected: undefined }),
      measured("BenchmarkA", USUAL, slower),
    ];
    expect(kindsOf(all)).toEqual([
      ["BenchmarkA", "cpu"],
      ["BenchmarkB", "alloc"],
    ]);
  });

  test("a pool's tenth of an allocation is none", () => {
    const head = { ...USUAL, "allocs/op": 2.1, "B/op": 70 };
    expect(kindsOf([measured("BenchmarkA", USUAL, head, { suspected: undefined })])).toEqual([]);
  });

  test("time without CPU time: a trace", () => {
    const head = { ...slower, "cpu-sec/op": 101 };
    expect(kindsOf([measured("BenchmarkA", USUAL, head)])).toEqual([
      ["BenchmarkA", "cpu", "trace"],
    ]);
  });

  test("without CPU time measured nothing says that it waits", () => {
    const { "cpu-sec/op": _, ...base } = USUAL;
    const head = { ...base, "sec/op": 150, "p10-sec/op": 135 };
    expect(kindsOf([measured("BenchmarkA", base, head)])).toEqual([["BenchmarkA", "cpu"]]);
  });

  test("what was asked for, of suspects only", () => {
    const all = [
      measured("BenchmarkA", USUAL, slower),
      measured("BenchmarkB", USUAL, USUAL, { suspected: undefined }),
    ];
    expect(kindsOf(all, ["mutex", "trace"])).toEqual([["BenchmarkA", "cpu", "mutex", "trace"]]);
  });

  test("not what failed or was never measured", () => {
    const failed = measured("BenchmarkA", USUAL, slower, { failure: "head: it panics" });
    const never = measured(
      "BenchmarkB",
      {},
      {},
      { baseText: "", headText: "", suspected: undefined },
    );
    expect(kindsOf([failed, never])).toEqual([]);
  });

  test("the largest slow-down first, and improvements after all of them", () => {
    const much = { ...slower, "p10-sec/op": 400 };
    const faster = { ...USUAL, "p10-sec/op": 30, "cpu-sec/op": 30 };
    const all = [
      measured("BenchmarkA", USUAL, slower),
      measured("BenchmarkB", USUAL, much),
      measured("BenchmarkC", USUAL, faster, { suspected: "faster" }),
    ];
    expect(kindsOf(all).map(([name]) => name)).toEqual(["BenchmarkB", "BenchmarkA", "BenchmarkC"]);
  });
});

describe("what fits into the time left", () => {
  const target = (name: string, secondsPerOperation?: number): ProfileTarget => ({
    benchmark: benchmarkNamed(name, secondsPerOperation),
    kinds: ["cpu"],
    overheadSeconds: 0.05,
    allocatedBytes: 48,
  });
  const three = ["A", "B", "C"].map((name) => target(name));
  const fitted = (targets: readonly ProfileTarget[], secondsLeft: number) => {
    const { chosen, cpuSeconds } = fitTargets(targets, secondsLeft);
    return [chosen.length, Number(cpuSeconds.toFixed(2))];
  };

  test.each([
    ["all of them, a second each", 60, [3, 1]],
    ["all of them, shorter", 30, [3, 0.57]],
    ["two with eight profiles a side, not three with five", 20, [2, 0.57]],
    ["the first, however little there is", 2, [1, 0.5]],
  ])("%s", (_, secondsLeft, expected) => {
    expect(fitted(three, secondsLeft)).toEqual(expected);
  });

  test("at most six", () => {
    expect(fitted(Array(9).fill(target("A")), 1000)).toEqual([6, 1]);
  });

  test("a slow operation counts with its own length", () => {
    expect(fitted([target("A", 2), target("B", 2)], 40)).toEqual([1, 0.95]);
  });

  test("nothing", () => {
    expect(fitted([], 10)).toEqual([0, 0.5]);
  });
});

describe("how finely allocations are sampled", () => {
  const allocates = (allocatedBytes: number): ProfileTarget => ({
    benchmark: benchmarkNamed("BenchmarkA"),
    kinds: ["alloc"],
    overheadSeconds: 0.05,
    allocatedBytes,
  });

  test.each([
    ["as the runtime does, where a run allocates a gigabyte", 4096, 1_000_000, 524_288],
    ["finer, where it allocates 48 MB", 48, 1_000_000, 24_000],
    ["every byte, where it allocates a few times", 16, 100, 1],
    ["every byte, where it allocates nothing", 0, 1_000_000, 1],
  ])("%s", (_, bytes, operations, expected) => {
    expect(allocationRate(allocates(bytes), operations)).toBe(expected);
  });
});
