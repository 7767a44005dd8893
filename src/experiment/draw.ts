// Operations for simulations: log-normal times, and runs of a benchmark as a shared machine gives
// them.
//
// Every run has an offset of its own, a pair of runs shares another, and a share of the operations
// is slow by a factor; both vary from run to run. The sizes are those of measured pairs on a machine
// with two processors (clustered), and of one that others use as well (noisy: the shared offset
// wanders from pair to pair, and one run in seven is hit by a burst).
import { nextFloat, type Random } from "../stats/random.ts";

/** A standard normal number: Box and Muller 1958, Ann. Math. Stat. 29, its first half. */
export function normal(random: Random): number {
  return (
    Math.sqrt(-2 * Math.log(1 - nextFloat(random))) * Math.cos(2 * Math.PI * nextFloat(random))
  );
}

/** `count` times with the logarithms' mean and standard deviation. */
export function logNormals(
  random: Random,
  count: number,
  { mu, sigma }: { readonly mu: number; readonly sigma: number },
): Float64Array {
  return Float64Array.from({ length: count }, () => Math.exp(mu + sigma * normal(random)));
}

export type NoiseName = "independent" | "clustered" | "noisy";

type Noise = {
  readonly runOffset: number;
  readonly pairOffset: number;
  /** How much of the pair's offset the next pair keeps. */
  readonly memory: number;
  /** Spread of ln(share of slow operations), and of ln(how much slower they are). */
  readonly shareSpread: number;
  readonly factorSpread: number;
  /** Part of the runs that are hit by a burst. */
  readonly bursts: number;
};

const NOISES: Readonly<Record<NoiseName, Noise>> = {
  independent: {
    runOffset: 0,
    pairOffset: 0,
    memory: 0,
    shareSpread: 0,
    factorSpread: 0,
    bursts: 0,
  },
  clustered: {
    runOffset: 0.02,
    pairOffset: 0.05,
    memory: 0,
    shareSpread: 0.4,
    factorSpread: 0.1,
    bursts: 0,
  },
  noisy: {
    runOffset: 0.03,
    pairOffset: 0.1,
    memory: 0.6,
    shareSpread: 0.6,
    factorSpread: 0.15,
    bursts: 0.15,
  },
};

const SLOW_SHARE = 0.01;
const SLOW_FACTOR = 3;
const OPERATION = { mu: 3, sigma: 0.5 };

export type RunPair = { readonly base: Float64Array; readonly head: Float64Array };

/**
 * Pairs of runs with the same program on both sides, but that head's operations above its own 97th
 * percentile take `tailEffect` (a fraction) longer.
 */
export function runPairs(
  random: Random,
  shape: {
    readonly noise: NoiseName;
    readonly pairs: number;
    readonly operations: number;
    readonly tailEffect: number;
  },
): RunPair[] {
  const noise = NOISES[shape.noise];
  const fresh = Math.sqrt(1 - noise.memory ** 2);
  let shared = normal(random);
  return Array.from({ length: shape.pairs }, () => {
    shared = noise.memory * shared + fresh * normal(random);
    const offset = noise.pairOffset * shared;
    const one = () => runOf(random, noise, { operations: shape.operations, offset });
    return { base: one(), head: slowedTail(one(), shape.tailEffect) };
  });
}

function runOf(
  random: Random,
  noise: Noise,
  { operations, offset }: { readonly operations: number; readonly offset: number },
): Float64Array {
  const level = OPERATION.mu + offset + noise.runOffset * normal(random);
  const times = logNormals(random, operations, { ...OPERATION, mu: level });
  const share = SLOW_SHARE * Math.exp(noise.shareSpread * normal(random));
  const factor = SLOW_FACTOR * Math.exp(noise.factorSpread * normal(random));
  const isHit = nextFloat(random) < noise.bursts;
  const burstShare = isHit ? 0.005 + 0.035 * nextFloat(random) : 0;
  const burstFactor = 2 + 4 * nextFloat(random);
  return times.map((time) => {
    const slow = nextFloat(random) < share ? time * factor : time;
    return burstShare > 0 && nextFloat(random) < burstShare ? slow * burstFactor : slow;
  });
}

function slowedTail(times: Float64Array, effect: number): Float64Array {
  if (effect === 0) return times;
  const limit = times.toSorted()[Math.floor(0.97 * times.length)] as number;
  return times.map((time) => (time > limit ? time * (1 + effect) : time));
}
