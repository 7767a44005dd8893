// What the evaluation reads out of benchstat, and how it counts.
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { rowsOf } from "../../bench/eval/habit.ts";
import type { Score } from "../../bench/eval/score.ts";
import { summarize } from "../../bench/eval/summary.ts";

test("rows of benchstat's CSV, by unit, without the geomean", () => {
  const csv = readFileSync(
    new URL("../testdata/benchstat/sizes/want.csv", import.meta.url),
    "utf8",
  );
  const rows = rowsOf(csv);
  expect(new Set(rows.map(({ unit }) => unit))).toEqual(new Set(["sec/op", "B/op", "allocs/op"]));
  const time = rows.filter(({ unit }) => unit === "sec/op");
  expect(time.map(({ name }) => name)).toContain("Size/n=64");
  expect(time.every(({ change }) => Number.isFinite(change))).toBe(true);
  expect(time.find(({ name }) => name === "Size/n=1")?.change).toBe(0);
  expect(time.some(({ change }) => change > 0)).toBe(true);
});

test("recall by size of the effect, unknowns, false flags and causes", () => {
  const score = (id: string, more: Partial<Score>): Score => ({
    id,
    expect: "regressed",
    said: "regressed",
    conclusion: "failure",
    title: "",
    change: 0.1,
    effect: 0.1,
    causeRank: 1,
    others: [],
    minutes: 1,
    ...more,
  });
  const scores = [
    score("large", { causeRank: 3 }),
    score("small", { said: "unknown", effect: 0.03, causeRank: 0 }),
    score("mixed", { expect: "mixed", said: "improved", effect: 0.06 }),
    score("harmless", { expect: "same", said: "same", conclusion: "success", others: ["A"] }),
  ];
  const effects = new Map(scores.map(({ id, effect }) => [id, effect]));
  expect(summarize(scores, (id) => effects.get(id))).toEqual({
    cases: 4,
    changed: 3,
    found: 2,
    from10Percent: "1 of 1",
    from5Percent: "1 of 1",
    from2Percent: "0 of 1",
    below2Percent: "0 of 0",
    unknown: 1,
    harmless: 1,
    falseFlags: 1,
    falseBlocks: 0,
    causeFirst: 1,
    causeInThree: 2,
    minutesPerCase: 1,
  });
});
