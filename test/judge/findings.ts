// Findings for tests of the judge: every field has a harmless default, a test names what matters.
import type { Finding, MetricFinding } from "../../src/analyze/finding.ts";
import type {
  AllocationSiteFinding,
  FunctionShareFinding,
  StackFinding,
  WaitFinding,
} from "../../src/analyze/profile-finding.ts";
import type { DecisionFinding, DeclarationFinding } from "../../src/analyze/source-finding.ts";
import type { BenchmarkId } from "../../src/analyze/subject.ts";
import type { BenchmarkRecord } from "../../src/evidence/manifest.ts";
import { judge } from "../../src/judge/judge.ts";
import { DEFAULT_POLICY } from "../../src/judge/policy.ts";
import type { Verdict } from "../../src/judge/verdict.ts";

export const PACKAGE = "example.com/m";

/** What a verdict needs beside findings, where a test has nothing to say about it. */
export const NO_WAIVERS = { waivers: [], today: "2026-07-31", degraded: [] };

/** The verdict on what was collected of one benchmark, by the default rule; `over` changes the input. */
export function judged(
  findings: readonly Finding[],
  over: Partial<Parameters<typeof judge>[0]> = {},
): Verdict {
  return judge({
    outcome: { kind: "collected" },
    benchmarks: [measuredRecord()],
    findings,
    noiseFloor: {},
    policy: DEFAULT_POLICY,
    ...NO_WAIVERS,
    ...over,
  });
}

export function benchmarkId(name = "BenchmarkParse"): BenchmarkId {
  return { cell: "default", package: PACKAGE, name };
}

export function measuredRecord(name = "BenchmarkParse"): BenchmarkRecord {
  return { ...benchmarkId(name), status: "measured", reason: "", pairs: 12, stopped: "settled" };
}

/** A time that moved by `change`, clearly, in every layout. */
export function timeFinding(change: number, more: Partial<MetricFinding> = {}): MetricFinding {
  return {
    kind: "metric",
    benchmark: benchmarkId(),
    metric: "p10-sec/op",
    base: 1e-6,
    head: 1e-6 * (1 + change),
    change,
    low: change - 0.005,
    high: change + 0.005,
    level: 0.95,
    p: 1e-6,
    pMinimumEffect: 1e-6,
    pairs: 12,
    comparison: "paired",
    couldHide: 0.01,
    bound: Math.abs(change) + 0.008,
    spread: 0.01,
    layoutChanges: [change, change, change, change],
    layoutP: 1,
    warnings: [],
    ...more,
  };
}

/** A count that is the same in every run of a side. */
export function exactFinding(
  metric: "B/op" | "allocs/op",
  base: number,
  head: number,
  more: Partial<MetricFinding> = {},
): MetricFinding {
  const change = base === head ? 0 : head / base - 1;
  return timeFinding(change, {
    metric,
    base,
    head,
    low: change,
    high: change,
    level: 1,
    p: base === head ? 1 : 0,
    pMinimumEffect: base === head ? 1 : 0,
    comparison: "exact",
    couldHide: 0,
    bound: Math.abs(change),
    spread: 0,
    layoutChanges: [],
    ...more,
  });
}

export function declaration(
  name: string,
  more: Partial<DeclarationFinding> = {},
): DeclarationFinding {
  return {
    kind: "declaration",
    package: PACKAGE,
    function: name,
    declaration: "func",
    change: "changed",
    base: { file: "parse.go", line: 10 },
    head: { file: "parse.go", line: 12 },
    ...more,
  };
}

export function decision(
  name: string,
  kind: DecisionFinding["decision"],
  more: Partial<DecisionFinding> = {},
): DecisionFinding {
  return {
    kind: "decision",
    package: PACKAGE,
    function: name,
    decision: kind,
    direction: "worse",
    base: "",
    head: "moved to heap: buf",
    position: { file: "parse.go", line: 14 },
    side: "head",
    ...more,
  };
}

export function stackFinding(
  functions: readonly string[],
  more: Partial<StackFinding> = {},
): StackFinding {
  return {
    kind: "stack",
    benchmark: benchmarkId(),
    frames: functions.map((name, index) => ({ function: name, file: "parse.go", line: index + 1 })),
    baseShare: 0.1,
    headShare: 0.3,
    ...more,
  };
}

export function shareFinding(name: string, base: number, head: number): FunctionShareFinding {
  return {
    kind: "function-share",
    benchmark: benchmarkId(),
    function: name,
    file: "parse.go",
    line: 1,
    baseFlat: base,
    headFlat: head,
    baseCum: base,
    headCum: head,
    baseSamples: 300,
    headSamples: 300,
    moved: base !== head,
    costChange: head - base,
  };
}

/** A line of `functions`, leaf first, that allocates one object of 48 bytes more. */
export function siteFinding(
  functions: readonly string[],
  more: Partial<AllocationSiteFinding> = {},
): AllocationSiteFinding {
  return {
    kind: "allocation-site",
    benchmark: benchmarkId(),
    function: functions[0] ?? "",
    file: "buffer.go",
    line: 33,
    side: "head",
    baseBytes: 64,
    headBytes: 112,
    baseObjects: 1,
    headObjects: 2,
    baseShare: 0.5,
    headShare: 0.7,
    frames: functions.map((name, index) => ({
      function: name,
      file: "buffer.go",
      line: 33 + index,
    })),
    ...more,
  };
}

/** A place that waits a microsecond longer. */
export function waitFinding(
  functions: readonly string[],
  more: Partial<WaitFinding> = {},
): WaitFinding {
  return {
    kind: "wait",
    benchmark: benchmarkId(),
    source: "trace-sync",
    function: functions[0] ?? "",
    file: "cache.go",
    line: 20,
    baseNs: 500,
    headNs: 1500,
    runs: 4,
    frames: functions.map((name, index) => ({
      function: name,
      file: "cache.go",
      line: 20 + index,
    })),
    ...more,
  };
}
