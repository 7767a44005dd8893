// A series of main for tests: a level a commit, noise from a seed, and what its pairs said.
import type { Point, Series } from "../../src/baseline/history.ts";
import { seededRandom } from "../../src/stats/random.ts";
import { normal } from "../stats/noise.ts";

export const DAY_MS = 24 * 3_600_000;

/** One commit a day from 2026-01-01, near `levels` (microseconds) with 1 % noise. */
export function seriesOf(levels: readonly number[], more: Partial<Series> = {}): Series {
  const random = seededRandom(7);
  const points = levels.map((level, index): Point => {
    const change = index === 0 ? 0 : level / (levels[index - 1] ?? level) - 1;
    return {
      commit: String(index).padStart(40, "c"),
      measuredAt: new Date(Date.UTC(2026, 0, 1) + index * DAY_MS).toISOString(),
      value: level * 1e-6 * Math.exp(0.01 * normal(random)),
      change,
      p: change === 0 ? 0.6 : 0.001,
      spread: 0.02,
    };
  });
  const key = { cell: "default", package: "example.com/m", name: "BenchmarkParse" };
  return { ...key, metric: "p10-sec/op", points, ...more };
}

export const levels = (...steps: readonly (readonly [count: number, level: number])[]) =>
  steps.flatMap(([count, level]) => new Array<number>(count).fill(level));
