// Runs that are over, judged by another rule: from what a report keeps of them.
import fc from "fast-check";
import { expect, test } from "vitest";
import type { Finding } from "../../src/analyze/finding.ts";
import { judge } from "../../src/judge/judge.ts";
import { requirePolicy } from "../../src/judge/read-policy.ts";
import { type Rejudged, rejudge } from "../../src/judge/rejudge.ts";
import { buildReport } from "../../src/report/build-report.ts";
import type { Report } from "../../src/report/report-schema.ts";
import { reportSchema } from "../../src/report/report-schema.ts";
import { storedVerdict } from "../../src/report/stored-verdict.ts";
import { CONTEXT } from "../report/make-report.ts";
import { exactFinding, measuredRecord, timeFinding } from "./findings.ts";

const CELL = { id: "default", go: "go1.26.8", env: {} };
const TODAY = "2026-07-31";
const CONFIRMED = { confirmation: { change: 0.17, p: 0.002, pairs: 10 } };

/** The report of a run with these findings, as it would be read from a file. */
async function reportOf(config: string, findings: readonly Finding[]): Promise<Report> {
  const { rule } = await requirePolicy(config, "tailguard.yml");
  const { policy, waivers } = rule;
  const outcome = { kind: "collected" } as const;
  const given = { outcome, benchmarks: [measuredRecord()], findings, noiseFloor: {} };
  const verdict = judge({ ...given, policy, waivers, today: TODAY, degraded: [] });
  const report = buildReport({
    context: { ...CONTEXT, cells: [CELL] },
    verdict,
    findings,
    degraded: [],
  });
  return reportSchema.parse(JSON.parse(JSON.stringify(report)));
}

async function rejudged(report: Report, config: string): Promise<Rejudged> {
  const { rule } = await requirePolicy(config, "tailguard.yml");
  return rejudge(storedVerdict(report), rule, TODAY);
}

/** "conclusion: metrics that block, each with its rule", of a run judged by `from` first. */
async function check(findings: readonly Finding[], from: string, to: string, expected: string) {
  const { verdict } = await rejudged(await reportOf(from, findings), to);
  const blocking = verdict.benchmarks.flatMap(({ metrics }) =>
    metrics.filter(({ blocks }) => blocks).map(({ metric, rule }) => `${metric} by ${rule}`),
  );
  expect([`${verdict.conclusion}:`, ...blocking].join(" ")).toBe(expected);
}

const SLOWER = timeFinding(0.18, CONFIRMED);
const ALLOCATES = exactFinding("allocs/op", 1, 3);

test("the gate is decided anew, both ways", async () => {
  await check([SLOWER], "gate: careful", "gate: observe", "neutral:");
  await check([SLOWER], "gate: observe", "gate: careful", "failure: p10-sec/op by careful");
});

test("a larger threshold lets a change pass", async () => {
  await check([SLOWER], "", "thresholds: {p10-sec/op: 25%}", "success:");
});

test("a waiver accepts what blocked", async () => {
  const waiver =
    "waivers: [{benchmark: BenchmarkParse, metric: any, author: ada, reason: known, until: 2026-08-31}]";
  const { verdict } = await rejudged(await reportOf("", [ALLOCATES]), waiver);
  expect(verdict.conclusion).not.toBe("failure");
  expect(verdict.benchmarks[0]?.metrics[0]?.waiver).toMatchObject({ state: "accepted" });
});

test("what lies between the old threshold and a finer one is counted, not guessed", async () => {
  const report = await reportOf("thresholds: {p10-sec/op: 25%}", [SLOWER]);
  expect(await rejudged(report, "thresholds: {p10-sec/op: 25%}")).toMatchObject({ undecided: 0 });
  expect(await rejudged(report, "thresholds: {p10-sec/op: 5%}")).toMatchObject({ undecided: 1 });
});

test("judged by the rule that judged it, a run ends as it did", async () => {
  const change = fc.double({ min: -0.5, max: 0.5, noNaN: true });
  const preset = fc.constantFrom("observe", "careful", "strict");
  await fc.assert(
    fc.asyncProperty(change, fc.boolean(), preset, async (size, confirmed, gate) => {
      const finding = timeFinding(size, confirmed ? CONFIRMED : {});
      const report = await reportOf(`gate: ${gate}`, [finding, ALLOCATES]);
      const { verdict, undecided } = await rejudged(report, `gate: ${gate}`);
      expect(verdict.conclusion).toBe(report.conclusion);
      expect(undecided).toBe(0);
      const blocks = (metrics: readonly { readonly blocks: boolean }[]) =>
        metrics.map((at) => at.blocks);
      expect(blocks(verdict.benchmarks[0]?.metrics ?? [])).toEqual(
        blocks(report.benchmarks[0]?.metrics ?? []),
      );
    }),
    { numRuns: 60 },
  );
});
