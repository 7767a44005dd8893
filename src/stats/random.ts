// Seeded dice: every random choice of a run comes from one recorded seed, so that a run can be
// repeated and a test never flickers.
//
// The generator is xoroshiro128+ of pure-rand (Blackman and Vigna, https://prng.di.unimi.it). Its
// own seeding copies the seed into the state, so that neighboring seeds start with nearly equal
// numbers; the state is filled by splitmix32 instead, as the authors advise. Its lowest bit is
// the weakest of the word, so yes-or-no choices take the highest. Math.random was rejected: it
// has no seed. Not for secrets.
import assert from "node:assert/strict";
import { uniformFloat64 } from "pure-rand/distribution/uniformFloat64";
import { uniformInt } from "pure-rand/distribution/uniformInt";
import { xoroshiro128plusFromState } from "pure-rand/generator/xoroshiro128plus";
import type { RandomGenerator } from "pure-rand/types/RandomGenerator";

/** A generator with its place in the stream. Drawing moves it: the one mutable value here. */
export type Random = { readonly generator: RandomGenerator };

/** The stream of `seed`, an integer in [0, 2^32). Equal seeds give equal streams for ever. */
export function seededRandom(seed: number): Random {
  assert(Number.isInteger(seed) && seed >= 0 && seed <= 0xffffffff, `seed ${seed}`);
  const state = [1, 2, 3, 4].map((step) => splitmix32(seed + Math.imul(step, 0x9e3779b9)));
  return { generator: xoroshiro128plusFromState(state) };
}

/** Uniform over the integers in [0, 2^32). */
export function nextUint32(random: Random): number {
  return random.generator.next() >>> 0;
}

/** Uniform over [0, 1) in steps of 2^-53. */
export function nextFloat(random: Random): number {
  return uniformFloat64(random.generator);
}

/** A fair coin. */
export function flip(random: Random): boolean {
  return nextUint32(random) >= 0x80000000;
}

/** One of `items`, each equally likely; there must be at least one. */
export function pick<T>(random: Random, items: readonly T[]): T {
  assert(items.length > 0, "pick from nothing");
  return items[uniformInt(random.generator, 0, items.length - 1)] as T;
}

/** A copy of `items` in random order, every order equally likely (Fisher and Yates). */
export function shuffle<T>(random: Random, items: readonly T[]): T[] {
  const shuffled = [...items];
  for (let last = shuffled.length - 1; last > 0; last--) {
    const chosen = uniformInt(random.generator, 0, last);
    [shuffled[last], shuffled[chosen]] = [shuffled[chosen] as T, shuffled[last] as T];
  }
  return shuffled;
}

/** The finalizer of MurmurHash3 (Appleby, public domain): every input bit reaches every output. */
function splitmix32(word: number): number {
  let mixed = word | 0;
  mixed = Math.imul(mixed ^ (mixed >>> 16), 0x85ebca6b);
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35);
  return mixed ^ (mixed >>> 16);
}
