import fc from "fast-check";
import { expect, test } from "vitest";
import { cusum } from "../../src/stats/cusum.ts";
import { decayOfHalfLife, decayWeights, effectiveSize, halfLifeOf } from "../../src/stats/decay.ts";
import { bestEnergySplit, energyDivisive } from "../../src/stats/energy-split.ts";
import { seededRandom } from "../../src/stats/random.ts";
import { expectClose, golden } from "./golden.ts";
import { normal } from "./noise.ts";

test("known answers: decay", () => {
  const { alpha, half_life_s, w_240s, w_540s } = golden.exponential_decay;
  expectClose(halfLifeOf(alpha), half_life_s);
  const [at240, at540] = decayWeights([240, 540], alpha);
  expectClose(at240!, w_240s);
  expectClose(at540!, w_540s);
  const ages = Array.from({ length: 100 }, (_, age) => age);
  expectClose(
    effectiveSize(decayWeights(ages, decayOfHalfLife(20))),
    golden.exponential_decay["kish_n_eff half-life 20 (100 points)"],
  );
  const long = Array.from({ length: 20_000 }, (_, age) => age);
  expectClose(
    effectiveSize(decayWeights(long, alpha)),
    golden.exponential_decay.kish_n_eff_infinite_1_per_s,
  );
  expect(halfLifeOf(1)).toBe(Number.POSITIVE_INFINITY);
  expect(effectiveSize([])).toBe(0);
  expect(() => decayWeights([1], 1.5)).toThrow("decay 1.5");
});

test("known answer: cumulative sum", () => {
  const { x, trace, alarms } = golden.cusum_winsorised;
  const watched = cusum(x);
  for (const [at, value] of watched.trace.entries()) {
    if (trace[at] === 0) expect(value).toBe(0);
    else expectClose(value, trace[at]);
  }
  expect(watched.changes).toEqual(
    alarms.map((alarm: { alarm_index: number; change_index: number }) => ({
      alarm: alarm.alarm_index,
      change: alarm.change_index,
    })),
  );
});

test("scale and level of the series do not matter, falls are watched with the sign changed", () => {
  const { x } = golden.cusum_winsorised as { x: number[] };
  const plain = cusum(x);
  expect(cusum(x.map((value) => 8 * value + 3)).changes).toEqual(plain.changes);
  expect(cusum(x.map((value) => -value)).changes).toEqual([]);
  expect(cusum(x.map((value) => -(-value))).changes).toEqual(plain.changes);
});

test("quiet commits and outliers hardly alarm, a step of 5 % is found within ten commits", () => {
  const random = seededRandom(11);
  let alarms = 0;
  let found = 0;
  for (let series = 0; series < 40; series++) {
    const level = Array.from({ length: 120 }, (_, index) => {
      const outlier = index % 33 === 7 ? 0.2 : 0;
      return 0.02 * normal(random) + outlier + (index >= 80 ? 0.05 : 0);
    });
    const { changes } = cusum(level);
    alarms += changes.filter(({ alarm }) => alarm < 80).length;
    if (changes.some(({ alarm }) => alarm >= 80 && alarm < 92)) found++;
  }
  // 3,200 quiet commits at 0.1 alarms in 1,000.
  expect(alarms).toBeLessThanOrEqual(2);
  expect(found).toBeGreaterThanOrEqual(36);
});

test("a series of equal values and an empty one are quiet", () => {
  expect(cusum(new Array(100).fill(3)).changes).toEqual([]);
  expect(cusum([])).toEqual({ trace: [], changes: [] });
});

test("known answer: best split by energy distance", () => {
  const { x, tau, q } = golden.energy_split;
  const split = bestEnergySplit(x);
  expect(split.tau).toBe(tau);
  expectClose(split.q, q);
});

test("the best split equals the definition", () => {
  const series = fc.array(fc.integer({ min: -20, max: 20 }), { minLength: 4, maxLength: 12 });
  fc.assert(
    fc.property(series, (x) => {
      const mean = (pairs: number[]) => pairs.reduce((a, b) => a + b, 0) / pairs.length;
      const apart = (one: number[], other: number[]) =>
        mean(one.flatMap((a) => other.map((b) => Math.abs(a - b))));
      const within = (side: number[]) =>
        mean(side.flatMap((a, i) => side.slice(i + 1).map((b) => Math.abs(a - b))));
      let largest = Number.NEGATIVE_INFINITY;
      for (let tau = 2; tau <= x.length - 2; tau++) {
        const [one, other] = [x.slice(0, tau), x.slice(tau)];
        const weight = (tau * (x.length - tau)) / x.length;
        largest = Math.max(largest, weight * (2 * apart(one, other) - within(one) - within(other)));
      }
      expect(bestEnergySplit(x).q).toBeCloseTo(largest, 9);
    }),
  );
});

test("segments begin where the level moved", () => {
  const random = seededRandom(1);
  const options = { random, alpha: 0.01, shuffles: 199, shortestSegment: 5 };
  const noise = (count: number, level: number) =>
    Array.from({ length: count }, () => level + 0.02 * normal(random));
  const steps = [...noise(30, 0), ...noise(30, 0.1), ...noise(20, 0)];
  expect(energyDivisive(steps, options)).toEqual([30, 60]);
  expect(energyDivisive([1, 2], options)).toEqual([]);
});

test("one level is split no more often than alpha says", () => {
  const random = seededRandom(2);
  const options = { random, alpha: 0.05, shuffles: 99, shortestSegment: 5 };
  const split = Array.from({ length: 100 }, () => {
    const level = Array.from({ length: 30 }, () => normal(random));
    return energyDivisive(level, options).length > 0;
  });
  // 5 of 100 and three standard deviations.
  expect(split.filter(Boolean).length).toBeLessThanOrEqual(11);
});
