import { describe, expect, test } from "vitest";
import {
  formatBound,
  formatCount,
  formatInterval,
  formatP,
  formatPair,
  formatPercent,
  formatQuantity,
  formatSampled,
  formatSampledChange,
  formatSeconds,
  formatSigned,
} from "../../src/report/format.ts";

test.each([
  [1.2344e-6, "sec/op", "1.234µs"],
  [12.3e-3, "sec/op", "12.30ms"],
  [3.142e-10, "p10-sec/op", "0.3142ns"],
  [999.96e-6, "p99-sec/op", "1.000ms"],
  [999.94e-6, "p99-sec/op", "999.9µs"],
  [75, "cpu-sec/op", "75.00s"],
  [0, "sec/op", "0s"],
  [0, "B/op", "0 B"],
  [4096, "B/op", "4096 B"],
  [99_999, "B/op", "99999 B"],
  [1_048_576, "B/op", "1.000MiB"],
  [12.5, "B/op", "12.50 B"],
  [2, "allocs/op", "2"],
  [2.5, "allocs/op", "2.500"],
  [1_234_567, "allocs/op", "1.235M"],
  [Number.NaN, "sec/op", "n/a"],
])("%d of %s is %s", (value, metric, expected) => {
  expect(formatQuantity(value, metric)).toBe(expected);
});

test.each([
  [1_048_576, 1_048_580, "B/op", ["1048576 B", "1048580 B"]],
  [1_000_001, 1_000_002, "allocs/op", ["1000001", "1000002"]],
  [1_048_576, 2_097_152, "B/op", ["1.000MiB", "2.000MiB"]],
  [1e-6, 1.00001e-6, "sec/op", ["1.000µs", "1.000µs"]],
])("%d and %d of %s are told apart: %j", (base, head, metric, expected) => {
  expect(formatPair(base, head, metric)).toEqual(expected);
});

test.each([
  [0.182, "18.2 %"],
  [0.021, "2.1 %"],
  [0.0034, "0.34 %"],
  [2.5, "250 %"],
  [0, "0.0 %"],
])("%d is %s", (fraction, expected) => {
  expect(formatPercent(fraction)).toBe(expected);
});

test.each([
  [0.021, "2.1 %"],
  [0.001, "0.1 %"],
  [0.0009, "0.1 %"],
  [0, "0.1 %"],
])("what is under %d is under %s", (fraction, expected) => {
  expect(formatBound(fraction)).toBe(expected);
});

describe("directions", () => {
  test.each([
    [0.182, "+18.2"],
    [-0.114, "-11.4"],
    [0.0004, "+0.04"],
    [0, "+0.0"],
  ])("%d is %s", (fraction, expected) => {
    expect(formatSigned(fraction)).toBe(expected);
  });
  test("an interval without an end says so", () => {
    expect(formatInterval(0.171, 0.194)).toBe("[+17.1, +19.4]");
    expect(formatInterval(null, 0.1)).toBe("[n/a, +10.0]");
  });
});

test.each([
  [0.0021, "0.002"],
  [0.00049, "<0.001"],
  [1, "1.000"],
])("p %d is %s", (p, expected) => {
  expect(formatP(p)).toBe(expected);
});

test.each([
  [0, "0s"],
  [0.0001, "1ms"],
  [0.08, "80ms"],
  [34.21, "34.2s"],
  [59.97, "1m0s"],
  [252, "4m12s"],
  [3_725, "1h2m5s"],
])("%d seconds are %s", (seconds, expected) => {
  expect(formatSeconds(seconds)).toBe(expected);
});

test("counts agree with their noun", () => {
  expect([formatCount(0, "pair"), formatCount(1, "pair"), formatCount(2, "pair")]).toEqual([
    "0 pairs",
    "1 pair",
    "2 pairs",
  ]);
});

test.each([
  [0, "0s", "+0s"],
  [0.5, "0.500ns", "+0.500ns"],
  [1234.5, "1.23µs", "+1.23µs"],
  [999.6, "1.00µs", "+1.00µs"],
  [-56.02, "-56.0ns", "-56.0ns"],
])("%d sampled nanoseconds are %s", (ns, size, change) => {
  expect([formatSampled(ns), formatSampledChange(ns)]).toEqual([size, change]);
});
