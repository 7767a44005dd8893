// Do groups differ more than chance would have it? The Kruskal-Wallis statistic with a permutation
// distribution, for the question whether the link layout decides what a pair measures.
//
// Ranks, because a pair that was descheduled would decide a variance. Permutations instead of the
// chi-square approximation, because groups of two or three pairs are too small for it. Kruskal and
// Wallis 1952, JASA 47. Permuting ends early once chance has done as well ten times, which tells
// a large p well enough (Besag and Clifford 1991, Biometrika 78); p is never 0.
import assert from "node:assert/strict";
import { type Random, shuffle } from "./random.ts";

/** Resolves p to 0.001, fifty times finer than the level it is held against. */
const PERMUTATIONS = 999;
/** At p = 0.05 ten hits need 200 permutations. The level is held with any number of hits. */
const ENOUGH_HITS = 10;

/**
 * p that values in groups without influence differ this much between groups; 1 when there is
 * nothing to compare: fewer than two groups, or no group with two values.
 */
export function groupInfluenceP(
  values: readonly number[],
  groups: readonly number[],
  random: Random,
): number {
  assert.equal(values.length, groups.length);
  const names = [...new Set(groups)];
  const places = groups.map((group) => names.indexOf(group));
  const sizes = names.map((_, place) => places.filter((at) => at === place).length);
  if (sizes.length < 2 || Math.max(...sizes) < 2) return 1;
  const ranks = midRanks(values);
  const observed = betweenGroups(ranks, places, sizes);
  for (let round = 1, hits = 0; round <= PERMUTATIONS; round++) {
    // The slack keeps arrangements that are equal but for rounding from counting as smaller.
    if (betweenGroups(shuffle(random, ranks), places, sizes) >= observed - 1e-9) hits++;
    if (hits === ENOUGH_HITS) return hits / round;
    if (round === PERMUTATIONS) return (hits + 1) / (PERMUTATIONS + 1);
  }
  return 1;
}

/** Sum over groups of (rank sum)² / size: Kruskal-Wallis H up to constants. */
function betweenGroups(
  ranks: readonly number[],
  places: readonly number[],
  sizes: readonly number[],
): number {
  const sums = new Float64Array(sizes.length);
  for (let index = 0; index < places.length; index++) {
    const place = places[index] as number;
    sums[place] = (sums[place] as number) + (ranks[index] as number);
  }
  return sizes.reduce((total, size, place) => total + (sums[place] as number) ** 2 / size, 0);
}

/** Ranks from 1; equal values share the mean of theirs. */
function midRanks(values: readonly number[]): number[] {
  const order = values.map((_, index) => index);
  order.sort((one, other) => (values[one] as number) - (values[other] as number));
  const ranks = new Array<number>(values.length);
  for (let start = 0; start < order.length; ) {
    let end = start + 1;
    const value = values[order[start] as number];
    while (end < order.length && values[order[end] as number] === value) end++;
    for (let at = start; at < end; at++) ranks[order[at] as number] = (start + 1 + end) / 2;
    start = end;
  }
  return ranks;
}
