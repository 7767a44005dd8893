import fc from "fast-check";
import { expect, test } from "vitest";
import {
  flip,
  nextFloat,
  nextUint32,
  pick,
  seededRandom,
  shuffle,
} from "../../src/stats/random.ts";

const draws = (seed: number, count: number) => {
  const random = seededRandom(seed);
  return Array.from({ length: count }, () => nextUint32(random));
};

test("a seed gives the same stream for ever", () => {
  // A recorded run is repeated by its seed, so these numbers may never change.
  expect(draws(1, 3)).toMatchInlineSnapshot(`
    [
      2355776375,
      4156352123,
      4105991813,
    ]
  `);
  expect(draws(0xffffffff, 3)).toEqual(draws(0xffffffff, 3));
  expect(() => seededRandom(-1)).toThrow("seed -1");
});

test("neighboring seeds start apart", () => {
  const first = Array.from({ length: 2000 }, (_, seed) => draws(seed, 1)[0]!);
  expect(new Set(first).size).toBe(2000);
  const heads = first.filter((word) => word >= 0x80000000).length;
  // 6 standard deviations of a fair coin thrown 2,000 times.
  expect(Math.abs(heads - 1000)).toBeLessThan(135);
});

test("coins are fair and fractions stay in [0, 1)", () => {
  const random = seededRandom(7);
  const heads = Array.from({ length: 10_000 }, () => flip(random)).filter(Boolean).length;
  expect(Math.abs(heads - 5000)).toBeLessThan(300);
  for (let count = 0; count < 1000; count++) {
    const fraction = nextFloat(random);
    expect(fraction >= 0 && fraction < 1).toBe(true);
  }
});

test("shuffling keeps the items, leaves the argument, and every order is equally likely", () => {
  fc.assert(
    fc.property(fc.array(fc.integer()), fc.nat(), (items, seed) => {
      const before = [...items];
      const shuffled = shuffle(seededRandom(seed), items);
      expect(items).toEqual(before);
      expect(shuffled.sort()).toEqual(before.sort());
    }),
  );
  const random = seededRandom(3);
  const counts = new Map<string, number>();
  for (let count = 0; count < 6000; count++) {
    const order = shuffle(random, ["a", "b", "c"]).join("");
    counts.set(order, (counts.get(order) ?? 0) + 1);
  }
  expect(counts.size).toBe(6);
  for (const count of counts.values()) expect(Math.abs(count - 1000)).toBeLessThan(180);
});

test("picks each item, and nothing from nothing", () => {
  const random = seededRandom(5);
  const picked = new Set(Array.from({ length: 100 }, () => pick(random, ["a", "b", "c"])));
  expect([...picked].sort()).toEqual(["a", "b", "c"]);
  expect(() => pick(random, [])).toThrow("nothing");
});
