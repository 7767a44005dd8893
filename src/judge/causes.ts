// Why did a metric move? Joins metric → function → decision or stack into ranked causes.
//
// Evidence is weighed, not proven: a function counts when it changed or the compiler decided
// otherwise about it, more when that decision costs what the metric measures (an escape for
// allocations, a lost inlining for time), and more again when the benchmark's profile shows it on
// the path that grew. What nothing points at is "unexplained", said plainly.
import type { DecisionFinding, Finding, Position } from "../analyze/finding.ts";
import { allocationFrame, causeText, chainOf } from "./cause-text.ts";
import { isMechanism, mechanismCauses } from "./mechanism-causes.ts";
import { bySizeDescending, metricRank } from "./metric-order.ts";
import { gatherSuspects, type ProfileView, profileView, type Suspect } from "./suspects.ts";
import { tellingChange } from "./telling-change.ts";
import type { BenchmarkVerdict, Cause, CauseKind, JudgedMetric } from "./verdict.ts";

/** Weights of evidence. Only their order matters: a decision that fits beats a changed body,
 * which beats a mere place on the path; ties go to the function nearest to the cost. */
const WEIGHT = {
  fittingDecision: 4,
  changed: 3,
  fittingChange: 1,
  otherDecision: 1,
  onPath: 2,
  costMoved: 2,
  unseen: -3,
};

/** Three causes a metric are read; more hide the first. */
const MOST_CAUSES = 3;

type Ranked = {
  readonly suspect: Suspect;
  readonly decision: DecisionFinding | undefined;
  readonly weight: number;
  readonly depth: number;
};

/** Causes of every regressed or improved metric, most certain and largest first. */
export function findCauses(
  benchmarks: readonly BenchmarkVerdict[],
  findings: readonly Finding[],
): Cause[] {
  const suspects = gatherSuspects(findings);
  const profiled = findings.filter(({ kind }) => kind === "function-share" || kind === "stack");
  const mechanism = mechanismCauses(findings);
  const causes: { cause: Cause; size: number; rank: number }[] = [];
  for (const benchmark of benchmarks) {
    const moved = benchmark.metrics.filter(
      ({ decision }) => decision === "regressed" || decision === "improved",
    );
    if (moved.length === 0) continue;
    const view = profileView(profiled, benchmark);
    for (const metric of moved) {
      const ranked = rankSuspects(suspects, metric, view).slice(0, MOST_CAUSES);
      const size = metric.change;
      const along = mechanism(benchmark, metric);
      if (along !== undefined) causes.push({ cause: along, size, rank: MOST_CAUSES });
      else if (ranked.length === 0) {
        causes.push({ cause: unexplained(benchmark, metric, view), size, rank: 99 });
      }
      for (const [rank, at] of ranked.entries()) {
        causes.push({ cause: toCause(at, benchmark, metric, view), size, rank });
      }
    }
  }
  return causes
    .sort(
      (a, b) =>
        certainty(a.cause) - certainty(b.cause) ||
        a.rank - b.rank ||
        metricRank(a.cause.metric) - metricRank(b.cause.metric) ||
        bySizeDescending(a.size, b.size),
    )
    .map(({ cause }) => cause);
}

const CERTAINTY: Readonly<Record<Cause["proof"], number>> = { measured: 0, profile: 1, static: 2 };

function certainty(cause: Cause): number {
  if (cause.kind === "unknown") return 9;
  return isMechanism(cause) ? 3 : CERTAINTY[cause.proof];
}

function rankSuspects(
  suspects: readonly Suspect[],
  metric: JudgedMetric,
  view: ProfileView,
): Ranked[] {
  const hasProfile = view.stacks.length > 0 || view.shares.size > 0;
  const eligible = suspects.filter(
    (suspect) =>
      isFunction(suspect) &&
      (suspect.declarations.length > 0 || suspect.decisions.some((at) => fits(at, metric))),
  );
  const ranked = eligible.map((suspect): Ranked => {
    const fitting = suspect.decisions.filter((decision) => fits(decision, metric));
    const seen = view.depthOnStack.has(suspect.function) || view.shares.has(suspect.function);
    let weight = 0;
    if (fitting.length > 0) weight += WEIGHT.fittingDecision;
    else if (suspect.decisions.length > 0) weight += WEIGHT.otherDecision;
    if (suspect.declarations.length > 0) weight += WEIGHT.changed;
    if (tellingChange(suspect, metric) !== undefined) weight += WEIGHT.fittingChange;
    if (view.depthOnStack.has(suspect.function)) weight += WEIGHT.onPath;
    if (costMoved(suspect, metric, view) > 0) weight += WEIGHT.costMoved;
    // Where there is a profile, a function that it never shows is a less likely cause.
    if (hasProfile && !seen) weight += WEIGHT.unseen;
    const depth = view.depthOnStack.get(suspect.function) ?? Number.POSITIVE_INFINITY;
    return { suspect, decision: worst(fitting) ?? worst(suspect.decisions), weight, depth };
  });
  // Unseen ones are named only where nothing better is: a short profile may have missed them.
  const likely = ranked.filter((at) => at.weight > 0);
  return (likely.length > 0 ? likely : ranked).sort(
    (a, b) =>
      b.weight - a.weight ||
      costMoved(b.suspect, metric, view) - costMoved(a.suspect, metric, view) ||
      (a.depth === b.depth ? compareNames(a, b) : a.depth - b.depth),
  );
}

/** Part of the change that the profile saw at and below the function, in its direction; else 0. */
function costMoved(suspect: Suspect, metric: JudgedMetric, view: ProfileView): number {
  const share = view.shares.get(suspect.function);
  if (share === undefined || !share.moved || isMemory(metric)) return 0;
  return Math.max(0, Math.min(1, share.costChange / metric.change));
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

function isMemory(metric: JudgedMetric): boolean {
  return metric.metric === "B/op" || metric.metric === "allocs/op";
}

/** Whether a flip costs (or saves) what the metric measures, in the direction it moved. */
function fits(decision: DecisionFinding, metric: JudgedMetric): boolean {
  const wanted = metric.change > 0 ? "worse" : "better";
  if (decision.direction !== wanted) return false;
  return isMemory(metric) ? decision.decision === "escape" : true;
}

/** Of several flips the one that costs most as a rule: escapes, then inlining, then the rest. */
const COSTLIEST = ["escape", "inlining", "inlined-call", "bounds-check"] as const;

function worst(decisions: readonly DecisionFinding[]): DecisionFinding | undefined {
  return [...decisions].sort(
    (a, b) => COSTLIEST.indexOf(a.decision) - COSTLIEST.indexOf(b.decision),
  )[0];
}

function kindOf(at: Ranked, metric: JudgedMetric, view: ProfileView): CauseKind {
  if (at.decision !== undefined && fits(at.decision, metric)) {
    if (at.decision.decision === "inlined-call") return "inlining";
    return at.decision.decision;
  }
  const group = tellingChange(at.suspect, metric)?.group;
  if (isMemory(metric) || group === "allocation") return "allocation";
  if (group === "lock") return "lock";
  if (group === "scheduling") return "scheduler";
  if (group === "unsafe") return "unsafe-pointer";
  if (allocationFrame(view) !== undefined) return "allocation";
  if (at.suspect.declarations.some((finding) => finding.change === "signature")) return "signature";
  return "code";
}

function toCause(
  at: Ranked,
  benchmark: BenchmarkVerdict,
  metric: JudgedMetric,
  view: ProfileView,
): Cause {
  const position = positionOf(at, metric);
  const onPath = view.depthOnStack.has(at.suspect.function) || view.shares.has(at.suspect.function);
  const kind = kindOf(at, metric, view);
  const fitting = at.decision !== undefined && fits(at.decision, metric) ? at.decision : undefined;
  const share = costMoved(at.suspect, metric, view);
  return {
    benchmark: benchmark.name,
    package: benchmark.package,
    metric: metric.metric,
    function: at.suspect.function,
    ...(position === undefined ? {} : { position: position.at }),
    side: position?.side ?? "head",
    kind,
    ...(share > 0 ? { share } : {}),
    chain: chainOf(at.suspect, fitting, metric, { benchmark: benchmark.name, view }),
    proof: onPath ? "profile" : "static",
    text: causeText(at.suspect, fitting, metric, benchmark.name),
  };
}

type Place = { readonly at: Position; readonly side: "base" | "head" };

/** The line of the decision, else of the change where head has it, else of the function. */
function positionOf(at: Ranked, metric: JudgedMetric): Place | undefined {
  if (at.decision !== undefined) return { at: at.decision.position, side: at.decision.side };
  const change = tellingChange(at.suspect, metric);
  if (change?.side === "head") return { at: change.position, side: "head" };
  for (const finding of at.suspect.declarations) {
    if (finding.head !== undefined) return { at: finding.head, side: "head" };
    if (finding.base !== undefined) return { at: finding.base, side: "base" };
  }
  return undefined;
}

function unexplained(benchmark: BenchmarkVerdict, metric: JudgedMetric, view: ProfileView): Cause {
  const [stack] = view.stacks;
  const chain = stack?.frames.map((frame) => frame.function) ?? [];
  return {
    benchmark: benchmark.name,
    package: benchmark.package,
    metric: metric.metric,
    function: "",
    side: "head",
    kind: "unknown",
    chain: [`${metric.metric} of ${benchmark.name}`, ...chain.reverse()],
    proof: stack === undefined ? "static" : "profile",
    text: "Unexplained: no changed function and no compiler decision leads to this change.",
  };
}
