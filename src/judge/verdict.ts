// The verdict: what the findings mean under the team's rule. Per metric a decision, per regression
// its causes, and one conclusion for the merge. The report prints it and decides nothing.
import type { MetricFinding } from "../analyze/finding.ts";
import type { MovedCodeFinding } from "../analyze/profile-finding.ts";
import type { Position } from "../analyze/subject.ts";

/** "unknown" is an answer: measured, and neither a change nor its absence could be shown. */
export type Decision = "regressed" | "improved" | "same" | "unknown";

/** As GitHub's check runs conclude; docs/github-behaviour.md says what each means here. */
export type Conclusion =
  | "success"
  | "failure"
  | "neutral"
  | "action_required"
  | "skipped"
  | "timed_out";

export type JudgedMetric = MetricFinding & {
  readonly decision: Decision;
  /** Corrected for the number of benchmarks of this metric's family. */
  readonly pAdjusted: number;
  /** Practical threshold this metric was held against, a fraction. */
  readonly threshold: number;
  /** Whether this metric alone stops the merge under the rule. */
  readonly blocks: boolean;
  /** Set where p99 or p99.9 moved and p10 and p50 did not: a change of the tail alone. */
  readonly isTailOnly?: boolean;
  /** Name of the preset or of the team's rule that stops it; set where it blocks. */
  readonly rule?: string;
  /** A waiver that was written for this regression, whether it counts or not. */
  readonly waiver?: AppliedWaiver;
};

/** A regression that a person accepted; "ended" and "outgrown" ones do not count. */
export type AppliedWaiver = {
  readonly author: string;
  readonly reason: string;
  /** The last day on which it counts, in UTC. */
  readonly until: string;
  /** A fraction: accepted up to this change. */
  readonly limit?: number;
  readonly state: "accepted" | "outgrown" | "ended";
};

/** A rule of the team about the run as a whole that holds, and so stops the merge. */
export type FiredRule = { readonly name: string; readonly text: string };

export type BenchmarkVerdict = {
  readonly cell: string;
  readonly package: string;
  readonly name: string;
  readonly status: "measured" | "unaffected" | "added" | "removed" | "failed" | "not-measured";
  readonly reason: string;
  readonly metrics: readonly JudgedMetric[];
  /** Where the change of CPU went; absent where no CPU profile was taken. */
  readonly ledger?: CostLedger;
};

/**
 * One account of a benchmark's CPU, in nanoseconds per operation: functions that the change touches
 * or the compiler treats otherwise, with what the standard library does for them; what only moved to
 * functions of another name; the runtime's work; all other code; and what the profiles do not explain.
 */
export type LedgerRow = {
  readonly kind:
    | "changed"
    | "moved"
    | "allocation"
    | "gc"
    | "lock"
    | "scheduler"
    | "syscall"
    | "other"
    | "unexplained";
  readonly baseNs: number;
  readonly headNs: number;
  readonly changeNs: number;
  /** Interval of the change over the runs; infinite with one run a side. */
  readonly lowNs: number;
  readonly highNs: number;
  /** Of the program, on whose account it is, largest change first. */
  readonly functions: readonly { readonly function: string; readonly changeNs: number }[];
};

/** As the finding has it, in time as the rows are. */
export type MovedCode = Omit<MovedCodeFinding, "kind" | "benchmark">;

/** The rows add up to the measured change: the last one is what they miss of it. */
export type CostLedger = {
  /** Confidence of all intervals. */
  readonly level: number;
  /** CPU profiles a side, the fewer of both. */
  readonly profiles: number;
  /** CPU per operation as the pairs measured it; absent where they could not. */
  readonly measured?: Omit<LedgerRow, "kind" | "functions">;
  readonly rows: readonly LedgerRow[];
  /** Code that a refactoring gave another name or place, costliest first; absent where none was found. */
  readonly movedCode?: readonly MovedCode[];
  /** Whether what the rows miss is within the errors of both; absent without a measurement. */
  readonly isBalanced?: boolean;
};

export type CauseKind =
  | "inlining"
  | "escape"
  | "allocation"
  | "signature"
  | "unsafe-pointer"
  | "bounds-check"
  | "lock"
  | "scheduler"
  | "wait"
  | "gc"
  | "code"
  | "toolchain"
  | "unknown";

/** Why a metric moved. Ordered most certain and largest first in the verdict. */
export type Cause = {
  readonly benchmark: string;
  readonly package: string;
  readonly metric: string;
  /** Full name as the runtime prints it; empty for kind "unknown" and where a mechanism is named. */
  readonly function: string;
  readonly position?: Position;
  readonly side: "base" | "head";
  readonly kind: CauseKind;
  /** From the metric down to the decision or the stack, one step an item. */
  readonly chain: readonly string[];
  /** Part of the change this explains, a fraction; absent where it is not known. */
  readonly share?: number;
  readonly proof: "measured" | "profile" | "static";
  /** One sentence for a person. */
  readonly text: string;
};

/** How one metric of a negative control came out. */
export type ControlOutcome = {
  readonly cell: string;
  readonly package: string;
  readonly name: string;
  readonly metric: string;
  /** Fractions. */
  readonly change: number;
  readonly low: number;
  readonly high: number;
  readonly pairs: number;
  /** Whether it moved, which nothing in the change can explain. */
  readonly moved: boolean;
};

export type Verdict = {
  readonly conclusion: Conclusion;
  /** One line: what a person reads first. */
  readonly title: string;
  readonly benchmarks: readonly BenchmarkVerdict[];
  readonly causes: readonly Cause[];
  readonly firedRules: readonly FiredRule[];
};
