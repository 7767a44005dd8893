// Two samples of one size as one ascending list with a label each: all statistics of the two are
// sums over that list, and a permutation test deals the labels anew without sorting again.
//
// The statistics are those of src/stats (kolmogorov-smirnov.ts, anderson-darling.ts,
// wasserstein.ts), for samples without ties; test/experiment holds them to each other.
import assert from "node:assert/strict";
import { nextFloat, type Random } from "../stats/random.ts";

export type Merged = {
  /** Ascending. */
  readonly values: Float64Array;
  /** 1 where the value is head's. */
  readonly isHead: Uint8Array;
};

export type Statistics = {
  /** Largest gap between the distribution functions. */
  readonly ks: number;
  /** Anderson and Darling's, which weighs both ends more. */
  readonly ad: number;
  /** Mean distance between the quantile functions, in the unit of the values. */
  readonly w1: number;
  /** The same over the slowest twentieth. */
  readonly tailW1: number;
  /** |ln(p99 of head / p99 of base)|, nearest rank. */
  readonly p99: number;
};

const TAIL = 0.05;

/** Merges two samples of the same size. */
export function merge(base: Float64Array, head: Float64Array): Merged {
  assert(base.length === head.length && base.length > 0, "samples of one size");
  const [left, right] = [base.toSorted(), head.toSorted()];
  const values = new Float64Array(2 * base.length);
  const isHead = new Uint8Array(values.length);
  for (let at = 0, i = 0, j = 0; at < values.length; at++) {
    const takesHead =
      i === left.length || (j < right.length && (right[j] as number) < (left[i] as number));
    values[at] = takesHead ? (right[j++] as number) : (left[i++] as number);
    isHead[at] = takesHead ? 1 : 0;
  }
  return { values, isHead };
}

/** Deals half of the labels to head at random, every way equally likely (Knuth, algorithm S). */
export function deal(random: Random, isHead: Uint8Array): void {
  let wanted = isHead.length / 2;
  for (let at = 0; at < isHead.length; at++) {
    const takes = nextFloat(random) * (isHead.length - at) < wanted;
    isHead[at] = takes ? 1 : 0;
    if (takes) wanted--;
  }
}

/** All statistics of one labeling. */
export function statisticsOf({ values, isHead }: Merged): Statistics {
  const all = values.length;
  const size = all / 2;
  let [surplus, ks, ad, w1] = [0, 0, 0, 0];
  for (let at = 0; at < all - 1; at++) {
    surplus += isHead[at] === 1 ? -1 : 1;
    const gap = Math.abs(surplus);
    if (gap > ks) ks = gap;
    ad += (gap * gap) / ((at + 1) * (all - at - 1));
    w1 += gap * ((values[at + 1] as number) - (values[at] as number));
  }
  return { ks: ks / size, ad, w1: w1 / size, ...tailStatistics({ values, isHead }) };
}

function tailStatistics({ values, isHead }: Merged): Pick<Statistics, "tailW1" | "p99"> {
  const size = values.length / 2;
  const count = Math.max(1, Math.round(TAIL * size));
  const base: number[] = [];
  const head: number[] = [];
  for (let at = values.length - 1; base.length < count || head.length < count; at--) {
    const own = isHead[at] === 1 ? head : base;
    if (own.length < count) own.push(values[at] as number);
  }
  let distance = 0;
  for (let at = 0; at < count; at++)
    distance += Math.abs((base[at] as number) - (head[at] as number));
  const fromTop = size - Math.ceil(0.99 * size - 1e-9);
  const ratio = (head[fromTop] as number) / (base[fromTop] as number);
  return { tailW1: distance / count, p99: Math.abs(Math.log(ratio)) };
}
