// The language of the gate's rules: what holds when, and what is refused where.
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { compileRule } from "../../src/judge/compile-rule.ts";
import type { MetricFacts, MetricWord, RuleFacts } from "../../src/judge/rule-facts.ts";
import { parseRule } from "../../src/judge/rule-syntax.ts";
import { RuleError } from "../../src/judge/rule-tokens.ts";

function metric(over: Partial<MetricFacts> = {}): MetricFacts {
  const change = over.change ?? 0.1;
  return {
    change,
    low: change - 0.01,
    high: change + 0.01,
    base: 1e-3,
    head: 1e-3 * (1 + change),
    exact: false,
    certain: true,
    confirmed: true,
    proven: true,
    ...over,
  };
}

const FACTS: RuleFacts = {
  run: {
    degraded: new Set(["compiler"]),
    measured: 9,
    regressed: 2,
    unknown: 1,
    failed: 0,
    unmeasured: 3,
  },
  name: "BenchmarkParse/large",
  package: "example.com/m/hot",
  cell: "local GOGC=50",
  metric: "p99",
  metrics: new Map<MetricWord, MetricFacts>([
    ["p10", metric({ change: 0.04, proven: false, confirmed: false })],
    ["p99", metric({ change: 0.12 })],
    ["allocs", metric({ change: Number.POSITIVE_INFINITY, base: 0, head: 2, exact: true })],
    ["bytes", metric({ change: 1, base: 32 * 1024, head: 64 * 1024 })],
  ]),
};

async function holds(rule: string, facts = FACTS): Promise<boolean> {
  return (await compileRule(rule)).holds(facts);
}

describe("what holds", () => {
  test.each([
    ["p99 > 5% and proven", true],
    ["p99 > 12.5%", false],
    ["p99 > 0.05", true],
    ["p10 > 3% and confirmed", true],
    ["p10.confirmed", false],
    ['allocs > 0 and package == "hot"', true],
    ['allocs > 0 and package == "cold"', false],
    ["allocs.head - allocs.base >= 2 and allocs.exact", true],
    ["p99.head > 1.1 ms", true],
    ["p99.head > 1100 us and p99.head < 1200000ns and p99.head < 1 s", true],
    ["p99.head / p99.base > 1.5", false],
    ["p99.head - p99.base > 200 us", false],
    ["bytes.head >= 64 KiB and bytes.head < 1 MiB and bytes.head > 65535 B", true],
    ["max(p10, p99) > 10%", true],
    ["min(p10, p99) > 10%", false],
    ["abs(p10 - p99) > 5%", true],
    ["-p99 < -5%", true],
    ["not (p99 > 5%) or p10 > 3%", true],
    ["not p99.proven", false],
    ["low > 10% and high < 14% and change > 11%", true],
    ['metric == "p99"', true],
    ['metric != "p99"', false],
    ['matches(name, "Parse*")', true],
    ['name == "Parse" and cell != "local"', true],
    ["matches(cell, '*GOGC=*')", true],
    ["cpu > 0", false],
    ["cpu.head > 0 ms or cpu.head <= 0 ms", false],
    ["degraded and degraded.compiler and not degraded.profile", true],
    ["unknown * 2 >= regressed and measured > 8 and failed == 0", true],
  ])("%s: %s", async (rule, expected) => {
    expect(await holds(rule)).toBe(expected);
  });

  test("over several lines", async () => {
    expect(await holds("p99 > 5%\n\tand proven\n")).toBe(true);
  });

  test("what it is asked about, and how often", async () => {
    expect(await compileRule("p99 > 5% and allocs > 0")).toMatchObject({
      scope: "benchmark",
      metrics: new Set(["p99", "allocs"]),
    });
    expect(await compileRule("proven")).toMatchObject({ scope: "benchmark", metrics: new Set() });
    expect(await compileRule("degraded or failed > 2")).toMatchObject({ scope: "run" });
  });
});

describe("what is refused", () => {
  test.each([
    ["import('fs')", 0, "no function"],
    ["evaluate('1')", 0, "no function"],
    ["zeros(20000, 20000) > 0", 0, "no function"],
    ["f(x) = x", 5, "assigns"],
    ["p99 = 5%", 4, "assigns"],
    ["1:1e9", 1, '":"'],
    ["p99[1] > 0", 3, '"["'],
    ["{a: 1}", 0, '"{"'],
    ["p99 > 0; p10 > 0", 7, '";"'],
    ["p99 > 0 # and proven", 8, '"#"'],
    ["p99 ? 1 : 2", 4, '"?"'],
    ["p99 > 9^9^9", 7, '"^"'],
    ["p99 > 1e308", 6, "write this number out"],
    ["p99 > 0x10", 6, "write this number out"],
    [`p99 > ${"9".repeat(400)}`, 6, "write this number out"],
    ["p99 > 5% && proven", 9, 'write "and"'],
    ["!proven", 0, 'write "not"'],
    ["p99 > 7 % 2", 8, "behind"],
    ["5 mod 3 > 1", 2, '"mod"'],
    ["p99 > Infinity", 6, '"Infinity"'],
    ["true", 0, '"true"'],
    ["0 < p99 < 5%", 0, "two values at a time"],
    ["p99 proven", 4, "operator is missing"],
    ["and proven", 0, "stands between"],
    ["p99.head.x > 0", 0, "only a name has parts"],
    ["p99.head(1)", 0, "only a function"],
    ["p99.constructor > 0", 0, 'no "constructor"'],
    ["__proto__ > 0", 0, 'no "__proto__"'],
    ["constructor", 0, 'no "constructor"'],
    ["p95 > 5%", 0, 'mean "p99"'],
    ["p99 > 5 ms", 0, "a change and a time"],
    ["p99 > 5", 6, "write 5%"],
    ["allocs.head > 3%", 0, "plain number"],
    ["p99.head * p99.head > 1 s", 0, "multiplied"],
    ["p99 > 2 parsecs", 6, '"parsecs" is no unit'],
    ['metric == "p95"', 10, 'mean "p99"'],
    ["name > 3", 0, "no quantity"],
    ["p99 + 5%", 0, "a rule is a condition"],
    ["1 > 0", 0, "holds always or never"],
    ['"a" == "a"', 0, "holds always or never"],
    ["matches(name, package)", 0, "a name and a pattern"],
    ["p99 > 5% and \u202eproven", 13, "this character"],
    ["p99 > 5% and pr\u043even", 15, '"\u043e"'],
    ['name == "a\\"b"', 8, "backslash"],
    ["", 0, "empty"],
  ])("%s at %i: %s", async (rule, offset, words) => {
    const error: unknown = await compileRule(rule).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(RuleError);
    expect(error).toMatchObject({ offset });
    expect((error as RuleError).message).toContain(words);
  });

  test("length and depth beyond their bounds", async () => {
    for (const rule of [
      "proven and ".repeat(60).concat("proven"),
      "(".repeat(200).concat("proven", ")".repeat(200)),
      "not ".repeat(130).concat("proven"),
      "-".repeat(490).concat("p99 > 0"),
    ]) {
      const outcome = await compileRule(rule).then(
        () => "compiled",
        (thrown: unknown) => (thrown instanceof RuleError ? "refused" : "crashed"),
      );
      expect(outcome).not.toBe("crashed");
    }
  });
});

test("any text is a rule or an error with a place in it, and is never run", async () => {
  const pieces = [
    "p99",
    " ",
    ".head",
    "proven",
    "and",
    "or",
    "not",
    "(",
    ")",
    ">",
    "==",
    "5%",
    "2 ms",
  ];
  const text = fc.oneof(
    fc.string(),
    fc
      .array(fc.constantFrom(...pieces, '"a"', "=", "*", "max", ",", "import", "%", "1"))
      .map((parts) => parts.join(" ")),
  );
  await fc.assert(
    fc.asyncProperty(text, async (rule) => {
      const error: unknown = await parseRule(rule).then(
        () => undefined,
        (thrown: unknown) => thrown,
      );
      if (error === undefined) return;
      expect(error).toBeInstanceOf(RuleError);
      const { offset } = error as RuleError;
      expect(offset >= 0 && offset <= rule.length).toBe(true);
    }),
  );
});
