// report.json: the published, versioned contract for machines (docs/report.schema.json is made
// from this file by script/report-schema.ts). Readers must accept unknown fields; we write none.
import { z } from "zod";
import { ledgerSchema } from "./ledger-schema.ts";
import { sourceSchema } from "./source-schema.ts";

const FRACTION = z.number().describe("a fraction: 0.05 is 5 %");

const metricSchema = z.object({
  name: z.enum([
    "p10-sec/op",
    "p50-sec/op",
    "p90-sec/op",
    "p99-sec/op",
    "p99.9-sec/op",
    "sec/op",
    "cpu-sec/op",
    "B/op",
    "allocs/op",
  ]),
  base: z.number().describe("median over the runs of base, in base units"),
  head: z.number(),
  change: FRACTION.nullable().describe("head / base - 1; null where base is 0 and head is not"),
  low: FRACTION.nullable(),
  high: FRACTION.nullable(),
  level: z.number().describe("confidence of low and high"),
  p: z.number().min(0).max(1),
  pAdjusted: z.number().min(0).max(1),
  pMinimumEffect: z
    .number()
    .min(0)
    .max(1)
    .optional()
    .describe("p that the change is within 1 % either way, before correction"),
  pairs: z.number().int().nonnegative(),
  comparison: z
    .enum(["exact", "paired"])
    .describe("exact where all runs of each side agree, so that no statistics are needed"),
  threshold: FRACTION.describe("the practical threshold this metric was held against"),
  layoutP: z
    .number()
    .min(0)
    .max(1)
    .optional()
    .describe("p that layouts without influence differ this much; small: the layout decides"),
  layoutChanges: z.array(FRACTION).describe("median change per link layout; empty where exact"),
  confirmation: z
    .object({ change: FRACTION.nullable(), p: z.number().min(0).max(1), pairs: z.number() })
    .optional()
    .describe("the same metric over the fresh confirming processes; absent when none were run"),
  decision: z.enum(["regressed", "improved", "same", "unknown"]),
  blocks: z.boolean().describe("whether this metric alone stops the merge under the rule"),
  tailOnly: z
    .literal(true)
    .optional()
    .describe("p99 or p99.9 moved and p10 and p50 did not: a change of the tail alone"),
  rule: z
    .string()
    .optional()
    .describe("the preset or the rule of the team that stops it; present where it blocks"),
  waiver: z
    .object({
      author: z.string(),
      reason: z.string(),
      until: z.string().describe("the last day on which it counts, in UTC"),
      limit: FRACTION.optional(),
      state: z
        .enum(["accepted", "outgrown", "ended"])
        .describe(
          "whether it counts; not when the change has outgrown its limit or its day is over",
        ),
    })
    .optional()
    .describe("the waiver that was written for this regression"),
  couldHide: FRACTION.nullable().describe(
    "the smallest slow-down these pairs would have shown with 80 % power; null where unknown",
  ),
  bound: FRACTION.nullable().describe(
    "the largest size of a change that the pairs still make likely; null where unknown",
  ),
  spread: z
    .number()
    .nonnegative()
    .optional()
    .describe("robust standard deviation of one pair's log-ratio; 0 where exact"),
  warnings: z.array(z.string()),
});

const shiftPointSchema = z.object({
  quantile: FRACTION,
  base: z.number().describe("seconds"),
  head: z.number().describe("seconds"),
  change: FRACTION,
});
export type ReportShiftPoint = z.infer<typeof shiftPointSchema>;

const readingSchema = z.object({
  name: z.string().describe("its unit in the evidence, such as gc-pause-sec/op"),
  base: z.number(),
  head: z.number(),
  difference: z.number(),
  low: z.number().describe("95 % interval of the difference"),
  high: z.number(),
  p: z.number().min(0).max(1),
  moved: z
    .enum(["up", "down", "none"])
    .describe("surely, and by enough to explain the change of time"),
});
export type ReportContextReading = z.infer<typeof readingSchema>;
const benchmarkSchema = z.object({
  cell: z.string(),
  package: z.string(),
  name: z.string(),
  status: z.enum(["measured", "unaffected", "added", "removed", "failed", "not-measured"]),
  reason: z.string(),
  metrics: z.array(metricSchema),
  latencyShift: z
    .object({
      baseOperations: z.number().int().nonnegative(),
      headOperations: z.number().int().nonnegative(),
      points: z.array(shiftPointSchema),
    })
    .optional()
    .describe(
      "the change at each quantile of single operations, all processes merged: description, without certainty of its own; only where a metric moved",
    ),
  runtime: z
    .object({
      mechanism: z.string().describe("docs/mechanisms.md"),
      direction: z.enum(["more", "less"]),
      pairs: z.number().int().nonnegative(),
      readings: z.array(readingSchema),
    })
    .optional()
    .describe("what the Go runtime and the system did for each operation; only where time moved"),
  ledger: ledgerSchema
    .optional()
    .describe("where the change of CPU went; absent where no CPU profile was taken"),
});

const stackSchema = z.object({
  of: z
    .enum(["cpu", "allocation"])
    .optional()
    .describe("whose profile it is from: CPU samples, where absent, or allocated bytes"),
  baseShare: FRACTION.describe(
    "part of the profile on this stack, or of this site, on base; only what ends there, where just the leaf's own cost moved",
  ),
  headShare: FRACTION,
  ways: z
    .number()
    .int()
    .positive()
    .optional()
    .describe("ways that lead to the leaf, this one the heaviest; absent for one"),
  frames: z
    .array(
      z.object({
        function: z.string(),
        file: z.string(),
        line: z.number().int().nonnegative(),
        note: z.string().describe("what changed in this function; empty when nothing did"),
      }),
    )
    .describe("leaf first"),
});
export type ReportStack = z.infer<typeof stackSchema>;

const causeSchema = z.object({
  benchmark: z.string(),
  package: z.string(),
  metric: z.string(),
  function: z.string(),
  file: z.string(),
  line: z.number().int().nonnegative(),
  side: z.enum(["head", "base"]),
  kind: z.enum([
    "inlining",
    "escape",
    "allocation",
    "signature",
    "unsafe-pointer",
    "bounds-check",
    "lock",
    "scheduler",
    "wait",
    "gc",
    "code",
    "toolchain",
    "unknown",
  ]),
  chain: z.array(z.string()),
  share: FRACTION.optional(),
  proof: z.enum(["measured", "profile", "static"]),
  text: z.string(),
  stack: stackSchema
    .optional()
    .describe(
      "a moved stack through the function; with the first cause of that function and kind only",
    ),
});

const outcomeSchema = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("collected") }),
  z.object({
    kind: z.literal("nothing-to-measure"),
    reason: z.string(),
    unchanged: z
      .literal(true)
      .optional()
      .describe("both sides were built, and their machine code and data are the same"),
  }),
  z.object({
    kind: z.literal("build-failed"),
    side: z.enum(["base", "head"]),
    package: z.string(),
    log: z.string(),
  }),
  z.object({ kind: z.literal("could-not-measure"), reason: z.string() }),
]);
/** How the collection ended; everything but "collected" leaves `benchmarks` without metrics. */
export type ReportOutcome = z.infer<typeof outcomeSchema>;

const controlSchema = z.object({
  cell: z.string(),
  package: z.string(),
  name: z.string(),
  metric: z.string(),
  change: FRACTION.nullable(),
  low: FRACTION.nullable(),
  high: FRACTION.nullable(),
  pairs: z.number().int().nonnegative(),
  moved: z
    .boolean()
    .describe("the machine or the layout of the code moved: no time of that package is believed"),
});

const policySchema = z.object({
  file: z.string().describe("name of the configuration; empty where the default rule counts"),
  preset: z.enum(["observe", "careful", "strict"]),
  rules: z.array(z.object({ name: z.string(), block: z.string() })),
  unmeasured: z.enum(["pass", "block"]),
  held: z
    .array(z.object({ name: z.string(), block: z.string() }))
    .describe("rules about the run as a whole that stop the merge"),
  waivers: z.array(
    z.object({
      benchmark: z.string(),
      package: z.string().optional(),
      metrics: z.union([z.literal("any"), z.array(z.string())]),
      author: z.string(),
      reason: z.string(),
      until: z.string(),
      limit: FRACTION.optional(),
      ended: z.boolean(),
    }),
  ),
});
/** The team's rule as the run was judged by. */
export type ReportPolicy = z.infer<typeof policySchema>;

const previewSchema = z.object({
  conclusion: z.string(),
  title: z.string(),
  differences: z.array(z.string()).describe("what would be judged otherwise, a sentence each"),
  settings: z
    .array(z.string())
    .describe("keys that decide what is measured, and so count only after the merge"),
});
/** The same findings under the configuration that the change brings. */
export type ReportPreview = z.infer<typeof previewSchema>;

const seriesKey = {
  cell: z.string(),
  package: z.string(),
  name: z.string(),
  metric: z.string(),
};

const baselineSchema = z.object({
  commits: z.number().int().nonnegative().describe("measured commits of the longest series"),
  machine: z.string().describe("the processor that main was measured on"),
  benchmarks: z.array(
    z.object({
      ...seriesKey,
      value: z.number().describe("weighted median over the commits, in base units"),
      commitNoise: FRACTION.describe("robust standard deviation from commit to commit"),
      pairNoise: FRACTION.describe("of one pair of processes at one commit"),
      effectiveCommits: z.number().describe("how many equally weighted commits carry as much"),
      values: z.array(z.number()).describe("oldest first"),
      levelStarts: z.array(z.number().int()).describe("indices at which a new level begins"),
    }),
  ),
  alarms: z.array(
    z.discriminatedUnion("kind", [
      z.object({
        ...seriesKey,
        kind: z.literal("step"),
        commit: z.string().describe("first commit of the new level"),
        noticedAt: z.string(),
        change: FRACTION,
        isConfirmed: z.boolean().describe("its own pairs with its parent show it too"),
      }),
      z.object({ ...seriesKey, kind: z.literal("drift"), release: z.string(), change: FRACTION }),
    ]),
  ),
});
/** What main did before: context for a reader, no part of the verdict. */
export type ReportBaseline = z.infer<typeof baselineSchema>;

export const reportSchema = z.object({
  schema: z.literal("tailguard.report/1"),
  base: z.string(),
  head: z.string(),
  seed: z.number().int().nonnegative(),
  selection: z
    .object({
      packages: z.array(z.string()),
      benchPattern: z.string(),
      budgetSeconds: z.number(),
      profiles: z
        .array(z.string())
        .optional()
        .describe("profiles asked for beside CPU and allocations; absent for none"),
    })
    .describe("what was asked for, as the options of tailguard compare take it"),
  policy: policySchema.optional().describe("the team's rule; absent in reports of older versions"),
  preview: previewSchema
    .optional()
    .describe("the same findings under the configuration that this change brings"),
  baseline: baselineSchema.optional().describe("the history of main; absent where none is known"),
  conclusion: z.enum(["success", "failure", "neutral", "action_required", "skipped", "timed_out"]),
  title: z.string(),
  outcome: outcomeSchema,
  cells: z.array(
    z.object({ id: z.string(), go: z.string(), env: z.record(z.string(), z.string()) }),
  ),
  benchmarks: z.array(benchmarkSchema),
  causes: z.array(causeSchema),
  source: sourceSchema
    .optional()
    .describe("what source and compiler say by themselves; absent where they say nothing"),
  noise: z.object({
    floor: z.record(z.string(), FRACTION),
    controls: z
      .array(controlSchema)
      .describe("benchmarks that the change cannot reach, measured all the same"),
    layoutSeeds: z.number().int().nonnegative(),
    machine: z.record(z.string(), z.unknown()),
  }),
  cost: z.object({
    seconds: z.object({
      checkout: z.number(),
      build: z.number(),
      measure: z.number(),
      analyze: z.number(),
    }),
    pairs: z.number().int().nonnegative(),
    skippedBenchmarks: z.number().int().nonnegative(),
  }),
  degraded: z.array(
    z.object({ strategy: z.enum(["ast", "compiler", "profile", "latency"]), reason: z.string() }),
  ),
});

/** The report as machines read it. */
export type Report = z.infer<typeof reportSchema>;
export type ReportBenchmark = Report["benchmarks"][number];
export type ReportMetric = ReportBenchmark["metrics"][number];
export type ReportCause = Report["causes"][number];
