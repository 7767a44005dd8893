import { expect, test } from "vitest";
import { addPair, startEProcess } from "../../src/stats/e-process.ts";
import { nextFloat, seededRandom } from "../../src/stats/random.ts";
import {
  futilityBound,
  type PairsSoFar,
  type SettleRule,
  settlement,
  suspect,
} from "../../src/stats/settled.ts";
import { expectClose, golden } from "./golden.ts";

const RULE: SettleRule = { threshold: 0.03, familySize: 10, familyAlpha: 0.025, cap: 30 };

function soFar(logRatios: readonly number[]): PairsSoFar {
  return { logRatios, eProcess: logRatios.reduce(addPair, startEProcess()) };
}

function repeated(pattern: readonly number[], length: number): number[] {
  return Array.from({ length }, (_, index) => pattern[index % pattern.length]!);
}

test("a slow-down by 9 % of a benchmark with two levels is not called the same", () => {
  const random = seededRandom(5);
  const level = () => (nextFloat(random) < 0.5 ? 0 : 0.2) + 0.01 * (nextFloat(random) - 0.5);
  const called = Array.from({ length: 200 }, () => {
    const logRatios: number[] = [];
    for (;;) {
      logRatios.push(Math.log1p(0.09) + level() - level());
      const state = settlement(soFar(logRatios), RULE);
      if (state !== "open") return state;
    }
  });
  expect(called.filter((state) => state === "no-change")).toEqual([]);
});

test("known answer: futility bound", () => {
  expectClose(futilityBound(golden.futility_bound.d), golden.futility_bound.bound);
});

test("a quiet benchmark without a change stops at five pairs, not before", () => {
  const quiet = [0.001, -0.002, 0.001, 0, -0.001];
  expect(settlement(soFar(quiet.slice(0, 4)), RULE)).toBe("open");
  expect(settlement(soFar(quiet), RULE)).toBe("no-change");
});

test("a clear change stops once it survives the correction over the family", () => {
  const clear = repeated([0.1, 0.11, 0.09], 30);
  const stop = (rule: SettleRule) =>
    clear.findIndex((_, at) => settlement(soFar(clear.slice(0, at + 1)), rule) === "changed") + 1;
  expect(stop(RULE)).toBeGreaterThan(9);
  expect(stop(RULE)).toBeLessThan(14);
  expect(stop({ ...RULE, familySize: 200 })).toBeGreaterThan(stop(RULE));
});

test("noise around the threshold goes on to the cap", () => {
  const noisy = repeated([0.2, -0.15, 0.1, -0.25, 0.05], 30);
  expect(settlement(soFar(noisy.slice(0, 29)), RULE)).toBe("open");
  expect(settlement(soFar(noisy), RULE)).toBe("cap");
});

test("suspects are changes of practical size with some evidence, and know their direction", () => {
  expect(suspect(soFar([]), RULE)).toBeUndefined();
  expect(suspect(soFar(repeated([0.001, 0.002], 10)), RULE)).toBeUndefined();
  expect(suspect(soFar([0.2, -0.1, 0.1]), RULE)).toBeUndefined();
  expect(suspect(soFar(repeated([0.06, 0.05], 8)), RULE)).toBe("slower");
  expect(suspect(soFar(repeated([-0.06, -0.05], 8)), RULE)).toBe("faster");
});
