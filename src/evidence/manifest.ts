// The manifest of an evidence bundle: what was planned, what was done, and what could not be.
// The bundle is a folder of files in the standard tools' own formats; see docs/evidence-format.md.
// It comes from a machine that ran strangers' code: it is validated here once and then trusted.
import { z } from "zod";
import { planSchema } from "../plan/plan.ts";

/** A path inside the bundle: relative, forward slashes, no `..`, no leading dot. */
export const bundlePathSchema = z
  .string()
  .max(300)
  .regex(
    /^[A-Za-z0-9_@%+=-][A-Za-z0-9._@%+=-]*(\/[A-Za-z0-9_@%+=-][A-Za-z0-9._@%+=-]*)*$/,
    "a plain relative path",
  );

const sideSchema = z.enum(["base", "head"]);
export type Side = z.infer<typeof sideSchema>;

/** A benchmark by its full name, "BenchmarkParse/large", without the GOMAXPROCS suffix. */
const benchmarkSchema = z.object({
  cell: z.string(),
  /** Import path. */
  package: z.string(),
  name: z.string().max(1000),
  status: z.enum(["measured", "unaffected", "added", "removed", "failed", "not-measured"]),
  /** For people: why the status is not "measured"; empty when it is. */
  reason: z.string().max(4000),
  /** Pairs of processes run for it, all phases together. */
  pairs: z.number().int().nonnegative().optional(),
  /**
   * Why the schedule stopped measuring it. "focus": the time was not enough for all, so how many
   * pairs it got depended on how far it seemed to move.
   */
  stopped: z.enum(["settled", "cap", "budget", "focus"]).optional(),
  /** For people: by which way the change reaches it; absent for controls. */
  reachedBy: z.string().max(4000).optional(),
  /** A negative control: the change cannot reach it, and it was measured all the same. */
  control: z.boolean().optional(),
});
export type BenchmarkRecord = z.infer<typeof benchmarkSchema>;

const functionsSchema = z.array(z.string().max(1000)).max(500);

const codeSizeSchema = z.object({
  textBytes: z.number().int().nonnegative(),
  frameBytes: z.number().int().nonnegative(),
  /** Whether it asks at its start for a larger stack (runtime.morestack). */
  growsStack: z.boolean(),
});

const packageSchema = z.object({
  cell: z.string(),
  importPath: z.string(),
  /** Folder relative to the repository's root, "." for the root itself. */
  dir: z.string(),
  /**
   * Full names of the functions that differ and that a benchmark function reaches by the compiler's
   * symbols, on either side: by calls alone, and by tables of methods. Absent where not known.
   */
  reached: z
    .record(z.string().max(1000), z.object({ called: functionsSchema, possible: functionsSchema }))
    .optional(),
  /** Functions whose machine code or stack frame has another size on the other side. */
  machineCode: z
    .array(
      z.object({
        package: z.string().max(1000),
        function: z.string().max(1000),
        base: codeSizeSchema,
        head: codeSizeSchema,
      }),
    )
    .max(500)
    .optional(),
  /** Bundle paths; absent when that side has no such evidence. */
  files: z.object({
    /** Go benchmark text, one process after the other, each behind a `# pair=…` line. */
    baseBench: bundlePathSchema.optional(),
    headBench: bundlePathSchema.optional(),
    /** `-m=2` text of the measured build. */
    baseCompiler: bundlePathSchema.optional(),
    headCompiler: bundlePathSchema.optional(),
    /** HdrHistogram log: latencies of single operations by benchmark, all processes merged. */
    baseLatency: bundlePathSchema.optional(),
    headLatency: bundlePathSchema.optional(),
  }),
});
export type PackageRecord = z.infer<typeof packageSchema>;

const profileKindSchema = z.enum([
  "cpu",
  "alloc",
  "mutex",
  "block",
  "trace-net",
  "trace-sync",
  "trace-syscall",
  "trace-sched",
]);
export type ProfileKind = z.infer<typeof profileKindSchema>;

const profileSchema = z.object({
  cell: z.string(),
  package: z.string(),
  benchmark: z.string(),
  side: sideSchema,
  /**
   * What was sampled or counted. The last four are made of an execution trace by `go tool trace`:
   * waiting for the network, for locks and channels, in system calls, and for a processor.
   */
  kind: profileKindSchema,
  /** Counts the profiles of a benchmark, side and kind from 0; base and head of a number are neighbors. */
  run: z.number().int().nonnegative().default(0),
  /** Operations done while the profile was taken: divide by it to get values per operation. */
  operations: z.number().int().positive(),
  /** Wall time of these operations; longer than without a profile, so nothing is judged by it. */
  wallNs: z.number().positive().optional(),
  file: bundlePathSchema,
});
export type ProfileRecord = z.infer<typeof profileSchema>;

/** One run of a package's affected benchmarks, or of its tests, under -d=checkptr=2. */
const pointerCheckSchema = z.object({
  cell: z.string(),
  package: z.string(),
  side: sideSchema,
  ran: z.enum(["benchmarks", "tests"]),
  /** "other": it failed, and not by a check of a pointer. */
  outcome: z.enum(["passed", "failed", "other"]),
  /** For people: why it is "other"; empty otherwise. */
  reason: z.string().max(1000),
  /** What the failed run printed, stacks included. */
  output: bundlePathSchema.optional(),
});
export type PointerCheck = z.infer<typeof pointerCheckSchema>;

export const strategySchema = z.enum(["ast", "compiler", "profile", "latency"]);

/** How the collection ended. Everything but "collected" is an outcome to report, not an error. */
export const outcomeSchema = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("collected") }),
  z.object({
    kind: z.literal("nothing-to-measure"),
    reason: z.string(),
    /** Set where both sides were built and their machine code and data are the same. */
    unchanged: z.literal(true).optional(),
  }),
  z.object({
    kind: z.literal("build-failed"),
    side: sideSchema,
    package: z.string(),
    log: z.string(),
  }),
  z.object({ kind: z.literal("could-not-measure"), reason: z.string() }),
]);
export type Outcome = z.infer<typeof outcomeSchema>;

export const manifestSchema = z.object({
  schema: z.literal("tailguard.evidence/1"),
  tailguard: z.string(),
  plan: planSchema,
  outcome: outcomeSchema,
  cells: z.array(
    z.object({
      id: z.string(),
      /** As `go version` names it: "go1.26.8". */
      go: z.string(),
      env: z.record(z.string(), z.string()),
      gomaxprocs: z.number().int().positive(),
      /** Link layouts the pairs rotated over; 1 means the toolchain's default only. */
      layoutSeeds: z.number().int().positive(),
    }),
  ),
  packages: z.array(packageSchema),
  benchmarks: z.array(benchmarkSchema),
  profiles: z.array(profileSchema),
  /** Absent where the change touches no conversion through unsafe.Pointer. */
  pointerChecks: z.array(pointerCheckSchema).optional(),
  /** The probe's reading of the Go files of both sides; absent when the probe could not run. */
  syntax: z.object({ base: bundlePathSchema, head: bundlePathSchema }).optional(),
  /** `git diff` of base and head with three lines of context, bounded. */
  diff: bundlePathSchema.optional(),
  machine: z.object({
    cpu: z.string(),
    cores: z.number().int().positive(),
    os: z.string(),
    /** Load average over one minute before the first measured process. */
    load1: z.number().nonnegative(),
    /** Of the CPU frequency; those of all processors where they differ. Absent: cannot be read. */
    governor: z.string().max(100).optional(),
    turbo: z.enum(["on", "off"]).optional(),
    /** Hyper-threads. */
    smt: z.enum(["on", "off"]).optional(),
    /** The hypervisor's name, or "unknown"; absent on real hardware. */
    virtualization: z.string().max(100).optional(),
    container: z.string().max(100).optional(),
    /** Processors' worth of time that the control group may use. */
    cpuQuota: z.number().positive().optional(),
    /** Part of the processors' time during the run that the hypervisor gave to others. */
    stealFraction: z.number().min(0).max(1).optional(),
    sandbox: z.enum(["bubblewrap", "none"]),
    /** What could not be controlled, for people. */
    warnings: z.array(z.string()),
  }),
  seconds: z.object({
    checkout: z.number().nonnegative(),
    build: z.number().nonnegative(),
    measure: z.number().nonnegative(),
  }),
  degraded: z.array(z.object({ strategy: strategySchema, reason: z.string() })),
});
export type Manifest = z.infer<typeof manifestSchema>;
