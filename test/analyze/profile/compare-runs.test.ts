// The rates of the comparison over runs, by seeded simulation: three hundred
// functions with Zipf shares, 2,000 samples a run, counts spread beyond Poisson by a gamma factor
// of 15 % (bursts), eight runs a side. The bounds below are what was simulated beforehand, with room
// for the error of so few trials: false discoveries about 5 %, and 60 to 80 % of the functions of at
// least 1 % found when they grow by half, nearly all when they double.
import { describe, expect, test } from "vitest";
import {
  commonShift,
  compareRows,
  type RunTotals,
} from "../../../src/analyze/profile/compare-runs.ts";
import type { GroupCounts } from "../../../src/stats/quasi-poisson.ts";
import { nextFloat, type Random, seededRandom, shuffle } from "../../../src/stats/random.ts";

type Program = {
  readonly functions: number;
  readonly samples: number;
  readonly runs: number;
  /** Coefficient of variation of a function's rate between runs. */
  readonly spread: number;
  /** Of the whole run, all functions alike. */
  readonly commonSpread: number;
};

const LARGE: Program = { functions: 300, samples: 2000, runs: 8, spread: 0.15, commonSpread: 0.03 };
/** What half a second at 250 Hz gives of a small benchmark. */
const SMALL: Program = { functions: 40, samples: 150, runs: 8, spread: 0.15, commonSpread: 0.03 };

type Change = {
  /** Functions of the largest forty that change. */
  readonly changed: number;
  readonly factor: number;
  /** Of all functions, on head. */
  readonly slower: number;
};

function normal(random: Random): number {
  const radius = Math.sqrt(-2 * Math.log(1 - nextFloat(random)));
  return radius * Math.cos(2 * Math.PI * nextFloat(random));
}

/** Marsaglia and Tsang 2000, shape at least 1, mean 1. */
function gammaFactor(random: Random, spread: number): number {
  const shape = 1 / spread ** 2;
  const d = shape - 1 / 3;
  for (;;) {
    const x = normal(random);
    const v = (1 + x / Math.sqrt(9 * d)) ** 3;
    if (v <= 0) continue;
    const u = 1 - nextFloat(random);
    if (Math.log(u) < x ** 2 / 2 + d - d * v + d * Math.log(v)) return (d * v) / shape;
  }
}

function poisson(random: Random, mean: number): number {
  if (mean > 50) return Math.max(0, Math.round(mean + Math.sqrt(mean) * normal(random)));
  let count = 0;
  for (let p = nextFloat(random); p > Math.exp(-mean); p *= nextFloat(random)) count++;
  return count;
}

type Simulated = { readonly rows: GroupCounts[]; readonly changed: ReadonlySet<number> };

function simulate(program: Program, change: Change, random: Random): Simulated {
  const weights = Array.from({ length: program.functions }, (_, rank) => 1 / (rank + 1));
  const all = weights.reduce((sum, weight) => sum + weight, 0);
  const largest = weights.map((_, rank) => rank).slice(0, 40);
  const changed = new Set(shuffle(random, largest).slice(0, change.changed));
  const rows = weights.map(() => ({ base: [] as number[], head: [] as number[] }));
  for (const side of ["base", "head"] as const) {
    for (let run = 0; run < program.runs; run++) {
      const common = Math.exp(program.commonSpread * normal(random));
      for (const [rank, weight] of weights.entries()) {
        const grown = side === "base" ? 1 : change.slower * (changed.has(rank) ? change.factor : 1);
        const mean = (weight / all) * program.samples * common * grown;
        rows[rank]?.[side].push(poisson(random, mean * gammaFactor(random, program.spread)));
      }
    }
  }
  return { rows, changed };
}

function totalsOf(rows: readonly GroupCounts[]): RunTotals {
  const perRun = (side: "base" | "head") =>
    (rows[0]?.[side] ?? []).map((_, run) =>
      rows.reduce((sum, row) => sum + (row[side][run] ?? 0), 0),
    );
  const samples = { base: perRun("base"), head: perRun("head") };
  return {
    samples,
    exposures: { base: samples.base.map(() => 1), head: samples.head.map(() => 1) },
  };
}

/** Over the trials: mean share of false ones among those found, and part of the large ones found. */
function rates(program: Program, change: Change, options: { trials: number; seed: number }) {
  const random = seededRandom(options.seed);
  let [falsePart, found, large] = [0, 0, 0];
  for (let trial = 0; trial < options.trials; trial++) {
    const { rows, changed } = simulate(program, change, random);
    const totals = totalsOf(rows);
    const moved = compareRows(rows, totals, commonShift(rows, totals)).flatMap(
      ({ moved: hasMoved }, row) => (hasMoved ? [row] : []),
    );
    const wrong = moved.filter((row) => !changed.has(row)).length;
    falsePart += moved.length === 0 ? 0 : wrong / moved.length;
    // At least 1 % of 300 Zipf shares: the largest sixteen.
    found += moved.filter((row) => changed.has(row) && row < 16).length;
    large += [...changed].filter((row) => row < 16).length;
  }
  return { falsePart: falsePart / options.trials, found: large === 0 ? 0 : found / large };
}

const NO_CHANGE: Change = { changed: 0, factor: 1, slower: 1 };
const TRIALS = 30;

describe("over eight runs a side", () => {
  test("equal sides show a move in at most one comparison of twelve", () => {
    expect(rates(LARGE, NO_CHANGE, { trials: 2 * TRIALS, seed: 1 }).falsePart).toBeLessThan(0.09);
    expect(rates(SMALL, NO_CHANGE, { trials: 2 * TRIALS, seed: 2 }).falsePart).toBeLessThan(0.09);
  });

  test("five functions that grow by half are found, and hardly others", () => {
    const change = { ...NO_CHANGE, changed: 5, factor: 1.5 };
    const { falsePart, found } = rates(LARGE, change, { trials: TRIALS, seed: 3 });
    expect(falsePart).toBeLessThan(0.08);
    expect(found).toBeGreaterThan(0.6);
  });

  test("five that double are nearly all found", () => {
    const change = { ...NO_CHANGE, changed: 5, factor: 2 };
    const { falsePart, found } = rates(LARGE, change, { trials: TRIALS, seed: 4 });
    expect(falsePart).toBeLessThan(0.08);
    expect(found).toBeGreaterThan(0.95);
  });

  test("when everything is a fifth dearer alike, no function stands out", () => {
    const change = { ...NO_CHANGE, slower: 1.2 };
    expect(rates(LARGE, change, { trials: TRIALS, seed: 5 }).falsePart).toBeLessThan(0.15);
  });

  test("when most functions double, the others have not fallen", () => {
    const program = { ...SMALL, functions: 14, samples: 600 };
    const change = { changed: 9, factor: 2, slower: 1 };
    const { falsePart, found } = rates(program, change, { trials: TRIALS, seed: 6 });
    expect(falsePart).toBeLessThan(0.05);
    expect(found).toBeGreaterThan(0.9);
  });
});

describe("compareRows", () => {
  const totals: RunTotals = {
    samples: { base: [100, 110, 90, 100], head: [150, 160, 140, 150] },
    exposures: { base: [1, 1, 1, 1], head: [1, 1, 1, 1] },
  };
  const grown = { base: [20, 22, 18, 20], head: [70, 72, 68, 70] };
  const same = { base: [80, 88, 72, 80], head: [80, 88, 72, 80] };

  test("shares and cost are those of all runs together", () => {
    const [move] = compareRows([grown, same], totals, undefined);
    expect(move).toEqual({
      baseShare: 0.2,
      headShare: expect.closeTo(280 / 600),
      costChangeNs: 50,
      moved: true,
      wholeMoved: false,
    });
  });

  test("what kept its cost has not moved, though its share fell", () => {
    expect(compareRows([grown, same], totals, undefined)[1]?.moved).toBe(false);
  });

  test("the sides swapped move the same rows", () => {
    const swap = ({ base, head }: GroupCounts): GroupCounts => ({ base: head, head: base });
    const swapped = { samples: swap(totals.samples), exposures: totals.exposures };
    const moves = compareRows([grown, same].map(swap), swapped, undefined);
    expect(moves.map(({ moved, costChangeNs }) => [moved, costChangeNs])).toEqual([
      [true, -50],
      [false, 0],
    ]);
  });

  test("a move of less than a tenth of the function is none, however sure", () => {
    const row = { base: [1e6, 1e6, 1e6, 1e6], head: [1.05e6, 1.05e6, 1.05e6, 1.05e6] };
    const large = { samples: row, exposures: totals.exposures };
    expect(compareRows([row], large, undefined)[0]?.moved).toBe(false);
  });

  test("fewer than three runs a side are pooled", () => {
    const few: RunTotals = {
      samples: { base: [1000], head: [1500] },
      exposures: { base: [1], head: [1] },
    };
    const [move] = compareRows([{ base: [100], head: [600] }], few, undefined);
    expect(move?.moved).toBe(true);
    expect(commonShift([{ base: [100], head: [600] }], few)).toBeUndefined();
  });

  test("functions of no or few samples, and no functions at all", () => {
    const rare = { base: [0, 0, 0, 0], head: [5, 4, 5, 4] };
    const never = { base: [0, 0, 0, 0], head: [0, 0, 0, 0] };
    expect(compareRows([rare, never], totals, undefined).map(({ moved }) => moved)).toEqual([
      false,
      false,
    ]);
    expect(compareRows([], totals, undefined)).toEqual([]);
  });
});

describe("what all functions have in common", () => {
  const row = (base: number, head: number): GroupCounts => ({
    base: [base, base, base],
    head: [head, head, head],
  });
  const shiftOf = (rows: readonly GroupCounts[]) => commonShift(rows, totalsOf(rows));

  test("nine functions that are a fifth dearer", () => {
    expect(shiftOf(Array(9).fill(row(100, 120)))).toBeCloseTo(Math.log(1.2));
  });

  test("seven are too few to say", () => {
    expect(shiftOf(Array(7).fill(row(100, 120)))).toBeUndefined();
  });

  test("with four in ten doubled they do not agree", () => {
    const rows = [...Array(6).fill(row(100, 100)), ...Array(4).fill(row(100, 200))];
    expect(shiftOf(rows)).toBeUndefined();
  });
});
