// The median of a sample and its order-statistic interval, exactly as benchstat prints them.
//
// An interval between two values of the sample covers the true median with a binomial
// probability, whatever the distribution. Up to 30 values that probability is summed outwards
// from the middle, to the left first; above, the normal approximation picks the ranks:
// github.com/aclements/go-moremath/stats (quantileci.go). The Walsh interval is narrower, but it
// speaks of pairs; this one speaks of one side.
import assert from "node:assert/strict";
import normalCdf from "@stdlib/stats-base-dists-normal-cdf";
import normalQuantile from "@stdlib/stats-base-dists-normal-quantile";
import { ascending } from "./quantile.ts";

const EXACT_LIMIT = 30;

export type MedianInterval = {
  readonly center: number;
  /** -Infinity and Infinity where the values are too few for the wanted level. */
  readonly low: number;
  readonly high: number;
  /** Coverage really held, at least the wanted one. */
  readonly level: number;
};

/** Median and interval of at least one value; `wantedLevel` in (0, 1). */
export function medianInterval(values: readonly number[], wantedLevel = 0.95): MedianInterval {
  assert(values.length > 0, "median of an empty sample");
  assert(wantedLevel > 0 && wantedLevel < 1, `level ${wantedLevel}`);
  const sorted = ascending(values);
  const ranks =
    sorted.length <= EXACT_LIMIT
      ? exactRanks(sorted.length, wantedLevel)
      : approximateRanks(sorted.length, wantedLevel);
  return {
    center: benchstatMedian(sorted),
    low: ranks.low < 1 ? Number.NEGATIVE_INFINITY : (sorted[ranks.low - 1] as number),
    high: sorted[ranks.high - 1] ?? Number.POSITIVE_INFINITY,
    level: ranks.level,
  };
}

type Ranks = { readonly low: number; readonly high: number; readonly level: number };

/** Ranks from 1; 0 and n + 1 stand for the infinities. */
function exactRanks(n: number, wantedLevel: number): Ranks {
  const probability = binomialHalves(n);
  const at = (k: number) => probability[k] ?? 0;
  let low = Math.ceil((n + 1) / 2) - 1;
  let high = low + 1;
  let level = at(low);
  while (level < wantedLevel && (at(low - 1) > 0 || at(high) > 0)) {
    if (at(low - 1) >= at(high)) level += at(--low);
    else level += at(high++);
  }
  return { low, high, level };
}

function approximateRanks(n: number, wantedLevel: number): Ranks {
  const mean = n / 2;
  const deviation = Math.sqrt(n / 4);
  const left = normalQuantile((1 - wantedLevel) / 2, mean, deviation);
  const low = Math.floor(left - 0.5) + 1;
  const high = Math.ceil(2 * mean - left - 0.5) + 1;
  const covered = (end: number) =>
    normalCdf(end - 0.5, mean, deviation) - normalCdf(low - 0.5, mean, deviation);
  const level = covered(high);
  const biased = covered(high - 1);
  if (biased >= wantedLevel && biased < level) return { low, high: high - 1, level: biased };
  return { low, high, level };
}

/** P(k of n fair coins fall heads) for k from 0 to n; n is at most 30, so 2^-n is exact. */
function binomialHalves(n: number): number[] {
  const probability: number[] = [];
  let ways = 1;
  for (let k = 0; k <= n; k++) {
    probability.push(ways * 2 ** -n);
    ways = (ways * (n - k)) / (k + 1);
  }
  return probability;
}

/** Quantile R8 of Hyndman and Fan (1996) at 1/2, in the very order of operations of benchstat. */
function benchstatMedian(sorted: Float64Array): number {
  const position = 1 / 3 + 0.5 * (sorted.length + 1 / 3);
  const rank = Math.floor(position);
  const lower = sorted[Math.max(rank, 1) - 1] as number;
  const upper = sorted[rank];
  return upper === undefined || rank < 1 ? lower : lower + (position - rank) * (upper - lower);
}
