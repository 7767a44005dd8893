// How often is a slow-down like the planted one found, going by the number of its samples alone?
//
// The normal approximation of the test that decides (compare-runs.ts): what was planted, Δ samples,
// stands against the spread of both sides' own samples of the function, sqrt(φ·(2n + Δ)), φ as the
// test estimates it from the runs. It has to beat the first step of Benjamini-Hochberg over the
// functions that are tested, and the least size: a tenth of the function, half a percent of all.
// The simulation that the test was chosen by (2,000 samples a run, functions of 1 % and more that grow
// by half) found 39 % with five runs and 59 % with eight; this formula says 35 and 65 %. With the 125
// samples that half a second has, 40 functions and eight runs it says 9 %, and 37 % where they double.
import normalCdf from "@stdlib/stats-base-dists-normal-cdf";
import normalQuantile from "@stdlib/stats-base-dists-normal-quantile";
import { compareCounts, type GroupCounts } from "../../src/stats/quasi-poisson.ts";
import { sum } from "../../src/stats/sum.ts";
import type { NamedStack } from "./samples.ts";

/** As in compare-runs.ts. */
const ALPHA = 0.05;
const FEWEST_SAMPLES = 20;
const SHARE_MIN = 0.005;
const RATIO_MIN = 0.1;

export type Planted = {
  /** Samples of the function itself on base, over all runs. */
  readonly own: number;
  /** Samples added on head. */
  readonly added: number;
  /** All samples of base. */
  readonly all: number;
  /** φ of the function. */
  readonly dispersion: number;
  /** Functions with enough samples to be tested. */
  readonly tested: number;
};

/** A probability; sides of equally many operations. */
export function chanceToFind({ own, added, all, dispersion, tested }: Planted): number {
  const spread = Math.sqrt(dispersion * (2 * own + added));
  const significant = -normalQuantile(ALPHA / (2 * tested), 0, 1) * spread;
  const least = Math.max(significant, SHARE_MIN * all, RATIO_MIN * own);
  return normalCdf((added - least) / spread, 0, 1);
}

/** Stacks by run. */
export type Runs = {
  readonly base: readonly (readonly NamedStack[])[];
  readonly head: readonly (readonly NamedStack[])[];
};

/** φ of a function's own samples and how many functions are tested with it. */
export function testOf(name: string, runs: Runs): Pick<Planted, "dispersion" | "tested"> {
  const rows = new Map<string, { base: number[]; head: number[] }>();
  for (const side of ["base", "head"] as const) {
    for (const [run, stacks] of runs[side].entries()) {
      for (const { frames, samples } of stacks) {
        const leaf = frames[0]?.function ?? "";
        const row = rows.get(leaf) ?? {
          base: runs.base.map(() => 0),
          head: runs.head.map(() => 0),
        };
        row[side][run] = (row[side][run] ?? 0) + samples;
        rows.set(leaf, row);
      }
    }
  }
  const isTested = ({ base, head }: GroupCounts) => sum(base) + sum(head) >= FEWEST_SAMPLES;
  const tested = [...rows].filter(([, row]) => isTested(row));
  const at = tested.findIndex(([leaf]) => leaf === name);
  const fits = compareCounts(tested.map(([, row]) => row));
  return { dispersion: fits[at]?.dispersion ?? 1, tested: Math.max(1, tested.length) };
}
