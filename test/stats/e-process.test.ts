import fc from "fast-check";
import { expect, test } from "vitest";
import {
  addPair,
  type EProcess,
  type EProcessOptions,
  eProcessP,
  startEProcess,
} from "../../src/stats/e-process.ts";
import { expectClose, golden } from "./golden.ts";

function states(d: readonly number[], options: EProcessOptions = {}): EProcess[] {
  let state = startEProcess(options);
  return d.map((value) => {
    state = addPair(state, value);
    return state;
  });
}

for (const [index, entry] of golden.e_process_sigmoid.cases.entries()) {
  test(`known answer: one direction, case ${index}`, () => {
    const trace = states(entry.d, { shift: entry.shift });
    for (const [at, state] of trace.entries()) {
      expectClose(entry.sign > 0 ? state.logEHigher : state.logELower, entry.logE[at]);
    }
  });
}

test("known answer: both directions", () => {
  const { d, logE, pairs_to_reach_E_20, pairs_to_reach_E_1000 } = golden.e_process_two_sided;
  const trace = states(d);
  for (const [at, state] of trace.entries()) {
    // The first entry is 0 but for rounding: one pair can win on one side only.
    if (at === 0) expect(state.logE).toBeCloseTo(0, 12);
    else expectClose(state.logE, logE[at]);
  }
  const reaches = (wealth: number) => 1 + trace.findIndex((s) => s.highestLogE >= Math.log(wealth));
  expect(reaches(20)).toBe(pairs_to_reach_E_20);
  expect(reaches(1000)).toBe(pairs_to_reach_E_1000);
});

test("the expected wealth over all signs is 1", () => {
  const magnitudes = fc.array(fc.double({ min: 1e-6, max: 3, noNaN: true }), {
    minLength: 1,
    maxLength: 8,
  });
  fc.assert(
    fc.property(magnitudes, (sizes) => {
      let total = 0;
      for (let signs = 0; signs < 2 ** sizes.length; signs++) {
        const d = sizes.map((size, bit) => ((signs >> bit) & 1 ? size : -size));
        total += Math.exp(states(d).at(-1)!.logE);
      }
      expectClose(total / 2 ** sizes.length, 1);
    }),
    { numRuns: 40 },
  );
});

test("swapping base and head changes nothing but the direction", () => {
  fc.assert(
    fc.property(fc.array(fc.double({ min: -2, max: 2, noNaN: true }), { minLength: 1 }), (d) => {
      const plain = states(d).at(-1)!;
      const swapped = states(d.map((value) => -value)).at(-1)!;
      expect(swapped.logE).toBeCloseTo(plain.logE, 9);
      expect(swapped.logEHigher).toBe(plain.logELower);
    }),
  );
});

test("p starts at 1, never rises, and stands a giant outlier", () => {
  expect(eProcessP(startEProcess())).toBe(1);
  const trace = states([0.1, 0.1, 0.1, 0.1, 0.1, 0.1, -800]);
  expect(trace[6]!.logE).toBeLessThan(trace[5]!.logE);
  expect(eProcessP(trace[6]!)).toBe(eProcessP(trace[5]!));
  expect(Number.isFinite(trace[6]!.logE)).toBe(true);
});

test("a state is a value: adding a pair leaves it alone", () => {
  const before = startEProcess();
  addPair(before, 0.2);
  expect(before).toEqual(startEProcess());
  expect(() => addPair(before, Number.NaN)).toThrow("NaN");
});
