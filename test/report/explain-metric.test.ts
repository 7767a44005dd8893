import { describe, expect, test } from "vitest";
import { couldHideText, explainMetric, isSignificant } from "../../src/report/explain-metric.ts";
import { reported } from "./make-report.ts";

function check(over: Parameters<typeof reported>[0], expected: string) {
  expect(explainMetric(reported(over))).toBe(expected);
}

describe("significant and relevant are two words", () => {
  test("both", () => {
    check(
      { change: 0.18, decision: "regressed", blocks: true, pAdjusted: 0.002 },
      "significant (p=0.002, 20 pairs) and relevant (threshold 3.0 %); blocks the merge",
    );
  });
  test("both, and the rule lets it pass", () => {
    check(
      { change: 0.18, decision: "regressed", pAdjusted: 0.0001 },
      "significant (p<0.001, 20 pairs) and relevant (threshold 3.0 %); does not block under the rule",
    );
  });
  test("significant alone", () => {
    check(
      { change: 0.02, low: 0.01, high: 0.03, pAdjusted: 0.001 },
      "significant, not relevant: below the threshold of 3.0 %",
    );
  });
  test("neither needs no words, an exact change speaks for itself", () => {
    check({}, "");
    check({ comparison: "exact", change: 0.5, decision: "regressed", blocks: true }, "");
  });
});

test("one pair shows nothing, however far apart its processes are", () => {
  const one = { pairs: 1, level: 0, low: 0.756, high: 0.756, pAdjusted: 1, change: 0.756 };
  const metric = reported({ ...one, decision: "unknown" });
  expect(isSignificant(metric)).toBe(false);
  expect(isSignificant({ ...metric, pairs: 5, level: 0.9375, pAdjusted: 0.06 })).toBe(true);
});

test("a confirmation is told with its numbers", () => {
  check(
    {
      change: 0.06,
      decision: "regressed",
      blocks: true,
      pAdjusted: 0.01,
      confirmation: { change: 0.055, p: 0.008, pairs: 8 },
    },
    "significant (p=0.010, 20 pairs) and relevant (threshold 3.0 %); blocks the merge; 8 fresh pairs of processes measured again: +5.5 %, p=0.008",
  );
});

describe("unknown says what it would need", () => {
  test("more pairs: four times as many for half of what can hide", () => {
    check(
      { decision: "unknown", couldHide: 0.06 },
      "20 pairs could hide 6.0 %, more than the threshold of 3.0 %; it would need about 80 pairs, or a quieter machine",
    );
  });
  test("no number of pairs", () => {
    check(
      { decision: "unknown", couldHide: 2.5, pairs: 4 },
      "4 pairs could hide 250 %, more than the threshold of 3.0 %; it would need a quieter machine, more pairs will not do",
    );
  });
  test("a change that still fits", () => {
    check(
      { decision: "unknown", couldHide: 0.02, bound: 0.05 },
      "a change of 5.0 % still fits, and the threshold of 3.0 % cannot be told from no change; it would need more pairs or a quieter machine",
    );
  });
  test("a sign that depends on the layout, the judge's reason first", () => {
    check(
      {
        decision: "unknown",
        change: 0.06,
        low: 0.02,
        high: 0.1,
        pAdjusted: 0.001,
        layoutChanges: [0.13, -0.09, 0.04],
        warnings: ["the sign depends on the layout"],
      },
      "the sign depends on the layout; median change by link layout between -9.0 % and +13.0 %; it would need a change of the compiler's decisions or of allocations to tell",
    );
  });
  test("a change with nothing beside it", () => {
    check(
      { decision: "unknown", change: 0.06, low: 0.02, high: 0.1, pAdjusted: 0.001 },
      "the change is significant, but nothing else supports it; it would need a deterministic change on its path or a confirmation by fresh processes",
    );
  });
});

describe("what could have been hidden", () => {
  test.each([
    [{ couldHide: 0.021 }, "< 2.1 %"],
    [{ couldHide: Number.NaN }, "not known"],
    [{ couldHide: Number.POSITIVE_INFINITY }, "not known"],
    [{ comparison: "exact" }, "exact"],
  ] as const)("%j is %s", (over, expected) => {
    expect(couldHideText(reported(over))).toBe(expected);
  });
});
