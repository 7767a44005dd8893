import fc from "fast-check";
import { expect, test } from "vitest";
import { compareValues } from "../../../src/analyze/context/compare-values.ts";

const value = fc.double({ min: -1e6, max: 1e9, noNaN: true });
const pairs = fc.array(fc.record({ base: value, head: value }), { minLength: 1, maxLength: 30 });

test("base and head exchanged: the difference turns around, the certainty stays", () => {
  fc.assert(
    fc.property(pairs, pairs, (explored, confirming) => {
      const swap = (all: typeof explored) =>
        all.map(({ base, head }) => ({ base: head, head: base }));
      const one = compareValues(explored, confirming);
      const other = compareValues(swap(explored), swap(confirming));
      expect(other.p).toBeCloseTo(one.p, 9);
      expect(other.difference).toBeCloseTo(-one.difference, 5);
      expect([other.base, other.head]).toEqual([one.head, one.base]);
    }),
  );
});

test("the unit does not matter for the certainty", () => {
  fc.assert(
    fc.property(pairs, (explored) => {
      const scaled = explored.map(({ base, head }) => ({ base: base * 4096, head: head * 4096 }));
      expect(compareValues(scaled, []).p).toBe(compareValues(explored, []).p);
    }),
  );
});

test("nothing on both sides is no difference; a wait that is new has one without a ratio", () => {
  const nothing = Array.from({ length: 20 }, () => ({ base: 0, head: 0 }));
  expect(compareValues(nothing, nothing)).toMatchObject({ difference: 0, p: 1 });
  const fresh = Array.from({ length: 12 }, (_, at) => ({ base: 0, head: 100 + at }));
  const { difference, low, high, p } = compareValues(fresh, []);
  expect(difference).toBeCloseTo(105.5);
  expect(low).toBeGreaterThan(100);
  expect(high).toBeLessThan(111);
  expect(p).toBeLessThan(0.01);
});

test("confirming pairs alone can be sure, few of them cannot", () => {
  const moved = (count: number) => Array.from({ length: count }, () => ({ base: 10, head: 20 }));
  expect(compareValues(moved(1), moved(10)).p).toBeLessThan(0.005);
  expect(compareValues(moved(1), moved(4)).p).toBeGreaterThan(0.05);
});
