// Tests that take pairs of runs for the samples: one p99 a run, whatever its operations are.
import { addPairs, eProcessP, startEProcess } from "../stats/e-process.ts";
import { mannWhitneyTest } from "../stats/mann-whitney.ts";
import { nearestRank } from "../stats/quantile.ts";
import { signedRankTest } from "../stats/signed-rank.ts";
import type { RunPair } from "./draw.ts";

export const RUN_TESTS = [
  "U test of run p99s",
  "signed rank of pairs",
  "betting on pairs",
] as const;
export type RunTest = (typeof RUN_TESTS)[number];

/** p of each test; betting may be looked at after every pair, the others once. */
export function runTests(pairs: readonly RunPair[]): Readonly<Record<RunTest, number>> {
  const base = pairs.map((pair) => nearestRank(pair.base, 0.99));
  const head = pairs.map((pair) => nearestRank(pair.head, 0.99));
  const logRatios = head.map((value, index) => Math.log(value / (base[index] as number)));
  return {
    "U test of run p99s": mannWhitneyTest(base, head).p,
    "signed rank of pairs": signedRankTest(logRatios).p,
    "betting on pairs": eProcessP(addPairs(startEProcess(), logRatios)),
  };
}
