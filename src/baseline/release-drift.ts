// Has a benchmark become slower since the last release, a little with every commit, and none of it
// large enough to be seen? The weighted median of the last 20 commits against that of the 20 up to
// the release.
import { levelOf, type Release, type Series } from "./history.ts";
import { referenceOf } from "./reference.ts";

const COMMITS = 20;
/** Below, twenty commits of 2 % noise each cannot be told from none: two standard errors and more. */
const FEWEST_COMMITS = 5;
/** From here on a drift is worth a person's time. */
export const DRIFT_THRESHOLD = 0.05;

/** The change since the release, a fraction; undefined where a side has fewer than five commits. */
export function releaseDrift(series: Series, release: Release): number | undefined {
  const made = Date.parse(release.at);
  const then = series.points.filter(({ measuredAt }) => Date.parse(measuredAt) <= made);
  const since = series.points.slice(then.length);
  if (then.length < FEWEST_COMMITS || since.length < FEWEST_COMMITS) return undefined;
  const before = referenceOf({ ...series, points: then }, COMMITS);
  const now = referenceOf({ ...series, points: since }, COMMITS);
  if (before === undefined || now === undefined) return undefined;
  return Math.expm1(levelOf(now.value, series.metric) - levelOf(before.value, series.metric));
}
