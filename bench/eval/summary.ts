// What scores come to: recall by size of the effect, false alarms, unknowns, causes, time.
import type { Score } from "./score.ts";

/** Smallest effect of a class, a fraction; the largest first. */
const SIZES = [
  ["from10Percent", 0.1],
  ["from5Percent", 0.05],
  ["from2Percent", 0.02],
  ["below2Percent", 0],
] as const;

export type Summary = Readonly<Record<string, number | string>>;

/**
 * Figures of one method. The size of a case is the largest change that Tailguard measured in it,
 * for the habit too, so that both are asked the same.
 */
export function summarize(
  scores: readonly Score[],
  sizeOf: (id: string) => number | undefined,
): Summary {
  const changed = scores.filter((score) => score.expect !== "same");
  const harmless = scores.filter((score) => score.expect === "same");
  const found = changed.filter(isFound);
  const withCause = found.filter((score) => score.causeRank > 0);
  return {
    cases: scores.length,
    changed: changed.length,
    found: found.length,
    ...bySize(changed, sizeOf),
    unknown: changed.filter((score) => score.said === "unknown").length,
    harmless: harmless.length,
    falseFlags: harmless.filter((score) => score.others.length > 0).length,
    falseBlocks: harmless.filter((score) => score.conclusion === "failure").length,
    causeFirst: withCause.filter((score) => score.causeRank === 1).length,
    causeInThree: withCause.filter((score) => score.causeRank <= 3).length,
    minutesPerCase:
      scores.reduce((sum, score) => sum + score.minutes, 0) / Math.max(1, scores.length),
  };
}

/** Whether what was said is what is known of the case; a mixed one may be told by either sign. */
function isFound(score: Score): boolean {
  return score.expect === "mixed"
    ? !["same", "unknown", "not measured"].includes(score.said)
    : score.said === score.expect;
}

/** "found of all" in each class of size. */
function bySize(
  changed: readonly Score[],
  sizeOf: (id: string) => number | undefined,
): Record<string, string> {
  const classOf = ({ id }: Score) => SIZES.find(([, from]) => (sizeOf(id) ?? 0) >= from)?.[0];
  return Object.fromEntries(
    SIZES.map(([name]) => {
      const own = changed.filter((score) => classOf(score) === name);
      return [name, `${own.filter(isFound).length} of ${own.length}`];
    }),
  );
}
