import { describe, expect, test } from "vitest";
import { compareCounts, type Sides } from "../../../src/analyze/profile/move.ts";

const PERIOD_NS = 10_000_000;

function sides(base: readonly [number, number], head: readonly [number, number]): Sides {
  return {
    base: { samples: base[0], exposure: base[1] / PERIOD_NS },
    head: { samples: head[0], exposure: head[1] / PERIOD_NS },
  };
}

/** Mulberry32: a small generator with a seed, so that a simulation is the same every time. */
function randomOf(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** Counts of samples drawn from the weights, `total` in all. */
function draw(weights: readonly number[], total: number, random: () => number): number[] {
  const sum = weights.reduce((one, other) => one + other, 0);
  const counts = weights.map(() => 0);
  for (let i = 0; i < total; i++) {
    let left = random() * sum;
    const at = weights.findIndex((weight) => {
      left -= weight;
      return left < 0;
    });
    counts[at < 0 ? weights.length - 1 : at]! += 1;
  }
  return counts;
}

describe("compareCounts", () => {
  test("gives shares and the change of cost in nanoseconds per operation", () => {
    const move = compareCounts(
      { base: 100, head: 300 },
      sides([1000, 1_000_000], [1200, 1_000_000]),
    );
    expect(move).toEqual({
      baseShare: 0.1,
      headShare: 0.25,
      costChangeNs: expect.closeTo(2000),
      moved: true,
      wholeMoved: false,
    });
  });

  test("a share that falls because another one grew has not moved", () => {
    const both = sides([1000, 1_000_000], [1500, 1_000_000]);
    expect(compareCounts({ base: 400, head: 400 }, both).moved).toBe(false);
    expect(compareCounts({ base: 100, head: 600 }, both).moved).toBe(true);
  });

  test("on a slower machine no part has moved", () => {
    const both = sides([1000, 1_000_000], [1500, 1_000_000]);
    expect(compareCounts({ base: 400, head: 600 }, both).moved).toBe(false);
  });

  test("what is most of a profile grows with hardly a change of its share", () => {
    const both = sides([1000, 1_000_000], [1380, 1_000_000]);
    const move = compareCounts({ base: 950, head: 1330 }, both);
    expect([move.moved, move.wholeMoved]).toEqual([false, true]);
  });

  test("few samples, small parts and small changes have not moved", () => {
    expect(compareCounts({ base: 0, head: 3 }, sides([30, 1e6], [33, 1e6])).moved).toBe(false);
    const large = sides([100_000, 1e9], [100_500, 1e9]);
    expect(compareCounts({ base: 0, head: 500 }, large).moved).toBe(false);
    expect(compareCounts({ base: 60_000, head: 64_000 }, large).moved).toBe(false);
    expect(compareCounts({ base: 0, head: 0 }, large).moved).toBe(false);
  });

  test("swapping the sides turns the direction and nothing else", () => {
    const one = compareCounts({ base: 50, head: 300 }, sides([1000, 2e6], [1300, 2e6]));
    const other = compareCounts({ base: 300, head: 50 }, sides([1300, 2e6], [1000, 2e6]));
    expect(other).toEqual({
      baseShare: one.headShare,
      headShare: one.baseShare,
      costChangeNs: -one.costChangeNs,
      moved: one.moved,
      wholeMoved: one.wholeMoved,
    });
  });
});

describe("in simulated profiles of 60 functions with 1,000 samples", () => {
  const weights = Array.from({ length: 60 }, (_, rank) => 1 / (rank + 1));

  function movedFunctions(factor: (rank: number) => number, random: () => number): number[] {
    const headWeights = weights.map((weight, rank) => weight * factor(rank));
    const growth =
      headWeights.reduce((sum, weight) => sum + weight, 0) /
      weights.reduce((sum, weight) => sum + weight, 0);
    const headSamples = Math.round(1000 * growth);
    const base = draw(weights, 1000, random);
    const head = draw(headWeights, headSamples, random);
    const both = sides([1000, 1e6], [headSamples, 1e6]);
    return weights.flatMap((_, rank) =>
      compareCounts({ base: base[rank]!, head: head[rank]! }, both).moved ? [rank] : [],
    );
  }

  test("equal sides show a move in at most 2 % of the pairs", () => {
    const random = randomOf(20260301);
    let alarms = 0;
    for (let pair = 0; pair < 1000; pair++) {
      if (movedFunctions(() => 1, random).length > 0) alarms++;
    }
    expect(alarms / 1000).toBeLessThanOrEqual(0.02);
  });

  test("a function of 7 % that doubles is found, and it alone, in at least 80 %", () => {
    const random = randomOf(7);
    let found = 0;
    for (let pair = 0; pair < 200; pair++) {
      const moved = movedFunctions((rank) => (rank === 2 ? 2 : 1), random);
      if (moved.length === 1 && moved[0] === 2) found++;
    }
    expect(found / 200).toBeGreaterThan(0.8);
  });
});
