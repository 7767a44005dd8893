// What the special functions of the chosen library are held to; the reason why it was chosen.
import betainc from "@stdlib/math-base-special-betainc";
import digamma from "@stdlib/math-base-special-digamma";
import trigamma from "@stdlib/math-base-special-trigamma";
import normalCdf from "@stdlib/stats-base-dists-normal-cdf";
import normalQuantile from "@stdlib/stats-base-dists-normal-quantile";
import { test } from "vitest";
import { kolmogorovTail } from "../../src/stats/kolmogorov-smirnov.ts";
import { expectClose, golden } from "./golden.ts";

const { special } = golden;

function checkAll(
  name: string,
  cases: readonly (readonly number[])[],
  f: (...x: number[]) => number,
) {
  test(name, () => {
    for (const entry of cases) expectClose(f(...entry.slice(0, -1)), entry.at(-1)!);
  });
}

checkAll("normal distribution", special.normal_cdf, (x) => normalCdf(x!, 0, 1));
// Loses digits far out (2e-9 at p = 1e-10); it is asked for confidence levels only.
const LEVELS = special.normal_ppf.filter(([p]: number[]) => p! >= 1e-4);
checkAll("normal quantile", LEVELS, (p) => normalQuantile(p!, 0, 1));
checkAll("incomplete beta", special.betainc_regularised, (a, b, x) => betainc(x!, a!, b!));
checkAll("digamma", special.digamma, (x) => digamma(x!));
checkAll("trigamma", special.trigamma, (x) => trigamma(x!));
checkAll("Kolmogorov's limit", special.kolmogorov_sf, (x) => kolmogorovTail(x!));
checkAll("Student's t by the incomplete beta", special.t_cdf, (t, df) => {
  const tail = betainc(df! / (df! + t! * t!), df! / 2, 0.5) / 2;
  return t! > 0 ? 1 - tail : tail;
});
checkAll("F by the incomplete beta", special.f_sf, (f, d1, d2) =>
  betainc(d2! / (d2! + d1! * f!), d2! / 2, d1! / 2),
);
checkAll("binomial by the incomplete beta", special.binom_cdf, (k, n, p) =>
  betainc(1 - p!, n! - k!, k! + 1),
);
