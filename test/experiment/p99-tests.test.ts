import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { logNormals, runPairs } from "../../src/experiment/draw.ts";
import { deal, merge, statisticsOf } from "../../src/experiment/merged-order.ts";
import { operationTests } from "../../src/experiment/operation-tests.ts";
import { quickTables } from "../../src/experiment/p99-document.ts";
import { QUICK, runP99Tests } from "../../src/experiment/p99-tests.ts";
import { barPlot, linePlot } from "../../src/experiment/plot.ts";
import { kolmogorovSmirnovTest } from "../../src/stats/kolmogorov-smirnov.ts";
import { nearestRank } from "../../src/stats/quantile.ts";
import { seededRandom } from "../../src/stats/random.ts";
import { tailWasserstein, wasserstein } from "../../src/stats/wasserstein.ts";

const SHAPE = { mu: 3, sigma: 0.5 };

test("sums over the merged order are the statistics of src/stats", () => {
  const random = seededRandom(4);
  for (const size of [20, 60, 500]) {
    const base = logNormals(random, size, SHAPE);
    const head = logNormals(random, size, { ...SHAPE, mu: 3.2 });
    const [left, right] = [[...base], [...head]] as const;
    const found = statisticsOf(merge(base, head));
    expect(found.ks).toBeCloseTo(kolmogorovSmirnovTest(left, right).d, 12);
    expect(found.w1).toBeCloseTo(wasserstein({ values: left }, { values: right }), 9);
    const tail = tailWasserstein({ values: left }, { values: right }, 0.05);
    expect(found.tailW1).toBeCloseTo(tail, 9);
    const ratio = nearestRank(right, 0.99) / nearestRank(left, 0.99);
    expect(found.p99).toBeCloseTo(Math.abs(Math.log(ratio)), 12);
    // Pettitt 1976: the sum over the merged order, each gap weighed by both sides' sizes there.
    const all = [...left, ...right].sort((one, other) => one - other);
    const below = (values: readonly number[], at: number) => values.filter((v) => v <= at).length;
    const definition = all.slice(0, -1).reduce((sum, value, index) => {
      const gap = below(left, value) * (2 * size) - size * (index + 1);
      return sum + gap ** 2 / ((index + 1) * (2 * size - index - 1)) / size ** 2;
    }, 0);
    expect(found.ad).toBeCloseTo(definition, 9);
  }
});

test("half of the labels are dealt to head, each value as often as another", () => {
  const random = seededRandom(1);
  const labels = new Uint8Array(10);
  const counts = new Array<number>(10).fill(0);
  for (let round = 0; round < 4000; round++) {
    deal(random, labels);
    expect(labels.reduce((sum, label) => sum + label, 0)).toBe(5);
    for (const [at, label] of labels.entries()) counts[at] = (counts[at] ?? 0) + label;
  }
  // 2,000 each, with a standard deviation of 32.
  for (const count of counts) expect(Math.abs(count - 2000)).toBeLessThan(130);
});

test("equal independent samples are rejected as often as the level says", () => {
  const random = seededRandom(2);
  const rounds = 300;
  const rejected = { W1: 0, p99: 0, AD: 0 };
  for (let round = 0; round < rounds; round++) {
    const draw = () => logNormals(random, 200, SHAPE);
    const p = operationTests(draw(), draw(), { random, permutations: 39 });
    for (const name of ["W1", "p99", "AD"] as const) if (p[name] <= 0.05) rejected[name]++;
  }
  // 15 and three standard deviations.
  for (const count of Object.values(rejected)) expect(count).toBeLessThanOrEqual(27);
});

test("runs of a pair share a luck that operations do not show", () => {
  const spreadOf = (noise: "independent" | "noisy") => {
    const shape = { noise, pairs: 60, operations: 400, tailEffect: 0 };
    const medians = runPairs(seededRandom(3), shape).map(({ base }) => nearestRank([...base], 0.5));
    return nearestRank(medians, 0.9) / nearestRank(medians, 0.1);
  };
  expect(spreadOf("independent")).toBeLessThan(1.1);
  expect(spreadOf("noisy")).toBeGreaterThan(1.2);
});

test("the published document holds what a quick run gives today", () => {
  const published = readFileSync(
    new URL("../../docs/experiments/p99-tests.md", import.meta.url),
    "utf8",
  );
  expect(published).toContain(quickTables(runP99Tests(QUICK)));
});

test("pictures hold every rate and stay inside their frame", () => {
  const plot = {
    title: "t",
    xTitle: "x",
    conditions: ["a", "b"],
    series: [{ name: "KS", rates: [0, 1] }],
    level: 0.05,
  };
  for (const svg of [linePlot(plot), barPlot(plot)]) {
    expect(svg).toMatch(/^<svg .*<\/svg>\n$/s);
    expect(svg).not.toContain("NaN");
    expect(svg).toContain(">KS<");
  }
});
