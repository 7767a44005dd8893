import { expect, test } from "vitest";
import type { Finding } from "../../src/analyze/finding.ts";
import { judged, timeFinding } from "./findings.ts";

const QUIET = { p: 0.9, bound: 0.01 };

/** "p99-sec/op regressed tail" for each metric of the verdict. */
function check(findings: readonly Finding[], expected: readonly string[]) {
  const { benchmarks } = judged(findings);
  expect(
    benchmarks[0]?.metrics.map(
      ({ metric, decision, isTailOnly }) =>
        `${metric.replace("-sec/op", "")} ${decision}${isTailOnly === true ? " tail" : ""}`,
    ),
  ).toEqual(expected);
}

const time = (metric: string, change: number) =>
  timeFinding(change, { metric: `${metric}-sec/op`, ...(change === 0 ? QUIET : {}) });

test("p90 and p99.9 are opened where something that decides moved", () => {
  check([time("p10", 0), time("p90", 0.2), time("p99.9", 0.3)], ["p10 same"]);
  check(
    [time("p10", 0.2), time("p90", 0.2), time("p99.9", 0.3)],
    ["p10 regressed", "p90 regressed", "p99.9 regressed"],
  );
});

test("below 10 % a p99.9 is not relevant", () => {
  check([time("p10", 0.2), time("p99.9", 0.08)], ["p10 regressed", "p99.9 same"]);
});

test("a tail that moved alone is said to be one", () => {
  check(
    [time("p10", 0), time("p50", 0), time("p99", 0.3), time("p99.9", 0.5)],
    ["p10 same", "p50 same", "p99 regressed tail", "p99.9 regressed tail"],
  );
});

test("nor is it one where typical time moved the same way, but against it, it is", () => {
  check([time("p10", 0.3), time("p99", 0.3)], ["p10 regressed", "p99 regressed"]);
  check([time("p10", -0.3), time("p99", 0.3)], ["p10 improved", "p99 regressed tail"]);
});

test("without typical time nothing is said of it", () => {
  check([time("p99", 0.3)], ["p99 regressed"]);
});
