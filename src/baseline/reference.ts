// Where does a benchmark stand on main, and how much does it scatter there?
//
// The weighted median of its last 100 commits and the weighted MAD around it; a commit counts half
// as much as one twenty commits younger. That leaves an effective 54 commits: a weighted p99 "of
// the history" would rest on half a commit, so the tail is each commit's own p99, and its median.
// Decay goes by commit and not by time: with one commit every ten minutes and 0.995 a second the
// baseline would be the last commit alone.
import { decayOfHalfLife, decayWeights, effectiveSize } from "../stats/decay.ts";
import { MAD_TO_SD, weightedQuantile } from "../stats/quantile.ts";
import { levelOf, type Series, valueAt, WINDOW } from "./history.ts";

const HALF_LIFE_COMMITS = 20;

export type Reference = {
  /** In base units. */
  readonly value: number;
  /** Robust standard deviation from commit to commit, a fraction. */
  readonly commitNoise: number;
  /** Of one pair of processes at one commit, a fraction; the weighted median over the commits. */
  readonly pairNoise: number;
  /** How many equally weighted commits carry as much. */
  readonly effectiveCommits: number;
};

/** Undefined without points. `lastCommits`: only that many of the newest. */
export function referenceOf(
  { points, metric }: Series,
  lastCommits: number = WINDOW,
): Reference | undefined {
  const used = points.slice(-lastCommits);
  if (used.length === 0) return undefined;
  const ages = used.map((_, index) => used.length - 1 - index);
  const weights = decayWeights(ages, decayOfHalfLife(HALF_LIFE_COMMITS));
  const levels = used.map(({ value }) => levelOf(value, metric));
  const center = weightedQuantile(levels, weights, 0.5);
  const distances = levels.map((level) => Math.abs(level - center));
  const spreads = used.map(({ spread }) => spread);
  return {
    value: valueAt(center, metric),
    commitNoise: Math.expm1(MAD_TO_SD * weightedQuantile(distances, weights, 0.5)),
    pairNoise: Math.expm1(weightedQuantile(spreads, weights, 0.5)),
    effectiveCommits: effectiveSize(weights),
  };
}
