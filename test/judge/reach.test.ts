import { expect, test } from "vitest";
import type { ReachFinding } from "../../src/analyze/source-finding.ts";
import { judge } from "../../src/judge/judge.ts";
import { DEFAULT_POLICY } from "../../src/judge/policy.ts";
import { reachOf } from "../../src/judge/reach.ts";
import { gatherSuspects } from "../../src/judge/suspects.ts";
import {
  benchmarkId,
  declaration,
  measuredRecord,
  NO_WAIVERS,
  PACKAGE,
  timeFinding,
} from "./findings.ts";

const SUSPECTS = gatherSuspects([declaration("get"), declaration("put")]);

function reach(benchmark: string, called: string[], possible: string[] = []): ReachFinding {
  const { cell, package: path } = benchmarkId();
  const full = (names: string[]) => names.map((name) => `${PACKAGE}.${name}`);
  const functions = { called: full(called), possible: full(possible) };
  return { kind: "reach", cell, package: path, function: benchmark, ...functions };
}

/** The suspects that stay, those that are called marked. */
function check(findings: readonly ReachFinding[], benchmark: string, expected: string[]): void {
  const { within, calls } = reachOf(findings)(SUSPECTS, benchmarkId(benchmark));
  expect(within.map((at) => at.name + (calls(at) ? " called" : ""))).toEqual(expected);
}

test("what the benchmark cannot reach is left out, for its sub-benchmarks too", () => {
  const findings = [reach("BenchmarkGet", ["get"]), reach("BenchmarkPut", ["get"], ["put"])];
  check(findings, "BenchmarkGet", ["get called"]);
  check(findings, "BenchmarkPut/size=4k", ["get called", "put"]);
});

test("where nothing is known, or nothing would be left, all stay", () => {
  check([reach("BenchmarkGet", ["get"])], "BenchmarkOther", ["get", "put"]);
  check([reach("BenchmarkGet", ["another"])], "BenchmarkGet", ["get", "put"]);
});

test("without a profile, what is called is the likelier cause", () => {
  const causes = judge({
    outcome: { kind: "collected" },
    benchmarks: [measuredRecord()],
    findings: [
      timeFinding(0.2),
      declaration("get"),
      declaration("aPut"),
      reach("BenchmarkParse", ["get"], ["aPut"]),
    ],
    noiseFloor: {},
    policy: DEFAULT_POLICY,
    ...NO_WAIVERS,
  }).causes;
  expect(causes.map((cause) => cause.function)).toEqual([`${PACKAGE}.get`, `${PACKAGE}.aPut`]);
});
