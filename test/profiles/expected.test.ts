// The chance to find a slow-down, against what the test was simulated to find (docs/statistics.md).
import { expect, test } from "vitest";
import { chanceToFind, testOf } from "../../bench/profiles/expected.ts";
import type { NamedFrame, NamedStack } from "../../bench/profiles/samples.ts";

type Setting = { readonly samples: number; readonly runs: number; readonly factor: number };

/** Mean over those of 300 functions with Zipf shares that have 1 % and more; bursts of 15 %. */
function chanceOfLarge({ samples, runs, factor }: Setting): number {
  const ranks = Array.from({ length: 300 }, (_, at) => at + 1);
  const all = ranks.reduce((sum, rank) => sum + 1 / rank, 0);
  const large = ranks.map((rank) => 1 / rank / all).filter((share) => share >= 0.01);
  const chances = large.map((share) => {
    const own = samples * runs * share;
    const dispersion = 1 + samples * share * 0.15 ** 2;
    const planted = { own, added: (factor - 1) * own, all: samples * runs };
    return chanceToFind({ ...planted, dispersion, tested: 300 });
  });
  return chances.reduce((sum, chance) => sum + chance, 0) / large.length;
}

test.each([
  [{ samples: 2000, runs: 5, factor: 1.5 }, 0.39, 0.06],
  [{ samples: 2000, runs: 8, factor: 1.5 }, 0.59, 0.06],
  // With five runs φ is poorly known, which the approximation leaves out.
  [{ samples: 2000, runs: 5, factor: 2 }, 0.77, 0.2],
])("%o: near the simulated rate", (setting, simulated, room) => {
  expect(Math.abs(chanceOfLarge(setting) - simulated)).toBeLessThan(room);
});

test("a fifth more of such a function is not found with any number of runs that a request has", () => {
  expect(chanceOfLarge({ samples: 2000, runs: 8, factor: 1.2 })).toBeLessThan(0.05);
});

test("more samples, more chance; less than a tenth of the function has none", () => {
  const planted = { own: 100, added: 50, all: 1000, dispersion: 1, tested: 20 };
  const tenfold = { ...planted, own: 1000, added: 500, all: 10_000 };
  expect(chanceToFind(planted)).toBeGreaterThan(0.5);
  expect(chanceToFind(tenfold)).toBeGreaterThan(0.999);
  expect(chanceToFind({ ...planted, tested: 200 })).toBeLessThan(chanceToFind(planted));
  expect(chanceToFind({ ...tenfold, own: 1e6, added: 5e4, all: 1e7 })).toBeLessThan(0.001);
});

test("bursts of a function count against it, rare functions are not tested", () => {
  const frame = (name: string): NamedFrame => ({
    function: name,
    file: "",
    line: 1,
    startLine: 1,
    inlined: false,
  });
  const runOf = (parse: number, skip: number): NamedStack[] => [
    { frames: [frame("parse"), frame("bench")], samples: parse },
    { frames: [frame("skip"), frame("bench")], samples: skip },
    { frames: [frame("rare")], samples: 1 },
  ];
  const steady = { base: [runOf(50, 30), runOf(52, 31)], head: [runOf(49, 30), runOf(50, 29)] };
  const bursts = { base: [runOf(20, 30), runOf(90, 31)], head: [runOf(95, 30), runOf(15, 29)] };
  expect(testOf("parse", steady)).toEqual({ dispersion: 1, tested: 2 });
  expect(testOf("parse", bursts).dispersion).toBeGreaterThan(5);
});
