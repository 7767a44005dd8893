// Pull requests of 40 benchmarks, simulated from the pairs on, by the whole rule: the schedule looks
// after each pair and stops when it likes, suspects are confirmed, every metric is compared, all of
// them are corrected and decided, and the gate says what blocks.
import type { MetricFinding } from "../../src/analyze/finding.ts";
import { comparePairs, confirmPairs } from "../../src/analyze/latency/compare-pairs.ts";
import { judge } from "../../src/judge/judge.ts";
import { DEFAULT_POLICY } from "../../src/judge/policy.ts";
import { addPair, startEProcess } from "../../src/stats/e-process.ts";
import type { Random } from "../../src/stats/random.ts";
import {
  type PairsSoFar,
  settlement,
  suspect,
  WATCHED_FAMILY_ALPHA,
} from "../../src/stats/settled.ts";
import { NOISES, normal } from "../stats/noise.ts";
import { benchmarkId, measuredRecord, NO_WAIVERS } from "./findings.ts";

const BENCHMARKS = Array.from({ length: 40 }, (_, index) => `Benchmark${index}`);
const RULE = { threshold: 0.03, familySize: 40, familyAlpha: WATCHED_FAMILY_ALPHA, cap: 30 };
const CONFIRMING = 16;
/** Noise that a metric has beside what moves all of a process. */
const METRICS = {
  "p10-sec/op": 0,
  "p50-sec/op": 0.01,
  "cpu-sec/op": 0.02,
  "sec/op": 0.05,
  "p99-sec/op": 0.1,
} as const;

/** ln(head / base) of one benchmark's pairs in every metric: shared noise and the metric's own. */
function drawPairs(random: Random, shift: number) {
  const shared = NOISES.clustered!(random, RULE.cap + CONFIRMING);
  return Object.fromEntries(
    Object.entries(METRICS).map(([metric, own]) => [
      metric,
      shared.map((d) => shift + 0.4 * d + own * normal(random)),
    ]),
  );
}

function findingsOf(name: string, random: Random, shift: number): MetricFinding[] {
  const drawn = drawPairs(random, shift);
  let soFar: PairsSoFar = { logRatios: [], eProcess: startEProcess() };
  while (settlement(soFar, RULE) === "open") {
    const d = drawn["p10-sec/op"]![soFar.logRatios.length]!;
    soFar = { logRatios: [...soFar.logRatios, d], eProcess: addPair(soFar.eProcess, d) };
  }
  const pairs = soFar.logRatios.length;
  const isConfirmed = suspect(soFar, RULE) !== undefined;
  return Object.entries(drawn).map(([metric, ds]) => {
    const measured = ds.map((d, layout) => ({ base: 1e-6, head: 1e-6 * Math.exp(d), layout }));
    const confirming = isConfirmed ? measured.slice(RULE.cap) : [];
    return {
      kind: "metric",
      benchmark: benchmarkId(name),
      metric,
      pairs,
      comparison: "paired",
      ...comparePairs(measured.slice(0, pairs), confirming, pairs === RULE.cap),
      ...(isConfirmed && { confirmation: confirmPairs(confirming) }),
      warnings: [],
    };
  });
}

/** Which benchmarks are called moved and which stop the merge, and the pairs each took. */
export function simulatePullRequest(random: Random, shifts: Readonly<Record<string, number>>) {
  const findings = BENCHMARKS.flatMap((name) => findingsOf(name, random, shifts[name] ?? 0));
  const verdict = judge({
    outcome: { kind: "collected" },
    benchmarks: BENCHMARKS.map((name) => measuredRecord(name)),
    findings,
    noiseFloor: {},
    policy: DEFAULT_POLICY,
    ...NO_WAIVERS,
  });
  const moved = verdict.benchmarks.filter(({ metrics }) =>
    metrics.some(({ decision }) => decision === "regressed" || decision === "improved"),
  );
  const blocking = verdict.benchmarks.filter(({ metrics }) => metrics.some(({ blocks }) => blocks));
  return {
    moved: moved.map(({ name }) => name),
    blocking: blocking.map(({ name }) => name),
    pairsEach: findings.reduce((sum, { pairs }) => sum + pairs, 0) / findings.length,
  };
}
