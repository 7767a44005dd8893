// How large is a shift? The Hodges-Lehmann estimate and the interval that belongs to the
// signed-rank test: a shift is inside exactly when the test does not reject it.
//
// Walsh averages are the means of all pairs of values, each with itself too. Their median is the
// estimate; the k-th smallest and k-th largest bound the interval. Few values cannot give a high
// level: 5 give at most 93.75 %, so the level that is really held is part of the answer. A
// bootstrap of the pairs was rejected: at 10 pairs it alarms at twice the stated rate.
//
// Hollander, Wolfe, Chicken, Nonparametric Statistical Methods, 3.2 and 3.3.
import assert from "node:assert/strict";
import normalQuantile from "@stdlib/stats-base-dists-normal-quantile";
import { selectMiddle, selectRank } from "./quantile.ts";
import { untiedRankSums } from "./signed-rank.ts";

// n values have n(n+1)/2 averages; 2,000 make 2 million (16 MB), and nothing here needs more.
const MOST_VALUES = 2000;
// As in signed-rank.ts: exact up to here, the normal approximation above.
const EXACT_LIMIT = 300;

export type WalshInterval = {
  /** Hodges-Lehmann estimate. */
  readonly center: number;
  readonly low: number;
  readonly high: number;
  /** Coverage really held when there are no ties; below the wanted one where values are few. */
  readonly level: number;
};

/** Median of the Walsh averages of 1 to 2,000 finite values. */
export function hodgesLehmann(values: readonly number[]): number {
  return selectMiddle(walshAverages(values));
}

/** The narrowest Walsh interval of at least `wantedLevel`, or the widest one there is. */
export function walshInterval(values: readonly number[], wantedLevel = 0.95): WalshInterval {
  if (!(wantedLevel > 0 && wantedLevel < 1)) assert.fail(`level ${wantedLevel}`);
  const averages = walshAverages(values);
  const { k, level } = walshRank(values.length, 1 - wantedLevel);
  const center = selectMiddle(averages);
  // The middle one divides them, and both ends are further out.
  const middle = (averages.length - 1) >> 1;
  return {
    center,
    low: selectRank(averages, k, 0, middle),
    high: selectRank(averages, averages.length + 1 - k, middle),
    level,
  };
}

/** The largest k with 2·P(W+ < k) <= alpha among n pairs, at least 1, and the level it holds. */
function walshRank(n: number, alpha: number): { readonly k: number; readonly level: number } {
  if (n > EXACT_LIMIT) {
    const deviation = Math.sqrt((n * (n + 1) * (2 * n + 1)) / 24);
    const edge = (n * (n + 1)) / 4 + normalQuantile(alpha / 2, 0, 1) * deviation;
    return { k: Math.max(1, Math.floor(edge)), level: 1 - alpha };
  }
  const probability = untiedRankSums(n);
  let k = 1;
  let below = probability[0] as number;
  // The slack is for alpha itself: 1 - 0.9375 is a rounding away from 0.0625.
  while (2 * (below + (probability[k] as number)) <= alpha * (1 + 1e-12)) {
    below += probability[k] as number;
    k++;
  }
  return { k, level: 1 - 2 * below };
}

/** In no order. A plain array: a typed one of this size costs more to make than to fill. */
function walshAverages(values: readonly number[]): number[] {
  const n = values.length;
  if (!(n >= 1 && n <= MOST_VALUES)) assert.fail(`Walsh averages of ${n} values`);
  for (const value of values) if (!Number.isFinite(value)) assert.fail(`value ${value}`);
  const averages: number[] = [];
  for (let one = 0; one < n; one++) {
    const value = values[one] as number;
    for (let other = one; other < n; other++) {
      averages.push((value + (values[other] as number)) / 2);
    }
  }
  return averages;
}
