// Has a benchmark's level on main moved for good, and at which commit did it begin?
//
// The cumulative sum of src/stats/cusum.ts over both directions: one alarm in some ten thousand
// quiet commits, a step of 5 % found after six. An alarm is only a suspicion, because the machine
// may have moved. But every commit was measured against its parent when it was pushed, and that
// paired measurement knows nothing of the level: where one of the commits since the sum was last 0
// shows the same direction by itself, the alarm is confirmed and that commit is named. The sum
// alone often begins a few commits early, lifted by noise.
import { cusum } from "../stats/cusum.ts";
import { median } from "../stats/quantile.ts";
import { levelOf, type Point, type Series } from "./history.ts";

/** A commit's value is known no better: rounding and the clock. */
const SMALLEST_DEVIATION = 0.002;
/** Shared by the commits that may have been it (Bonferroni). */
const CONFIRMING_P = 0.05;

export type LevelChange = {
  /** First commit of the new level. */
  readonly commit: string;
  /** The commit at which the sum passed its limit. */
  readonly noticedAt: string;
  /** Of the median since against the median before, a fraction of it. */
  readonly change: number;
  /** Whether that commit's own pairs with its parent show it. */
  readonly isConfirmed: boolean;
};

/** Rises and falls, oldest first; needs 20 commits before anything is judged. */
export function levelChanges({ points, metric }: Series): LevelChange[] {
  const levels = points.map(({ value }) => levelOf(value, metric));
  const found = ([1, -1] as const).flatMap((sign) =>
    cusum(
      levels.map((level) => sign * level),
      { smallestDeviation: SMALLEST_DEVIATION },
    ).changes.map((at) => ({ ...at, sign })),
  );
  found.sort((one, other) => one.change - other.change);
  return found.map((at, index) => {
    const culprit = provenBetween(points, at);
    const first = culprit ?? at.change;
    const before = levels.slice(found[index - 1]?.change ?? 0, first);
    const after = levels.slice(first, at.alarm + 1);
    return {
      commit: (points[first] as Point).commit,
      noticedAt: (points[at.alarm] as Point).commit,
      change: Math.expm1(median(after) - median(before.length > 0 ? before : levels)),
      isConfirmed: culprit !== undefined,
    };
  });
}

/** Index of the commit whose own pairs moved most in the direction; undefined where none shows it. */
function provenBetween(
  points: readonly Point[],
  { change: from, alarm: to, sign }: { change: number; alarm: number; sign: 1 | -1 },
): number | undefined {
  const limit = CONFIRMING_P / (to - from + 1);
  let most: { readonly index: number; readonly size: number } | undefined;
  for (let index = from; index <= to; index++) {
    const { change, p } = points[index] as Point;
    // From nothing to something is a rise beyond any number.
    const size = sign * (change ?? Number.POSITIVE_INFINITY);
    if (p <= limit && size > 0 && size > (most?.size ?? 0)) most = { index, size };
  }
  return most?.index;
}
