// Why did a metric move? Joins metric → function → decision or stack into ranked causes.
//
// Changed functions are weighed in rank-suspects.ts. What nothing points at is "unexplained", said
// plainly.
import type { Finding } from "../analyze/finding.ts";
import type { Frame, WaitFinding } from "../analyze/profile-finding.ts";
import type { Position } from "../analyze/subject.ts";
import { allocationFrame, causeText, chainOf, seenText } from "./cause-text.ts";
import { isMoreThanCode } from "./machine-code.ts";
import { isMechanism, mechanismCauses } from "./mechanism-causes.ts";
import { bySizeDescending, metricRank } from "./metric-order.ts";
import { isMemory, metricView } from "./metric-view.ts";
import {
  allocatesAsBefore,
  fits,
  type Ranked,
  rankByCode,
  rankSuspects,
  type Subject,
} from "./rank-suspects.ts";
import { reachOf } from "./reach.ts";
import { gatherSuspects, ofProfiles, profileView } from "./suspects.ts";
import { tellingChange } from "./telling-change.ts";
import type { BenchmarkVerdict, Cause, CauseKind, JudgedMetric } from "./verdict.ts";

/** Three causes a metric are read; more hide the first. */
const MOST_CAUSES = 3;

/** Causes of every regressed or improved metric, most certain and largest first. */
export function findCauses(
  benchmarks: readonly BenchmarkVerdict[],
  findings: readonly Finding[],
): Cause[] {
  const all = gatherSuspects(findings);
  const suspects = all.filter(isMoreThanCode);
  const compiledOtherwise = all.filter((suspect) => !isMoreThanCode(suspect));
  const profiled = ofProfiles(findings);
  const mechanism = mechanismCauses(findings);
  const reached = reachOf(findings);
  const causes: { cause: Cause; size: number; rank: number }[] = [];
  for (const benchmark of benchmarks) {
    const moved = benchmark.metrics.filter(
      ({ decision }) => decision === "regressed" || decision === "improved",
    );
    if (moved.length === 0) continue;
    const view = profileView(profiled, benchmark);
    const reach = reached(suspects, benchmark);
    const weakReach = reached(compiledOtherwise, benchmark);
    for (const metric of moved) {
      const subject = { benchmark, metric, view: metricView(view, metric) };
      const likely = rankSuspects(reach, subject);
      const ranked = (likely.length > 0 ? likely : rankByCode(weakReach, subject)).slice(
        0,
        MOST_CAUSES,
      );
      const size = metric.change;
      const along = mechanism(benchmark, metric);
      if (along !== undefined) causes.push({ cause: along, size, rank: MOST_CAUSES });
      else if (ranked.length === 0) causes.push({ cause: withoutSuspect(subject), size, rank: 99 });
      for (const [rank, at] of ranked.entries()) {
        causes.push({ cause: toCause(at, subject), size, rank });
      }
    }
  }
  const explains = explainingMost(causes.map(({ cause }) => cause));
  return causes
    .sort(
      (a, b) =>
        certainty(a.cause) - certainty(b.cause) ||
        Number(explains(b.cause)) - Number(explains(a.cause)) ||
        // What was measured comes before what only may be.
        Number(a.cause.share === undefined) - Number(b.cause.share === undefined) ||
        a.rank - b.rank ||
        metricRank(a.cause.metric) - metricRank(b.cause.metric) ||
        bySizeDescending(a.size, b.size),
    )
    .map(({ cause }) => cause);
}

/** Part of a metric's change from which on a function is said to be what happened. */
const MOST_OF_IT = 0.5;

/**
 * Tells the causes whose function accounts for most of some change of their benchmark, as profiles
 * counted it. What allocates all that is allocated more comes before what was only edited, also
 * where the time is asked about.
 */
function explainingMost(causes: readonly Cause[]): (cause: Cause) => boolean {
  const key = (cause: Cause) => [cause.package, cause.benchmark, cause.function].join("\0");
  const most = new Set(causes.filter(({ share = 0 }) => share >= MOST_OF_IT).map(key));
  return (cause) => most.has(key(cause));
}

const CERTAINTY: Readonly<Record<Cause["proof"], number>> = { measured: 0, profile: 1, static: 2 };

function certainty(cause: Cause): number {
  if (cause.kind === "unknown") return 9;
  return isMechanism(cause) ? 3 : CERTAINTY[cause.proof];
}

function kindOf(at: Ranked, subject: Subject): CauseKind {
  const { benchmark, metric, view } = subject;
  if (at.decision !== undefined && fits(at.decision, subject)) {
    if (at.decision.decision === "inlined-call") return "inlining";
    return at.decision.decision;
  }
  const group = tellingChange(at.suspect, metric)?.group;
  const mayAllocate =
    isMemory(metric) || !allocatesAsBefore(benchmark) || benchmark.metrics.some(isMoreMemory);
  if (isMemory(metric) || (group === "allocation" && mayAllocate)) return "allocation";
  if (group === "lock") return "lock";
  if (group === "scheduling") return "scheduler";
  if (group === "unsafe") return "unsafe-pointer";
  const wait = view.waits.find(({ frames }) => isOn(frames, at.suspect.function));
  if (wait !== undefined) return waitKind(wait);
  if (mayAllocate && allocationFrame(view) !== undefined) return "allocation";
  if (at.suspect.declarations.some((finding) => finding.change === "signature")) return "signature";
  return "code";
}

/** The same number of objects may be larger ones. */
function isMoreMemory({ metric, decision }: JudgedMetric): boolean {
  return metric === "B/op" && (decision === "regressed" || decision === "improved");
}

function toCause(at: Ranked, subject: Subject): Cause {
  const { benchmark, metric, view } = subject;
  const { function: name } = at.suspect;
  const fitting = at.decision !== undefined && fits(at.decision, subject) ? at.decision : undefined;
  const site = view.sites.find((known) => known.function === name);
  const place =
    fitting === undefined && site !== undefined
      ? { at: site, side: site.side }
      : positionOf(at, metric);
  return {
    benchmark: benchmark.name,
    package: benchmark.package,
    metric: metric.metric,
    function: name,
    ...(place === undefined ? {} : { position: { file: place.at.file, line: place.at.line } }),
    side: place?.side ?? "head",
    kind: kindOf(at, subject),
    ...(at.part > 0 ? { share: at.part } : {}),
    chain: chainOf(at.suspect, fitting, metric, { benchmark: benchmark.name, view }),
    proof: view.isSeen(name) && isMoreThanCode(at.suspect) ? "profile" : "static",
    text: causeText({ suspect: at.suspect, decision: fitting, site }, metric, benchmark.name),
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
  const code = at.suspect.code?.position;
  return code && { at: code, side: "head" };
}

/** Nothing changed leads there: what the profiles saw is said, else that it is not explained. */
function withoutSuspect({ benchmark, metric, view }: Subject): Cause {
  const [site] = view.sites;
  const [wait] = view.waits;
  const [stack] = view.stacks;
  const path = [...(stack?.frames ?? [])].reverse().map((frame) => frame.function);
  const seen = site ?? wait;
  const shared = {
    benchmark: benchmark.name,
    package: benchmark.package,
    metric: metric.metric,
    chain: [`${metric.metric} of ${benchmark.name}`, ...path],
    proof: stack === undefined ? "static" : "profile",
  } as const;
  if (seen === undefined) {
    const text = "Unexplained: no changed function and no compiler decision leads to this change.";
    return { ...shared, function: "", side: "head", kind: "unknown", text };
  }
  return {
    ...shared,
    function: seen.function,
    position: { file: seen.file, line: seen.line },
    side: site?.side ?? "head",
    kind: site !== undefined || wait === undefined ? "allocation" : waitKind(wait),
    ...(view.part(seen.function) > 0 ? { share: view.part(seen.function) } : {}),
    text: seenText(seen, metric, benchmark.name),
  };
}

function isOn(frames: readonly Frame[], name: string): boolean {
  return frames.some((frame) => frame.function === name);
}

function waitKind({ source, frames }: WaitFinding): CauseKind {
  if (source === "mutex" || frames.some(({ function: name }) => LOCK.test(name))) return "lock";
  return source === "trace-sched" ? "scheduler" : "wait";
}

const LOCK = /^(internal\/)?sync\.\(\*(RW)?Mutex\)/;
