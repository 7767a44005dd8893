import { expect, test } from "vitest";
import { behindLines, shiftTexts } from "../../src/report/distribution.ts";
import type { ReportShiftPoint } from "../../src/report/report-schema.ts";
import { metric, reportOf } from "./make-report.ts";

function reportWith(points: readonly ReportShiftPoint[]) {
  const report = reportOf([metric()]);
  const shift = { baseOperations: 1_234_567, headOperations: 999, points: [...points] };
  return {
    ...report,
    benchmarks: report.benchmarks.map((at) => ({ ...at, latencyShift: shift })),
  };
}

const point = (quantile: number, change: number) => ({
  quantile,
  base: 1e-6,
  head: 1e-6 * (1 + change),
  change,
});

test("a line has some percentiles, the table all", () => {
  const report = reportWith([0.05, 0.1, 0.5, 0.999].map((quantile) => point(quantile, quantile)));
  const [text] = shiftTexts(report);
  expect(text?.line).toBe("p5 +5.0 %, p50 +50.0 %, p99.9 +99.9 %");
  expect(text?.rows.map(({ percentile }) => percentile)).toEqual(["p5", "p10", "p50", "p99.9"]);
  expect(text?.operations).toBe("1,234,567 operations timed on base, 999 on head");
  expect(behindLines(report)).toEqual([`Parse by percentile of operations: ${text?.line}`]);
});

test("the picture stays in its box, and shows where no change is", () => {
  for (const changes of [[0], [0.5, 7], [-0.9, -0.1], [-0.5, 0.5], [1e-9]]) {
    const points = changes.map((change, at) => point((at + 1) / 3, change));
    const plot = shiftTexts(reportWith(points))[0]?.plot;
    const heights = plot?.points.split(" ").map((pair) => Number(pair.split(",")[1])) ?? [];
    for (const height of [...heights, plot?.zero ?? Number.NaN]) {
      expect(height).toBeGreaterThanOrEqual(0);
      expect(height).toBeLessThanOrEqual(plot?.height ?? 0);
    }
  }
});

test("nothing is shown where nothing moved", () => {
  const report = reportOf([metric()]);
  expect([shiftTexts(report), behindLines(report)]).toEqual([[], []]);
});
