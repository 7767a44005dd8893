// What the profiles of a benchmark say about one of its metrics: which stacks lead to the change,
// and how much of it each function explains.
//
// Time is explained by CPU profiles and by waiting, memory by the lines that allocate more. A memory
// metric without an allocation profile falls back to the CPU's stacks: who allocates more works more.
import type { AllocationSiteFinding, Frame, WaitFinding } from "../analyze/profile-finding.ts";
import { declarationName, parseSymbol } from "../pprof/symbol.ts";
import type { ProfileView } from "./suspects.ts";
import type { JudgedMetric } from "./verdict.ts";

export type MetricView = {
  /** Stacks on which it grew (or fell, with the metric), leaf first, largest first. */
  readonly stacks: readonly { readonly frames: readonly Frame[] }[];
  /** Functions on these stacks by full name; the value is the distance from the leaf. */
  readonly depth: ReadonlyMap<string, number>;
  /** Whether a function that is not seen in the profiles is a less likely cause. */
  readonly isProfiled: boolean;
  readonly isSeen: (name: string) => boolean;
  /** Part of the change that the profiles saw at and below a function, 0 to 1; 0 where unknown. */
  readonly part: (name: string) => number;
  /** Where memory is concerned: sites that moved with the metric, largest first. */
  readonly sites: readonly AllocationSiteFinding[];
  /** Where time is: places that wait more (or less, with the metric), largest first. */
  readonly waits: readonly WaitFinding[];
};

export function isMemory({ metric }: Pick<JudgedMetric, "metric">): boolean {
  return metric === "B/op" || metric === "allocs/op";
}

/** The profiles' view of one metric that moved. */
export function metricView(view: ProfileView, metric: JudgedMetric): MetricView {
  const sites = isMemory(metric) ? view.sites.filter((site) => siteChange(site, metric) > 0) : [];
  if (sites.length > 0) return memoryView(sites, metric);
  const waits = waitsFor(view, metric);
  const stacks = [...view.stacks, ...waits];
  const depth = depthOn(stacks);
  return {
    stacks,
    depth,
    isProfiled: stacks.length > 0 || view.shares.size > 0,
    isSeen: (name) => depth.has(name) || view.shares.has(name),
    part: (name) => (isMemory(metric) ? 0 : timePart(name, view, metric)),
    sites: [],
    waits,
  };
}

function memoryView(sites: readonly AllocationSiteFinding[], metric: JudgedMetric): MetricView {
  const depth = depthOn(sites);
  const all = Math.abs(metric.head - metric.base);
  const sizeOn = (name: string) =>
    sites
      .filter(({ frames }) => frames.some((frame) => namesOf(frame).includes(name)))
      .reduce((sum, site) => sum + siteChange(site, metric), 0);
  return {
    stacks: sites,
    depth,
    isProfiled: true,
    isSeen: (name) => depth.has(name),
    part: (name) => (all === 0 ? 0 : Math.min(1, sizeOn(name) / all)),
    sites,
    waits: [],
  };
}

/** What a site adds to the metric per operation; negative when it moved the other way. */
function siteChange(site: AllocationSiteFinding, metric: JudgedMetric): number {
  const change =
    metric.metric === "B/op"
      ? site.headBytes - site.baseBytes
      : site.headObjects - site.baseObjects;
  return Math.sign(metric.head - metric.base) * change;
}

/** Waiting costs no CPU, and is told for the times of the wall. */
function waitsFor({ waits }: ProfileView, metric: JudgedMetric): WaitFinding[] {
  if (isMemory(metric) || metric.metric === "cpu-sec/op") return [];
  const direction = Math.sign(metric.head - metric.base);
  return waits.filter(({ baseNs, headNs }) => Math.sign(headNs - baseNs) === direction);
}

function timePart(name: string, { shares }: ProfileView, metric: JudgedMetric): number {
  const share = shares.get(name);
  if (share === undefined || !share.moved) return 0;
  return Math.max(0, Math.min(1, share.costChange / metric.change));
}

function depthOn(stacks: MetricView["stacks"]): Map<string, number> {
  const depth = new Map<string, number>();
  for (const { frames } of stacks) {
    for (const [at, frame] of frames.entries()) {
      for (const name of namesOf(frame)) {
        depth.set(name, Math.min(at, depth.get(name) ?? Number.POSITIVE_INFINITY));
      }
    }
  }
  return depth;
}

/** The function, and the declaration whose text a closure stands in. */
function namesOf(frame: Frame): readonly string[] {
  return [frame.function, declarationName(parseSymbol(frame.function))];
}
