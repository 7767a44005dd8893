// What the analyzers say. One union, so that the judge and the report see every kind in one place.
// A finding is a fact about base and head with its numbers; whether it matters is the judge's word.

/** Where a declaration stands, relative to the repository's root; lines count from 1. */
export type Position = { readonly file: string; readonly line: number };

/** A benchmark in its cell: how findings of different analyzers are joined. */
export type BenchmarkId = {
  readonly cell: string;
  readonly package: string;
  readonly name: string;
};

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

/** A declaration that differs once positions, comments and formatting are ignored. */
export type DeclarationFinding = {
  readonly kind: "declaration";
  readonly package: string;
  /** As the runtime names it within its package: "Parse", "(*Parser).skip", "Config.String". */
  readonly function: string;
  readonly declaration: "func" | "type" | "var" | "const";
  readonly change: "changed" | "added" | "removed" | "signature";
  readonly base?: Position;
  readonly head?: Position;
  /** Its name on base where that is another: renamed, or a method on another receiver. */
  readonly previousName?: string;
  /** What changed in it, most telling first; empty or absent where its trees were not compared. */
  readonly changes?: readonly SyntaxChange[];
};

/** One thing that changed in a declaration, as a reader of the diff would put it. */
export type SyntaxChange = {
  /** What costs or saves by it: `src/analyze/ast/fact-catalog.ts` has them by group. */
  readonly group:
    | "work"
    | "allocation"
    | "lock"
    | "scheduling"
    | "unsafe"
    | "signature"
    | "directive"
    | "other";
  /** "worse" costs time or memory as a rule, "better" saves it. */
  readonly direction: "worse" | "better" | "neutral";
  /** A sentence without capital and full stop: "a loop was added inside the loop". */
  readonly text: string;
  readonly position: Position;
  readonly side: "base" | "head";
};

/**
 * SemanticBridgeBroken: a conversion through unsafe.Pointer that head breaks and base did not, by the
 * rules of package unsafe or, where `check` says so, seen at run time by -d=checkptr=2.
 */
export type BridgeFinding = {
  readonly kind: "bridge";
  readonly package: string;
  readonly function: string;
  readonly problem:
    | "uintptr-to-pointer"
    | "string-as-slice"
    | "header-by-hand"
    | "lost-step"
    | "checkptr";
  /** One sentence for a person: what is wrong and what may come of it. */
  readonly text: string;
  readonly position: Position;
  /** The run that failed: which benchmark or tests, and where it stood, innermost first. */
  readonly check?: { readonly ran: string; readonly frames: readonly Frame[] };
};

/** The compiler decided differently about a function. */
export type DecisionFinding = {
  readonly kind: "decision";
  readonly package: string;
  readonly function: string;
  readonly decision: "inlining" | "inlined-call" | "escape" | "bounds-check";
  /** "worse" costs time or memory, "better" saves it, "neutral" is neither by itself. */
  readonly direction: "worse" | "better" | "neutral";
  /** The compiler's own words on each side, positions stripped; empty when it said nothing. */
  readonly base: string;
  readonly head: string;
  /** Where to look: the head side where it exists there, else the base side. */
  readonly position: Position;
  readonly side: "base" | "head";
};

/** How large a function's machine code is. */
type CodeSize = {
  readonly textBytes: number;
  readonly frameBytes: number;
  /** Whether it asks at its start for a larger stack. */
  readonly growsStack: boolean;
};

/** The machine code of a function has another size: it differs, and what that costs is not said. */
export type MachineCodeFinding = {
  readonly kind: "machine-code";
  readonly package: string;
  readonly function: string;
  readonly base: CodeSize;
  readonly head: CodeSize;
  /** Its first line in head. */
  readonly position: Position;
};

/** Which functions a benchmark can reach, of those that changed or were inlined into one that did. */
export type ReachFinding = {
  readonly kind: "reach";
  readonly cell: string;
  readonly package: string;
  /** The benchmark function, "BenchmarkParse". */
  readonly function: string;
  /** Full names, "example.com/m.(*T).Parse": by calls alone, inlined ones included. */
  readonly called: readonly string[];
  /** Those that only an interface may call. */
  readonly possible: readonly string[];
};

/** One frame of a stack, by the name the runtime gives it ("example.com/m.(*T).Parse"). */
export type Frame = { readonly function: string; readonly file: string; readonly line: number };

/** A function's part of a benchmark's CPU profiles: one that moved, or a considerable one. */
export type FunctionShareFinding = {
  readonly kind: "function-share";
  readonly benchmark: BenchmarkId;
  readonly function: string;
  readonly file: string;
  readonly line: number;
  /** Fractions of all samples, on the function itself (flat) and below it (cum). */
  readonly baseFlat: number;
  readonly headFlat: number;
  readonly baseCum: number;
  readonly headCum: number;
  /** Samples behind the shares. */
  readonly baseSamples: number;
  readonly headSamples: number;
  /** Whether it moved beyond what sampling explains; see analyze/profile/move.ts. */
  readonly moved: boolean;
  /** Change of the CPU per operation at and below it, as a fraction of base's whole operation. */
  readonly costChange: number;
};

/** Something the Go runtime or a standard package does on a program's account. */
export type RuntimeWork = {
  /** Stable: "allocation", "gc-mark", "map", … as src/analyze/profile/catalog/ lists them. */
  readonly family: string;
  /** For people: what it is, what its growth says, which number to look at, what usually helps. */
  readonly title: string;
  readonly meaning: string;
  readonly dimension: string;
  readonly helps: string;
};

/** The stack whose cost moved most in the direction of the change, leaf first. */
export type StackFinding = {
  readonly kind: "stack";
  readonly benchmark: BenchmarkId;
  readonly frames: readonly Frame[];
  /** Of the samples, on the stack; only those that end there where just the leaf's own cost moved. */
  readonly baseShare: number;
  readonly headShare: number;
  /** Ways that lead to the leaf where its own cost was tested over all of them: the heaviest is shown. */
  readonly ways?: number;
  /** Work the runtime does on it, the program's side first; empty or absent for none known. */
  readonly work?: readonly RuntimeWork[];
};

/** What CPU is spent on: the program's own code, or what the runtime does by its own rules. */
export type CostWork = "code" | "allocation" | "gc" | "scheduler" | "lock" | "syscall";

/** One account of a benchmark's CPU. */
export type CostPart = {
  readonly work: CostWork;
  /**
   * The declaration of the program that it was spent for, by its full name; what the standard
   * library and the runtime did below it counts. Empty: for nobody, or for many.
   */
  readonly function: string;
  /** Nanoseconds of CPU per operation in each run, by the profile's own count. */
  readonly base: readonly number[];
  readonly head: readonly number[];
};

/** All CPU that the profiles of a benchmark saw: the parts add up to it. */
export type CostFinding = {
  readonly kind: "cost";
  readonly benchmark: BenchmarkId;
  readonly parts: readonly CostPart[];
};

/**
 * Code that a refactoring gave another name or place, found in the CPU profiles of a benchmark. It
 * counts as one function on both sides, in all findings about them.
 */
export type MovedCodeFinding = {
  readonly kind: "moved-code";
  readonly benchmark: BenchmarkId;
  /**
   * "renamed": `base` is gone, `head` stands for it. "extracted": `head` is new, and was part of
   * `base`. "inlined": `base` is gone, and is part of `head`. "wrapped": `head` is new, and stands
   * between `base` and its callers; "unwrapped": `base` stood between `head` and its callers.
   */
  readonly how: "renamed" | "extracted" | "inlined" | "wrapped" | "unwrapped";
  /** Full names, as the runtime gives them on the side. */
  readonly base: string;
  readonly head: string;
  /** CPU for an operation of both together, callees of the program aside: nanoseconds. */
  readonly baseNs: number;
  readonly headNs: number;
  /** "same" where no change was shown. */
  readonly change: "slower" | "faster" | "same";
};

/** A function of the program that allocates more or less per operation than before. */
export type AllocationSiteFinding = {
  readonly kind: "allocation-site";
  readonly benchmark: BenchmarkId;
  /** Full name of the function whose line allocates. */
  readonly function: string;
  readonly file: string;
  readonly line: number;
  /** Where the line is: head where it allocates more there, else base. */
  readonly side: "base" | "head";
  /** Per operation, by the whole function. */
  readonly baseBytes: number;
  readonly headBytes: number;
  readonly baseObjects: number;
  readonly headObjects: number;
  /** Parts of all bytes that the benchmark allocates, fractions. */
  readonly baseShare: number;
  readonly headShare: number;
  /** The heaviest stack through the line, leaf first. */
  readonly frames: readonly Frame[];
};

/** A place of the program that waits more or less per operation than before. */
export type WaitFinding = {
  readonly kind: "wait";
  readonly benchmark: BenchmarkId;
  /** Which profile: who held locks, who waited for anything, or an execution trace and for what. */
  readonly source: "mutex" | "block" | "trace-net" | "trace-sync" | "trace-syscall" | "trace-sched";
  readonly function: string;
  readonly file: string;
  readonly line: number;
  /** Nanoseconds of waiting per operation, mean over the runs, all goroutines together. */
  readonly baseNs: number;
  readonly headNs: number;
  /** Runs a side, the fewer of both. */
  readonly runs: number;
  /** The heaviest stack through the place, leaf first. */
  readonly frames: readonly Frame[];
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
