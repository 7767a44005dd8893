// Two-sided Mann-Whitney U test, exactly as benchstat computes it: do two unpaired samples come
// from the same distribution?
//
// Tailguard decides over pairs; this test exists so that a person sees the number benchstat shows
// for the same files. Exact up to 50 values a side, 25 where values tie, then the normal
// approximation with tie and continuity corrections: the limits and formulas of
// github.com/aclements/go-moremath/stats (utest.go). The exact distribution is counted over tie
// groups: r of a group's t values belong to the first sample, each beating the values of the
// second sample below it (Klotz 1966, JASA 61).
//
// Equal also in a flaw: where values tie and the sides differ in size, the distribution is not
// symmetric, and doubling the lower tail of the first sample can give a p that is too small, even
// 0 (7 values of 49 against 12 of 48; the true p is 0.00004). No decision rests on this number.
//
// Contract: test/contract/benchstat.test.ts holds it to benchstat's own results.
import assert from "node:assert/strict";
import normalCdf from "@stdlib/stats-base-dists-normal-cdf";
import { ascending } from "./quantile.ts";

const EXACT_LIMIT = 50;
const EXACT_LIMIT_WITH_TIES = 25;

export type MannWhitney = {
  /** Pairs in which the value of the first sample is larger, equal ones counted half. */
  readonly u: number;
  /** Two-sided; 1 where all values are equal, for which benchstat refuses the test. */
  readonly p: number;
};

/** Tests two samples of at least one value each. */
export function mannWhitneyTest(first: readonly number[], second: readonly number[]): MannWhitney {
  const [n1, n2] = [first.length, second.length];
  assert(n1 > 0 && n2 > 0, "empty sample");
  const { u, ties } = rankFirst(first, second);
  const smaller = Math.min(u, n1 * n2 - u);
  if (ties.length === 1) return { u, p: 1 };
  // In the middle, doubling would count the middle's own probability twice.
  if (2 * u === n1 * n2) return { u, p: 1 };
  const limit = ties.length === n1 + n2 ? EXACT_LIMIT : EXACT_LIMIT_WITH_TIES;
  const isExact = n1 <= limit && n2 <= limit;
  const p = isExact ? 2 * exactTail(ties, n1, smaller) : approximateP(ties, [n1, n2], u);
  return { u, p: Math.min(1, p) };
}

/** U of the first sample, and how many values share each place of the merged order. */
function rankFirst(first: readonly number[], second: readonly number[]) {
  const [low, high] = [ascending(first), ascending(second)];
  const ties: number[] = [];
  let u = 0;
  for (let i = 0, j = 0; i < low.length || j < high.length; ) {
    const value = Math.min(low[i] ?? Number.POSITIVE_INFINITY, high[j] ?? Number.POSITIVE_INFINITY);
    const [fromI, fromJ] = [i, j];
    while (i < low.length && low[i] === value) i++;
    while (j < high.length && high[j] === value) j++;
    u += (i - fromI) * (fromJ + (j - fromJ) / 2);
    ties.push(i - fromI + j - fromJ);
  }
  return { u, ties };
}

/** P(U <= most) when every split of the merged values into n1 and the rest is equally likely. */
function exactTail(ties: readonly number[], n1: number, most: number): number {
  const width = 2 * most + 1;
  // ways[used · width + 2U]: splits of the groups so far that give the first sample `used` values.
  let ways = new Float64Array((n1 + 1) * width);
  ways[0] = 1;
  let seen = 0;
  for (const size of ties) {
    const next = new Float64Array(ways.length);
    for (let used = 0; used <= Math.min(n1, seen); used++) {
      const below = seen - used;
      let choices = 1; // size over r.
      for (let r = 0; r <= size && used + r <= n1; r++) {
        const doubledU = r * (2 * below + size - r);
        const [from, to] = [used * width, (used + r) * width + doubledU];
        for (let at = 0; at + doubledU < width; at++) {
          next[to + at] = (next[to + at] as number) + choices * (ways[from + at] as number);
        }
        choices = (choices * (size - r)) / (r + 1);
      }
    }
    ways = next;
    seen += size;
  }
  let reached = 0;
  for (const count of ways.subarray(n1 * width)) reached += count;
  return reached / binomial(seen, n1);
}

function approximateP(
  ties: readonly number[],
  [n1, n2]: readonly [number, number],
  u: number,
): number {
  const n = n1 + n2;
  const tied = ties.reduce((sum, t) => sum + (t * t * t - t), 0);
  const deviation = Math.sqrt((n1 * n2 * (n + 1 - tied / (n * (n - 1)))) / 12);
  const distance = Math.abs(u - (n1 * n2) / 2) - 0.5;
  return 2 * normalCdf(-distance / deviation, 0, 1);
}

/** n over k in floating point: exact below 2^53, then right to 15 digits. */
function binomial(n: number, k: number): number {
  let result = 1;
  for (let step = 1; step <= k; step++) result = (result * (n - k + step)) / step;
  return result;
}
