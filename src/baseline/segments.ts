// The levels a benchmark had on main, for a chart that is looked back on: E-divisive over the whole
// window, splits below 2 % let go. level-changes.ts watches as commits come; this one sees both
// sides of a change and places it better.
import { energyDivisive } from "../stats/energy-split.ts";
import { median } from "../stats/quantile.ts";
import { seededRandom } from "../stats/random.ts";
import { levelOf, type Series } from "./history.ts";

// In simulations of 1,000 quiet commits this splits 0.6 times; p 0.05 without a smallest effect 13.
const ALPHA = 0.005;
const SMALLEST_EFFECT = 0.02;
// Resolves p to 0.0025.
const SHUFFLES = 399;
const SHORTEST_SEGMENT = 5;
// The dice of one chart need not differ from those of another: any seed will do.
const SEED = 1;

/** Ascending indices into the points at which a new level begins; empty where there is one. */
export function segmentStarts({ points, metric }: Series): number[] {
  const levels = points.map(({ value }) => levelOf(value, metric));
  const starts = energyDivisive(levels, {
    random: seededRandom(SEED),
    alpha: ALPHA,
    shuffles: SHUFFLES,
    shortestSegment: SHORTEST_SEGMENT,
  });
  return starts.filter((start, index) => {
    const before = median(levels.slice(starts[index - 1] ?? 0, start));
    const after = median(levels.slice(start, starts[index + 1]));
    return Math.abs(Math.expm1(after - before)) >= SMALLEST_EFFECT;
  });
}
