import { expect, test } from "vitest";
import { describeShifts } from "../../../src/analyze/latency/describe-shifts.ts";
import type { LatencyDistribution } from "../../../src/evidence/latency-log.ts";
import { decoded, peerOf, textOf } from "../../hdr/histogram-of.ts";
import { evidenceOf, NAME } from "./measured.ts";

const BENCHMARK = { cell: "local", package: "example.com/m", name: NAME };

const histogram = (values: readonly number[]) => decoded(textOf(peerOf(values)));

/** Operations in nanoseconds; batches are of the same, unless they are told apart. */
function operations(singlesNs: readonly number[], batchesNs = singlesNs): LatencyDistribution {
  const inPs = (values: readonly number[]) => histogram(values.map((ns) => Math.round(ns * 1000)));
  return {
    benchmark: NAME,
    timedSeconds: 1,
    batches: inPs(batchesNs),
    ...(singlesNs.length === 0 ? {} : { singles: inPs(singlesNs) }),
  };
}

function shiftOf(base: LatencyDistribution, head: LatencyDistribution) {
  const evidence = evidenceOf([]);
  const [package_] = evidence.packages;
  const latencies = { base: [base], head: [head] };
  const packages = package_ === undefined ? [] : [{ ...package_, latencies }];
  return describeShifts({ ...evidence, packages }, [BENCHMARK])[0];
}

/** "p50 +10" of the quantiles named. */
function check(
  base: LatencyDistribution,
  head: LatencyDistribution,
  expected: Readonly<Record<string, number | undefined>>,
) {
  const points = shiftOf(base, head)?.points ?? [];
  const found = Object.keys(expected).map((name) => {
    const point = points.find(({ quantile }) => `p${Number((quantile * 100).toFixed(1))}` === name);
    return [name, point === undefined ? undefined : Math.round(100 * point.change)];
  });
  expect(Object.fromEntries(found)).toEqual(expected);
}

const range = (count: number, of: (part: number) => number) =>
  Array.from({ length: count }, (_, at) => of((at + 0.5) / count));

test("all operations slower by a tenth", () => {
  const base = range(10_000, (part) => 1000 + 500 * part);
  const head = base.map((ns) => ns * 1.1);
  check(operations(base), operations(head), { p5: 10, p50: 10, p95: 10, p99: 10 });
});

test("only the slowest", () => {
  const base = range(10_000, () => 1000);
  const head = range(10_000, (part) => (part > 0.97 ? 3000 : 1000));
  check(operations(base), operations(head), { p5: 0, p50: 0, p95: 0, p99: 200 });
});

test("a quantile with fewer than fifty operations beyond it is not told", () => {
  const flat = (count: number) => operations(range(count, () => 1000));
  check(flat(999), flat(5000), { p95: undefined, p50: 0 });
  check(flat(1000), flat(5000), { p95: 0, p99: undefined });
  check(flat(50_000), flat(50_000), { p99: 0, "p99.9": 0 });
});

test("both sides are read from the same kind of histogram", () => {
  // Batches know nothing of a slow one among them; singles have the clock's steps in them.
  const base = operations(
    range(10_000, () => 195),
    range(10_000, () => 150),
  );
  const head = operations(
    range(10_000, () => 390),
    range(10_000, () => 300),
  );
  check(base, head, { p5: 100, p50: 100, p99: 100 });
});

test("operations too short for the clock have percentiles of batches up to the median", () => {
  const short = operations(
    [],
    range(10_000, () => 5),
  );
  check(short, short, { p5: 0, p50: 0, p55: undefined, p99: undefined });
  expect(shiftOf(short, short)).toMatchObject({ baseOperations: 10_000, headOperations: 10_000 });
});

test("what was not kept on both sides is not described", () => {
  expect(describeShifts(evidenceOf([]), [BENCHMARK])).toEqual([]);
  const one = operations(range(10_000, () => 1000));
  expect(shiftOf(one, { ...one, benchmark: "BenchmarkOther" })).toBeUndefined();
});
