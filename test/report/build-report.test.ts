import { describe, expect, test } from "vitest";
import type { Finding } from "../../src/analyze/finding.ts";
import type { Cause } from "../../src/judge/verdict.ts";
import { buildReport } from "../../src/report/build-report.ts";
import { CONTEXT, metric, reported, reportOf } from "./make-report.ts";

describe("what JSON cannot hold becomes null", () => {
  test("a change from nothing, a resolution that is not known", () => {
    const found = reported({
      change: Number.POSITIVE_INFINITY,
      low: Number.NEGATIVE_INFINITY,
      high: Number.POSITIVE_INFINITY,
      couldHide: Number.NaN,
      bound: Number.POSITIVE_INFINITY,
      confirmation: { change: Number.POSITIVE_INFINITY, p: 1, pairs: 2 },
    });
    expect(JSON.parse(JSON.stringify(found))).toEqual(found);
    expect([found.change, found.low, found.high, found.couldHide, found.bound]).toEqual(
      Array.from({ length: 5 }, () => null),
    );
    expect(found.confirmation?.change).toBeNull();
  });
});

describe("what no stage may give is a bug, not a report", () => {
  test("an unknown metric", () => {
    expect(() => reportOf([metric({ metric: "ns/op" })])).toThrow("p10-sec/op");
  });
  test("a p above one", () => {
    expect(() => reportOf([metric({ pAdjusted: 1.5 })])).toThrow();
  });
  test("a cell that is not described", () => {
    expect(() =>
      buildReport({
        context: { ...CONTEXT, cells: [] },
        verdict: {
          conclusion: "success",
          title: "t",
          causes: [],
          firedRules: [],
          benchmarks: [
            { cell: "local", package: "p", name: "B", status: "failed", reason: "", metrics: [] },
          ],
        },
        findings: [],
        degraded: [],
      }),
    ).toThrow("the cell local is in the context");
  });
});

test("a build log is kept from its top and says what is missing", () => {
  const log = Array.from({ length: 5_000 }, (_, at) => `line ${at}`).join("\n");
  const { outcome } = reportOf([], {
    context: { outcome: { kind: "build-failed", side: "head", package: "p", log } },
  });
  expect(outcome.kind === "build-failed" && outcome.log).toMatch(
    /^line 0\nline 1\n[\s\S]*\n… \d+ more lines$/,
  );
});

describe("stacks", () => {
  const benchmark = { cell: "local", package: "example.com/m.v2", name: "BenchmarkParse" };
  const stack = (functions: readonly string[], headShare: number): Finding => ({
    kind: "stack",
    benchmark,
    baseShare: 0.1,
    headShare,
    frames: functions.map((name) => ({ function: name, file: "parser.go", line: 1 })),
  });
  const cause = (name: string): Cause => ({
    benchmark: "BenchmarkParse",
    package: "example.com/m.v2",
    metric: "p10-sec/op",
    function: name,
    side: "head",
    kind: "inlining",
    chain: [],
    proof: "profile",
    text: "slower",
  });
  const stacksOf = (causes: readonly Cause[], findings: readonly Finding[]) =>
    buildReport({
      context: CONTEXT,
      verdict: { conclusion: "success", title: "t", benchmarks: [], causes, firedRules: [] },
      findings,
      degraded: [],
    }).causes.map((found) => found.stack);

  test("go to the cause whose function is nearest to the leaf, and are not repeated", () => {
    const found = stacksOf(
      [cause("m.skip"), cause("m.Parse"), cause("m.skip")],
      [stack(["m.skip", "m.Parse"], 0.2), stack(["runtime.mallocgc", "m.Parse"], 0.15)],
    );
    expect(found.map((each) => each?.frames.map((frame) => frame.function))).toEqual([
      ["m.skip", "m.Parse"],
      undefined,
      undefined,
    ]);
  });

  test("say what changed in a frame, also where the linker escapes the path", () => {
    const flip: Finding = {
      kind: "decision",
      package: "example.com/m.v2",
      function: "skip",
      decision: "inlining",
      direction: "worse",
      base: "can inline skip",
      head: "cannot inline skip",
      position: { file: "parser.go", line: 3 },
      side: "head",
    };
    const [found] = stacksOf(
      [cause("example.com/m%2ev2.skip")],
      [stack(["example.com/m%2ev2.skip", "testing.(*B).runN"], 0.3), flip],
    );
    expect(found?.frames.map((frame) => frame.note)).toEqual(["cannot inline skip", ""]);
  });
});
