// The schema of the team's configuration file: every key with its bounds, its default and the words
// that docs/configuration.md and docs/tailguard.schema.json say of it (script/config-schema.ts).
//
// Unknown keys are refused everywhere, because a misspelt threshold that is silently ignored is a
// gate that is silently open. Bounds exist because the file may come from a pull request: lists end
// at 100, texts at a few hundred characters.
import { z } from "zod";
import { isDay } from "./day.ts";
import { durationSeconds } from "./duration.ts";

/** The metrics a report may have, as golang/perf spells their units. */
export const METRIC_NAMES = [
  "p10-sec/op",
  "p50-sec/op",
  "p90-sec/op",
  "p99-sec/op",
  "p99.9-sec/op",
  "cpu-sec/op",
  "sec/op",
  "B/op",
  "allocs/op",
] as const;
export type MetricName = (typeof METRIC_NAMES)[number];

export const PRESETS = ["observe", "careful", "strict"] as const;
export type PresetName = (typeof PRESETS)[number];

export const MOST_ITEMS = 100;
const MOST_CHARACTERS = 500;
/** Toolchains times environments: each costs a build of both sides and its part of the budget. */
const MOST_CELLS = 16;

/** Line ends, control characters, and those that turn the direction of what follows. */
const INVISIBLE = /[\p{Cc}\p{Zl}\p{Zp}\u202a-\u202e\u2066-\u2069]/u;

/** One line that can be seen: it is shown in tables and titles. */
function text(most = MOST_CHARACTERS) {
  return z
    .string()
    .min(1, "must not be empty")
    .max(most, `must have at most ${most} characters`)
    .refine((value) => !INVISIBLE.test(value), "must be one line of visible text");
}

function list<T extends z.ZodType>(item: T) {
  return z.array(item).max(MOST_ITEMS, `must have at most ${MOST_ITEMS} items`);
}

const pattern = text(200);

/** "5%" or a fraction such as 0.05, from 0 to 10 (1000 %). */
const PERCENTAGE = 'must be a percentage such as "5%" or a fraction such as 0.05';
const fraction = z
  .union([
    z.number(PERCENTAGE),
    z
      .string(PERCENTAGE)
      .regex(/^\d{1,9}(\.\d{1,9})?\s*%$/, PERCENTAGE)
      .transform((percentage) => Number.parseFloat(percentage) / 100),
  ])
  .pipe(z.number().min(0, "must not be negative").max(10, "must be at most 1000%"));

/** Go's notation for durations in whole units: "90s", "5m", "1h30m"; in seconds. */
const duration = z
  .string('must be a duration such as "90s" or "5m"')
  .regex(/^(\d{1,6}[smh])+$/, 'must be a duration such as "90s" or "5m"')
  .transform(durationSeconds)
  .pipe(
    z
      .number()
      .positive("must be longer than nothing")
      .max(6 * 3600, "must be at most 6h"),
  );

const metricThresholds = Object.fromEntries(
  METRIC_NAMES.map((name) => [name, fraction.optional()]),
) as Record<MetricName, z.ZodOptional<typeof fraction>>;

const thresholds = z.strictObject({
  ...metricThresholds,
  overrides: list(
    z.strictObject({
      benchmark: pattern.optional().describe("benchmarks meant; all when absent"),
      package: pattern.optional().describe("packages meant; all when absent"),
      ...metricThresholds,
    }),
  )
    .optional()
    .describe("other thresholds for some benchmarks; the last that fits counts"),
});

const benchmarks = z.strictObject({
  include: list(pattern)
    .min(1, "must have at least one item")
    .optional()
    .describe("measure only these"),
  exclude: list(pattern).optional().describe("never measure these"),
});

/**
 * "local" or a version. A path would name a program on the runner, and a number loses its zero:
 * YAML reads 1.20 as 1.2.
 */
const toolchain = z
  .string('must be "local" or a version in quotes such as "1.26.8"')
  .regex(
    /^(local|(go)?1\.\d{1,3}(\.\d{1,3}|rc\d{1,3})?)$/,
    'must be "local" or a version in quotes such as "1.26.8"',
  );

/**
 * Variables of the Go runtime and compiler, and a team's own behind BENCH_. Others decide what runs
 * on the runner outside the sandbox (GOFLAGS=-toolexec, GOPROXY, CC, PATH, LD_PRELOAD).
 */
const VARIABLE =
  /^(GOGC|GOMEMLIMIT|GOMAXPROCS|GODEBUG|GOEXPERIMENT|GOAMD64|GOARM64|CGO_ENABLED|BENCH_[A-Z0-9_]{1,60})$/;

const environment = z.record(
  z
    .string()
    .regex(
      VARIABLE,
      "must be GOGC, GOMEMLIMIT, GOMAXPROCS, GODEBUG, GOEXPERIMENT, GOAMD64, GOARM64, CGO_ENABLED, or begin with BENCH_",
    ),
  z
    .union([text(200), z.number(), z.boolean()], "must be a text, a number, true or false")
    .transform(String),
);

const cells = z
  .strictObject({
    go: list(toolchain)
      .min(1, "must have at least one item")
      .optional()
      .describe("toolchains: `local` or a version"),
    env: list(environment)
      .min(1, "must have at least one item")
      .optional()
      .describe("environments, each a map of variables"),
  })
  .refine(({ go = [""], env = [{}] }) => go.length * env.length <= MOST_CELLS, {
    error: `toolchains times environments must be at most ${MOST_CELLS}`,
  });

const triggers = z.union([
  z.enum(["all", "command"]),
  z.strictObject({
    labels: list(text(100)).optional().describe("measure a pull request that has one of these"),
    paths: list(pattern).optional().describe("measure a pull request that changes one of these"),
  }),
]);

/** May go over lines. What it may hold is the language's to say: judge/rule-tokens.ts. */
const expression = z
  .string()
  .min(1, "must not be empty")
  .max(2_000, "must have at most 500 characters");

export const ruleSchema = z.union([
  expression,
  z.strictObject({
    name: text(60).optional().describe("what people read when it blocks"),
    block: expression.describe("the expression that stops a merge"),
  }),
]);

const preset = z.enum(PRESETS);

const gate = z.union([
  preset,
  z.strictObject({
    preset: preset.describe("`observe` when your rules shall stand alone"),
    rules: list(ruleSchema).optional().describe("what stops a merge beside the preset"),
    unmeasured: z
      .enum(["pass", "block"])
      .optional()
      .describe("whether a run that could not measure waits for a person; `strict` blocks"),
  }),
]);

const waiver = z.strictObject({
  benchmark: pattern.describe("benchmarks meant"),
  package: pattern.optional().describe("packages meant; all when absent"),
  metric: z
    .union([z.enum([...METRIC_NAMES, "any"]), list(z.enum(METRIC_NAMES)).min(1)])
    .describe("one metric, a list of them, or `any`"),
  author: text(100).describe("who accepts it"),
  reason: text().describe("why; shown wherever the regression is"),
  until: z
    .string('must be a day such as "2026-12-31"')
    .refine(isDay, 'must be a day such as "2026-12-31"')
    .describe("the last day on which it counts, in UTC"),
  limit: fraction.optional().describe("accepted up to this change; any when absent"),
});

export const configSchema = z.strictObject({
  paths: list(pattern)
    .optional()
    .describe("files whose change may matter; others are not looked at [all]"),
  packages: list(pattern)
    .min(1, "must have at least one item")
    .optional()
    .describe("Go package patterns to measure [`./...`]"),
  benchmarks: benchmarks.optional().describe("which benchmarks to measure [all]"),
  budget: duration.optional().describe("time for measuring a pull request [`5m`]"),
  cells: cells
    .optional()
    .describe("toolchains and environments; each toolchain is measured in each [`local`, plain]"),
  thresholds: thresholds
    .optional()
    .describe("smallest change that is relevant, by metric [see below]"),
  triggers: triggers
    .optional()
    .describe("which pull requests are measured by themselves: `all`, `command`, or a map [`all`]"),
  drafts: z
    .boolean("must be true or false")
    .optional()
    .describe("whether draft pull requests are measured [`true`]"),
  forks: z
    .enum(["approve", "skip"])
    .optional()
    .describe("code from forks waits for a person, or is never run [`approve`]"),
  gate: gate.optional().describe("what stops a merge: a preset, or a map with rules [`careful`]"),
  waivers: list(waiver).optional().describe("regressions that are accepted for a time [none]"),
});

/** The configuration with percentages as fractions and durations in seconds. */
export type Config = z.output<typeof configSchema>;
