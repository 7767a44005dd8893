// What a recorded process says of its benchmark, as further values of its result line.
//
// The units are golang/perf's with the statistic in front ("p10-ns/op"), so benchstat reads them
// too. A quantile is there only where enough operations lie beyond it; what is not there was not
// measured.
import type { BenchmarkValue } from "../bench/parse.ts";
import { tidyUnit } from "../bench/unit.ts";
import { latencyAt, mainLoop } from "../hdr/latency.ts";
import { type BenchmarkRecord, type LoopRecord, parseRecords } from "../hdr/record.ts";
import { type PrintedValue, runtimeValues } from "./runtime-values.ts";

export type Recorded = {
  /** The record of the counted run: the one with the most operations. */
  readonly record: BenchmarkRecord;
  readonly values: readonly BenchmarkValue[];
};

/**
 * statistics.md's rule for a quantile q of one run: n(1 − q) ≥ 50, or its own sampling error, not
 * the change, decides. At p99 that is 5,000 timed operations.
 */
const OPERATIONS_BEYOND = 50;

const QUANTILES = [
  ["p10", 0.1],
  ["p50", 0.5],
  ["p90", 0.9],
  ["p99", 0.99],
  ["p99.9", 0.999],
] as const;

/** Names of the benchmarks whose operations the recorder could time, from its file of a process. */
export function recordedBenchmarks(text: string): ReadonlySet<string> {
  const longest = new Map<string, BenchmarkRecord>();
  for (const record of parseRecords(text).records) {
    if ((longest.get(record.benchmark)?.n ?? -1) < record.n) longest.set(record.benchmark, record);
  }
  const usable = [...longest.values()].filter(
    (record) => mainLoop(record)?.carries === "operations",
  );
  return new Set(usable.map((record) => record.benchmark));
}

/**
 * The recorder's file of one process, for one benchmark; undefined when it has no usable record.
 * Whether recording pays was decided once, in discovery: a benchmark at the border must not change
 * its measure from run to run.
 */
export function readRecorded(text: string, benchmark: string): Recorded | undefined {
  const own = parseRecords(text).records.filter((record) => record.benchmark === benchmark);
  const record = own.reduce<BenchmarkRecord | undefined>(
    (most, at) => (most === undefined || at.n > most.n ? at : most),
    undefined,
  );
  const loop = record === undefined ? undefined : mainLoop(record);
  if (record === undefined || loop === undefined) return undefined;
  return { record, values: [...times(record, loop), ...runtimeValues(record)].map(inBaseUnit) };
}

/** None is 0: a clock that read nothing measured nothing. */
function times(record: BenchmarkRecord, loop: LoopRecord): PrintedValue[] {
  const values: PrintedValue[] = [];
  for (const [name, p] of QUANTILES) {
    const at = latencyAt(loop, p);
    if (at === undefined) continue;
    if (p > 0.5 && loop.singles.totalCount * (1 - p) < OPERATIONS_BEYOND) continue;
    values.push(nanoseconds(`${name}-ns/op`, at.valueNs));
  }
  const operations = Math.max(1, record.n);
  values.push(nanoseconds("cpu-ns/op", (record.loopCpuNs ?? record.cpuNs) / operations));
  return values.filter(({ value }) => value > 0);
}

/** Six digits: a histogram of three significant digits has no more to say. */
function nanoseconds(unit: string, valueNs: number): PrintedValue {
  return { unit, value: Number(valueNs.toPrecision(6)) };
}

function inBaseUnit(printed: PrintedValue): BenchmarkValue {
  const { unit, factor } = tidyUnit(printed.unit);
  return { value: printed.value * factor, unit, ...(factor === 1 ? {} : { printed }) };
}
