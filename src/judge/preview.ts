// What would another rule say of the same findings? A pull request that changes the configuration
// shows it before the merge: two verdicts, and where they differ.
import type { JudgedMetric, Verdict } from "./verdict.ts";

/** More sentences than a person reads; the counts of the title say the rest. */
const MOST_DIFFERENCES = 20;

/** One sentence for each metric that the rules judge otherwise, in the order of the benchmarks. */
export function differencesOf(now: Verdict, then: Verdict): string[] {
  const before = metricsOf(now);
  const sentences = [...metricsOf(then)].flatMap(([key, metric]) => {
    const was = before.get(key);
    const words = was === undefined ? "" : difference(was, metric);
    const { name } = metric.benchmark;
    return words === "" ? [] : [`${metric.metric} of \`${name}\` ${words}`];
  });
  const held = then.firedRules.map(({ name }) => `the rule "${name}" would hold the run`);
  const all = [...held, ...sentences];
  const left = all.length - MOST_DIFFERENCES;
  return left > 0 ? [...all.slice(0, MOST_DIFFERENCES), `and ${left} more`] : all;
}

function difference(now: JudgedMetric, then: JudgedMetric): string {
  if (then.blocks && !now.blocks) return `would block the merge, by "${then.rule ?? ""}"`;
  if (now.blocks && !then.blocks) {
    return then.waiver?.state === "accepted"
      ? `would be accepted by ${then.waiver.author}`
      : "would not block the merge";
  }
  return then.decision === now.decision ? "" : `would be "${then.decision}", not "${now.decision}"`;
}

function metricsOf(verdict: Verdict): ReadonlyMap<string, JudgedMetric> {
  return new Map(
    verdict.benchmarks.flatMap((benchmark) =>
      benchmark.metrics.map((metric) => [
        [benchmark.cell, benchmark.package, benchmark.name, metric.metric].join("\0"),
        metric,
      ]),
    ),
  );
}
