import { describe, expect, test } from "vitest";
import { groupInfluenceP } from "../../src/stats/group-influence.ts";
import { nextFloat, type Random, seededRandom } from "../../src/stats/random.ts";

const LAYOUTS = Array.from({ length: 16 }, (_, index) => index % 4);

/** Sum of twelve uniforms minus six: normal enough. */
function normal(random: Random): number {
  let sum = -6;
  for (let draw = 0; draw < 12; draw++) sum += nextFloat(random);
  return sum;
}

test("layouts that decide are recognized, whatever the common shift", () => {
  const values = LAYOUTS.map((layout, index) => 5 + [-3, 3, -2, 2][layout]! + (index % 3) * 0.1);
  expect(groupInfluenceP(values, LAYOUTS, seededRandom(1))).toBeLessThan(0.01);
});

test("layouts without influence raise a false alarm as often as stated", () => {
  const random = seededRandom(7);
  let alarms = 0;
  for (let run = 0; run < 400; run++) {
    const values = LAYOUTS.map(() => normal(random));
    if (groupInfluenceP(values, LAYOUTS, random) <= 0.05) alarms++;
  }
  // 5 % of 400 is 20, with a standard deviation of 4.4: within three of them.
  expect(alarms).toBeGreaterThan(6);
  expect(alarms).toBeLessThan(34);
});

describe("where there is nothing to compare p is 1", () => {
  test("one layout, one pair a layout, all equal", () => {
    expect(groupInfluenceP([1, 2, 3], [0, 0, 0], seededRandom(1))).toBe(1);
    expect(groupInfluenceP([1, 2, 3], [0, 1, 2], seededRandom(1))).toBe(1);
    expect(groupInfluenceP([2, 2, 2, 2], [0, 0, 1, 1], seededRandom(1))).toBe(1);
  });
});

test("scaling and shifting values changes nothing", () => {
  const values = LAYOUTS.map((layout, index) => layout + Math.sin(index));
  const p = groupInfluenceP(values, LAYOUTS, seededRandom(3));
  const moved = values.map((value) => value * 7 - 100);
  expect(groupInfluenceP(moved, LAYOUTS, seededRandom(3))).toBe(p);
});
