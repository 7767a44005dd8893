// The error rates that docs/statistics.md publishes, held against shorter simulations of the same.
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { seededRandom } from "../../src/stats/random.ts";
import { futilityBound } from "../../src/stats/settled.ts";
import { signedRankTest } from "../../src/stats/signed-rank.ts";
import { walshInterval } from "../../src/stats/walsh.ts";
import { simulatePullRequest } from "./simulated-pull-request.ts";

const PAGE = readFileSync(new URL("../../docs/statistics.md", import.meta.url), "utf8");

/** "flagged" and "stops the merge" of a row of the page's table, fractions. */
function published(row: string): { readonly flagged: number; readonly stopped: number } {
  const [, flagged, stopped] =
    PAGE.split("\n")
      .find((line) => line.startsWith(`| ${row}`))
      ?.match(/\| ([\d.]+) % \| ([\d.]+) % \|$/) ?? [];
  return { flagged: Number(flagged) / 100, stopped: Number(stopped) / 100 };
}

/** Within three standard deviations, and one case for rates that were 0 or 1 by chance. */
function expectRate(count: number, runs: number, rate: number): void {
  const slack = 3 * Math.sqrt(rate * (1 - rate) * runs) + 1;
  expect(Math.abs(count - rate * runs), `${count} of ${runs} is not ${rate}`).toBeLessThan(
    slack + 1e-9,
  );
}

test("one harmless pull request in twenty may be flagged at most, hardly any stopped", () => {
  const random = seededRandom(47);
  const runs = Array.from({ length: 120 }, () => simulatePullRequest(random, {}));
  const flagged = runs.filter(({ moved }) => moved.length > 0).length;
  const rates = published("nothing");
  expect(rates.flagged).toBeLessThanOrEqual(0.05);
  expectRate(flagged, runs.length, rates.flagged);
  expect(runs.filter(({ blocking }) => blocking.length > 0).length).toBe(0);
  const pairs = runs.reduce((sum, { pairsEach }) => sum + pairsEach, 0) / runs.length;
  expect(PAGE).toContain(`${pairs.toFixed(1)} pairs a benchmark on average`);
});

test.each([0.05, 0.08])(
  "of a slow-down by %d among 40 as many are found as published",
  (change) => {
    const random = seededRandom(48);
    const runs = Array.from({ length: 20 }, () =>
      simulatePullRequest(random, { Benchmark7: Math.log1p(change) }),
    );
    const rates = published(`${100 * change} %`);
    const of = (list: "moved" | "blocking") =>
      runs.filter((run) => run[list].includes("Benchmark7")).length;
    expectRate(of("moved"), runs.length, rates.flagged);
    expectRate(of("blocking"), runs.length, rates.stopped);
    expect(
      runs.flatMap(({ blocking }) => blocking.filter((name) => name !== "Benchmark7")),
    ).toEqual([]);
  },
);

test("the page's worked example is what the code gives", () => {
  const d = [3.1, 1.2, -0.4, 2.2, 4.5, 1.8, -0.9, 2.7].map((percent) => percent / 100);
  const { wPlus, p } = signedRankTest(d);
  expect(PAGE).toContain(`W⁺ = ${wPlus} of 36`);
  expect(PAGE).toContain(`p = ${p.toFixed(4)}`);
  expect(PAGE).toContain(`+${(100 * walshInterval(d).center).toFixed(3)} %`);
  expect(PAGE).toContain(`standard errors is ${(100 * futilityBound(d)).toFixed(1)} %`);
});
