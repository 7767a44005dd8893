import fc from "fast-check";
import { expect, test } from "vitest";
import { signedRankTest } from "../../src/stats/signed-rank.ts";
import { expectClose, golden } from "./golden.ts";

const DIFFERENCES = fc.array(
  // Few distinct values, so that ties and zeros are common.
  fc.oneof(fc.integer({ min: -4, max: 4 }), fc.double({ min: -1, max: 1, noNaN: true })),
  { maxLength: 12 },
);

for (const { name, d, Wplus, p_two_sided_exact_brute_force } of golden.signed_rank) {
  test(`known answer: ${name}`, () => {
    const { wPlus, p } = signedRankTest(d);
    expect(wPlus).toBe(Wplus);
    expectClose(p, p_two_sided_exact_brute_force);
  });
}

test("equals brute force over all signs", () => {
  fc.assert(
    fc.property(DIFFERENCES, (d) => {
      expectClose(signedRankTest(d).p, bruteForceP(d));
    }),
  );
});

test("the order of pairs does not matter, swapping sides and scaling keep p", () => {
  fc.assert(
    fc.property(DIFFERENCES, fc.nat(), (d, turn) => {
      const { p } = signedRankTest(d);
      const cut = turn % (d.length + 1);
      expect(signedRankTest([...d.slice(cut), ...d.slice(0, cut)]).p).toBe(p);
      expect(signedRankTest(d.map((value) => -value)).p).toBe(p);
      expect(signedRankTest(d.map((value) => value * 4)).p).toBe(p);
    }),
  );
});

test("no pairs, and pairs that do not differ, are no evidence", () => {
  expect(signedRankTest([]).p).toBe(1);
  expect(signedRankTest([0, 0, -0]).p).toBe(1);
});

test("the approximation for many pairs meets the exact test at its limit", () => {
  const d = Array.from({ length: 300 }, (_, index) => ((index * 7919) % 300) - 139.5);
  const exact = signedRankTest(d).p;
  const approximate = signedRankTest([...d, 0.25]).p;
  expect(Math.abs(exact - approximate)).toBeLessThan(0.01);
});

test("does not change the caller's pairs and refuses what is not a number", () => {
  const d = Object.freeze([0.3, -0.1, 0.2]);
  signedRankTest(d);
  expect(d).toEqual([0.3, -0.1, 0.2]);
  expect(() => signedRankTest([0.1, Number.NaN])).toThrow("NaN");
});

/** P(|W+ - mean| is at least the observed) over every way to sign the non-zero differences. */
function bruteForceP(d: readonly number[]): number {
  const magnitudes = d.map(Math.abs);
  const ranks = magnitudes.map((one) => {
    const below = magnitudes.filter((other) => other < one).length;
    const equal = magnitudes.filter((other) => other === one).length;
    return below + (equal + 1) / 2;
  });
  const counted = ranks.filter((_, index) => magnitudes[index] !== 0);
  const mean = counted.reduce((sum, rank) => sum + rank, 0) / 2;
  const observed = ranks.reduce((sum, rank, index) => sum + (d[index]! > 0 ? rank : 0), 0);
  let extreme = 0;
  for (let signs = 0; signs < 2 ** counted.length; signs++) {
    const w = counted.reduce((sum, rank, bit) => sum + ((signs >> bit) & 1 ? rank : 0), 0);
    if (Math.abs(w - mean) >= Math.abs(observed - mean)) extreme++;
  }
  return extreme / 2 ** counted.length;
}
