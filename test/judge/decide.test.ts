import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { MetricFinding } from "../../src/analyze/finding.ts";
import { decideMetrics, isConfirmed } from "../../src/judge/decide.ts";
import { DEFAULT_POLICY } from "../../src/judge/policy.ts";
import type { Decision } from "../../src/judge/verdict.ts";
import { benchmarkId, exactFinding, timeFinding } from "./findings.ts";

function check(finding: MetricFinding, expected: Decision, floor: Record<string, number> = {}) {
  const [judged] = decideMetrics([finding], DEFAULT_POLICY, floor);
  expect(judged?.decision).toBe(expected);
  return judged;
}

describe("times", () => {
  test("a clear change beyond the threshold is one, in its direction", () => {
    check(timeFinding(0.1), "regressed");
    check(timeFinding(-0.1), "improved");
  });

  test("a certain change below the threshold does not matter", () => {
    check(timeFinding(0.01, { bound: 0.015 }), "same");
  });

  test("a large change without significance is unknown", () => {
    check(timeFinding(0.1, { p: 0.2 }), "unknown");
  });

  test("no change shown is the same only where a relevant one is unlikely", () => {
    check(timeFinding(0.001, { p: 0.9, bound: 0.02 }), "same");
    check(timeFinding(0.001, { p: 0.9, bound: 0.09 }), "unknown");
  });

  test("the threshold never goes below the noise of the run", () => {
    check(timeFinding(0.05), "regressed", { "p10-sec/op": 0.02 });
    const judged = check(timeFinding(0.05, { bound: 0.06 }), "same", { "p10-sec/op": 0.08 });
    expect(judged?.threshold).toBe(0.08);
  });

  test("a sign that depends on the layout is not believed", () => {
    const judged = check(
      timeFinding(0.06, { layoutChanges: [0.2, -0.07, 0.15, 0.06], layoutP: 0.01 }),
      "unknown",
    );
    expect(judged?.warnings.join()).toContain("linker");
  });

  test("few pairs a layout that scatter by noise are no layout effect", () => {
    check(
      timeFinding(0.06, { layoutChanges: [0.2, -0.07, 0.15, 0.06], layoutP: 0.4 }),
      "regressed",
    );
  });

  test("one layout that barely moves does not overrule the others", () => {
    check(
      timeFinding(0.1, { layoutChanges: [0.12, -0.01, 0.11, 0.1], layoutP: 0.01 }),
      "regressed",
    );
  });

  test("fresh processes that do not show the change overrule the first ones", () => {
    const confirmation = { change: 0.01, p: 0.4, pairs: 10 };
    const judged = check(timeFinding(0.1, { confirmation }), "unknown");
    expect(judged?.warnings.join()).toContain("did not confirm");
    check(timeFinding(0.1, { confirmation: { change: 0.09, p: 0.002, pairs: 10 } }), "regressed");
  });

  test("too few fresh processes neither confirm nor contradict", () => {
    const finding = timeFinding(0.1, { confirmation: { change: -0.1, p: 0.5, pairs: 3 } });
    const judged = check(finding, "regressed");
    expect(judged && isConfirmed(judged)).toBe(false);
  });
});

describe("counts", () => {
  test("one more allocation counts, however small a part it is", () => {
    check(exactFinding("allocs/op", 3, 4), "regressed");
    check(exactFinding("allocs/op", 0, 1), "regressed");
    check(exactFinding("allocs/op", 4, 3), "improved");
    check(exactFinding("allocs/op", 3, 3), "same");
    check(exactFinding("allocs/op", 0, 0), "same");
  });

  test("bytes within rounding of a size class do not count", () => {
    check(exactFinding("B/op", 10_000, 10_016), "same");
    check(exactFinding("B/op", 10_000, 10_200), "regressed");
    check(exactFinding("B/op", 0, 8), "regressed");
  });

  test("a pool that allocates now and then is no change", () => {
    const pooled = { metric: "allocs/op", base: 0.2, head: 0.3, p: 0.7, bound: 2 };
    check(timeFinding(0.5, pooled), "same");
  });
});

describe("families", () => {
  test("more benchmarks make the same p count for less", () => {
    const many = Array.from({ length: 40 }, (_, index) =>
      timeFinding(0.1, {
        benchmark: benchmarkId(`Benchmark${index}`),
        p: index === 0 ? 0.01 : 0.9,
      }),
    );
    const judged = decideMetrics(many, DEFAULT_POLICY, {});
    expect(judged[0]?.pAdjusted).toBeCloseTo(0.4);
    expect(judged[0]?.decision).toBe("unknown");
  });

  test("exact comparisons spend nothing of the family's error", () => {
    const findings = [
      timeFinding(0.1, { p: 0.02 }),
      ...Array.from({ length: 9 }, () => exactFinding("allocs/op", 1, 2)),
    ];
    expect(decideMetrics(findings, DEFAULT_POLICY, {})[0]?.pAdjusted).toBe(0.02);
  });

  test("the order of findings changes no decision", () => {
    const findings = [0.2, -0.2, 0.01, 0.05].map((change, index) =>
      timeFinding(change, { benchmark: benchmarkId(`Benchmark${index}`), p: 0.004 * (index + 1) }),
    );
    const byName = (list: readonly MetricFinding[]) =>
      new Map(
        decideMetrics(list, DEFAULT_POLICY, {}).map((at) => [at.benchmark.name, at.decision]),
      );
    const wanted = byName(findings);
    fc.assert(
      fc.property(fc.shuffledSubarray(findings, { minLength: 4, maxLength: 4 }), (shuffled) => {
        for (const [name, decided] of byName(shuffled)) expect(decided).toBe(wanted.get(name));
      }),
    );
  });
});
