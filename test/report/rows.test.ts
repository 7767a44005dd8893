import { expect, test } from "vitest";
import type { JudgedMetric } from "../../src/judge/verdict.ts";
import { newsOf, sortedRows } from "../../src/report/rows.ts";
import { metric, reportOf } from "./make-report.ts";

const of = (name: string, over: Partial<JudgedMetric>) =>
  metric({ ...over, benchmark: { cell: "local", package: "example.com/m", name } });

/** Labels of the benchmarks that a reader sees at once, in order. */
function check(metrics: readonly JudgedMetric[], expected: readonly string[]) {
  const rows = sortedRows(reportOf(metrics));
  const news = newsOf(rows);
  const seen = rows.filter((row) => news.has(row)).map(({ label }) => label);
  expect([...new Set(seen)]).toEqual(expected);
}

const undecided = (index: number) =>
  of(`BenchmarkNoisy${index}`, { decision: "unknown", change: index / 100, pairs: 2 });
const regressed = of("BenchmarkSlower", {
  decision: "regressed",
  change: 0.2,
  low: 0.19,
  high: 0.21,
});

test("of many benchmarks without an answer the five that moved most are shown", () => {
  check(
    Array.from({ length: 40 }, (_, index) => undecided(index)),
    ["Noisy39", "Noisy38", "Noisy37", "Noisy36", "Noisy35"],
  );
});

test("what moved for certain comes first, both ways, and takes no place of theirs", () => {
  const improved = of("BenchmarkFaster", { decision: "improved", change: -0.5 });
  check(
    [...Array.from({ length: 5 }, (_, index) => undecided(index)), improved, regressed],
    ["Slower", "Faster", "Noisy4", "Noisy3", "Noisy2", "Noisy1", "Noisy0"],
  );
});

test("a change that was seen and is doubted is never left out", () => {
  const doubted = of("BenchmarkDoubted", {
    decision: "unknown",
    change: 0.001,
    low: 0.0005,
    high: 0.002,
    pAdjusted: 0.001,
  });
  const metrics = [...Array.from({ length: 9 }, (_, index) => undecided(index)), doubted];
  check(metrics, ["Noisy8", "Noisy7", "Noisy6", "Noisy5", "Noisy4", "Doubted"]);
});

test("that a tail cannot be told is no news", () => {
  const noisy = { decision: "unknown", change: 0.5, low: 0.01 } as const;
  check([of("BenchmarkTail", { metric: "p99-sec/op", ...noisy })], []);
});

test("unless all of its interval is a relevant slow-down that only pairs are missing for", () => {
  const slower = { decision: "unknown", change: 2.4, low: 1.5, high: 3.5 } as const;
  check([of("BenchmarkCollect", { metric: "cpu-sec/op", ...slower })], ["Collect"]);
  check([of("BenchmarkCollect", { metric: "sec/op", ...slower })], []);
});
