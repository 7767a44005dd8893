// Do groups differ more than chance would have it? The Kruskal-Wallis statistic with a permutation
// distribution, for the question whether the link layout decides what a pair measures.
//
// Ranks, because a pair that was descheduled would decide a variance. Permutations instead of the
// chi-square approximation, because groups of two or three pairs are too small for it. Kruskal and
// Wallis 1952, JASA 47; p = (hits + 1) / (permutations + 1) is never 0 (Phipson and Smyth 2010).
import assert from "node:assert/strict";
import { type Random, shuffle } from "./random.ts";

/** Resolves p to 0.001, five times finer than the level it is held against. */
const PERMUTATIONS = 999;

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
  const sizes = new Map<number, number>();
  for (const group of groups) sizes.set(group, (sizes.get(group) ?? 0) + 1);
  if (sizes.size < 2 || Math.max(...sizes.values()) < 2) return 1;
  const ranks = midRanks(values);
  const observed = betweenGroups(ranks, groups, sizes);
  let hits = 0;
  for (let round = 0; round < PERMUTATIONS; round++) {
    // The slack keeps arrangements that are equal but for rounding from counting as smaller.
    if (betweenGroups(shuffle(random, ranks), groups, sizes) >= observed - 1e-9) hits++;
  }
  return (hits + 1) / (PERMUTATIONS + 1);
}

/** Sum over groups of (rank sum)² / size: Kruskal-Wallis H up to constants. */
function betweenGroups(
  ranks: readonly number[],
  groups: readonly number[],
  sizes: ReadonlyMap<number, number>,
): number {
  const sums = new Map<number, number>();
  for (const [index, group] of groups.entries()) {
    sums.set(group, (sums.get(group) ?? 0) + (ranks[index] as number));
  }
  let total = 0;
  for (const [group, sum] of sums) total += sum ** 2 / (sizes.get(group) ?? 1);
  return total;
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
