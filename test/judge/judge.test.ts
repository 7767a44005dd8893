import { describe, expect, test } from "vitest";
import type { Finding } from "../../src/analyze/finding.ts";
import type { BenchmarkRecord, Outcome } from "../../src/evidence/manifest.ts";
import { policyOf } from "../../src/judge/policy.ts";
import type { Conclusion } from "../../src/judge/verdict.ts";
import {
  benchmarkId,
  decision,
  declaration,
  exactFinding,
  judged,
  measuredRecord,
  PACKAGE,
  stackFinding,
  timeFinding,
} from "./findings.ts";

function verdictOf(
  findings: readonly Finding[],
  benchmarks: readonly BenchmarkRecord[] = [measuredRecord()],
  outcome: Outcome = { kind: "collected" },
) {
  return judged(findings, { benchmarks, outcome });
}

function check(findings: readonly Finding[], conclusion: Conclusion, title: string) {
  const verdict = verdictOf(findings);
  expect([verdict.conclusion, verdict.title]).toEqual([conclusion, title]);
}

describe("what stops a merge", () => {
  test("an exact regression stops it alone", () => {
    check(
      [exactFinding("allocs/op", 1, 3), declaration("Parse"), decision("Parse", "escape")],
      "failure",
      "allocs/op +2 in 1 of 1: Parse — more escapes in Parse",
    );
  });

  test("a time alone does not", () => {
    check([timeFinding(0.18)], "neutral", "p10 +18 % in 1 of 1: Parse");
  });

  test("a time that fresh processes confirm does", () => {
    const confirmation = { change: 0.17, p: 0.002, pairs: 10 };
    check([timeFinding(0.18, { confirmation })], "failure", "p10 +18 % in 1 of 1: Parse");
  });

  test("a cause in another package is named by its function alone", () => {
    const vm = { package: "example.com/m/internal/vm" };
    check(
      [
        exactFinding("allocs/op", 1, 3),
        declaration("(*VM).Run", vm),
        decision("(*VM).Run", "escape", vm),
      ],
      "failure",
      "allocs/op +2 in 1 of 1: Parse — more escapes in (*VM).Run",
    );
  });

  test("a time with a compiler's decision on its path does", () => {
    const skip = `${PACKAGE}.skip`;
    check(
      [timeFinding(0.18), declaration("skip"), decision("skip", "inlining"), stackFinding([skip])],
      "failure",
      "p10 +18 % in 1 of 1: Parse — skip is no longer inlined",
    );
  });

  test("the mean never does", () => {
    const confirmation = { change: 0.17, p: 0.002, pairs: 10 };
    check(
      [timeFinding(0.18, { metric: "sec/op", confirmation })],
      "neutral",
      "sec/op +18 % in 1 of 1: Parse",
    );
  });

  test("a benchmark that itself changed does not: it runs other work", () => {
    const verdict = verdictOf([
      exactFinding("allocs/op", 1, 3),
      declaration("BenchmarkParse", { head: { file: "parse_test.go", line: 9 } }),
    ]);
    expect(verdict.conclusion).toBe("neutral");
    expect(verdict.benchmarks[0]?.metrics[0]?.decision).toBe("unknown");
    expect(verdict.benchmarks[0]?.metrics[0]?.warnings.join()).toContain(
      "benchmark itself changed",
    );
  });
});

describe("what does not", () => {
  test("no change, with what it could have hidden", () => {
    check(
      [timeFinding(0.001, { p: 0.9, bound: 0.02, couldHide: 0.021 })],
      "success",
      "No regression in 1 benchmark; could hide < 2.1 %",
    );
  });

  test("an improvement is told with its size", () => {
    check([timeFinding(-0.3)], "success", "No regression; p10 −30 % in 1 of 1: Parse");
  });

  test("an improvement is told beside what cannot be", () => {
    const id = benchmarkId("BenchmarkWrite");
    const verdict = verdictOf(
      [timeFinding(-0.3), { ...timeFinding(0.1, { p: 0.3 }), benchmark: id }],
      [measuredRecord(), measuredRecord("BenchmarkWrite")],
    );
    expect(verdict.title).toBe("No regression shown; p10 −30 % in 1 of 2: Parse; 1 cannot be told");
  });

  test("the benchmarks counted are those where the named metric moved", () => {
    const write = { benchmark: benchmarkId("BenchmarkWrite") };
    const both = [measuredRecord(), measuredRecord("BenchmarkWrite")];
    const fewer = exactFinding("allocs/op", 2, 1, write);
    expect(verdictOf([timeFinding(-0.3), fewer], both).title).toBe(
      "No regression; p10 −30 % in 1 of 2: Parse",
    );
    const more = exactFinding("allocs/op", 1, 2, write);
    const confirmation = { change: 0.3, p: 0.002, pairs: 10 };
    expect(verdictOf([timeFinding(0.3, { confirmation }), more], both).title).toBe(
      "p10 +30 % in 1 of 2: Parse",
    );
  });

  test("what cannot be told is counted", () => {
    const unknown = timeFinding(0.1, { p: 0.3 });
    check([unknown], "neutral", "No regression shown; 1 of 1 cannot be told");
    const benchmark = { ...unknown.benchmark, name: "BenchmarkOther" };
    const same = timeFinding(0.001, { benchmark, p: 0.9, bound: 0.02 });
    const both = [measuredRecord(), measuredRecord("BenchmarkOther")];
    expect(verdictOf([unknown, same], both)).toMatchObject({
      conclusion: "success",
      title: "No regression shown; 1 of 2 cannot be told",
    });
  });

  test("a team's own threshold is the one that counts", () => {
    const policy = policyOf({ thresholds: { "p10-sec/op": 0.25 } }, []);
    const verdict = judged([timeFinding(0.18, { bound: 0.2 })], { policy });
    expect(verdict.benchmarks[0]?.metrics[0]?.decision).toBe("same");
  });
});

describe("runs without numbers", () => {
  function checkOutcome(outcome: Outcome, conclusion: Conclusion, title: string) {
    const verdict = verdictOf([], [], outcome);
    expect([verdict.conclusion, verdict.title]).toEqual([conclusion, title]);
  }

  test("each outcome has its conclusion", () => {
    checkOutcome(
      { kind: "nothing-to-measure", reason: "no benchmark is built from a file that changed" },
      "skipped",
      "Nothing to measure: no benchmark is built from a file that changed",
    );
    checkOutcome(
      { kind: "build-failed", side: "head", package: "example.com/m", log: "" },
      "action_required",
      "Head does not build: example.com/m",
    );
    checkOutcome(
      { kind: "build-failed", side: "base", package: "example.com/m", log: "" },
      "neutral",
      "Base does not build: example.com/m",
    );
    checkOutcome(
      { kind: "could-not-measure", reason: "the runner died" },
      "neutral",
      "Could not measure: the runner died",
    );
  });

  test("a budget that ended before the first pair is a time-out", () => {
    const record = { ...benchmarkId(), status: "not-measured", reason: "no time" } as const;
    expect(verdictOf([], [record]).conclusion).toBe("timed_out");
  });

  test("benchmarks that fail are neither good nor bad news", () => {
    const record = { ...benchmarkId(), status: "failed", reason: "head: it panics" } as const;
    expect(verdictOf([], [record])).toMatchObject({
      conclusion: "neutral",
      title: "Could not measure: 1 benchmark failed",
    });
  });
});
