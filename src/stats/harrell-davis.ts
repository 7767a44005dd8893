// Harrell and Davis's quantile: a mean of all order statistics, weighted by how likely each is the
// wanted quantile (a beta distribution). Smoother than one order statistic, by 1 to 3 % of spread
// in the tail: worth it in a picture of the change at each quantile, not in a test.
//
// Harrell and Davis 1982, Biometrika 69.
import assert from "node:assert/strict";
import betainc from "@stdlib/math-base-special-betainc";
import { ascending } from "./quantile.ts";

/** The quantile at `p`, strictly between 0 and 1, of at least one value. */
export function harrellDavis(values: readonly number[], p: number): number {
  const n = values.length;
  assert(n > 0, "quantile of an empty sample");
  assert(p > 0 && p < 1, `quantile at ${p}`);
  const sorted = ascending(values);
  const [a, b] = [(n + 1) * p, (n + 1) * (1 - p)];
  let sum = 0;
  let reached = 0;
  for (const [index, value] of sorted.entries()) {
    const next = betainc((index + 1) / n, a, b);
    sum += (next - reached) * value;
    reached = next;
  }
  return sum;
}
