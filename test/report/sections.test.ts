import { describe, expect, test } from "vitest";
import { sortedRows, worstRows } from "../../src/report/rows.ts";
import {
  conditionLines,
  hiddenSummary,
  repeatCommand,
  skippedGroups,
} from "../../src/report/sections.ts";
import { metric, reportOf } from "./make-report.ts";
import { readCase } from "./read-case.ts";

const named = (name: string) => ({ cell: "local", package: "example.com/m", name });

describe("what could have been hidden, a sentence a metric", () => {
  test("the typical and the worst size, with the benchmark it is of", () => {
    const rows = sortedRows(
      reportOf([
        metric({ benchmark: named("BenchmarkA"), couldHide: 0.01 }),
        metric({ benchmark: named("BenchmarkB"), couldHide: 0.02 }),
        metric({ benchmark: named("BenchmarkC"), couldHide: 0.09 }),
        metric({ benchmark: named("BenchmarkD"), couldHide: Number.NaN }),
        metric({ benchmark: named("BenchmarkA"), metric: "B/op", comparison: "exact" }),
      ]),
    );
    expect(hiddenSummary(rows)).toEqual([
      "B/op: nothing where all runs agree (1 of 1)",
      "p10-sec/op: under 2.0 % typically, under 9.0 % at worst (C); not known for 1 benchmark (too few pairs)",
    ]);
  });
});

test("benchmarks without a number stand by what came of them, failures first", () => {
  expect(
    skippedGroups(readCase("all-the-same").report).map(({ heading, labels }) => [heading, labels]),
  ).toEqual([
    ["Failed while running", ["Walk"]],
    ["Not measured: nothing is known about them", ["Once"]],
  ]);
});

test("conditions name toolchain, floor and machine; nested values are not guessed at", () => {
  const report = reportOf([], {
    context: {
      noise: { floor: { "p10-sec/op": 0.006 }, controls: [], layoutSeeds: 4 },
      machine: { cpu: "EPYC", warnings: ["busy", "shared"], nested: { a: 1 } },
    },
  });
  expect(conditionLines(report)).toEqual([
    "cell local: go1.26.8",
    "noise floor of this machine in this run: p10-sec/op 0.60 %",
    "link layouts: 4, rotated over the pairs",
    "cpu: EPYC",
    "warnings: busy",
    "warnings: shared",
  ]);
});

test("conditions say how the negative controls came out", () => {
  const control = {
    cell: "local",
    package: "example.com/m",
    name: "BenchmarkOther",
    metric: "p10-sec/op",
    change: 0.1,
    low: 0.05,
    high: Number.POSITIVE_INFINITY,
    pairs: 8,
  };
  const linesOf = (moved: boolean) => {
    const controls = [
      { ...control, moved },
      { ...control, moved: false },
    ];
    const noise = { floor: {}, controls, layoutSeeds: 4 };
    return conditionLines(reportOf([], { context: { noise, machine: {} } })).join("\n");
  };
  expect(linesOf(false)).toContain("negative controls: 2 measured, none moved");
  expect(linesOf(true)).toContain(
    "negative controls: 2 measured, BenchmarkOther moved, so the machine or the layout of the code did",
  );
});

describe("the worst rows", () => {
  const regressed = { change: 0.2, decision: "regressed", blocks: true } as const;
  test("are one of each benchmark, then memory beside time; unknown comes after", () => {
    const rows = sortedRows(
      reportOf([
        metric({ benchmark: named("BenchmarkA"), ...regressed }),
        metric({ benchmark: named("BenchmarkA"), metric: "sec/op", ...regressed }),
        metric({ benchmark: named("BenchmarkA"), metric: "allocs/op", ...regressed }),
        metric({ benchmark: named("BenchmarkB"), decision: "unknown" }),
        metric({ benchmark: named("BenchmarkC"), ...regressed, change: 0.4 }),
      ]),
    );
    expect(worstRows(rows, 3).map(({ label, metric: name }) => `${label} ${name}`)).toEqual([
      "C p10-sec/op",
      "A p10-sec/op",
      "A allocs/op",
    ]);
  });
});

test("labels drop what all packages share", () => {
  const report = reportOf([metric(), metric({ benchmark: named("BenchmarkX") })]);
  const [first, second] = report.benchmarks;
  if (first === undefined || second === undefined) throw new Error("two benchmarks");
  const moved = { ...second, package: "example.com/m/json" };
  const rows = sortedRows({ ...report, benchmarks: [first, moved] });
  expect(rows.map(({ label }) => label)).toEqual(["m.Parse", "json.X"]);
});

test("the command that repeats a run asks for what was asked for", () => {
  const report = { ...reportOf([]), base: "a1", head: "b2", seed: 7 };
  expect(repeatCommand(report).join(" ")).toBe(
    "tailguard compare --repo . --base a1 --head b2 --package ./... --bench . --budget 300s --seed 7",
  );
  const selection = { ...report.selection, benchPattern: "A|B", profiles: ["mutex", "block"] };
  expect(
    repeatCommand({ ...report, selection })
      .slice(4)
      .join(" "),
  ).toBe("--bench 'A|B' --budget 300s --profile 'mutex,block' --seed 7");
});
