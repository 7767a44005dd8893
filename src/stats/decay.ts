// Exponential decay: how much an old value still counts, and how many values that leaves.
//
// Decay per commit, not per second: with one run every ten minutes and 0.995 a second, the
// "baseline" is the last run alone (effective size 1.1).
import assert from "node:assert/strict";

/** Weight perUnit^age of each age, 1 at age 0. `perUnit` in (0, 1]; ages in any one unit. */
export function decayWeights(ages: readonly number[], perUnit: number): number[] {
  assert(perUnit > 0 && perUnit <= 1, `decay ${perUnit}`);
  return ages.map((age) => perUnit ** age);
}

/** The decay per unit of age that halves a weight after `halfLife` units. */
export function decayOfHalfLife(halfLife: number): number {
  assert(halfLife > 0, `half-life ${halfLife}`);
  return 0.5 ** (1 / halfLife);
}

/** Units of age after which a weight has halved; Infinity without decay. */
export function halfLifeOf(perUnit: number): number {
  assert(perUnit > 0 && perUnit <= 1, `decay ${perUnit}`);
  return perUnit === 1 ? Number.POSITIVE_INFINITY : Math.log(0.5) / Math.log(perUnit);
}

/** How many equally weighted values carry as much: (Σw)² / Σw² (Kish 1965). */
export function effectiveSize(weights: readonly number[]): number {
  const sum = weights.reduce((total, weight) => total + weight, 0);
  const squares = weights.reduce((total, weight) => total + weight * weight, 0);
  return squares === 0 ? 0 : sum ** 2 / squares;
}
