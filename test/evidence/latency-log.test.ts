import { expect, test } from "vitest";
import {
  formatLatencyLog,
  type LatencyDistribution,
  readLatencyLog,
} from "../../src/evidence/latency-log.ts";
import { formatHistogramLog } from "../../src/hdr/log.ts";
import { decoded, peerOf, textOf } from "../hdr/histogram-of.ts";

const histogram = (values: readonly number[]) => decoded(textOf(peerOf(values)));

function check(distributions: readonly LatencyDistribution[]) {
  const read = readLatencyLog(formatLatencyLog(distributions), 1000);
  expect(read.problems).toEqual([]);
  expect(read.distributions).toEqual(distributions);
}

test("benchmarks come back, with and without single operations", () => {
  const batches = histogram([1000, 2000]);
  check([]);
  check([
    { benchmark: "BenchmarkShort", timedSeconds: 0.5, batches },
    { benchmark: "BenchmarkLong/a,b=1", timedSeconds: 2, batches, singles: histogram([5, 9]) },
  ]);
});

test("only the first of a name counts, and single operations alone count nothing", () => {
  const entry = (tag: string, values: readonly number[]) => ({
    tag,
    seconds: 1,
    histogram: histogram(values),
  });
  const text = formatHistogramLog(
    [
      entry("batches:BenchmarkX", [1]),
      entry("batches:BenchmarkX", [2, 3]),
      entry("BenchmarkY", [1]),
      entry("batches:BenchmarkZ", []),
    ],
    [],
  );
  const { distributions } = readLatencyLog(text, 1000);
  expect(distributions.map(({ benchmark, batches }) => [benchmark, batches.totalCount])).toEqual([
    ["BenchmarkX", 1],
  ]);
});
