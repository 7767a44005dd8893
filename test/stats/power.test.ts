import { expect, test } from "vitest";
import { couldHide } from "../../src/stats/power.ts";
import { median } from "../../src/stats/quantile.ts";
import { seededRandom } from "../../src/stats/random.ts";
import { walshInterval } from "../../src/stats/walsh.ts";
import { NOISES } from "./noise.ts";

for (const [name, noise] of Object.entries(NOISES)) {
  for (const pairs of [5, 8, 12, 30]) {
    test(`${name}, ${pairs} pairs: the promised shift is shown 4 times in 5`, () => {
      const random = seededRandom(pairs);
      const intervals = Array.from({ length: 400 }, () => walshInterval(noise(random, pairs)));
      // One run's promise scatters with its spread; the typical promise must hold.
      const shift = median(intervals.map(couldHide));
      const shown = intervals.filter(({ low }) => low + shift > 0).length / intervals.length;
      expect(shown).toBeGreaterThan(name === "normal" ? 0.78 : 0.7);
      if (name === "normal") expect(shown).toBeLessThan(0.9);
    });
  }
}

test("fewer than five pairs promise nothing", () => {
  expect(couldHide(walshInterval([0.1, 0.1, 0.1, 0.1]))).toBe(Number.POSITIVE_INFINITY);
  expect(couldHide(walshInterval([0.1, 0.1, 0.1, 0.1, 0.1]))).toBe(0);
});

test("twice the spread hides twice the shift, wherever the estimate is", () => {
  const sample = [0.01, -0.02, 0.015, 0.03, -0.01, 0.005, 0.02];
  const plain = couldHide(walshInterval(sample));
  expect(couldHide(walshInterval(sample.map((d) => 2 * d + 0.5)))).toBeCloseTo(2 * plain, 12);
});
