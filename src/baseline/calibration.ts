// What trials with a known answer showed of each benchmark on one machine: base against an equal
// base, which must find nothing, and base against itself slowed down by a known part, which must be
// found. `tailguard calibrate` makes the trials; here is what they say.
//
// Facts are kept, one outcome a benchmark and trial, and rights are derived from them, so that a
// stricter rule needs no new trials.
import { z } from "zod";

const trialSchema = z.object({
  /** ISO 8601. */
  at: z.string().max(40),
  commit: z.string().max(64),
  /** Part of each operation's time that head was made to burn; 0 for equal sides. */
  slowedBy: z.number().min(0).max(10),
  seed: z.number().int().nonnegative(),
});
export type Trial = z.infer<typeof trialSchema>;

const outcomeSchema = z.object({
  /** Index into the trials. */
  trial: z.number().int().nonnegative(),
  /** Of the typical time. */
  decision: z.enum(["regressed", "improved", "same", "unknown"]),
  change: z.number().nullable(),
  /** Metrics that moved without cause: of equal sides any, else times that became faster. */
  falseAlarms: z.array(z.string().max(100)).max(200),
  /** Whether one of its metrics would have stopped a merge; of equal sides, falsely. */
  blocks: z.boolean().default(false),
  /** Robust standard deviation of one pair's log-ratio of the typical time. */
  pairNoise: z.number().nonnegative(),
  couldHide: z.number().nullable(),
  pairs: z.number().int().nonnegative(),
});
export type TrialOutcome = z.infer<typeof outcomeSchema>;

const benchmarkSchema = z.object({
  cell: z.string().max(100),
  package: z.string().max(1000),
  name: z.string().max(1000),
  outcomes: z.array(outcomeSchema).max(1000),
});
export type CalibratedBenchmark = z.infer<typeof benchmarkSchema>;

export const calibrationSchema = z.object({
  schema: z.literal("tailguard.calibration/1"),
  /** The processor, as the runner names it, and how many of them. */
  machine: z.string().max(500),
  cores: z.number().int().positive(),
  /** Oldest first. */
  trials: z.array(trialSchema).max(1000),
  benchmarks: z.array(benchmarkSchema).max(20_000),
});
export type Calibration = z.infer<typeof calibrationSchema>;

/** Whether a metric is a time: the kind that a noisy machine moves. */
export function isTime(metric: string): boolean {
  return metric.endsWith("sec/op");
}

export type Rates = {
  /** Part of A/A outcomes with a false alarm, and how many there were. */
  readonly falseAlarmRate: number;
  readonly equalOutcomes: number;
  /** Trials of equal sides, and those of them in which any benchmark alarmed. */
  readonly equalTrials: number;
  readonly alarmedTrials: number;
  /** Those of them that would have stopped a merge. */
  readonly blockedTrials: number;
  /** By slow-down, ascending: the part of outcomes in which it was found. */
  readonly power: readonly {
    readonly slowedBy: number;
    readonly found: number;
    readonly outcomes: number;
  }[];
};

/** The rates over the benchmarks given. */
export function ratesOf(
  { trials }: Calibration,
  benchmarks: readonly CalibratedBenchmark[],
): Rates {
  const outcomes = benchmarks.flatMap((benchmark) => benchmark.outcomes);
  const of = (slowedBy: number) =>
    outcomes.filter(({ trial }) => trials[trial]?.slowedBy === slowedBy);
  const equal = of(0);
  const alarmed = equal.filter(({ falseAlarms }) => falseAlarms.length > 0);
  const sizes = [...new Set(trials.map(({ slowedBy }) => slowedBy))].filter((size) => size > 0);
  return {
    falseAlarmRate: equal.length === 0 ? 0 : alarmed.length / equal.length,
    equalOutcomes: equal.length,
    equalTrials: new Set(equal.map(({ trial }) => trial)).size,
    alarmedTrials: new Set(alarmed.map(({ trial }) => trial)).size,
    blockedTrials: new Set(equal.filter(({ blocks }) => blocks).map(({ trial }) => trial)).size,
    power: sizes
      .sort((one, other) => one - other)
      .map((slowedBy) => {
        const tried = of(slowedBy);
        const found = tried.filter(({ decision }) => decision === "regressed").length;
        return {
          slowedBy,
          found: tried.length === 0 ? 0 : found / tried.length,
          outcomes: tried.length,
        };
      }),
  };
}
