// Tests that take operations for independent samples: what the article recommends, and its relatives.

import { kolmogorovTail } from "../stats/kolmogorov-smirnov.ts";
import { mannWhitneyTest } from "../stats/mann-whitney.ts";
import type { Random } from "../stats/random.ts";
import { deal, merge, type Statistics, statisticsOf } from "./merged-order.ts";

export const OPERATION_TESTS = ["KS", "AD", "W1", "tail W1", "p99", "Mann-Whitney"] as const;
export type OperationTest = (typeof OPERATION_TESTS)[number];

/**
 * p of each test for two samples of one size; by permutation but for Kolmogorov-Smirnov (its limit
 * law) and Mann-Whitney (the normal approximation).
 */
export function operationTests(
  base: Float64Array,
  head: Float64Array,
  { random, permutations }: { readonly random: Random; readonly permutations: number },
): Readonly<Record<OperationTest, number>> {
  const merged = merge(base, head);
  const real = statisticsOf(merged);
  const asLarge = { ad: 1, w1: 1, tailW1: 1, p99: 1 };
  const dealt = { values: merged.values, isHead: new Uint8Array(merged.isHead.length) };
  for (let round = 0; round < permutations; round++) {
    deal(random, dealt.isHead);
    const chance: Statistics = statisticsOf(dealt);
    for (const name of ["ad", "w1", "tailW1", "p99"] as const) {
      if (chance[name] >= real[name]) asLarge[name]++;
    }
  }
  const p = (count: number) => count / (permutations + 1);
  return {
    KS: kolmogorovTail(real.ks * Math.sqrt(base.length / 2)),
    AD: p(asLarge.ad),
    W1: p(asLarge.w1),
    "tail W1": p(asLarge.tailW1),
    p99: p(asLarge.p99),
    "Mann-Whitney": mannWhitneyTest([...base], [...head]).p,
  };
}
