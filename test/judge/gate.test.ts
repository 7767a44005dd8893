// What stops a merge under presets, rules of the team and waivers.
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Finding } from "../../src/analyze/finding.ts";
import type { BenchmarkRecord, Outcome } from "../../src/evidence/manifest.ts";
import { judge } from "../../src/judge/judge.ts";
import { differencesOf } from "../../src/judge/preview.ts";
import { requirePolicy } from "../../src/judge/read-policy.ts";
import type { Verdict } from "../../src/judge/verdict.ts";
import {
  benchmarkId,
  declaration,
  exactFinding,
  measuredRecord,
  PACKAGE,
  shareFinding,
  stackFinding,
  timeFinding,
} from "./findings.ts";

const CONFIRMED = { confirmation: { change: 0.17, p: 0.002, pairs: 10 } };
const P99 = { metric: "p99-sec/op" };

type Run = {
  readonly findings?: readonly Finding[];
  readonly benchmarks?: readonly BenchmarkRecord[];
  readonly outcome?: Outcome;
  readonly degraded?: boolean;
  readonly today?: string;
};

async function judged(config: string, run: Run): Promise<Verdict> {
  const { rule } = await requirePolicy(config, "tailguard.yml");
  const reason = "the probe could not run";
  return judge({
    outcome: run.outcome ?? { kind: "collected" },
    benchmarks: run.benchmarks ?? [measuredRecord()],
    findings: run.findings ?? [],
    noiseFloor: {},
    policy: rule.policy,
    waivers: rule.waivers,
    today: run.today ?? "2026-07-31",
    degraded: run.degraded === true ? [{ strategy: "compiler", reason }] : [],
  });
}

/** "conclusion: metrics that block, each with its rule". */
async function check(config: string, run: Run, expected: string) {
  const verdict = await judged(config, run);
  const blocking = verdict.benchmarks.flatMap(({ metrics }) =>
    metrics.filter(({ blocks }) => blocks).map(({ metric, rule }) => `${metric} by ${rule}`),
  );
  expect([`${verdict.conclusion}:`, ...blocking].join(" ")).toBe(expected);
}

const ALLOCATES = exactFinding("allocs/op", 1, 3);
const SLOWER = timeFinding(0.18, CONFIRMED);
const SLOWER_ONCE = timeFinding(0.18);
const MEDIAN = timeFinding(0.18, { ...CONFIRMED, metric: "p50-sec/op" });

/** An edited function on the stack that grew; the profiles find `part` of 18 % at and below it. */
const edited = (part: number) => [
  declaration("skip"),
  stackFinding([`${PACKAGE}.skip`, `${PACKAGE}.BenchmarkParse`]),
  shareFinding(`${PACKAGE}.skip`, 0.1, 0.1 + part * 0.18),
];

describe("the second key", () => {
  test("edited code that profiles show to take most of the time is one", async () => {
    const most = { findings: [SLOWER_ONCE, ...edited(0.8)] };
    await check("gate: careful", most, "failure: p10-sec/op by careful");
  });
  test("edited code that takes little of it, or was not profiled, is none", async () => {
    await check("gate: careful", { findings: [SLOWER_ONCE, ...edited(0.2)] }, "neutral:");
    await check("gate: careful", { findings: [SLOWER_ONCE, declaration("skip")] }, "neutral:");
  });
});

describe("presets", () => {
  test("observe shows and never stops", async () => {
    await check("gate: observe", { findings: [ALLOCATES, SLOWER] }, "neutral:");
  });
  test("careful stops what is proven, of the metrics that are steady", async () => {
    await check("", { findings: [SLOWER] }, "failure: p10-sec/op by careful");
    await check("gate: careful", { findings: [SLOWER_ONCE] }, "neutral:");
    await check("gate: careful", { findings: [MEDIAN] }, "neutral:");
  });
  test("strict stops what is proven, of any metric", async () => {
    await check("gate: strict", { findings: [MEDIAN] }, "failure: p50-sec/op by strict");
    await check("gate: strict", { findings: [SLOWER_ONCE] }, "neutral:");
  });
});

describe("a run that could not measure", () => {
  const outcome: Outcome = { kind: "could-not-measure", reason: "the runner died" };
  const failed = [{ ...benchmarkId(), status: "failed", reason: "it panics" } as const];

  test("is neutral, or waits for a person where the team wants it", async () => {
    await check("", { outcome }, "neutral:");
    await check("gate: strict", { outcome }, "action_required:");
    await check("gate: {preset: careful, unmeasured: block}", { outcome }, "action_required:");
    await check("gate: {preset: strict, unmeasured: pass}", { outcome }, "neutral:");
    await check("gate: strict", { benchmarks: failed }, "action_required:");
  });
  test("is never a failure, whatever the rules", async () => {
    const rules = "gate: {preset: strict, rules: [failed >= 0, degraded or not degraded]}";
    await check(rules, { outcome, degraded: true }, "action_required:");
    await check(rules.replace("strict", "observe"), { outcome, degraded: true }, "neutral:");
  });
});

describe("rules of the team", () => {
  const alone = (...rules: readonly string[]) =>
    `gate:\n  preset: observe\n  rules:\n${rules.map((rule) => `    - ${rule}\n`).join("")}`;

  test("stand alone with observe, and beside the other presets", async () => {
    const rule = "p50 > 5% and confirmed";
    await check(alone(rule), { findings: [MEDIAN, SLOWER] }, "failure: p50-sec/op by rule 1");
    await check(
      alone(rule).replace("observe", "careful"),
      { findings: [MEDIAN, SLOWER] },
      "failure: p50-sec/op by rule 1 p10-sec/op by careful",
    );
  });
  test("see only what the verdict calls a regression", async () => {
    const noise = timeFinding(0.18, { ...P99, p: 0.4 });
    await check(alone("p99 > 1%"), { findings: [noise] }, "neutral:");
    await check(alone("p99 < 0"), { findings: [timeFinding(-0.3, P99)] }, "success:");
    await check(
      alone("p99 > 1%"),
      { findings: [timeFinding(0.18, P99)] },
      "failure: p99-sec/op by rule 1",
    );
  });
  test("are asked about the metrics they name, or about all", async () => {
    const findings = [SLOWER_ONCE, ALLOCATES];
    const both = "failure: p10-sec/op by rule 1 allocs/op by rule 1";
    await check(alone("change > 0"), { findings }, both);
    await check(alone("p10 > 0 and allocs > 0"), { findings }, both);
    await check(alone("allocs > 0"), { findings }, "failure: allocs/op by rule 1");
    await check(alone("exact"), { findings }, "failure: allocs/op by rule 1");
  });
  test("certainty counts over what may block: another rule asks for more of it", async () => {
    const doubtful = timeFinding(0.18, { ...P99, pMinimumEffect: 0.015 });
    await check(
      alone("p99 > 0 and certain"),
      { findings: [doubtful] },
      "failure: p99-sec/op by rule 1",
    );
    const many = Array.from({ length: 3 }, (_, at) =>
      timeFinding(0.18, {
        ...P99,
        pMinimumEffect: 0.015,
        benchmark: benchmarkId(`Benchmark${at}`),
      }),
    );
    const benchmarks = many.map(({ benchmark }) => measuredRecord(benchmark.name));
    await check(alone("p99 > 0 and certain"), { findings: many, benchmarks }, "neutral:");
  });
  test("the first that holds has its name in the verdict", async () => {
    const rules = alone("{name: tail, block: p99 > 90%}", "{name: any, block: proven}", "proven");
    await check(rules, { findings: [SLOWER] }, "failure: p10-sec/op by any");
  });
  test("about the run as a whole hold it for a person, and fail nothing", async () => {
    const rules = alone("{name: blind, block: degraded.compiler}");
    await check(rules, { findings: [SLOWER], degraded: true }, "action_required:");
    const verdict = await judged(rules, { findings: [SLOWER], degraded: true });
    expect(verdict.title).toBe('p10 +18 % in 1 of 1: Parse; held by the rule "blind"');
    expect(verdict.firedRules).toEqual([{ name: "blind", text: "degraded.compiler" }]);
    await check(rules, { findings: [SLOWER] }, "neutral:");
  });
  test("degraded strategies fail nothing by themselves, and a rule may spare them", async () => {
    const findings = [timeFinding(0.18, P99)];
    await check("", { findings: [timeFinding(0.001, { p: 0.9 })], degraded: true }, "success:");
    const rule = alone("p99 > 5% and not degraded");
    await check(rule, { findings, degraded: true }, "neutral:");
    await check(rule, { findings }, "failure: p99-sec/op by rule 1");
  });
});

test("the presets are what documentation says of them in the words of rules", async () => {
  const metrics = ["p10-sec/op", "p50-sec/op", "p99-sec/op", "cpu-sec/op", "sec/op"] as const;
  const careful = ["p10", "p99", "cpu", "bytes", "allocs"].map((at) => `metric == "${at}"`);
  const rule = { careful: `proven and (${careful.join(" or ")})`, strict: "proven" };
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom("careful" as const, "strict" as const),
      fc.array(
        fc.record({
          metric: fc.constantFrom(...metrics),
          change: fc.double({ min: -0.5, max: 0.5, noNaN: true }),
          isConfirmed: fc.boolean(),
        }),
        { maxLength: 4 },
      ),
      fc.option(fc.integer({ min: 0, max: 3 })),
      async (preset, times, allocations) => {
        const findings = [
          ...times.map(({ metric, change, isConfirmed }) =>
            timeFinding(change, {
              metric,
              ...(isConfirmed ? { confirmation: { change, p: 0.01, pairs: 9 } } : {}),
            }),
          ),
          ...(allocations === null ? [] : [exactFinding("allocs/op", 1, allocations)]),
        ];
        const blocked = async (config: string) =>
          (await judged(config, { findings })).benchmarks.map(({ metrics: all }) =>
            all.map(({ blocks }) => blocks),
          );
        const own = `gate: {preset: observe, rules: ['${rule[preset]}']}`;
        expect(await blocked(`gate: ${preset}`)).toEqual(await blocked(own));
      },
    ),
    { numRuns: 50 },
  );
});

describe("thresholds", () => {
  const SMALL = timeFinding(0.04, { ...CONFIRMED, bound: 0.05 });

  test("the last override that fits counts", async () => {
    const config = (...overrides: readonly string[]) =>
      `thresholds:\n  p10-sec/op: 1%\n  overrides:\n${overrides.map((at) => `    - ${at}\n`).join("")}`;
    const decision = async (text: string) =>
      (await judged(text, { findings: [SMALL] })).benchmarks[0]?.metrics[0]?.decision;
    expect(await decision("thresholds: {p10-sec/op: 10%}")).toBe("same");
    expect(await decision(config("{benchmark: Parse, p10-sec/op: 10%}"))).toBe("same");
    expect(await decision(config("{benchmark: Other, p10-sec/op: 10%}"))).toBe("regressed");
    expect(await decision(config("{package: m, sec/op: 10%}"))).toBe("regressed");
    expect(
      await decision(config("{benchmark: Parse, p10-sec/op: 10%}", "{package: m, p10-sec/op: 2%}")),
    ).toBe("regressed");
  });
});

describe("waivers", () => {
  const waiver = (over: Record<string, string> = {}) => {
    const fields = {
      benchmark: "Parse",
      metric: "allocs/op",
      author: "alice",
      reason: "larger tables",
      until: "2026-12-31",
      ...over,
    };
    const text = Object.entries(fields).map(([key, value]) => `${key}: ${value}`);
    return `waivers: [{${text.join(", ")}}]`;
  };

  test("an accepted regression does not block, and is still one", async () => {
    const verdict = await judged(waiver(), { findings: [ALLOCATES] });
    expect(verdict).toMatchObject({
      conclusion: "neutral",
      title: "allocs/op +2 in 1 of 1, accepted: Parse",
    });
    expect(verdict.benchmarks[0]?.metrics[0]).toMatchObject({
      decision: "regressed",
      blocks: false,
      waiver: { author: "alice", reason: "larger tables", until: "2026-12-31", state: "accepted" },
    });
  });
  test("of another metric, benchmark or package it says nothing", async () => {
    for (const over of [{ metric: "B/op" }, { benchmark: "Format" }, { package: "other" }]) {
      const verdict = await judged(waiver(over), { findings: [ALLOCATES] });
      expect(verdict.conclusion).toBe("failure");
      expect(verdict.benchmarks[0]?.metrics[0]?.waiver).toBeUndefined();
    }
    await check(waiver({ metric: "any", package: "m" }), { findings: [ALLOCATES] }, "neutral:");
    await check(waiver({ metric: "[B/op, allocs/op]" }), { findings: [ALLOCATES] }, "neutral:");
  });
  test("its last day counts, the day after does not, and the verdict says so", async () => {
    await check(waiver(), { findings: [ALLOCATES], today: "2026-12-31" }, "neutral:");
    const after = await judged(waiver(), { findings: [ALLOCATES], today: "2027-01-01" });
    expect(after.conclusion).toBe("failure");
    expect(after.benchmarks[0]?.metrics[0]?.waiver?.state).toBe("ended");
  });
  test("a change beyond its limit blocks, and from nothing every change is beyond", async () => {
    await check(waiver({ limit: "200%" }), { findings: [ALLOCATES] }, "neutral:");
    const beyond = await judged(waiver({ limit: "10%" }), { findings: [ALLOCATES] });
    expect(beyond.conclusion).toBe("failure");
    expect(beyond.benchmarks[0]?.metrics[0]?.waiver).toMatchObject({
      limit: 0.1,
      state: "outgrown",
    });
    const fromNothing = exactFinding("allocs/op", 0, 1);
    await check(
      waiver({ limit: "1000%" }),
      { findings: [fromNothing] },
      "failure: allocs/op by careful",
    );
  });
  test("of two the one that helps counts", async () => {
    const two = `${waiver({ until: "2026-01-01" }).slice(0, -1)}, ${waiver({ author: "bob" }).slice("waivers: [".length)}`;
    const verdict = await judged(two, { findings: [ALLOCATES] });
    expect(verdict.benchmarks[0]?.metrics[0]?.waiver).toMatchObject({
      author: "bob",
      state: "accepted",
    });
  });
  test("what else regressed still blocks", async () => {
    await check(waiver(), { findings: [ALLOCATES, SLOWER] }, "failure: p10-sec/op by careful");
  });
});

test("the preview says what another rule would judge otherwise", async () => {
  const findings = [ALLOCATES, SLOWER, timeFinding(0.04, { metric: "p99-sec/op", bound: 0.045 })];
  const now = await judged("", { findings });
  const then = await judged("gate: observe\nthresholds: {p99-sec/op: 1%}\n", { findings });
  expect(differencesOf(now, then)).toEqual([
    "allocs/op of `BenchmarkParse` would not block the merge",
    "p10-sec/op of `BenchmarkParse` would not block the merge",
    'p99-sec/op of `BenchmarkParse` would be "regressed", not "same"',
  ]);
  expect(differencesOf(then, now).slice(0, 1)).toEqual([
    'allocs/op of `BenchmarkParse` would block the merge, by "careful"',
  ]);
  expect(differencesOf(now, now)).toEqual([]);
});
