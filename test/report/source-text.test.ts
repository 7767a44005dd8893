import { expect, test } from "vitest";
import type { Finding } from "../../src/analyze/finding.ts";
import type {
  BridgeFinding,
  DecisionFinding,
  DeclarationFinding,
} from "../../src/analyze/source-finding.ts";
import { annotationsFor } from "../../src/report/annotations.ts";
import { buildReport } from "../../src/report/build-report.ts";
import { parseHunks } from "../../src/report/hunks.ts";
import { bridgeLines, sourceLines } from "../../src/report/source-text.ts";
import { CONTEXT, reportOf } from "./make-report.ts";

function reportWith(findings: readonly Finding[]) {
  const verdict = { ...EMPTY, title: "Nothing was measured", conclusion: "skipped" } as const;
  return buildReport({ context: CONTEXT, verdict, findings, degraded: [] });
}

const EMPTY = { benchmarks: [], causes: [], firedRules: [] };

function flip(name: string, more: Partial<DecisionFinding> = {}): DecisionFinding {
  return {
    kind: "decision",
    package: "example.com/m",
    function: name,
    decision: "inlining",
    direction: "worse",
    base: "can inline with cost 74",
    head: "cost 82 exceeds budget 80",
    position: { file: "parse.go", line: 14 },
    side: "head",
    ...more,
  };
}

function changed(name: string, more: Partial<DeclarationFinding> = {}): DeclarationFinding {
  return {
    kind: "declaration",
    package: "example.com/m",
    function: name,
    declaration: "func",
    change: "changed",
    base: { file: "parse.go", line: 10 },
    head: { file: "parse.go", line: 12 },
    ...more,
  };
}

const BRIDGE: BridgeFinding = {
  kind: "bridge",
  package: "example.com/m",
  function: "last",
  problem: "checkptr",
  text: "`-d=checkptr=2` ends BenchmarkLast here",
  position: { file: "parse.go", line: 3 },
  check: { ran: "BenchmarkLast", frames: [{ function: "m.last", file: "parse.go", line: 3 }] },
};

test("what costs comes first, changed functions before their callers", () => {
  const loop = {
    group: "work",
    direction: "worse",
    text: "a loop was added",
    position: { file: "parse.go", line: 13 },
    side: "head",
  } as const;
  const report = reportWith([
    flip("better", { direction: "better" }),
    flip("caller", { decision: "inlined-call" }),
    flip("skip"),
    flip("neutral", { direction: "neutral" }),
    flip("inTest", { position: { file: "parse_test.go", line: 1 } }),
    changed("skip", { previousName: "skipSpace", changes: [loop] }),
    changed("Config", { declaration: "type" }),
  ]);
  expect(sourceLines(report)).toEqual([
    "`skip` at parse.go:14 is no longer inlined (cost 82 exceeds budget 80)",
    "`caller` at parse.go:14 no longer inlines a call (cost 82 exceeds budget 80), whose own source did not change",
    "`better` at parse.go:14 can now be inlined (can inline with cost 74), whose own source did not change",
    "`skip` (was `skipSpace`) at parse.go:12 changed: a loop was added",
  ]);
});

test("a broken conversion is a line with its stack, and a warning on the diff", () => {
  const report = reportWith([BRIDGE]);
  expect(bridgeLines(report)).toEqual([
    "`last` at parse.go:3: `-d=checkptr=2` ends BenchmarkLast here; stack: m.last (parse.go:3)",
  ]);
  const hunks = parseHunks(
    "diff --git a/parse.go b/parse.go\n--- a/parse.go\n+++ b/parse.go\n@@ -1,1 +1,4 @@\n a\n+b\n+c\n+d\n",
  );
  const [annotation] = annotationsFor({ report, findings: [flip("skip"), BRIDGE], hunks });
  expect(annotation).toMatchObject({
    annotation_level: "warning",
    start_line: 3,
    title: "SemanticBridgeBroken: last",
  });
});

test("thousands are cut and counted, names that are hostile are one visible line", () => {
  const many = Array.from({ length: 3_000 }, (_, at) => flip(`f${at}`));
  const lines = sourceLines(reportWith([...many, changed("a`b\n<script>@team")]));
  expect(lines).toHaveLength(14);
  expect(lines[12]).toBe("… 2988 more decisions");
  expect(lines[13]).toBe("`a'b\\n<script>@team` at parse.go:12 changed");
});

test("without any of it the report has no such part", () => {
  expect(reportWith([]).source).toBeUndefined();
  expect(sourceLines(reportOf([]))).toEqual([]);
  expect(bridgeLines(reportOf([]))).toEqual([]);
});
