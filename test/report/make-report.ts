// Small reports for tests, and arbitrary ones that no stage would refuse.
import fc from "fast-check";
import type { Cause, JudgedMetric, Verdict } from "../../src/judge/verdict.ts";
import { buildReport, type ReportContext } from "../../src/report/build-report.ts";
import type { Report, ReportMetric } from "../../src/report/report-schema.ts";
import { hostileText } from "./hostile.ts";
import type { Input } from "./read-case.ts";

export const CONTEXT: ReportContext = {
  base: "b".repeat(40),
  head: "a".repeat(40),
  seed: 1,
  selection: { packages: ["./..."], benchPattern: ".", budgetSeconds: 300 },
  policy: { file: "", preset: "careful", rules: [], unmeasured: "pass", waivers: [] },
  outcome: { kind: "collected" },
  cells: [{ id: "local", go: "go1.26.8", env: {} }],
  noise: { floor: {}, controls: [], layoutSeeds: 1 },
  machine: {},
  cost: {
    seconds: { checkout: 0, build: 1, measure: 2, analyze: 0 },
    pairs: 20,
    skippedBenchmarks: 0,
  },
};

/** A metric without a change, 20 pairs; `change` moves head. */
export function metric(over: Partial<JudgedMetric> = {}): JudgedMetric {
  const change = over.change ?? 0;
  return {
    kind: "metric",
    benchmark: { cell: "local", package: "example.com/m", name: "BenchmarkParse" },
    metric: "p10-sec/op",
    base: Number.isFinite(change) ? 1e-6 : 0,
    head: Number.isFinite(change) ? 1e-6 * (1 + change) : 2,
    change,
    low: change - 0.01,
    high: change + 0.01,
    level: 0.95,
    p: 0.5,
    pMinimumEffect: 1,
    pAdjusted: 1,
    pairs: 20,
    comparison: "paired",
    couldHide: 0.02,
    bound: 0.02,
    spread: 0.01,
    layoutChanges: [],
    layoutP: 1,
    warnings: [],
    decision: "same",
    threshold: 0.03,
    blocks: false,
    ...over,
  };
}

export function reportOf(
  metrics: readonly JudgedMetric[],
  over: { readonly causes?: readonly Cause[]; readonly context?: Partial<ReportContext> } = {},
): Report {
  const names = [...new Set(metrics.map(({ benchmark }) => benchmark.name))];
  const verdict: Verdict = {
    conclusion: "success",
    title: "a title",
    benchmarks: names.map((name) => ({
      cell: "local",
      package: "example.com/m",
      name,
      status: "measured",
      reason: "",
      metrics: metrics.filter(({ benchmark }) => benchmark.name === name),
    })),
    causes: over.causes ?? [],
    firedRules: [],
  };
  return buildReport({
    context: { ...CONTEXT, ...over.context },
    verdict,
    findings: [],
    degraded: [],
  });
}

/** The metric as the report has it. */
export function reported(over: Partial<JudgedMetric> = {}): ReportMetric {
  const found = reportOf([metric(over)]).benchmarks[0]?.metrics[0];
  if (found === undefined) throw new Error("a report of one metric has one metric");
  return found;
}

const fraction = fc.double({ min: -1, max: 5, noNaN: true });
const anyMetric = (name: string): fc.Arbitrary<JudgedMetric> =>
  fc
    .record({
      metric: fc.constantFrom("p10-sec/op", "sec/op", "B/op", "allocs/op", "p99-sec/op"),
      change: fc.oneof(fraction, fc.constant(Number.POSITIVE_INFINITY)),
      low: fraction,
      high: fraction,
      pAdjusted: fc.double({ min: 0, max: 1, noNaN: true }),
      comparison: fc.constantFrom("exact" as const, "paired" as const),
      couldHide: fc.oneof(fraction.map(Math.abs), fc.constant(Number.NaN)),
      layoutChanges: fc.array(fraction, { maxLength: 4 }),
      decision: fc.constantFrom("regressed", "improved", "same", "unknown"),
      blocks: fc.boolean(),
      warnings: fc.array(hostileText, { maxLength: 2 }),
    })
    .map((over) => metric({ ...over, benchmark: { cell: "local", package: "p", name } }));

const anyBenchmark = hostileText.chain((name) =>
  fc.record({
    cell: fc.constant("local"),
    package: fc.oneof(fc.constant("example.com/m"), hostileText),
    name: fc.constant(name),
    status: fc.constantFrom("measured", "unaffected", "failed", "not-measured", "added"),
    reason: hostileText,
    metrics: fc.array(anyMetric(name), { maxLength: 3 }),
  }),
);

const anyCause: fc.Arbitrary<Cause> = fc.record({
  benchmark: hostileText,
  package: hostileText,
  metric: fc.constantFrom("p10-sec/op", "allocs/op"),
  function: hostileText,
  position: fc.record({ file: hostileText, line: fc.nat(100) }),
  side: fc.constantFrom("base", "head"),
  kind: fc.constantFrom("escape", "inlining", "code", "unknown"),
  chain: fc.array(hostileText, { maxLength: 30 }),
  proof: fc.constantFrom("measured", "profile", "static"),
  text: hostileText,
});

/** What the stages before could give at their worst, sizes apart. */
export const anyInput: fc.Arbitrary<Input> = fc
  .record({
    title: hostileText,
    conclusion: fc.constantFrom("success", "failure", "neutral", "timed_out"),
    benchmarks: fc.array(anyBenchmark, { maxLength: 12 }),
    causes: fc.array(anyCause, { maxLength: 6 }),
    reasons: fc.array(hostileText, { maxLength: 3 }),
    machine: fc.dictionary(hostileText, hostileText, { maxKeys: 3 }),
    log: hostileText,
    isBuilt: fc.boolean(),
  })
  .map(({ title, conclusion, benchmarks, causes, reasons, machine, log, isBuilt }) => ({
    context: {
      ...CONTEXT,
      machine,
      outcome: isBuilt
        ? { kind: "collected" }
        : { kind: "build-failed", side: "head", package: title, log },
    },
    verdict: { title, conclusion, benchmarks, causes, firedRules: [] },
    findings: causes.map((cause) => ({
      kind: "stack",
      benchmark: { cell: "local", package: cause.package, name: cause.benchmark },
      frames: cause.chain.map((step) => ({ function: step, file: cause.text, line: 1 })),
      baseShare: 0.1,
      headShare: 0.3,
    })),
    degraded: reasons.map((reason) => ({ strategy: "compiler", reason })),
    diff: "",
  }));
