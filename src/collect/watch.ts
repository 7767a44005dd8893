// What the schedule watches of a benchmark, and when it has seen enough.
//
// The typical time (p10) decides first. But it cannot see garbage collection, contention or a tail,
// so CPU time and p99, which gate as well, are watched in the same pairs. They are noisier and
// would hold every harmless benchmark until the cap; so once the typical time is settled they are
// waited for up to 20 pairs only (statistics.md's "quick" cap), unless they look changed. Any
// stopping rule is allowed: the e-process stays valid, only power is spent. Counts that agree in
// every run of a side and differ between the sides need only be seen often enough to be called exact.
import type { BenchmarkResult } from "../bench/parse.ts";
import { FEWEST_EXACT_PAIRS } from "../evidence/exact-counts.ts";
import { addPair, startEProcess } from "../stats/e-process.ts";
import { nearestRank } from "../stats/quantile.ts";
import {
  FEWEST_FOR_FUTILITY,
  type PairsSoFar,
  type SettleRule,
  settlement,
  suspect,
} from "../stats/settled.ts";
import { hodgesLehmann } from "../stats/walsh.ts";
import { valueIn } from "./run-benchmark.ts";

/** One metric of one benchmark: its log-ratios ln(head / base) so far, in the order measured. */
export type Watched = PairsSoFar & { readonly metric: WatchedMetric };

type WatchedMetric = {
  readonly name: string;
  /** Practical threshold, a fraction; the judge's defaults (judge/policy.ts). */
  readonly threshold: number;
  /** What a process measured of it, in seconds; undefined where it has no such value. */
  readonly read: (results: readonly BenchmarkResult[]) => number | undefined;
};

const TYPICAL: WatchedMetric = { name: "p10-sec/op", threshold: 0.03, read: typicalSeconds };
const OTHERS: readonly WatchedMetric[] = ["cpu-sec/op", "p99-sec/op"].map((name) => ({
  name,
  threshold: 0.05,
  read: (results) => results.flatMap((result) => valueIn(result, name) ?? [])[0],
}));

/** The settle rule without what each metric brings itself. */
export type WatchRule = Omit<SettleRule, "threshold">;

/** Pairs for which CPU time and p99 are waited for once the typical time is settled. */
const OTHERS_CAP = 20;
const COUNTS = ["allocs/op", "B/op"];

/** What the runs of both sides printed of a count, while all runs of a side print the same. */
type Agreed = { readonly unit: string; readonly base: number; readonly head: number };

export type Watch = {
  readonly typical: Watched;
  readonly others: readonly Watched[];
  readonly agreed: readonly Agreed[];
  readonly pairs: number;
};

/** Nothing measured yet. */
export function startWatch(): Watch {
  const start = (metric: WatchedMetric): Watched => ({
    metric,
    logRatios: [],
    eProcess: startEProcess(),
  });
  return { typical: start(TYPICAL), others: OTHERS.map(start), agreed: [], pairs: 0 };
}

/** The watch after one more pair; a metric that either process lacks stays as it was. */
export function watchPair(
  watch: Watch,
  base: readonly BenchmarkResult[],
  head: readonly BenchmarkResult[],
): Watch {
  const add = (watched: Watched): Watched => {
    const d = Math.log((watched.metric.read(head) ?? 0) / (watched.metric.read(base) ?? 0));
    if (!Number.isFinite(d)) return watched;
    return {
      ...watched,
      logRatios: [...watched.logRatios, d],
      eProcess: addPair(watched.eProcess, d),
    };
  };
  return {
    typical: add(watch.typical),
    others: watch.others.map(add),
    agreed: agreedAfter(watch, base, head),
    pairs: watch.pairs + 1,
  };
}

function agreedAfter(
  { agreed, pairs }: Watch,
  base: readonly BenchmarkResult[],
  head: readonly BenchmarkResult[],
): Agreed[] {
  return COUNTS.flatMap((unit) => {
    const one = { unit, base: onlyValue(base, unit), head: onlyValue(head, unit) };
    if (one.base === undefined || one.head === undefined) return [];
    const known = agreed.find((at) => at.unit === unit);
    if (pairs === 0) return [one as Agreed];
    return known?.base === one.base && known.head === one.head ? [known] : [];
  });
}

function onlyValue(results: readonly BenchmarkResult[], unit: string): number | undefined {
  const values = new Set(results.map((result) => valueIn(result, unit)));
  return values.size === 1 ? [...values][0] : undefined;
}

/** How far a benchmark is: what is open should get the next pairs, the typical time first. */
export function watchState(watch: Watch, rule: WatchRule): "typical-open" | "others-open" | "done" {
  const { typical, others } = watch;
  if ([typical, ...others].some((watched) => isSlower(watched, rule))) return "done";
  if (settlementOf(typical, rule) === "open") return "typical-open";
  return others.some((watched) => isWorthWaiting(watched, rule)) ? "others-open" : "done";
}

/** Whether the pairs ended at the cap, which no outcome decided. */
export function endedAtCap({ typical }: Watch, rule: WatchRule): boolean {
  return typical.logRatios.length >= rule.cap;
}

/**
 * How much further pairs promise: how far the benchmark seems to have moved in what is still open,
 * in thresholds, and how many pairs would prove it, or that it did not move. Counts that differ come
 * first, by an effect of Infinity; what was never looked at comes after what seems to have moved, and
 * takes one look.
 */
export function interestOf(watch: Watch, rule: WatchRule): { effect: number; pairs: number } {
  if (watch.pairs === 0) return { effect: 1, pairs: 1 };
  const enough = pairsToProve(rule.familySize, rule.familyAlpha);
  if (watch.pairs < FEWEST_EXACT_PAIRS && watch.agreed.some(({ base, head }) => base !== head)) {
    return { effect: Number.POSITIVE_INFINITY, pairs: FEWEST_EXACT_PAIRS - watch.pairs };
  }
  const looked = watchState(watch, rule) === "typical-open" ? [watch.typical] : watch.others;
  const effect = effectIn(looked);
  const wanted = effect < 1 ? FEWEST_FOR_FUTILITY : enough;
  return { effect, pairs: Math.max(1, wanted - watch.pairs) };
}

/** How far the benchmark seems to have moved in any metric, in thresholds; 0 without a pair. */
export function largestEffect({ typical, others }: Watch): number {
  return effectIn([typical, ...others]);
}

function effectIn(looked: readonly Watched[]): number {
  const effects = looked
    .filter((at) => at.logRatios.length > 0)
    .map((at) => Math.abs(hodgesLehmann(at.logRatios)) / Math.log1p(at.metric.threshold));
  return Math.max(0, ...effects);
}

/** Pairs after which a clear change is proven in a family of this size. */
function pairsToProve(familySize: number, familyAlpha: number): number {
  return Math.ceil(Math.log2((8 * familySize) / familyAlpha));
}

/**
 * The direction a benchmark seems to have moved in, in any metric; slower before faster. Worth a
 * profile and confirming processes.
 */
export function suspectOf(watch: Watch, rule: WatchRule): "slower" | "faster" | undefined {
  const directions = [watch.typical, ...watch.others].map((watched) => direction(watched, rule));
  return directions.find((at) => at === "slower") ?? directions.find((at) => at !== undefined);
}

function isSlower(watched: Watched, rule: WatchRule): boolean {
  return settlementOf(watched, rule) === "changed" && direction(watched, rule) === "slower";
}

function isWorthWaiting(watched: Watched, rule: WatchRule): boolean {
  if (watched.logRatios.length === 0 || settlementOf(watched, rule) !== "open") return false;
  return watched.logRatios.length < OTHERS_CAP || direction(watched, rule) !== undefined;
}

function direction(watched: Watched, rule: WatchRule) {
  return suspect(watched, ruleFor(watched, rule));
}

function settlementOf(watched: Watched, rule: WatchRule) {
  return settlement(watched, ruleFor(watched, rule));
}

function ruleFor({ metric }: Watched, rule: WatchRule): SettleRule {
  return { ...rule, threshold: metric.threshold };
}

/** The tenth percentile of operations, else of batches. */
function typicalSeconds(results: readonly BenchmarkResult[]): number | undefined {
  const recorded = results.flatMap((result) => valueIn(result, "p10-sec/op") ?? []);
  const values =
    recorded.length > 0 ? recorded : results.flatMap((result) => valueIn(result, "sec/op") ?? []);
  return values.length === 0 ? undefined : nearestRank(values, 0.1);
}
