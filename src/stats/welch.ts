// How far apart are two means, and how sure is that? Welch's interval: variances need not be equal.
//
// For sums and means over a handful of runs, where each value is itself a sum of many samples and
// therefore close to normal. For times of operations use walsh.ts: they are skewed, and one outlier
// decides a mean. Welch 1947, Biometrika 34; degrees of freedom after Satterthwaite 1946.
import assert from "node:assert/strict";
import betainc from "@stdlib/math-base-special-betainc";

export type MeanDifference = {
  /** Mean of head less mean of base. */
  readonly difference: number;
  /** Half the interval's width; Infinity with fewer than two values on a side. */
  readonly halfWidth: number;
};

/** At least one finite value a side; `level` in (0, 1). */
export function meanDifference(
  { base, head }: { readonly base: readonly number[]; readonly head: readonly number[] },
  level = 0.95,
): MeanDifference {
  assert(base.length > 0 && head.length > 0, "a mean of nothing");
  const [one, other] = [standardError(base), standardError(head)];
  const difference = other.mean - one.mean;
  if (base.length < 2 || head.length < 2) {
    return { difference, halfWidth: Number.POSITIVE_INFINITY };
  }
  const squares = one.square + other.square;
  if (squares === 0) return { difference, halfWidth: 0 };
  // Parts of the sum, not the squares themselves: those of tiny values are 0.
  const part = one.square / squares;
  const freedom = 1 / (part ** 2 / (base.length - 1) + (1 - part) ** 2 / (head.length - 1));
  return { difference, halfWidth: tQuantile(level, freedom) * Math.sqrt(squares) };
}

function standardError(values: readonly number[]) {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return { mean, square: squares / Math.max(1, values.length - 1) / values.length };
}

/** The t with P(|T| <= t) = `level`: the probability beyond it falls from 1 to 0, so halving finds it. */
function tQuantile(level: number, freedom: number): number {
  assert(level > 0 && level < 1 && freedom > 0, `level ${level}, freedom ${freedom}`);
  const beyond = (t: number) => betainc(freedom / (freedom + t * t), freedom / 2, 0.5);
  let [low, high] = [0, 1e8];
  for (let step = 0; step < 200; step++) {
    const middle = (low + high) / 2;
    if (beyond(middle) > 1 - level) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}
