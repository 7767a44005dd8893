import { expect, test } from "vitest";
import { runtimeValues } from "../../src/collect/runtime-values.ts";
import type { BenchmarkRecord } from "../../src/hdr/record.ts";

function recordOf(over: Partial<BenchmarkRecord>): BenchmarkRecord {
  return {
    schema: "tailguard.record/1",
    benchmark: "BenchmarkX",
    pid: 1,
    n: 1000,
    elapsedNs: 1e6,
    cpuNs: 1e6,
    involuntarySwitches: 0,
    intervalCostPs: 0,
    gomaxprocs: 2,
    unrecorded: 0,
    go: "go1.26.8",
    loops: [],
    runtime: {},
    ...over,
  };
}

function check(over: Partial<BenchmarkRecord>, expected: Record<string, number>) {
  const values = runtimeValues(recordOf(over));
  expect(Object.fromEntries(values.map(({ unit, value }) => [unit, value]))).toEqual(expected);
}

test("what a Go version does not tell is not there", () => {
  check({}, {});
});

test("garbage collection", () => {
  check(
    {
      runtime: {
        "/gc/cycles/total:gc-cycles": 7,
        "/gc/cycles/forced:gc-cycles": 0,
        "/cpu/classes/gc/mark/dedicated:cpu-seconds": 0.002,
        "/cpu/classes/gc/mark/idle:cpu-seconds": 0.001,
        "/cpu/classes/gc/mark/assist:cpu-seconds": 0.0005,
        "/sched/pauses/total/gc:seconds": [[1024e-9, 10]],
      },
    },
    {
      "gc-cycles/op": 0.007,
      "gc-forced-cycles/op": 0,
      "gc-mark-cpu-sec/op": 3e-6,
      "gc-assist-cpu-sec/op": 5e-7,
      "gc-pause-sec/op": 1.152e-8,
    },
  );
});

test("pauses have an older name before Go 1.22", () => {
  check({ runtime: { "/gc/pauses:seconds": [[1024e-9, 10]] } }, { "gc-pause-sec/op": 1.152e-8 });
});

test("the scheduler: one wait in eight is timed", () => {
  check(
    {
      runtime: {
        "/sched/latencies:seconds": [
          [0, 99],
          [1024e-9, 1],
        ],
        "/sched/goroutines:goroutines": 8,
        "/sync/mutex/wait/total:seconds": 0.001,
      },
    },
    {
      "sched-wait-sec/op": 3.456e-8,
      "sched-runs/op": 0.8,
      "p99-sched-wait-sec": 3.2e-8,
      goroutines: 8,
      "mutex-wait-sec/op": 1e-6,
    },
  );
});

test("the operating system", () => {
  check(
    { loopSystemNs: 500_000, loopVoluntarySwitches: 20, loopInvoluntarySwitches: 0 },
    { "system-cpu-sec/op": 5e-7, "voluntary-switches/op": 0.02, "involuntary-switches/op": 0 },
  );
});

test("a stranger's record: of a wrong shape, negative, of a run without operations", () => {
  check(
    {
      n: 0,
      runtime: {
        "/gc/cycles/total:gc-cycles": [[0, 3]],
        "/sched/latencies:seconds": 7,
        "/sync/mutex/wait/total:seconds": -1,
        "/sched/goroutines:goroutines": 2,
      },
    },
    { goroutines: 2 },
  );
});
