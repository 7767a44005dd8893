// What is remembered of the main branch: for each benchmark and metric one point a measured commit.
//
// A push to main is measured against the commit before it, so a point says two things: the value
// itself, which drifts with the machine, and the paired change since the commit before, which does
// not. Series belong to one kind of machine; values of different processors are never mixed.
// Benchmarks that a push cannot reach are not measured and have no point: their code is the same.
//
// The schema is the border to the store and to the process that judges: points come from evidence.
import { z } from "zod";

/** Older commits than these weigh a thirtieth of the newest and tell of another program. */
export const WINDOW = 100;

const pointSchema = z.object({
  commit: z.string().max(64),
  /** ISO 8601. */
  measuredAt: z.string().max(40),
  /** Median over the processes, in base units. */
  value: z.number().nonnegative(),
  /** Since the commit before, a fraction; null where that was 0. */
  change: z.number().nullable(),
  p: z.number().min(0).max(1),
  /** Robust standard deviation of one pair's log-ratio. */
  spread: z.number().nonnegative(),
});
export type Point = z.infer<typeof pointSchema>;

const seriesSchema = z.object({
  cell: z.string().max(100),
  package: z.string().max(1000),
  name: z.string().max(1000),
  metric: z.string().max(100),
  /** Oldest first. */
  points: z.array(pointSchema).max(WINDOW),
});
export type Series = z.infer<typeof seriesSchema>;

const releaseSchema = z.object({
  name: z.string().max(250),
  /** ISO 8601: when the release was made. */
  at: z.string().max(40),
});
export type Release = z.infer<typeof releaseSchema>;

/** A control that moved: nothing it can reach had changed, so its times alarm falsely. */
const misfireSchema = z.object({
  cell: z.string().max(100),
  package: z.string().max(1000),
  name: z.string().max(1000),
  /** ISO 8601. */
  at: z.string().max(40),
});
export type Misfire = z.infer<typeof misfireSchema>;

export const historySchema = z.object({
  schema: z.literal("tailguard.history/1"),
  /** The processor that all values were measured on, as the runner names it. */
  machine: z.string().max(500),
  /** The newest release, where one is known. */
  release: releaseSchema.optional(),
  series: z.array(seriesSchema).max(50_000),
  misfires: z.array(misfireSchema).max(50_000),
});
export type History = z.infer<typeof historySchema>;

/**
 * The logarithm that levels are compared in: equal ratios are equal steps. Counts may be 0, so
 * that one is added to them.
 */
export function levelOf(value: number, metric: string): number {
  return metric.endsWith("sec/op") ? Math.log(value) : Math.log1p(value);
}

/** The inverse of `levelOf`. */
export function valueAt(level: number, metric: string): number {
  return metric.endsWith("sec/op") ? Math.exp(level) : Math.expm1(level);
}
