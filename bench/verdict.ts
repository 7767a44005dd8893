// How long does judging a large pull request take, once everything was measured?
//
//   script/bench verdict [--rounds 9] [--no-peer]
//
// 500 benchmarks x 30 pairs, seven metrics each. `milliseconds` is from parsed pairs to the verdict:
// all tests, intervals, corrections, decisions, causes and the gate (analyzeLatency and judge), the
// median over the rounds after the first. Printed beside it: the first round, which a fresh process
// pays, and what reading the evidence texts costs. The peer does the same tests with scipy on
// the same numbers, in a virtual environment of its own; it starts from arrays, as we do.
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { analyzeLatency } from "../src/analyze/latency/analyze-latency.ts";
import { noiseFloor } from "../src/analyze/latency/noise-floor.ts";
import type { Evidence } from "../src/evidence/evidence.ts";
import { type PackagePairs, readPairs } from "../src/evidence/read-pairs.ts";
import { familyOf } from "../src/judge/families.ts";
import { judge } from "../src/judge/judge.ts";
import { DEFAULT_POLICY } from "../src/judge/policy.ts";
import type { Verdict } from "../src/judge/verdict.ts";
import { median } from "../src/stats/quantile.ts";
import { BENCHMARKS, makePullRequest, PAIRS } from "./verdict/make-pull-request.ts";

const SCIPY = "scipy==1.14.1";
const PEER = fileURLToPath(new URL("verdict/peer.py", import.meta.url));

const { values } = parseArgs({
  options: {
    rounds: { type: "string", default: "9" },
    "no-peer": { type: "boolean", default: false },
  },
});

/** Milliseconds of each round; what the work gives is thrown away. */
function timed(rounds: number, work: () => unknown): number[] {
  return Array.from({ length: rounds }, () => {
    const start = performance.now();
    work();
    return performance.now() - start;
  });
}

function judged({ manifest, ...evidence }: Evidence, pairs: readonly PackagePairs[]): Verdict {
  const { findings } = analyzeLatency({ manifest, ...evidence }, pairs);
  return judge({
    outcome: manifest.outcome,
    benchmarks: manifest.benchmarks,
    findings,
    noiseFloor: noiseFloor(pairs),
    policy: DEFAULT_POLICY,
    waivers: [],
    today: "2026-01-01",
    degraded: [],
  });
}

/** What the peer gets: the value of each process, base and head, by family and then by metric. */
function numbersOf(pairs: readonly PackagePairs[]): Record<string, [number[], number[]][]> {
  const families: Record<string, [number[], number[]][]> = {};
  for (const group of pairs.flatMap(({ groups }) => groups)) {
    for (const { unit } of group.pairs[0]?.base.results[0]?.values ?? []) {
      const family = familyOf(unit);
      if (family === "memory") continue;
      const side = (of: "base" | "head") =>
        group.pairs.map(
          (pair) => pair[of].results[0]?.values.find((at) => at.unit === unit)?.value ?? Number.NaN,
        );
      families[family] ??= [];
      families[family].push([side("base"), side("head")]);
    }
  }
  return families;
}

function runPeer(pairs: readonly PackagePairs[]): { milliseconds: number; flagged: number } {
  const dir = mkdtempSync(join(tmpdir(), "tailguard-verdict-"));
  try {
    execFileSync("python3", ["-m", "venv", join(dir, "venv")], { stdio: "inherit" });
    const python = join(dir, "venv", "bin", "python");
    execFileSync(python, ["-m", "pip", "install", "--quiet", SCIPY], { stdio: "inherit" });
    const file = join(dir, "numbers.json");
    writeFileSync(file, JSON.stringify(numbersOf(pairs)));
    return JSON.parse(execFileSync(python, [PEER, file], { encoding: "utf8" }));
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
}

const evidence = makePullRequest(1);
const rounds = Number(values.rounds);
const readings = timed(rounds, () => readPairs(evidence));
const pairs = readPairs(evidence);
const judgings = timed(rounds, () => judged(evidence, pairs));
const typicalMs = ([, ...later]: readonly number[]) => median(later);
const [firstReading = 0, firstJudging = 0] = [readings[0], judgings[0]];
const { title, benchmarks } = judged(evidence, pairs);
const flagged = benchmarks
  .flatMap(({ metrics }) => metrics)
  .filter(({ decision }) => decision === "regressed" || decision === "improved").length;
const row = (what: string, ms: number, rest: string) =>
  console.log(`${what.padEnd(34)}${ms.toFixed(0).padStart(6)} ms  ${rest}`);
console.log(`${BENCHMARKS} benchmarks x ${PAIRS} pairs, seven metrics: ${title}`);
row(
  "judging, from parsed pairs",
  typicalMs(judgings),
  `first ${firstJudging.toFixed(0)} ms, ${flagged} metrics flagged`,
);
row("reading the texts before", typicalMs(readings), `first ${firstReading.toFixed(0)} ms`);
const answer: Record<string, number> = {
  milliseconds: typicalMs(judgings),
  firstMilliseconds: firstJudging,
  readMilliseconds: typicalMs(readings),
};
if (!values["no-peer"]) {
  const peer = runPeer(pairs);
  row(`the same tests with ${SCIPY}`, peer.milliseconds, `${peer.flagged} metrics flagged`);
  answer.scipyMilliseconds = peer.milliseconds;
}
console.log(JSON.stringify(answer));
