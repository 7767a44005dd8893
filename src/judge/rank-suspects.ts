// Which of the functions that changed is likeliest to be why a metric moved?
//
// Evidence is weighed, not proven: a function counts when it changed or the compiler decided
// otherwise about it, more when that decision costs what the metric measures (an escape for
// allocations, a lost inlining for time), and more again when the benchmark's profile shows it on
// the path that grew.
import type { DecisionFinding } from "../analyze/source-finding.ts";
import { codeMovedWith } from "./machine-code.ts";
import { isMemory, type MetricView } from "./metric-view.ts";
import type { Reach } from "./reach.ts";
import type { Suspect } from "./suspects.ts";
import { tellingChange } from "./telling-change.ts";
import type { BenchmarkVerdict, JudgedMetric } from "./verdict.ts";

/** Weights of evidence. Only their order matters: a decision that fits beats a changed body,
 * which beats a mere place on the path; an escape that every run's count confirms beats all that a
 * changed body can have for it; ties go to the function nearest to the cost. */
const WEIGHT = {
  fittingDecision: 4,
  counted: 2,
  changed: 3,
  fittingChange: 1,
  called: 2,
  otherDecision: 1,
  onPath: 2,
  costMoved: 2,
  code: 0.5,
  unseen: -3,
};

export type Ranked = {
  readonly suspect: Suspect;
  readonly decision: DecisionFinding | undefined;
  readonly weight: number;
  /** Of the change, as the profiles saw it at and below the function. */
  readonly part: number;
  readonly depth: number;
};

/** A metric that moved, and what the profiles say about it. */
export type Subject = {
  readonly benchmark: BenchmarkVerdict;
  readonly metric: JudgedMetric;
  readonly view: MetricView;
};

/** The functions that changed and that the benchmark reaches, the likeliest cause first. */
export function rankSuspects(reach: Reach, subject: Subject): Ranked[] {
  const { metric, view } = subject;
  const eligible = reach.within.filter(
    (suspect) =>
      isFunction(suspect) &&
      (suspect.declarations.length > 0 || suspect.decisions.some((at) => fits(at, subject))),
  );
  const ranked = eligible.map((suspect): Ranked => {
    const { function: name } = suspect;
    const fitting = suspect.decisions.filter((decision) => fits(decision, subject));
    const part = view.part(name);
    let weight = 0;
    if (fitting.length > 0) weight += WEIGHT.fittingDecision;
    if (fitting.some((decision) => isCounted(decision, subject))) weight += WEIGHT.counted;
    else if (suspect.decisions.length > 0) weight += WEIGHT.otherDecision;
    if (suspect.declarations.length > 0) weight += WEIGHT.changed;
    if (tellingChange(suspect, metric) !== undefined) weight += WEIGHT.fittingChange;
    if (reach.calls(suspect)) weight += WEIGHT.called;
    if (view.depth.has(name)) weight += WEIGHT.onPath;
    if (part > 0) weight += WEIGHT.costMoved;
    if (codeMovedWith(suspect, metric)) weight += WEIGHT.code;
    // Where there is a profile, a function that it never shows is a less likely cause.
    if (view.isProfiled && !view.isSeen(name)) weight += WEIGHT.unseen;
    const depth = view.depth.get(name) ?? Number.POSITIVE_INFINITY;
    return { suspect, decision: worst(fitting) ?? worst(suspect.decisions), weight, part, depth };
  });
  // Unseen ones are named only where nothing better is: a short profile may have missed them.
  const likely = ranked.filter((at) => at.weight > 0);
  return (likely.length > 0 ? likely : ranked).sort(
    (a, b) =>
      b.weight - a.weight ||
      b.part - a.part ||
      (a.depth === b.depth ? compareNames(a, b) : a.depth - b.depth),
  );
}

/**
 * Of the functions that are only compiled otherwise those that the benchmark is known to call and the
 * profiles show where the cost moved, the one with most of it first.
 */
export function rankByCode(reach: Reach, { metric, view }: Subject): Ranked[] {
  if (isMemory(metric)) return [];
  return reach.within
    .filter((suspect) => reach.calls(suspect) && codeMovedWith(suspect, metric))
    .map((suspect): Ranked => {
      const { function: name } = suspect;
      const depth = view.depth.get(name) ?? Number.POSITIVE_INFINITY;
      return { suspect, decision: undefined, weight: 0, part: view.part(name), depth };
    })
    .filter(({ part }) => part > 0)
    .sort((a, b) => b.part - a.part || compareNames(a, b));
}

function compareNames(a: Ranked, b: Ranked): number {
  return a.suspect.function < b.suspect.function ? -1 : 1;
}

/** A changed type or variable explains nothing by itself; its users are named instead. */
function isFunction(suspect: Suspect): boolean {
  return (
    suspect.decisions.length > 0 || suspect.declarations.some((at) => at.declaration === "func")
  );
}

/**
 * Whether a flip costs (or saves) what the metric measures, in the direction it moved. What escapes
 * costs no time in a benchmark whose every run allocates as often as before: it is not run there.
 */
export function fits(
  decision: DecisionFinding,
  { benchmark, metric }: Pick<Subject, "benchmark" | "metric">,
): boolean {
  const wanted = metric.change > 0 ? "worse" : "better";
  if (decision.direction !== wanted) return false;
  if (decision.decision !== "escape") return !isMemory(metric);
  return isMemory(metric) || !allocatesAsBefore(benchmark);
}

/** Whether every run of both sides allocates as often: no time is then lost to allocating more. */
export function allocatesAsBefore({ metrics }: BenchmarkVerdict): boolean {
  return metrics.some(isSteadyCount);
}

/** Whether the benchmark allocates more (or less) in every run, as the escape lets expect. */
function isCounted({ decision }: DecisionFinding, { benchmark, metric }: Subject): boolean {
  if (decision !== "escape") return false;
  const direction = Math.sign(metric.change);
  return benchmark.metrics.some(
    (at) =>
      at.metric === "allocs/op" && at.comparison === "exact" && Math.sign(at.change) === direction,
  );
}

function isSteadyCount({ metric, comparison, change }: JudgedMetric): boolean {
  return metric === "allocs/op" && comparison === "exact" && change === 0;
}

/** Of several flips the one that costs most as a rule: escapes, then inlining, then the rest. */
const COSTLIEST = ["escape", "inlining", "inlined-call", "bounds-check"] as const;

function worst(decisions: readonly DecisionFinding[]): DecisionFinding | undefined {
  return [...decisions].sort(
    (a, b) => COSTLIEST.indexOf(a.decision) - COSTLIEST.indexOf(b.decision),
  )[0];
}
