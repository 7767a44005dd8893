// What the analyzers say. One union, so that the judge and the report see every kind in one place.
// A finding is a fact about base and head with its numbers; whether it matters is the judge's word.
import type {
  AllocationSiteFinding,
  CostFinding,
  FunctionShareFinding,
  MovedCodeFinding,
  StackFinding,
  WaitFinding,
} from "./profile-finding.ts";
import type {
  BridgeFinding,
  DecisionFinding,
  DeclarationFinding,
  MachineCodeFinding,
  ReachFinding,
} from "./source-finding.ts";
import type { BenchmarkId } from "./subject.ts";

/** One metric of one benchmark, base against head, over pairs of processes. */
export type MetricFinding = {
  readonly kind: "metric";
  readonly benchmark: BenchmarkId;
  /** A unit of golang/perf ("B/op", "allocs/op", "sec/op") or a statistic of one ("p10-sec/op"). */
  readonly metric: string;
  /** Median over the processes of a side, in base units (seconds, bytes, counts). */
  readonly base: number;
  readonly head: number;
  /** Relative change of head against base, a fraction; Infinity when base is 0 and head is not. */
  readonly change: number;
  /** Interval of `change` at confidence `level`; equal to `change` for exact comparisons. */
  readonly low: number;
  readonly high: number;
  readonly level: number;
  /** Two-sided, before correction for the number of benchmarks; 0 or 1 for exact comparisons. */
  readonly p: number;
  /**
   * p that the change is within 1 % either way, over all pairs, confirming ones too: what the link
   * layout alone may do must not stop a merge. Two-sided, before correction.
   */
  readonly pMinimumEffect: number;
  readonly pairs: number;
  /** "exact" where all runs of each side agree, so that no statistics are needed. */
  readonly comparison: "exact" | "paired";
  /** Smallest slow-down, a fraction, that these pairs would have shown with 80 % power. */
  readonly couldHide: number;
  /**
   * Largest size of a change, a fraction, that the pairs still make likely: the futility bound of
   * stats/settled.ts. Below the threshold it says "no change of practical size".
   */
  readonly bound: number;
  /** Robust standard deviation of one pair's log-ratio; 0 for exact comparisons. */
  readonly spread: number;
  /** Median change per link layout, for the layout rule; empty for exact comparisons. */
  readonly layoutChanges: readonly number[];
  /**
   * p that layouts without influence differ this much (stats/group-influence.ts); 1 where there
   * is nothing to compare, or no change that a layout contradicts. Small: the layout decides what is measured.
   */
  readonly layoutP: number;
  /** The same metric over the fresh confirming processes; absent when none were run. */
  readonly confirmation?: { readonly change: number; readonly p: number; readonly pairs: number };
  readonly warnings: readonly string[];
};

/** What makes a benchmark slower or faster besides what it computes; analyze/context/mechanisms.ts. */
export type Mechanism =
  | "starved"
  | "forced-collections"
  | "blocked-goroutines"
  | "left-goroutines"
  | "assist"
  | "allocation"
  | "frequent-collections"
  | "live-heap"
  | "lock"
  | "runnable"
  | "new-goroutines"
  | "waiting"
  | "system-calls"
  | "handoffs"
  | "compute";

/** One number of the runtime or the operating system, base against head. */
export type ContextReading = {
  /** Its unit in the evidence: "gc-pause-sec/op", "goroutines". */
  readonly name: string;
  /** Medians over the processes of a side, in base units. */
  readonly base: number;
  readonly head: number;
  /** Head less base over pairs, with its 95 % interval. */
  readonly difference: number;
  readonly low: number;
  readonly high: number;
  readonly p: number;
  /** Whether it moved surely and by enough to explain what changed, and which way. */
  readonly movement: "up" | "down" | "none";
};

/** What the runtime did on a benchmark's account, where its time moved: read together. */
export type ContextFinding = {
  readonly kind: "context";
  readonly benchmark: BenchmarkId;
  readonly mechanism: Mechanism;
  /** Whether head has more of it, so that times rose, or less. */
  readonly direction: "more" | "less";
  readonly pairs: number;
  /** All that were recorded, in a fixed order. */
  readonly readings: readonly ContextReading[];
  /** Names of the readings that name the mechanism. */
  readonly restsOn: readonly string[];
};

/** Operations at one quantile of a benchmark's latencies, all counted processes merged. */
export type ShiftPoint = {
  /** A fraction: 0.99 is p99. */
  readonly quantile: number;
  /** Seconds. */
  readonly base: number;
  readonly head: number;
  /** head / base - 1. */
  readonly change: number;
};

/** The change at each quantile. It describes: merged operations have no certainty of their own. */
export type ShiftFinding = {
  readonly kind: "shift";
  readonly benchmark: BenchmarkId;
  /** By ascending quantile; those with too few operations beyond them are left out. */
  readonly points: readonly ShiftPoint[];
  /** How many operations were timed, one by one where that was possible. */
  readonly baseOperations: number;
  readonly headOperations: number;
};

export type Finding =
  | MetricFinding
  | DeclarationFinding
  | BridgeFinding
  | DecisionFinding
  | MachineCodeFinding
  | ReachFinding
  | FunctionShareFinding
  | StackFinding
  | CostFinding
  | MovedCodeFinding
  | AllocationSiteFinding
  | WaitFinding
  | ContextFinding
  | ShiftFinding;

/** A strategy that could not work, or only in part, and why. */
export type Degradation = {
  readonly strategy: "ast" | "compiler" | "profile" | "latency";
  readonly reason: string;
};

/** What every analyzer returns: what it found, and what it could not look at. */
export type Analysis<F extends Finding> = {
  readonly findings: readonly F[];
  readonly degraded: readonly Degradation[];
};
