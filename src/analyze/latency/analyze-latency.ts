// How did time and memory of each measured benchmark move from base to head?
//
// The unit is one interleaved pair of processes; operations of one process share its luck (its
// address layout, its neighbors), and treating them as independent raises a false alarm in most
// harmless runs. Allocations that agree in every run of a side are compared exactly, without
// statistics. What a number means for the merge is for the judge to say.

import type { Evidence } from "../../evidence/evidence.ts";
import { FEWEST_EXACT_PAIRS } from "../../evidence/exact-counts.ts";
import type { BenchmarkRecord, Manifest } from "../../evidence/manifest.ts";
import type { BenchmarkPairs, Pair } from "../../evidence/pair-text.ts";
import { type PackagePairs, readPairs } from "../../evidence/read-pairs.ts";
import type { Analysis, Degradation, MetricFinding } from "../finding.ts";
import type { BenchmarkId } from "../subject.ts";
import { comparePairs, confirmPairs } from "./compare-pairs.ts";
import { doubtAboutMachine, doubtsAboutRun } from "./doubts.ts";
import {
  batchValues,
  comparablePairs,
  METRICS,
  type Metric,
  measuredPairs,
} from "./process-values.ts";

// A schedule stops at some 30 pairs; a file with more is not one of ours, and work grows with the
// square of it.
const MAX_PAIRS = 500;

/** What the metrics cannot say, for all benchmarks together: a list of names would not be read. */
function blindSpots(measured: readonly Measured[]): Degradation[] {
  const of = (count: number) => `${count} of ${measured.length} benchmarks`;
  const batches = measured.filter(({ explore }) => !hasRecorded(explore, "p10-sec/op")).length;
  const tailless = measured.filter(({ explore }) => !hasRecorded(explore, "p99-sec/op")).length;
  const busy = doubtAboutMachine(measured.map(({ explore }) => explore));
  const spots: string[] = busy === undefined ? [] : [busy];
  if (batches > 0) {
    spots.push(
      `Percentiles of ${of(batches)} are of batches, each a mean of operations: single ones could not be recorded.`,
    );
  }
  if (tailless > 0) {
    spots.push(
      `No p99 for ${of(tailless)}: a process must time 5,000 operations for one, so a change of the tail alone is not seen there.`,
    );
  }
  return spots.map((reason) => ({ strategy: "latency", reason }));
}

function hasRecorded({ pairs }: BenchmarkPairs, unit: string): boolean {
  return pairs.some(({ base }) =>
    base.results.some((result) => result.values.some((value) => value.unit === unit)),
  );
}

/** One benchmark's pairs to be compared, and what is known of the run. */
type Measured = {
  readonly benchmark: BenchmarkId;
  readonly explore: BenchmarkPairs;
  readonly confirm: readonly Pair[];
  /** Not the outcomes but the cap or the budget ended the run. */
  readonly isFixedLength: boolean;
};

/**
 * A finding per metric of every benchmark with status "measured" and at least one whole pair.
 * @param pairs those of the evidence, where they have been read already.
 */
export function analyzeLatency(
  evidence: Evidence,
  pairs: readonly PackagePairs[] = readPairs(evidence),
): Analysis<MetricFinding> {
  const findings: MetricFinding[] = [];
  const degraded: Degradation[] = [];
  const all: Measured[] = [];
  for (const package_ of pairs) {
    const { measured, problems } = measuredOf(package_, evidence.manifest);
    degraded.push(...problems.map((reason): Degradation => ({ strategy: "latency", reason })));
    all.push(...measured);
    for (const benchmark of measured) findings.push(...compareMetrics(benchmark));
  }
  return { findings, degraded: [...degraded, ...blindSpots(all)] };
}

function measuredOf(
  { record, groups, problems: bad }: PackagePairs,
  manifest: Manifest,
): { readonly measured: readonly Measured[]; readonly problems: readonly string[] } {
  const problems = bad
    .slice(0, 1)
    .map(
      ({ line, message }) =>
        `${record.importPath}: unreadable lines in the benchmark text: ${bad.length}, ` +
        `the first is line ${line} (${message})`,
    );
  const measured: Measured[] = [];
  for (const benchmark of manifest.benchmarks) {
    if (benchmark.status !== "measured") continue;
    if (benchmark.cell !== record.cell || benchmark.package !== record.importPath) continue;
    const phase = (wanted: BenchmarkPairs["phase"]) =>
      groups.find(({ name, phase }) => name === benchmark.name && phase === wanted);
    const explore = phase("explore");
    if (explore === undefined || explore.pairs.length === 0) {
      problems.push(`${benchmark.name}: no pair of processes has results on both sides`);
      continue;
    }
    measured.push({
      benchmark: { cell: benchmark.cell, package: benchmark.package, name: benchmark.name },
      explore: { ...explore, pairs: comparablePairs(explore.pairs.slice(0, MAX_PAIRS)) },
      confirm: comparablePairs((phase("confirm")?.pairs ?? []).slice(0, MAX_PAIRS)),
      isFixedLength: isFixedLength(benchmark),
    });
  }
  return { measured, problems };
}

function isFixedLength({ stopped }: BenchmarkRecord): boolean {
  return stopped === "cap" || stopped === "budget";
}

function compareMetrics(measured: Measured): MetricFinding[] {
  const doubts = doubtsAboutRun(measured.explore);
  return METRICS.flatMap((metric) => compareMetric(measured, metric, doubts) ?? []);
}

/** Absent when no pair has the metric on both sides. */
function compareMetric(
  measured: Measured,
  metric: Metric,
  doubts: readonly string[],
): MetricFinding | undefined {
  const { benchmark, explore, confirm } = measured;
  const pairs = measuredPairs(explore.pairs, metric);
  if (pairs.length === 0) return undefined;
  const about = { kind: "metric", benchmark, metric: metric.name, pairs: pairs.length } as const;
  const exact = metric.isCount
    ? exactComparison([...explore.pairs, ...confirm], metric)
    : undefined;
  if (exact !== undefined) return { ...exact, ...about };
  const confirming = measuredPairs(confirm, metric);
  const compared = comparePairs(pairs, confirming, measured.isFixedLength);
  const { base, head, change, low, high, level, p, pMinimumEffect } = compared;
  const { couldHide, bound, spread, layoutChanges, layoutP } = compared;
  // Written out: objects made by a spread cost V8 a sixth of all judging (script/bench verdict).
  const finding: MetricFinding = {
    kind: "metric",
    benchmark,
    metric: metric.name,
    pairs: pairs.length,
    base,
    head,
    change,
    low,
    high,
    level,
    p,
    pMinimumEffect,
    comparison: "paired",
    couldHide,
    bound,
    spread,
    layoutChanges,
    layoutP,
    warnings: doubts,
  };
  return confirming.length === 0 ? finding : { ...finding, confirmation: confirmPairs(confirming) };
}

/** What all batches of all processes of a side printed; undefined where two differ, or none did. */
function agreedValue(
  pairs: readonly Pair[],
  side: "base" | "head",
  metric: Metric,
): number | undefined {
  let agreed: number | undefined;
  for (const pair of pairs) {
    for (const value of batchValues(pair[side].results, metric)) {
      agreed ??= value;
      if (value !== agreed) return undefined;
    }
  }
  return agreed;
}

/**
 * The comparison where every run of a side printed the same count; undefined where runs differ, or
 * where there are too few of them to tell a difference from chance.
 */
function exactComparison(pairs: readonly Pair[], metric: Metric) {
  const base = agreedValue(pairs, "base", metric);
  const head = agreedValue(pairs, "head", metric);
  if (base === undefined || head === undefined) return undefined;
  if (base !== head && pairs.length < FEWEST_EXACT_PAIRS) return undefined;
  const change = base === head ? 0 : head / base - 1;
  return {
    base,
    head,
    change,
    low: change,
    high: change,
    level: 1,
    p: base === head ? 1 : 0,
    pMinimumEffect: base === head ? 1 : 0,
    comparison: "exact",
    couldHide: 0,
    bound: Math.abs(change),
    spread: 0,
    layoutChanges: [],
    layoutP: 1,
    warnings: [],
  } as const;
}
