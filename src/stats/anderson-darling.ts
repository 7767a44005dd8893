// Anderson-Darling for k samples: do they come from one distribution? Weighs the tails more than
// Kolmogorov-Smirnov does.
//
// Scholz and Stephens 1987, JASA 82: mid-rank version (their equation 7), normalized by its mean
// and variance under "one distribution"; p is interpolated in their table 1 and therefore held
// to [0.001, 0.25], as in SciPy. For description and experiments; operations are no units to decide
// over.
import assert from "node:assert/strict";
import { ascending } from "./quantile.ts";

// Table 1 of the paper with the fit b0 + b1/√m + b2/m for m = k - 1.
const TABLE: readonly { readonly p: number; readonly b: readonly [number, number, number] }[] = [
  { p: 0.25, b: [0.675, -0.245, -0.105] },
  { p: 0.1, b: [1.281, 0.25, -0.305] },
  { p: 0.05, b: [1.645, 0.678, -0.362] },
  { p: 0.025, b: [1.96, 1.149, -0.391] },
  { p: 0.01, b: [2.326, 1.822, -0.396] },
  { p: 0.005, b: [2.573, 2.364, -0.345] },
  { p: 0.001, b: [3.085, 3.615, -0.154] },
];

export type AndersonDarling = {
  /** Normalized; 0 is what chance gives on average. */
  readonly statistic: number;
  /** Between 0.001 and 0.25, which stand for "and beyond". */
  readonly p: number;
};

/** Tests two or more samples, none empty, four values in all, not all equal. */
export function andersonDarlingTest(samples: readonly (readonly number[])[]): AndersonDarling {
  assert(samples.length >= 2 && samples.every(({ length }) => length > 0), "samples");
  const all = ascending(samples.flat());
  assert(all.length > 3 && all[0] !== all.at(-1), "too few distinct values");
  const sizes = samples.map(({ length }) => length);
  const m = samples.length - 1;
  const statistic = (midRankSum(samples, all) - m) / Math.sqrt(varianceOf(sizes, all.length));
  return { statistic, p: interpolateP(statistic, m) };
}

function midRankSum(samples: readonly (readonly number[])[], all: Float64Array): number {
  const n = all.length;
  let sum = 0;
  for (const sample of samples) {
    const sorted = ascending(sample);
    let inner = 0;
    for (let from = 0, below = 0; from < n; ) {
      const value = all[from] as number;
      let to = from;
      while (to < n && all[to] === value) to++;
      let upTo = below;
      while (upTo < sorted.length && sorted[upTo] === value) upTo++;
      const ties = to - from;
      const rank = from + ties / 2;
      const own = (below + upTo) / 2;
      const distance = n * own - rank * sorted.length;
      inner += (ties / n) * (distance ** 2 / (rank * (n - rank) - (n * ties) / 4));
      from = to;
      below = upTo;
    }
    sum += inner / sorted.length;
  }
  return (sum * (n - 1)) / n;
}

/** Variance under "one distribution", equation 4 of the paper, in its letters. */
function varianceOf(sizes: readonly number[], n: number): number {
  const k = sizes.length;
  const H = sizes.reduce((sum, size) => sum + 1 / size, 0);
  let h = 0;
  let g = 0;
  for (let i = 1; i < n - 1; i++) {
    h += 1 / (n - i);
    g += h / (i + 1);
  }
  h += 1;
  const a = (4 * g - 6) * (k - 1) + (10 - 6 * g) * H;
  const b = (2 * g - 4) * k ** 2 + 8 * h * k + (2 * g - 14 * h - 4) * H - 8 * h + 4 * g - 6;
  const c = (6 * h + 2 * g - 2) * k ** 2 + (4 * h - 4 * g + 6) * k + (2 * h - 6) * H + 4 * h;
  const d = (2 * h + 6) * k ** 2 - 4 * h * k;
  return (a * n ** 3 + b * n ** 2 + c * n + d) / ((n - 1) * (n - 2) * (n - 3));
}

/** ln p between the table's rows on a straight line in the statistic. */
function interpolateP(statistic: number, m: number): number {
  const rows = TABLE.map(({ p, b }) => ({ p, at: b[0] + b[1] / Math.sqrt(m) + b[2] / m }));
  const above = rows.findIndex(({ at }) => at > statistic);
  if (above === 0) return 0.25;
  const [left, right] = [rows[above - 1], rows[above]];
  if (left === undefined || right === undefined) return 0.001;
  const part = (statistic - left.at) / (right.at - left.at);
  return Math.exp(Math.log(left.p) + part * (Math.log(right.p) - Math.log(left.p)));
}
