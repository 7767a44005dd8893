import { expect, test } from "vitest";
import { addProcess, bucketLimit, type KeptLatencies } from "../../src/collect/merge-latencies.ts";
import type { Histogram } from "../../src/hdr/histogram.ts";
import type { BenchmarkRecord } from "../../src/hdr/record.ts";
import { decoded, peerOf, textOf } from "../hdr/histogram-of.ts";

const histogram = (values: readonly number[]) => decoded(textOf(peerOf(values)));

function recordOf(batches: Histogram, singles: Histogram): BenchmarkRecord {
  return {
    schema: "tailguard.record/1",
    benchmark: "BenchmarkX",
    pid: 1,
    n: 10,
    elapsedNs: 250_000_000,
    cpuNs: 0,
    involuntarySwitches: 0,
    intervalCostPs: 0,
    gomaxprocs: 2,
    unrecorded: 0,
    go: "go1.26.8",
    loops: [
      {
        site: "BenchmarkX#1",
        form: "bound",
        goroutines: 1,
        operations: 10,
        medianPs: 1000,
        carries: "operations",
        batches,
        singles,
      },
    ],
    runtime: {},
  };
}

/** "counts of batches/singles in seconds" after one process after the other. */
function check(processes: readonly (readonly [number[], number[]])[], expected: string) {
  const kept = processes.reduce<KeptLatencies>(
    (before, [batches, singles]) =>
      addProcess(before, recordOf(histogram(batches), histogram(singles)), 4),
    undefined,
  );
  const text =
    kept === undefined || typeof kept === "string"
      ? `${kept}`
      : `${kept.batches.totalCount}/${kept.singles?.totalCount} in ${kept.timedSeconds}`;
  expect(text).toBe(expected);
}

test("processes add up", () => {
  check([[[1000], [900, 1000]]], "1/2 in 0.25");
  check(
    [
      [[1000], [900, 1000]],
      [[2000, 2000], [950]],
    ],
    "3/3 in 0.5",
  );
});

test("no single operations are none, and a process without a loop adds nothing", () => {
  check([[[1000], []]], "1/undefined in 0.25");
  check(
    [
      [[1000], []],
      [[], []],
    ],
    "1/undefined in 0.25",
  );
});

test("what fills too many buckets is not kept, and stays so", () => {
  const wide = Array.from({ length: 5 }, (_, at) => 10 ** (at + 3));
  check([[[1000], wide]], "too-wide");
  check(
    [
      [[1000], wide],
      [[1000], []],
    ],
    "too-wide",
  );
});

test("a layout that is not the recorder's is not merged", () => {
  const strange = decoded(textOf(peerOf([1000], 2)));
  expect(addProcess(undefined, recordOf(strange, histogram([])), 100)).toBeUndefined();
});

test("the more benchmarks, the less room for each; all together 8 million buckets", () => {
  expect([bucketLimit(0), bucketLimit(1), bucketLimit(1000)]).toEqual([16_384, 16_384, 2097.152]);
});
