// Waivers: regressions that a person has accepted, until a day. One that is accepted does not stop
// the merge and is still shown, with who accepted it and why; one whose day is over, or that the
// change has outgrown, does not count and says so, because an exception that is never looked at
// again is the rule. The day is an argument: the same evidence on the same day gives the same
// verdict.
import { matchesBenchmark, matchesPackage } from "../plan/glob.ts";
import type { AppliedWaiver, JudgedMetric } from "./verdict.ts";

/** From the configuration or, later, from a command: the judge takes a plain list. */
export type Waiver = {
  /** Patterns of plan/glob.ts. */
  readonly benchmark: string;
  readonly package?: string | undefined;
  readonly metrics: "any" | readonly string[];
  readonly author: string;
  readonly reason: string;
  /** The last day on which it counts, in UTC: "2026-12-31". */
  readonly until: string;
  /** Accepted up to this change, a fraction; any when absent. */
  readonly limit?: number | undefined;
};

/** Whether the waiver's last day is over. Days of ISO 8601 sort as texts. */
export function isOver(waiver: Pick<Waiver, "until">, today: string): boolean {
  return waiver.until < today;
}

const ORDER = ["accepted", "outgrown", "ended"] as const;

/** What the waivers say of a regressed metric: the one that helps most; undefined when none fits. */
export function waiverFor(
  metric: JudgedMetric,
  waivers: readonly Waiver[],
  today: string,
): AppliedWaiver | undefined {
  const applied = waivers
    .filter((waiver) => isMeant(waiver, metric))
    .map(({ author, reason, until, limit }): AppliedWaiver => {
      const isOutgrown = limit !== undefined && metric.change > limit;
      const state = isOver({ until }, today) ? "ended" : isOutgrown ? "outgrown" : "accepted";
      return { author, reason, until, ...(limit === undefined ? {} : { limit }), state };
    });
  return ORDER.flatMap((state) => applied.filter((at) => at.state === state))[0];
}

function isMeant(waiver: Waiver, { benchmark, metric }: JudgedMetric): boolean {
  return (
    (waiver.metrics === "any" || waiver.metrics.includes(metric)) &&
    matchesBenchmark(waiver.benchmark, benchmark.name) &&
    (waiver.package === undefined || matchesPackage(waiver.package, benchmark.package))
  );
}
