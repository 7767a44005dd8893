// Known answers of tests that the product rejected or has no use for: written out from the library
// of special functions alone. They hold the golden file and the library to each other.
import betainc from "@stdlib/math-base-special-betainc";
import gammaln from "@stdlib/math-base-special-gammaln";
import { expect, test } from "vitest";
import { expectClose, golden } from "./golden.ts";

const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);
const mean = (values: readonly number[]) => sum(values) / values.length;
const variance = (values: readonly number[]) =>
  sum(values.map((value) => (value - mean(values)) ** 2)) / (values.length - 1);
const studentP = (t: number, freedom: number) =>
  betainc(freedom / (freedom + t * t), freedom / 2, 0.5);
/** P(X <= k) of n trials. */
const binomialCdf = (k: number, n: number, p: number) =>
  k < 0 ? 0 : k >= n ? 1 : betainc(1 - p, n - k, k + 1);

test("ln of the gamma function", () => {
  for (const [x, value] of golden.special.gammaln) expectClose(gammaln(x), value);
});

test("paired t", () => {
  for (const { d, t, p } of golden.paired_t) {
    const statistic = mean(d) / Math.sqrt(variance(d) / d.length);
    expectClose(statistic, t);
    expectClose(studentP(statistic, d.length - 1), p);
  }
});

test("Welch's t", () => {
  for (const { a, b, t, p } of golden.welch_t) {
    const [one, other] = [variance(a) / a.length, variance(b) / b.length];
    const statistic = (mean(a) - mean(b)) / Math.sqrt(one + other);
    const freedom = (one + other) ** 2 / (one ** 2 / (a.length - 1) + other ** 2 / (b.length - 1));
    expectClose(statistic, t);
    expectClose(studentP(statistic, freedom), p);
  }
});

test("Maritz and Jarrett's standard error of a quantile", () => {
  for (const { x, p, se } of golden.maritz_jarrett) {
    const n = x.length;
    const rank = Math.floor(p * n + 0.5);
    const weights = x.map(
      (_: number, at: number) =>
        betainc((at + 1) / n, rank - 1, n - rank) - betainc(at / n, rank - 1, n - rank),
    );
    const sorted = [...x].sort((one, other) => one - other);
    const moment = (power: number) => sum(sorted.map((value, at) => weights[at] * value ** power));
    expectClose(Math.sqrt(moment(2) - moment(1) ** 2), se);
  }
});

test("ranks that hold a quantile, equal tails", () => {
  for (const { n, p, conf, lo_order, hi_order, exact_coverage } of golden.order_statistic_ci) {
    const tail = (1 - conf) / 2;
    let low = 0;
    while (binomialCdf(low, n, p) <= tail) low++;
    let high = low;
    while (binomialCdf(high - 1, n, p) < 1 - tail) high++;
    expect([low, high]).toEqual([lo_order, hi_order]);
    expectClose(binomialCdf(high - 1, n, p) - binomialCdf(low - 1, n, p), exact_coverage);
  }
});

test("pooled counts as a fair coin, the test that bursts of samples break", () => {
  const { counts, pooled_binomial_exact_p } = golden.quasi_poisson_two_groups;
  const [one, other] = counts.map(sum) as [number, number];
  const p = 2 * binomialCdf(Math.min(one, other), one + other, 0.5);
  expectClose(p, pooled_binomial_exact_p);
});
