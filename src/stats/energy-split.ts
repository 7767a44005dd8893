// Where does a series change its distribution? E-divisive: the split whose sides are furthest
// apart in energy distance, accepted if shuffled series hardly ever split as well, then both
// sides again.
//
// Matteson and James 2014, JASA 109, as used by Hunter (Otava) and MongoDB. It looks back over a
// whole series and needs several values after a change; cusum.ts watches as values come. p counts
// the series itself among the shuffled ones, so it is never 0.
import assert from "node:assert/strict";
import { type Random, shuffle } from "./random.ts";

// Work grows with the square of the length, times the shuffles.
const MOST_VALUES = 2000;
// A side of one value has no distance within.
const SHORTEST_SIDE = 2;

export type EnergySplit = {
  /** Number of values on the first side. */
  readonly tau: number;
  /** τ(n-τ)/n · (2·mean|a-b| - mean|a-a'| - mean|b-b'|), at least 0 up to rounding. */
  readonly q: number;
};

/** The best split of 4 to 2,000 values. */
export function bestEnergySplit(values: readonly number[]): EnergySplit {
  const n = values.length;
  assert(n >= 2 * SHORTEST_SIDE && n <= MOST_VALUES, `energy split of ${n} values`);
  const distanceToAll = values.map((value) => distanceTo(values, value, [0, n]));
  let withinFirst = 0;
  // Sum over pairs, each counted once.
  let withinSecond = distanceToAll.reduce((sum, distance) => sum + distance, 0) / 2;
  let across = 0;
  let best: EnergySplit = { tau: SHORTEST_SIDE, q: Number.NEGATIVE_INFINITY };
  for (let tau = 1; tau <= n - SHORTEST_SIDE; tau++) {
    // Value tau-1 moves from the second side to the first.
    const toFirst = distanceTo(values, values[tau - 1] as number, [0, tau - 1]);
    const toSecond = (distanceToAll[tau - 1] as number) - toFirst;
    withinFirst += toFirst;
    withinSecond -= toSecond;
    across += toSecond - toFirst;
    if (tau < SHORTEST_SIDE) continue;
    const rest = n - tau;
    const q =
      ((tau * rest) / n) *
      ((2 * across) / (tau * rest) -
        withinFirst / ((tau * (tau - 1)) / 2) -
        withinSecond / ((rest * (rest - 1)) / 2));
    if (q > best.q) best = { tau, q };
  }
  return best;
}

export type SegmentOptions = {
  readonly random: Random;
  /** A split is kept when its p is at most this. */
  readonly alpha: number;
  /** Shuffled series per split; the smallest p is 1 / (shuffles + 1). */
  readonly shuffles: number;
  /** Segments are not made shorter. */
  readonly shortestSegment: number;
};

/** Ascending indices at which new segments begin; empty when the series is one. */
export function energyDivisive(values: readonly number[], options: SegmentOptions): number[] {
  const found: number[] = [];
  const open: [number, number][] = [[0, values.length]];
  for (let segment = open.pop(); segment !== undefined; segment = open.pop()) {
    const [from, to] = segment;
    if (to - from < Math.max(2 * options.shortestSegment, 2 * SHORTEST_SIDE)) continue;
    const part = values.slice(from, to);
    const { tau, q } = bestEnergySplit(part);
    if (Math.min(tau, part.length - tau) < options.shortestSegment) continue;
    if (splitP(part, q, options) > options.alpha) continue;
    found.push(from + tau);
    open.push([from, from + tau], [from + tau, to]);
  }
  return found.sort((one, other) => one - other);
}

function splitP(values: readonly number[], q: number, options: SegmentOptions): number {
  let asGood = 1;
  for (let count = 0; count < options.shuffles; count++) {
    if (bestEnergySplit(shuffle(options.random, values)).q >= q) asGood++;
  }
  return asGood / (options.shuffles + 1);
}

/** Σ|x - value| over values[from, to). */
function distanceTo(
  values: readonly number[],
  value: number,
  [from, to]: readonly [number, number],
): number {
  let sum = 0;
  for (let index = from; index < to; index++) sum += Math.abs((values[index] as number) - value);
  return sum;
}
