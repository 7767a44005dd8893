import fc from "fast-check";
import { expect, test } from "vitest";
import {
  adjustWithinFamilies,
  benjaminiHochberg,
  benjaminiYekutieli,
  holm,
} from "../../src/stats/multiplicity.ts";
import { expectClose, golden } from "./golden.ts";

for (const [index, entry] of golden.multiplicity.entries()) {
  test(`known answers: case ${index}`, () => {
    for (const [adjust, expected] of [
      [benjaminiHochberg, entry.bh],
      [benjaminiYekutieli, entry.by],
      [holm, entry.holm],
    ] as const) {
      for (const [at, value] of adjust(entry.p).entries()) expectClose(value, expected[at]);
    }
  });
}

const P_VALUES = fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { maxLength: 20 });

test("adjusting keeps the order, never lowers a p, and Holm is the stricter", () => {
  fc.assert(
    fc.property(P_VALUES, (p) => {
      const bh = benjaminiHochberg(p);
      const strict = holm(p);
      for (const [one, value] of p.entries()) {
        expect(bh[one]).toBeGreaterThanOrEqual(value);
        expect(strict[one]! + 1e-12).toBeGreaterThanOrEqual(bh[one]!);
        for (const [other, further] of p.entries()) {
          if (value <= further) expect(bh[one]).toBeLessThanOrEqual(bh[other]!);
        }
      }
    }),
  );
});

test("families do not see each other", () => {
  const adjusted = adjustWithinFamilies([0.01, 0.5, 0.02, 0.04], ["a", "b", "a", "b"], holm);
  expect(adjusted).toEqual([0.02, 0.5, 0.02, 0.08]);
  expect(adjustWithinFamilies([], [], benjaminiHochberg)).toEqual([]);
});

test("a p that is no probability is a mistake of the caller", () => {
  expect(() => benjaminiHochberg([0.1, Number.NaN])).toThrow("NaN");
  expect(() => holm([1.03])).toThrow("1.03");
});
