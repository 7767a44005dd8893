import { describe, expect, test } from "vitest";
import type { MetricFinding } from "../../src/analyze/finding.ts";
import { decideMetrics } from "../../src/judge/decide.ts";
import { DEFAULT_FAMILY_ALPHA, familyOf } from "../../src/judge/families.ts";
import { DEFAULT_POLICY } from "../../src/judge/policy.ts";
import { WATCHED_FAMILY_ALPHA } from "../../src/stats/settled.ts";
import { benchmarkId, exactFinding, judged, measuredRecord, timeFinding } from "./findings.ts";

const NAMES = Array.from({ length: 40 }, (_, index) => `Benchmark${index}`);
const CONFIRMED = { change: 0.1, p: 0.001, pairs: 16 };

test("a time of a benchmark that has not earned it stops nothing, an allocation always does", () => {
  const verdict = judged(
    [timeFinding(0.1, { confirmation: CONFIRMED }), exactFinding("allocs/op", 1, 2)],
    { barred: () => "it was not calibrated on this machine" },
  );
  const [time, allocations] = verdict.benchmarks[0]?.metrics ?? [];
  expect(time).toMatchObject({ decision: "regressed", blocks: false });
  expect(time?.warnings).toEqual(["may not block: it was not calibrated on this machine"]);
  expect(allocations).toMatchObject({ blocks: true, warnings: [] });
});

/** Whether the first of forty benchmarks, the others quiet, stops the merge. */
function isBlocked(first: Partial<MetricFinding>): boolean {
  const findings = NAMES.map((name, index) =>
    index === 0
      ? timeFinding(0.1, { benchmark: benchmarkId(name), confirmation: CONFIRMED, ...first })
      : timeFinding(0.001, {
          benchmark: benchmarkId(name),
          p: 0.9,
          pMinimumEffect: 1,
          bound: 0.02,
        }),
  );
  const verdict = judged(findings, { benchmarks: NAMES.map((name) => measuredRecord(name)) });
  expect(verdict.benchmarks[0]?.metrics[0]?.decision).toBe("regressed");
  return verdict.conclusion === "failure";
}

test("every metric has its family, and the families share 5 %", () => {
  const families = ["p10-sec/op", "p50-sec/op", "cpu-sec/op", "sec/op"].map(familyOf);
  expect(new Set(families)).toEqual(new Set(["typical"]));
  expect(["p90-sec/op", "p99-sec/op", "p99.9-sec/op"].map(familyOf)).toEqual([
    "tail",
    "tail",
    "tail",
  ]);
  expect(["B/op", "allocs/op"].map(familyOf)).toEqual(["memory", "memory"]);
  const { typical, tail, memory } = DEFAULT_FAMILY_ALPHA;
  expect(typical + tail + memory).toBeCloseTo(0.05, 12);
});

test("the schedule goes on until one metric alone would survive the correction", () => {
  expect(WATCHED_FAMILY_ALPHA).toBe(DEFAULT_FAMILY_ALPHA.typical / 4);
});

test("views of typical time count together, a tail by itself", () => {
  const judged = decideMetrics(
    [
      timeFinding(0.1, { p: 0.015 }),
      timeFinding(0.1, { metric: "sec/op", p: 0.5 }),
      timeFinding(0.1, { metric: "p99-sec/op", p: 0.015 }),
    ],
    DEFAULT_POLICY,
    {},
  );
  expect(judged.map(({ pAdjusted }) => pAdjusted)).toEqual([0.03, 0.5, 0.015]);
  expect(judged.map(({ decision }) => decision)).toEqual(["unknown", "unknown", "regressed"]);
});

describe("what stops a merge", () => {
  test("a change beyond 1 % with certainty over all benchmarks", () => {
    expect(isBlocked({ pMinimumEffect: 0.0004 })).toBe(true);
  });

  test("not one that is certain only without the 1 %", () => {
    expect(isBlocked({ pMinimumEffect: 0.2 })).toBe(false);
  });

  test("not one that is certain only among fewer benchmarks", () => {
    expect(isBlocked({ pMinimumEffect: 0.002 })).toBe(false);
  });

  test("not without the second key", () => {
    expect(
      isBlocked({ pMinimumEffect: 1e-6, confirmation: { change: 0.09, p: 0.2, pairs: 16 } }),
    ).toBe(false);
  });
});
