import { describe, expect, test } from "vitest";
import type { Finding } from "../../src/analyze/finding.ts";
import type { BenchmarkRecord } from "../../src/evidence/manifest.ts";
import { controlOutcomes } from "../../src/judge/controls.ts";
import { judge } from "../../src/judge/judge.ts";
import { DEFAULT_POLICY } from "../../src/judge/policy.ts";
import {
  benchmarkId,
  decision,
  declaration,
  exactFinding,
  measuredRecord,
  NO_WAIVERS,
  PACKAGE,
  stackFinding,
  timeFinding,
} from "./findings.ts";

const CONTROL: BenchmarkRecord = { ...measuredRecord("BenchmarkControl"), control: true };
const control = { benchmark: benchmarkId("BenchmarkControl") };
const confirmation = { change: 0.2, p: 0.002, pairs: 10 };

function verdictOf(findings: readonly Finding[], records = [measuredRecord(), CONTROL]) {
  const input = {
    benchmarks: records,
    findings,
    noiseFloor: {},
    policy: DEFAULT_POLICY,
    ...NO_WAIVERS,
  };
  const verdict = judge({ outcome: { kind: "collected" }, ...input });
  const metrics = verdict.benchmarks.flatMap((at) => at.metrics);
  return { verdict, records, decisions: metrics.map((at) => at.decision), metrics };
}

describe("a control that moved", () => {
  test("takes back the times of its package, confirmed or not, and is not accused", () => {
    const { verdict, decisions, metrics } = verdictOf([
      timeFinding(0.2, { confirmation }),
      timeFinding(0.1, control),
    ]);
    expect([verdict.conclusion, verdict.title]).toEqual([
      "neutral",
      "No regression shown; 2 of 2 cannot be told",
    ]);
    expect(decisions).toEqual(["unknown", "unknown"]);
    expect(verdict.causes).toEqual([]);
    expect(metrics[0]?.warnings).toEqual([
      "BenchmarkControl moved as well, and nothing that it can reach changed: the machine or the layout of the code moved",
    ]);
  });

  test("takes back improvements too", () => {
    const found = [timeFinding(-0.2), timeFinding(-0.1, control)];
    expect(verdictOf(found).decisions).toEqual(["unknown", "unknown"]);
  });

  test("leaves a time with a compiler's decision on its path", () => {
    const skip = `${PACKAGE}.skip`;
    const { verdict, decisions } = verdictOf([
      timeFinding(0.2),
      timeFinding(0.1, control),
      declaration("skip"),
      decision("skip", "inlining"),
      stackFinding([skip]),
    ]);
    expect(decisions).toEqual(["regressed", "unknown"]);
    expect(verdict.conclusion).toBe("failure");
    expect(new Set(verdict.causes.map((cause) => cause.benchmark))).toEqual(
      new Set(["BenchmarkParse"]),
    );
  });

  test("leaves a time beside an exact count that moved the same way", () => {
    const exact = exactFinding("allocs/op", 1, 3);
    const found = [timeFinding(0.2), exact, timeFinding(0.1, control)];
    expect(verdictOf(found).decisions).toEqual(["regressed", "regressed", "unknown"]);
    const better = [timeFinding(0.2), exactFinding("allocs/op", 3, 1), timeFinding(0.1, control)];
    expect(verdictOf(better).decisions).toEqual(["unknown", "improved", "unknown"]);
  });

  test("says nothing of other packages and cells", () => {
    for (const other of [{ package: "example.com/other" }, { cell: "go1.24" }]) {
      const records = [measuredRecord(), { ...CONTROL, ...other }];
      const moved = timeFinding(0.1, {
        benchmark: { ...benchmarkId("BenchmarkControl"), ...other },
      });
      expect(verdictOf([timeFinding(0.2), moved], records).decisions).toEqual([
        "regressed",
        "unknown",
      ]);
    }
  });
});

describe("a control", () => {
  test("that stays where it is changes nothing", () => {
    const { decisions } = verdictOf([timeFinding(0.2), timeFinding(0.001, control)]);
    expect(decisions).toEqual(["regressed", "same"]);
  });

  test("whose mean alone moved is not believed, and nobody else is doubted", () => {
    const mean = timeFinding(0.3, { ...control, metric: "sec/op" });
    expect(verdictOf([timeFinding(0.2), mean]).decisions).toEqual(["regressed", "unknown"]);
  });

  test("whose exact count moved shows it: no machine does that", () => {
    const { verdict, decisions } = verdictOf([exactFinding("allocs/op", 1, 2, control)]);
    expect(decisions).toEqual(["regressed"]);
    expect(verdict.conclusion).toBe("failure");
  });

  test("is listed with how it came out", () => {
    const { verdict, records } = verdictOf([
      timeFinding(0.2),
      timeFinding(0.1, control),
      exactFinding("B/op", 1, 1, control),
    ]);
    expect(controlOutcomes(records, verdict.benchmarks)).toEqual([
      {
        ...benchmarkId("BenchmarkControl"),
        metric: "p10-sec/op",
        change: 0.1,
        low: 0.095,
        high: 0.10500000000000001,
        pairs: 12,
        moved: true,
      },
    ]);
  });
});

test("nothing changed in the machine code: success, at once", () => {
  const ending = (unchanged?: true) =>
    judge({
      outcome: {
        kind: "nothing-to-measure",
        reason: "no machine code changed",
        ...(unchanged && { unchanged }),
      },
      benchmarks: [],
      findings: [],
      noiseFloor: {},
      policy: DEFAULT_POLICY,
      ...NO_WAIVERS,
      ...NO_WAIVERS,
    });
  expect(ending(true)).toMatchObject({ conclusion: "success", title: "No machine code changed" });
  expect(ending()).toMatchObject({ conclusion: "skipped" });
});
