import { expect, test } from "vitest";
import { labelMaxT, signFlipMaxT } from "../../src/stats/max-t.ts";
import { seededRandom } from "../../src/stats/random.ts";
import { normal } from "./noise.ts";

const ROUNDS = 600;

test("one row has the exact sign-flip p of its studentized mean", () => {
  const d = [0.031, 0.012, -0.004, 0.022, 0.045, 0.018, -0.009, 0.027];
  // Sorted by |t| as by |mean| when all signs are tried: brute force over 256 signs.
  let extreme = 0;
  const mean = Math.abs(d.reduce((sum, value) => sum + value, 0));
  for (let signs = 0; signs < 256; signs++) {
    const sum = d.reduce((total, value, bit) => total + ((signs >> bit) & 1 ? -value : value), 0);
    if (Math.abs(sum) >= mean - 1e-12) extreme++;
  }
  expect(signFlipMaxT([d], { random: seededRandom(1), rounds: 128 })).toEqual([extreme / 256]);
});

test("five runs against five cannot go below 2 in 252", () => {
  const row = { base: [1, 2, 3, 4, 5], head: [101, 102, 103, 104, 105] };
  expect(labelMaxT([row], { random: seededRandom(1), rounds: 252 })).toEqual([2 / 252]);
});

test("a copy of a row costs nothing, where Holm would halve alpha", () => {
  const random = seededRandom(9);
  const row = Array.from({ length: 8 }, () => 0.02 + 0.02 * normal(random));
  const [alone] = signFlipMaxT([row], { random, rounds: 128 });
  const copies = signFlipMaxT([row, row, row.map((value) => 5 * value)], { random, rounds: 128 });
  for (const p of copies) expect(p).toBe(alone);
});

test("order of rows, side and scale do not matter", () => {
  const random = seededRandom(5);
  const rows = Array.from({ length: 4 }, (_, row) =>
    Array.from({ length: 7 }, () => 0.01 * row + 0.02 * normal(random)),
  );
  const p = signFlipMaxT(rows, { random, rounds: 64 });
  expect(signFlipMaxT([...rows].reverse(), { random, rounds: 64 })).toEqual([...p].reverse());
  expect(
    signFlipMaxT(
      rows.map((row) => row.map((value) => -4 * value)),
      { random, rounds: 64 },
    ),
  ).toEqual(p);
});

test("any false alarm over 20 harmless rows stays at 5 %, clear changes are found", () => {
  const random = seededRandom(31);
  const runs = 120;
  let alarmed = 0;
  let found = 0;
  for (let run = 0; run < runs; run++) {
    const rows = Array.from({ length: 20 }, (_, row) =>
      Array.from({ length: 9 }, () => (row === 0 ? 0.1 : 0) + 0.03 * normal(random)),
    );
    const adjusted = signFlipMaxT(rows, { random, rounds: 256 });
    if (adjusted.slice(1).some((p) => p <= 0.05)) alarmed++;
    if (adjusted[0]! <= 0.05) found++;
  }
  // 5 % of 120 and three standard deviations.
  expect(alarmed).toBeLessThanOrEqual(13);
  expect(found).toBeGreaterThanOrEqual(108);
});

test("drawn re-labelings are repeatable by their seed and never give 0", () => {
  const random = seededRandom(3);
  const rows = [
    {
      base: Array.from({ length: 12 }, () => normal(random)),
      head: Array.from({ length: 12 }, () => 9 + normal(random)),
    },
  ];
  const p = (seed: number) => labelMaxT(rows, { random: seededRandom(seed), rounds: ROUNDS })[0]!;
  expect(p(1)).toBe(p(1));
  expect(p(1)).toBeCloseTo(1 / ROUNDS, 3);
});

test("no rows, and rows that do not differ", () => {
  expect(signFlipMaxT([], { random: seededRandom(1), rounds: 10 })).toEqual([]);
  expect(signFlipMaxT([[0, 0, 0]], { random: seededRandom(1), rounds: 10 })).toEqual([1]);
});
