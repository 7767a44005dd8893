import { describe, expect, test } from "vitest";
import type { Finding } from "../../src/analyze/finding.ts";
import type { DecisionFinding } from "../../src/analyze/source-finding.ts";
import type { Cause } from "../../src/judge/verdict.ts";
import { annotationsFor } from "../../src/report/annotations.ts";
import { parseHunks } from "../../src/report/hunks.ts";
import { ANNOTATIONS_AIM } from "../../src/report/limits.ts";
import { metric, reportOf } from "./make-report.ts";

const hunks = parseHunks(`diff --git a/parser.go b/parser.go
--- a/parser.go
+++ b/parser.go
@@ -10,1 +10,20 @@
 a
${"+b\n".repeat(19)}`);

function cause(over: Partial<Cause> = {}): Cause {
  return {
    benchmark: "BenchmarkParse",
    package: "example.com/m",
    metric: "p10-sec/op",
    function: "example.com/m.skip",
    position: { file: "parser.go", line: 12 },
    side: "head",
    kind: "inlining",
    chain: ["p10-sec/op +20 %", "cannot inline skip"],
    proof: "profile",
    text: "`skip` is no longer inlined.",
    ...over,
  };
}

function flip(line: number, over: Partial<DecisionFinding> = {}): DecisionFinding {
  return {
    kind: "decision",
    package: "example.com/m",
    function: "skip",
    decision: "escape",
    direction: "worse",
    base: "",
    head: "moved to heap: b",
    position: { file: "parser.go", line },
    side: "head",
    ...over,
  };
}

function annotate(
  causes: readonly Cause[],
  findings: readonly Finding[] = [],
  over: Parameters<typeof metric>[0] = { change: 0.2, decision: "regressed", blocks: true },
) {
  return annotationsFor({ report: reportOf([metric(over)], { causes }), findings, hunks });
}

test("a cause of a blocking regression is a failure on its line", () => {
  expect(annotate([cause({ share: 0.72 })])).toEqual([
    {
      path: "parser.go",
      start_line: 12,
      end_line: 12,
      annotation_level: "failure",
      title: "Parse: p10-sec/op",
      message:
        "skip is no longer inlined.\n- p10-sec/op +20 %\n- cannot inline skip\nExplains 72.0 % of the change.",
    },
  ]);
});

describe("levels", () => {
  test("a regression that does not block is a warning", () => {
    const [found] = annotate([cause()], [], { change: 0.2, decision: "regressed" });
    expect(found?.annotation_level).toBe("warning");
  });
  test("an improvement and a compiler's decision are notices", () => {
    const levels = annotate([cause()], [flip(14)], { change: -0.2, decision: "improved" }).map(
      (annotation) => annotation.annotation_level,
    );
    expect(levels).toEqual(["notice", "notice"]);
  });
});

describe("never outside the diff", () => {
  test.each([
    ["a line above the hunk", { position: { file: "parser.go", line: 9 } }],
    ["a line below the hunk", { position: { file: "parser.go", line: 30 } }],
    ["a file the diff does not touch", { position: { file: "lexer.go", line: 12 } }],
    ["the base side", { side: "base" }],
    ["what is unexplained", { kind: "unknown" }],
  ] as const)("%s", (_, over) => {
    expect(annotate([cause(over)])).toEqual([]);
  });
  test("a decision on base, or for the better, is none", () => {
    expect(annotate([], [flip(12, { side: "base" }), flip(13, { direction: "better" })])).toEqual(
      [],
    );
  });
});

test("one remark a line, the cause before the decision, ten at most", () => {
  const flips = Array.from({ length: 19 }, (_, at) => flip(11 + at));
  const found = annotate([cause()], [flip(12), ...flips]);
  expect(found).toHaveLength(ANNOTATIONS_AIM);
  expect(found[0]?.annotation_level).toBe("failure");
  expect(new Set(found.map((annotation) => annotation.start_line)).size).toBe(found.length);
});
