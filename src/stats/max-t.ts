// Many benchmarks or functions at once, with the chance of even one false alarm held, whatever the
// dependence between them: Westfall and Young's step-down maxT.
//
// The runs are re-labeled as if base and head were equal, the same way for all rows, and a row is
// held against the largest statistic that chance produced among the rows not yet decided. Rows
// that move together count once, where Holm counts each. For a fixed number of runs only: it
// cannot stop rows separately. Westfall and Young 1993, Resampling-Based Multiple Testing, 2.
//
// All re-labelings are used where they are few; else random ones, with the real one among them.
import assert from "node:assert/strict";
import { flip, type Random, shuffle } from "./random.ts";

export type MaxTOptions = {
  readonly random: Random;
  /** Re-labelings drawn where there are more of them; the smallest p is 1 / rounds. */
  readonly rounds: number;
};

/**
 * Adjusted two-sided p per row of paired differences; `rows[i][j]` is row i in pair j, every row
 * has all pairs. A re-labeling changes the sign of whole pairs.
 */
export function signFlipMaxT(rows: readonly (readonly number[])[], options: MaxTOptions): number[] {
  const pairs = rows[0]?.length ?? 0;
  assert(rows.every((row) => row.length === pairs) && pairs !== 1, "pairs");
  const statistic = (signs: readonly boolean[]) =>
    rows.map((row) => {
      const signed = row.map((d, pair) => (signs[pair] === true ? d : -d));
      return Math.abs(studentized(signed));
    });
  const real = new Array<boolean>(pairs).fill(true);
  // The first sign stays: changing all signs changes no two-sided statistic.
  const labelings =
    2 ** (pairs - 1) <= options.rounds
      ? Array.from({ length: 2 ** Math.max(0, pairs - 1) }, (_, bits) =>
          real.map((_, pair) => pair === 0 || ((bits >> (pair - 1)) & 1) === 0),
        )
      : [real, ...drawn(options.rounds - 1, () => real.map(() => flip(options.random)))];
  return stepDown(statistic(real), labelings.map(statistic));
}

/** One row of runs of both sides; all rows have the same number of runs on each side. */
export type LabeledRow = { readonly base: readonly number[]; readonly head: readonly number[] };

/** As `signFlipMaxT`, for unpaired runs: a re-labeling deals the runs to the sides anew. */
export function labelMaxT(rows: readonly LabeledRow[], options: MaxTOptions): number[] {
  const baseCount = rows[0]?.base.length ?? 0;
  const runs = baseCount + (rows[0]?.head.length ?? 0);
  for (const { base, head } of rows) {
    assert(base.length === baseCount && base.length + head.length === runs, "runs");
  }
  const merged = rows.map(({ base, head }) => [...base, ...head]);
  const statistic = (order: readonly number[]) =>
    merged.map((row) => {
      const dealt = order.map((run) => row[run] as number);
      return Math.abs(twoSample(dealt.slice(0, baseCount), dealt.slice(baseCount)));
    });
  const real = Array.from({ length: runs }, (_, run) => run);
  const all = subsets(runs, baseCount, options.rounds);
  const labelings = all?.map((chosen) => [
    ...chosen,
    ...real.filter((run) => !chosen.includes(run)),
  ]) ?? [real, ...drawn(options.rounds - 1, () => shuffle(options.random, real))];
  return stepDown(statistic(real), labelings.map(statistic));
}

/** Adjusted p: rows by falling statistic, each against the largest of those from it on. */
function stepDown(observed: readonly number[], chance: readonly (readonly number[])[]): number[] {
  const order = observed
    .map((_, row) => row)
    .sort((one, other) => (observed[other] as number) - (observed[one] as number));
  const reached = new Array<number>(observed.length).fill(0);
  for (const statistics of chance) {
    let largest = 0;
    for (const row of [...order].reverse()) {
      largest = Math.max(largest, statistics[row] as number);
      // The slack lets equal statistics be equal after sums in another order.
      if (largest >= (observed[row] as number) * (1 - 1e-10))
        reached[row] = (reached[row] as number) + 1;
    }
  }
  const adjusted = new Array<number>(observed.length);
  let p = 0;
  for (const row of order) {
    p = Math.max(p, (reached[row] as number) / chance.length);
    adjusted[row] = p;
  }
  return adjusted;
}

function drawn<T>(count: number, draw: () => T): T[] {
  return Array.from({ length: Math.max(0, count) }, draw);
}

/** All ways to choose `size` of `count` runs, or undefined when there are more than `most`. */
function subsets(count: number, size: number, most: number): number[][] | undefined {
  let ways = 1;
  for (let step = 1; step <= size; step++) ways = (ways * (count - size + step)) / step;
  if (ways > most) return undefined;
  const found: number[][] = [];
  const extend = (chosen: readonly number[], from: number) => {
    if (chosen.length === size) found.push([...chosen]);
    else for (let run = from; run < count; run++) extend([...chosen, run], run + 1);
  };
  extend([], 0);
  return found;
}

/** Mean over its standard error; 0 for no difference at all, Infinity for an equal one. */
function studentized(values: readonly number[]): number {
  const { mean, variance } = moments(values);
  return ratio(mean, Math.sqrt(variance / values.length));
}

/** Difference of means over its standard error, variances not taken to be equal (Welch). */
function twoSample(base: readonly number[], head: readonly number[]): number {
  const [one, other] = [moments(base), moments(head)];
  const error = Math.sqrt(one.variance / base.length + other.variance / head.length);
  return ratio(other.mean - one.mean, error);
}

function ratio(difference: number, error: number): number {
  return difference === 0 ? 0 : difference / error;
}

function moments(values: readonly number[]): { readonly mean: number; readonly variance: number } {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return { mean, variance: values.length > 1 ? squares / (values.length - 1) : 0 };
}
