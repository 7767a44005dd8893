// What the Go runtime and the operating system did on a benchmark's account, for each operation, as
// further values of its result line.
//
// Units of the benchmark line and not a file of their own: base and head are joined by the pairs
// that are there already, and benchstat tests them like any other. A Go version that lacks a
// metric has no value for it; 0 means that the runtime says so. The runtime's clocks and the
// kernel's are not the same, and its CPU classes move only when a collection ends: these values
// say what kind of work grew, not how much of a nanosecond is whose. Times are in seconds, because
// benchstat takes "0 ns" for another unit than "5 ns" (benchfmt/reader.go: a value that its scaling
// leaves alone keeps its unit), and most of these are 0 most of the time.
import type { BenchmarkRecord, RuntimeMetric } from "../hdr/record.ts";
import { countIn, durationAtNs, type TimeBuckets, totalNs } from "../hdr/time-buckets.ts";

/** A value as it is printed, in the unit named. */
export type PrintedValue = { readonly value: number; readonly unit: string };

/**
 * The runtime times one in eight of a goroutine's waits for a processor (gTrackingPeriod in
 * runtime/runtime2.go); its mutex wait is multiplied by it already.
 */
const TRACKING_PERIOD = 8;

/** The values of one run, most of them for each of its operations. */
export function runtimeValues(record: BenchmarkRecord): PrintedValue[] {
  const operations = Math.max(1, record.n);
  const metrics = record.runtime;
  const number = (name: string) => numberOf(metrics[name]);
  const pauses =
    bucketsOf(metrics["/sched/pauses/total/gc:seconds"]) ??
    bucketsOf(metrics["/gc/pauses:seconds"]);
  const waits = bucketsOf(metrics["/sched/latencies:seconds"]);
  const each: readonly (readonly [unit: string, total: number | undefined])[] = [
    ["gc-cycles/op", number("/gc/cycles/total:gc-cycles")],
    ["gc-forced-cycles/op", number("/gc/cycles/forced:gc-cycles")],
    ["gc-pause-sec/op", pauses && totalNs(pauses) / 1e9],
    [
      "gc-mark-cpu-sec/op",
      sum(
        number("/cpu/classes/gc/mark/dedicated:cpu-seconds"),
        number("/cpu/classes/gc/mark/idle:cpu-seconds"),
      ),
    ],
    ["gc-assist-cpu-sec/op", number("/cpu/classes/gc/mark/assist:cpu-seconds")],
    ["mutex-wait-sec/op", number("/sync/mutex/wait/total:seconds")],
    ["sched-wait-sec/op", waits && (TRACKING_PERIOD * totalNs(waits)) / 1e9],
    ["sched-runs/op", waits && TRACKING_PERIOD * countIn(waits)],
    ["goroutines-created/op", number("/sched/goroutines-created:goroutines")],
    ["system-cpu-sec/op", record.loopSystemNs && record.loopSystemNs / 1e9],
    ["voluntary-switches/op", record.loopVoluntarySwitches],
    ["involuntary-switches/op", record.loopInvoluntarySwitches],
  ];
  const whole: readonly (readonly [unit: string, value: number | undefined])[] = [
    ["p99-sched-wait-sec", waits && durationAtNs(waits, 0.99) / 1e9],
    ["goroutines", number("/sched/goroutines:goroutines")],
  ];
  return [
    ...each.map(([unit, total]) => [unit, total && total / operations] as const),
    ...whole,
  ].flatMap(([unit, value]) =>
    value === undefined || value < 0 ? [] : [{ unit, value: Number(value.toPrecision(4)) }],
  );
}

function numberOf(metric: RuntimeMetric | undefined): number | undefined {
  return typeof metric === "number" && Number.isFinite(metric) ? metric : undefined;
}

function bucketsOf(metric: RuntimeMetric | undefined): TimeBuckets | undefined {
  return Array.isArray(metric) ? metric : undefined;
}

function sum(one: number | undefined, other: number | undefined): number | undefined {
  return one === undefined || other === undefined ? undefined : one + other;
}
