// How large is each profile run, so that counts of different runs can be compared?
//
// Median of ratios (Anders and Huber 2010, Genome Biology 11): a run's size is the median, over the
// best-counted functions, of its count over that function's geometric mean. Dividing by total
// samples instead makes one function that tripled into "improvements" of all others (false
// discoveries 22 % instead of 9 %); the question "is all of it slower?" belongs to time itself.
import { median } from "./quantile.ts";

// The median needs enough functions to outvote the changed ones, and functions with few samples
// only add noise.
const BEST_COUNTED = 40;

/**
 * One size per run, with geometric mean near 1. `rows[i][j]` is the count of function i in run j.
 * Without a function that every run has seen, sizes are total counts over their mean.
 */
export function sizeFactors(rows: readonly (readonly number[])[]): number[] {
  const runs = rows[0]?.length ?? 0;
  const total = (row: readonly number[]) => row.reduce((sum, count) => sum + count, 0);
  const best = rows
    .filter((row) => row.every((count) => count > 0))
    .sort((one, other) => total(other) - total(one))
    .slice(0, BEST_COUNTED);
  const columns = Array.from({ length: runs }, (_, run) => run);
  if (best.length === 0) {
    const totals = columns.map((run) => total(rows.map((row) => row[run] ?? 0)));
    const mean = total(totals) / runs;
    return totals.map((count) => (mean === 0 || count === 0 ? 1 : count / mean));
  }
  const centers = best.map((row) => Math.exp(total(row.map(Math.log)) / runs));
  return columns.map((run) =>
    median(best.map((row, index) => (row[run] as number) / (centers[index] as number))),
  );
}
