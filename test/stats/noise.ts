// Noise for seeded simulations of pairs: what ln(head / base) looks like when nothing changed.
import normalQuantile from "@stdlib/stats-base-dists-normal-quantile";
import { nextFloat, type Random } from "../../src/stats/random.ts";

export type Noise = (random: Random, count: number) => number[];

/** A standard normal number. */
export function normal(random: Random): number {
  return normalQuantile(nextFloat(random) * (1 - 2 ** -53) + 2 ** -54, 0, 1);
}

/** Student's t with 3 degrees of freedom: one pair in a hundred is 4.5 deviations away. */
const heavy = (random: Random) => {
  const [a, b, c] = [normal(random), normal(random), normal(random)] as const;
  return normal(random) / Math.sqrt((a * a + b * b + c * c) / 3);
};

const independent =
  (draw: (random: Random) => number): Noise =>
  (random, count) =>
    Array.from({ length: count }, () => draw(random));

/**
 * Runs on a shared machine: every process has its own level, the level of the machine drifts,
 * neighbors burst into one process in seven, and the second process of a pair finds warm caches.
 * The order inside a pair is drawn, as the schedule does.
 */
const clustered: Noise = (random, count) => {
  let drift = 0;
  return Array.from({ length: count }, () => {
    drift = 0.8 * drift + 0.1 * normal(random);
    const process = () => {
      const burst = nextFloat(random) < 0.15 ? 0.3 * nextFloat(random) : 0;
      return drift * nextFloat(random) + 0.03 * normal(random) + burst;
    };
    const [first, second] = [process(), process() + 0.01];
    return nextFloat(random) < 0.5 ? first - second : second - first;
  });
};

/** All with a spread near 3 %. */
export const NOISES: Readonly<Record<string, Noise>> = {
  normal: independent((random) => 0.03 * normal(random)),
  "heavy tails": independent((random) => 0.02 * heavy(random)),
  "two modes": independent((random) => {
    const mode = () => (nextFloat(random) < 0.5 ? 0.03 : -0.03);
    return mode() - mode() + 0.01 * normal(random);
  }),
  clustered,
};
