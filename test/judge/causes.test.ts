import { describe, expect, test } from "vitest";
import type { Finding } from "../../src/analyze/finding.ts";
import { judge } from "../../src/judge/judge.ts";
import { DEFAULT_POLICY } from "../../src/judge/policy.ts";
import {
  decision,
  declaration,
  exactFinding,
  measuredRecord,
  NO_WAIVERS,
  PACKAGE,
  shareFinding,
  stackFinding,
  timeFinding,
} from "./findings.ts";

function causesOf(findings: readonly Finding[]) {
  return judge({
    outcome: { kind: "collected" },
    benchmarks: [measuredRecord()],
    findings,
    noiseFloor: {},
    policy: DEFAULT_POLICY,
    ...NO_WAIVERS,
  }).causes;
}

/** The functions named, most certain first. */
function check(findings: readonly Finding[], expected: readonly string[]) {
  const causes = causesOf(findings);
  expect(causes.map((cause) => cause.function.replace(`${PACKAGE}.`, ""))).toEqual(expected);
  return causes;
}

describe("the function that is named first", () => {
  test("a new escape explains an allocation better than a changed body", () => {
    const causes = check(
      [
        exactFinding("allocs/op", 1, 2),
        declaration("Format"),
        declaration("Parse"),
        decision("Parse", "escape"),
      ],
      ["Parse", "Format"],
    );
    expect(causes[0]?.kind).toBe("escape");
    expect(causes[0]?.text).toBe(
      "in `Parse`, moved to heap: buf; allocs/op +100 % in `BenchmarkParse`.",
    );
  });

  test("a lost inlining explains time, in the function the profile shows", () => {
    const skip = `${PACKAGE}.(*Parser).skip`;
    const causes = check(
      [
        timeFinding(0.26),
        declaration("(*Parser).skip"),
        declaration("unrelated"),
        decision("(*Parser).skip", "inlining", {
          head: "function too complex: cost 82 exceeds budget 80",
        }),
        stackFinding([skip, `${PACKAGE}.Parse`, `${PACKAGE}.BenchmarkParse`]),
        shareFinding(skip, 0, 0.3),
      ],
      ["(*Parser).skip"],
    );
    expect(causes[0]).toMatchObject({ kind: "inlining", proof: "profile" });
    expect(causes[0]?.chain).toEqual([
      "p10-sec/op of BenchmarkParse +26 %",
      `${PACKAGE}.BenchmarkParse`,
      `${PACKAGE}.Parse`,
      skip,
      "function too complex: cost 82 exceeds budget 80",
    ]);
  });

  test("among changed functions the one nearest to the cost comes first", () => {
    check(
      [
        timeFinding(0.2),
        declaration("outer"),
        declaration("inner"),
        stackFinding([`${PACKAGE}.inner`, `${PACKAGE}.outer`]),
      ],
      ["inner", "outer"],
    );
  });

  test("a lost escape explains an improvement, not a regression", () => {
    const better = decision("Parse", "escape", {
      direction: "better",
      base: "moved to heap: buf",
      head: "",
    });
    const [cause] = check(
      [exactFinding("allocs/op", 2, 1), declaration("Parse"), better],
      ["Parse"],
    );
    expect(cause?.kind).toBe("escape");
    const [other] = check(
      [exactFinding("allocs/op", 1, 2), declaration("Parse"), better],
      ["Parse"],
    );
    expect(other?.kind).toBe("allocation");
  });

  test("a changed test is no cause", () => {
    const inTest = declaration("helper", { head: { file: "parse_test.go", line: 3 } });
    const [cause] = check([timeFinding(0.2), inTest], [""]);
    expect(cause?.kind).toBe("unknown");
  });

  test("a changed type explains nothing by itself", () => {
    const [cause] = check([timeFinding(0.2), declaration("Config", { declaration: "type" })], [""]);
    expect(cause?.text).toContain("Unexplained");
  });
});

test("metrics that did not move have no cause", () => {
  check([timeFinding(0.001, { p: 0.9, bound: 0.02 }), declaration("Parse")], []);
});
