// What the recorder (probe/recorder/) wrote: one JSON line for each run of a benchmark.
//
// A benchmark process runs a function several times, first with b.N = 1; every run is a line. Child
// processes of a benchmark write to the same file under their own pid. Everything comes from a
// process of strangers' code: a line that does not fit is a problem with its number, never a throw.
import { z } from "zod";
import { decodeHistogram } from "./decode.ts";
import type { Histogram } from "./histogram.ts";
import {
  MAX_LOOPS,
  MAX_METRIC_BUCKETS,
  MAX_METRICS,
  MAX_NAME_LENGTH,
  MAX_PROBLEMS,
  MAX_RECORD_LENGTH,
  MAX_RECORDS,
} from "./limits.ts";

const count = z.number().int().nonnegative();
const name = z.string().max(MAX_NAME_LENGTH);

const histogramSchema = z.string().transform((text, context): Histogram => {
  const decoded = decodeHistogram(text);
  if (decoded.kind === "decoded") return decoded.histogram;
  context.addIssue({ code: "custom", message: decoded.reason });
  return z.NEVER;
});

const loopSchema = z.object({
  /** The function and the number of the loop in it: "BenchmarkParse#1", "(*suite).run#2". */
  site: name,
  /** How the loop was rewritten; probe/instrument_forms.go. */
  form: z.enum(["bound", "counter", "loop", "parallel"]),
  /** How many goroutines ran it; each one's operations are timed on its own. */
  goroutines: count,
  /** Operations timed; n, unless the loop does several or none for each. */
  operations: count,
  /** Running median of one operation, in picoseconds; 0 where too few ran to know. */
  medianPs: count,
  /**
   * "runs-only": the loop pays for every operation, and an operation is so short that this shows.
   * Take the means of many runs of the plain binary instead.
   */
  carries: z.enum(["operations", "runs-only"]),
  /** Means of consecutive operations in picoseconds, each counted once for each operation. */
  batches: histogramSchema,
  /** Single operations in picoseconds; empty below 40 ns, where one is less than the clock's cost. */
  singles: histogramSchema,
});
export type LoopRecord = z.infer<typeof loopSchema>;

/** A value, or the buckets [lower bound, count] of a histogram of the runtime. */
const metricSchema = z.union([
  z.number(),
  z.array(z.tuple([z.number(), count])).max(MAX_METRIC_BUCKETS),
]);

export type RuntimeMetric = z.infer<typeof metricSchema>;

export const recordSchema = z.object({
  schema: z.literal("tailguard.record/1"),
  /** b.Name(): the full name without the GOMAXPROCS suffix. */
  benchmark: name,
  pid: count,
  /** b.N of this run. */
  n: count,
  elapsedNs: count,
  /** CPU time of the process from the benchmark function's start to its end, stopped timer included. */
  cpuNs: count,
  involuntarySwitches: count,
  /** The same from the first loop's start (or the last ResetTimer seen) to the last loop's end. */
  loopCpuNs: count.optional(),
  /** The kernel's part of that time. */
  loopSystemNs: count.optional(),
  loopInvoluntarySwitches: count.optional(),
  /** How often a thread gave its processor up to wait. */
  loopVoluntarySwitches: count.optional(),
  /** What reading the clock costs; taken off every interval already. */
  intervalCostPs: count,
  gomaxprocs: count,
  /** Loops and goroutines that found no room and were not timed. */
  unrecorded: count,
  go: name,
  loops: z.array(loopSchema).max(MAX_LOOPS),
  /**
   * runtime/metrics by name: what was added from the first loop's start (or the last ResetTimer
   * seen) to the function's end; for gauges the value then.
   */
  runtime: z
    .record(name, metricSchema)
    .refine((metrics) => Object.keys(metrics).length <= MAX_METRICS, "too many metrics"),
});
export type BenchmarkRecord = z.infer<typeof recordSchema>;

export type RecordProblem = { readonly line: number; readonly message: string };

export type Records = {
  readonly records: readonly BenchmarkRecord[];
  /** At most 100, in order; `problemCount` counts all. */
  readonly problems: readonly RecordProblem[];
  readonly problemCount: number;
};

/** Reads the recorder's file. A last line without an end is one that a killed process left. */
export function parseRecords(text: string): Records {
  const records: BenchmarkRecord[] = [];
  const problems: RecordProblem[] = [];
  let problemCount = 0;
  let line = 0;
  for (let start = 0; start < text.length; ) {
    const newline = text.indexOf("\n", start);
    const end = newline < 0 ? text.length : newline;
    line++;
    const read = readLine(text, start, end);
    if (typeof read === "string" || records.length === MAX_RECORDS) {
      problemCount++;
      const message = typeof read === "string" ? read : `more than ${MAX_RECORDS} records`;
      if (problems.length < MAX_PROBLEMS) problems.push({ line, message });
    } else {
      records.push(read);
    }
    start = end + 1;
  }
  return { records, problems, problemCount };
}

/** Longest quote of a problem. */
const MAX_MESSAGE_CHARS = 300;

function readLine(text: string, start: number, end: number): BenchmarkRecord | string {
  if (end - start > MAX_RECORD_LENGTH) return "longer than any record";
  let value: unknown;
  try {
    value = JSON.parse(text.slice(start, end));
  } catch {
    return "not JSON";
  }
  const parsed = recordSchema.safeParse(value);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  const message = `${issue?.path.join(".") ?? ""}: ${issue?.message ?? "not a record"}`;
  return message.slice(0, MAX_MESSAGE_CHARS);
}
