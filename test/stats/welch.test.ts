import fc from "fast-check";
import { expect, test } from "vitest";
import { meanDifference } from "../../src/stats/welch.ts";

// Quantiles of Student's t from the tables: 97.5 % at 4 and at 14 degrees of freedom.
test.each([
  [[1, 2, 3], [2, 3, 4], 1, 2.776445 * Math.sqrt(2 / 3)],
  [[1, 2, 3, 4, 5, 6, 7, 8], [3, 4, 5, 6, 7, 8, 9, 10], 2, 2.144787 * Math.sqrt((2 * 6) / 8)],
  [[5, 5, 5], [7, 7, 7], 2, 0],
  [[5], [7, 9], 3, Number.POSITIVE_INFINITY],
])("%j and %j", (base, head, difference, halfWidth) => {
  const found = meanDifference({ base, head });
  expect(found.difference).toBeCloseTo(difference, 10);
  expect(found.halfWidth).toBeCloseTo(halfWidth, 5);
});

const values = fc.array(fc.double({ min: -1e3, max: 1e3, noNaN: true }), {
  minLength: 2,
  maxLength: 10,
});

test("swapping the sides turns the sign and keeps the width; a higher level is wider", () => {
  fc.assert(
    fc.property(values, values, (base, head) => {
      const one = meanDifference({ base, head });
      const other = meanDifference({ base: head, head: base });
      expect(other.difference).toBeCloseTo(-one.difference, 6);
      expect(other.halfWidth).toBeCloseTo(one.halfWidth, 6);
      expect(meanDifference({ base, head }, 0.99).halfWidth).toBeGreaterThanOrEqual(one.halfWidth);
    }),
  );
});
