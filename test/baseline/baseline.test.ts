import { describe, expect, test } from "vitest";
import { describeHistory } from "../../src/baseline/describe-history.ts";
import { metricsToKeep, seriesOf as seriesOfRows } from "../../src/baseline/from-rows.ts";
import { type History, historySchema, WINDOW } from "../../src/baseline/history.ts";
import { levelChanges } from "../../src/baseline/level-changes.ts";
import { referenceOf } from "../../src/baseline/reference.ts";
import { releaseDrift } from "../../src/baseline/release-drift.ts";
import { segmentStarts } from "../../src/baseline/segments.ts";
import { DAY_MS, levels, seriesOf } from "./series.ts";

describe("where a benchmark stands on main", () => {
  test("the level, the noise from commit to commit and from pair to pair", () => {
    const reference = referenceOf(seriesOf(levels([80, 5])));
    expect(reference?.value).toBeCloseTo(5e-6, 7);
    expect(reference?.commitNoise).toBeGreaterThan(0.005);
    expect(reference?.commitNoise).toBeLessThan(0.02);
    expect(reference?.pairNoise).toBeCloseTo(Math.expm1(0.02), 9);
    // statistics of decay: half-life 20 over 80 commits leaves some 50.
    expect(reference?.effectiveCommits).toBeGreaterThan(45);
    expect(reference?.effectiveCommits).toBeLessThan(55);
  });

  test("the newest commits decide it once they weigh more than half", () => {
    expect(referenceOf(seriesOf(levels([60, 5], [10, 10])))?.value).toBeLessThan(6e-6);
    expect(referenceOf(seriesOf(levels([60, 5], [30, 10])))?.value).toBeGreaterThan(9e-6);
  });

  test("one commit is a level without noise, none is nothing; counts may be 0", () => {
    expect(referenceOf(seriesOf([5]))).toMatchObject({ commitNoise: 0, effectiveCommits: 1 });
    expect(referenceOf(seriesOf([]))).toBeUndefined();
    const zero = seriesOf([0, 0, 0], { metric: "allocs/op" });
    expect(referenceOf(zero)).toMatchObject({ value: 0, commitNoise: 0 });
  });
});

describe("levels that moved", () => {
  test("a step of 5 % is found at its first commit and confirmed by that commit's pairs", () => {
    const [step, ...more] = levelChanges(seriesOf(levels([50, 5], [20, 5.25])));
    expect(more).toEqual([]);
    expect(step?.commit).toBe(String(50).padStart(40, "c"));
    expect(step?.change).toBeCloseTo(0.05, 1);
    expect(step?.isConfirmed).toBe(true);
  });

  test("a step that the machine made is not confirmed: the pairs saw nothing", () => {
    const moved = seriesOf(levels([50, 5], [20, 5.5]));
    const points = moved.points.map((point) => ({ ...point, change: 0, p: 0.8 }));
    expect(levelChanges({ ...moved, points })[0]?.isConfirmed).toBe(false);
  });

  test("falls are found as well, quiet and young series are not judged", () => {
    expect(levelChanges(seriesOf(levels([40, 5], [20, 4.5])))[0]?.change).toBeLessThan(-0.05);
    expect(levelChanges(seriesOf(levels([100, 5])))).toEqual([]);
    expect(levelChanges(seriesOf(levels([10, 5], [5, 9])))).toEqual([]);
  });

  test("an allocation more is noticed after a few commits", () => {
    const series = seriesOf(levels([30, 2e6], [10, 3e6]), { metric: "allocs/op" });
    const points = series.points.map((point) => ({ ...point, value: Math.round(point.value) }));
    expect(levelChanges({ ...series, points })[0]?.commit).toBe(String(30).padStart(40, "c"));
  });

  test("looked back on, levels begin where they moved by 2 % and more", () => {
    expect(segmentStarts(seriesOf(levels([30, 5], [30, 5.5], [30, 5])))).toEqual([30, 60]);
    expect(segmentStarts(seriesOf(levels([60, 5])))).toEqual([]);
    expect(segmentStarts(seriesOf([5, 6]))).toEqual([]);
  });
});

describe("drift since the last release", () => {
  const creeping = Array.from({ length: 80 }, (_, index) => 5 * 1.002 ** Math.max(0, index - 30));
  const release = {
    name: "v1.2.0",
    at: new Date(Date.UTC(2026, 0, 1) + 30 * DAY_MS).toISOString(),
  };

  test("a creep that no commit shows is seen over all of them", () => {
    const drift = releaseDrift(seriesOf(creeping), release);
    expect(drift).toBeGreaterThan(0.06);
    expect(drift).toBeLessThan(0.1);
    expect(releaseDrift(seriesOf(levels([80, 5])), release)).toBeCloseTo(0, 1);
  });

  test("a release with too few commits before or after says nothing", () => {
    const late = { ...release, at: "2030-01-01T00:00:00Z" };
    expect(releaseDrift(seriesOf(creeping), late)).toBeUndefined();
  });

  test("it becomes an alarm above 5 %", () => {
    const history: History = {
      schema: "tailguard.history/1",
      machine: "cpu",
      release,
      series: [seriesOf(creeping)],
      misfires: [],
    };
    const kinds = describeHistory(history, () => false).alarms.map(({ kind }) => kind);
    expect(kinds).toContain("drift");
    expect(historySchema.parse(history)).toEqual(history);
  });
});

test("the series asked for are described, alarms come from all, the largest first", () => {
  const history: History = {
    schema: "tailguard.history/1",
    machine: "cpu",
    series: [
      seriesOf(levels([40, 5], [20, 5.5])),
      seriesOf(levels([40, 5], [20, 8]), { name: "BenchmarkOther" }),
    ],
    misfires: [],
  };
  const described = describeHistory(history, ({ name }) => name === "BenchmarkParse");
  expect(described.commits).toBe(60);
  expect(described.series.map(({ name }) => name)).toEqual(["BenchmarkParse"]);
  expect(described.series[0]?.values).toHaveLength(60);
  expect(described.alarms.map(({ name }) => name)).toEqual(["BenchmarkOther", "BenchmarkParse"]);
});

describe("rows of the store", () => {
  const row = (index: number, metrics: unknown) => ({
    cell: "default",
    package: "example.com/m",
    name: "BenchmarkParse",
    commit: String(index),
    measuredAt: new Date(index * DAY_MS),
    metrics,
  });
  const p10 = (value: number) => ({ "p10-sec/op": { value, change: 0, p: 1, spread: 0.01 } });

  test("become series of the newest commits; what is no measurement is left out", () => {
    const rows = Array.from({ length: WINDOW + 5 }, (_, index) => row(index, p10(index + 1)));
    const [series, ...more] = seriesOfRows([
      ...rows,
      row(200, "junk"),
      row(201, { "p10-sec/op": 3 }),
    ]);
    expect(more).toEqual([]);
    expect(series?.points).toHaveLength(WINDOW);
    expect(series?.points.at(-1)?.value).toBe(WINDOW + 5);
  });

  test("keep of a report what can be compared later", () => {
    const metric = { change: 0.01, p: 0.5, spread: 0.02 };
    const kept = metricsToKeep([
      { ...metric, name: "p10-sec/op", head: 2e-6 },
      { ...metric, name: "p99-sec/op", head: 0 },
      { name: "allocs/op", head: 0, change: null, p: 1 },
    ]);
    expect(Object.keys(kept)).toEqual(["p10-sec/op", "allocs/op"]);
    expect(kept["allocs/op"]).toEqual({ value: 0, change: null, p: 1, spread: 0 });
  });
});
