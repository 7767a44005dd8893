// What the profiles of a benchmark say: which functions and paths moved, who spent the CPU, what
// allocates more, and where it waits.
import type { BenchmarkId } from "./subject.ts";

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
