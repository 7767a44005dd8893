// One conclusion and one line for the whole run: what its outcome, its numbers, and the team's rule
// make of it. A failure of ours is never `failure`; where the team wants it to hold a merge all the
// same, it asks for a person.
import type { Outcome } from "../evidence/manifest.ts";
import type { Gated } from "./gate.ts";
import type { Gate } from "./policy.ts";
import { isUntold, titleOf } from "./title.ts";
import type { BenchmarkVerdict, Cause, Conclusion } from "./verdict.ts";

type Ending = { readonly conclusion: Conclusion; readonly title: string };

/** The conclusion and the title of a run, whatever its outcome. */
export function concludeRun(
  outcome: Outcome,
  {
    gated,
    causes,
    gate,
    costlyDecisions,
  }: {
    readonly gated: Gated;
    readonly causes: readonly Cause[];
    readonly gate: Gate;
    /** What the compiler decides for the worse in code that ships. */
    readonly costlyDecisions: number;
  },
): Ending {
  const { benchmarks, firedRules } = gated;
  const ending = endingOf(outcome, benchmarks, costlyDecisions) ?? {
    conclusion: conclusionOf(benchmarks),
    title: titleOf(benchmarks, causes),
  };
  if (ending.conclusion === "failure") return ending;
  const [fired] = firedRules;
  if (outcome.kind === "collected" && fired !== undefined) {
    return {
      conclusion: "action_required",
      title: `${ending.title}; held by the rule "${fired.name}"`,
    };
  }
  const isHeld = gate.unmeasured === "block" && isUnmeasured(outcome, benchmarks);
  return isHeld && ending.conclusion === "neutral"
    ? { ...ending, conclusion: "action_required" }
    : ending;
}

/** Whether something that should have been measured was not: then nothing is shown either way. */
function isUnmeasured(outcome: Outcome, benchmarks: readonly BenchmarkVerdict[]): boolean {
  if (outcome.kind === "could-not-measure" || outcome.kind === "build-failed") return true;
  return benchmarks.some(({ status }) => status === "failed");
}

/** Outcomes without numbers; undefined where the numbers speak. */
function endingOf(
  outcome: Outcome,
  benchmarks: readonly BenchmarkVerdict[],
  costlyDecisions: number,
): Ending | undefined {
  switch (outcome.kind) {
    case "nothing-to-measure":
      // Proven equal is an answer, the best one; nothing to run says less.
      if (outcome.unchanged === true) {
        return { conclusion: "success", title: "No machine code changed" };
      }
      return notMeasured(outcome.reason, costlyDecisions);
    case "could-not-measure":
      return { conclusion: "neutral", title: `Could not measure: ${outcome.reason}` };
    case "build-failed":
      // Head is the author's to fix; a base that does not build is nobody's fault here.
      return outcome.side === "head"
        ? { conclusion: "action_required", title: `Head does not build: ${outcome.package}` }
        : { conclusion: "neutral", title: `Base does not build: ${outcome.package}` };
    case "collected":
      return isOutOfTime(benchmarks)
        ? { conclusion: "timed_out", title: "The budget ended before anything could be measured" }
        : undefined;
  }
}

/** Without a number nothing is shown; what the compiler decides for the worse deserves a look. */
function notMeasured(reason: string, costlyDecisions: number): Ending {
  const title = `Nothing to measure: ${reason}`;
  if (costlyDecisions === 0) return { conclusion: "skipped", title };
  const decisions = costlyDecisions === 1 ? "1 decision" : `${costlyDecisions} decisions`;
  return { conclusion: "neutral", title: `${title}; ${decisions} of the compiler for the worse` };
}

function isOutOfTime(benchmarks: readonly BenchmarkVerdict[]): boolean {
  return (
    benchmarks.some((benchmark) => benchmark.status === "not-measured") &&
    !benchmarks.some((benchmark) => ["measured", "failed"].includes(benchmark.status))
  );
}

function conclusionOf(benchmarks: readonly BenchmarkVerdict[]): Conclusion {
  const metrics = benchmarks.flatMap((benchmark) => benchmark.metrics);
  if (metrics.some((metric) => metric.blocks)) return "failure";
  if (metrics.some((metric) => metric.decision === "regressed")) return "neutral";
  // A benchmark that cannot run might hide anything: not proven bad, not proven fine.
  if (benchmarks.some((benchmark) => benchmark.status === "failed")) return "neutral";
  // Not told of a single one: no answer, which "every" also says of a run that measured none.
  const measured = benchmarks.filter((benchmark) => benchmark.metrics.length > 0);
  return measured.every(isUntold) ? "neutral" : "success";
}
