// Corrections for testing many benchmarks at once, inside families that share an error budget.
//
// Benjamini-Hochberg bounds the expected share of false alarms among all alarms; on a pull
// request with no change every alarm is false, so it also bounds the chance of any alarm. Holm
// bounds the chance of even one false alarm whatever the dependence: for rules that block.
// Adjusted values are returned, so that a reader compares them with alpha directly.
import assert from "node:assert/strict";

/** Adjusts the p values of one family; the order of the result is that of the argument. */
export type Adjustment = (pValues: readonly number[]) => number[];

/** Benjamini and Hochberg 1995, step up: false discovery rate. */
export const benjaminiHochberg: Adjustment = (pValues) => {
  const order = orderOf(pValues);
  const adjusted = new Array<number>(pValues.length);
  let smallest = 1;
  for (let rank = order.length; rank >= 1; rank--) {
    const index = order[rank - 1] as number;
    // The quotient first: it is at least 1, so rounding never puts the result below p.
    smallest = Math.min(smallest, (pValues[index] as number) * (order.length / rank));
    adjusted[index] = smallest;
  }
  return adjusted;
};

/** Benjamini and Yekutieli 2001: as Benjamini-Hochberg under any dependence, log(n) stricter. */
export const benjaminiYekutieli: Adjustment = (pValues) => {
  let harmonic = 0;
  for (let rank = 1; rank <= pValues.length; rank++) harmonic += 1 / rank;
  return benjaminiHochberg(pValues).map((adjusted) => Math.min(1, harmonic * adjusted));
};

/** Holm 1979, step down: chance of any false alarm, under any dependence. */
export const holm: Adjustment = (pValues) => {
  const order = orderOf(pValues);
  const adjusted = new Array<number>(pValues.length);
  let largest = 0;
  for (const [rank, index] of order.entries()) {
    largest = Math.max(largest, Math.min(1, (pValues[index] as number) * (order.length - rank)));
    adjusted[index] = largest;
  }
  return adjusted;
};

/** Adjusts each family by itself; `families[i]` names the family of `pValues[i]`. */
export function adjustWithinFamilies(
  pValues: readonly number[],
  families: readonly string[],
  adjust: Adjustment,
): number[] {
  assert.equal(pValues.length, families.length);
  const adjusted = new Array<number>(pValues.length);
  for (const family of new Set(families)) {
    const members = pValues.map((_, index) => index).filter((index) => families[index] === family);
    const values = adjust(members.map((index) => pValues[index] as number));
    for (const [at, index] of members.entries()) adjusted[index] = values[at] as number;
  }
  return adjusted;
}

/** Indices by ascending p. */
function orderOf(pValues: readonly number[]): number[] {
  for (const p of pValues) if (!(p >= 0 && p <= 1)) assert.fail(`p value ${p}`);
  return pValues
    .map((_, index) => index)
    .sort((one, other) => (pValues[one] as number) - (pValues[other] as number));
}
