import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Finding } from "../../src/analyze/finding.ts";
import type { CostPart, CostWork, MovedCodeFinding } from "../../src/analyze/profile-finding.ts";
import { benchmarkId, declaration, judged, PACKAGE, timeFinding } from "./findings.ts";

/** Four runs a side around the given nanoseconds. */
function part(work: CostWork, name: string, base: number, head: number): CostPart {
  const around = (ns: number) => [ns - 1, ns + 1, ns, ns].map((value) => (ns === 0 ? 0 : value));
  const full = name === "" ? "" : `${PACKAGE}.${name}`;
  return { work, function: full, base: around(base), head: around(head) };
}

/** An operation of 1 µs of CPU on base, that takes so much more on head. */
function cpu(change: number) {
  return timeFinding(change, { metric: "cpu-sec/op" });
}

function ledgerOf(parts: readonly CostPart[], findings: readonly Finding[]) {
  const { benchmarks } = judged([...findings, { kind: "cost", benchmark: benchmarkId(), parts }]);
  return benchmarks[0]?.ledger;
}

/** "kind base>head" in whole nanoseconds. */
function told(parts: readonly CostPart[], findings: readonly Finding[]) {
  return ledgerOf(parts, findings)?.rows.map(
    ({ kind, baseNs, headNs }) => `${kind} ${baseNs.toFixed(0)}>${headNs.toFixed(0)}`,
  );
}

test("code that moved is told in time, as the rows are", () => {
  const how = { how: "renamed", base: `${PACKAGE}.skip`, head: `${PACKAGE}.next` } as const;
  const moved = { ...how, baseNs: 100, headNs: 110, change: "same" } as const;
  // The profiles saw half of the microsecond that the pairs measured.
  const ledger = ledgerOf(
    [part("code", "Parse", 500, 500)],
    [cpu(0.26), { kind: "moved-code", benchmark: benchmarkId(), ...moved }],
  );
  expect(ledger?.movedCode).toEqual([{ ...moved, baseNs: 200, headNs: 220 }]);
});

describe("whose account it is", () => {
  test("functions that changed, the runtime's work, and all others", () => {
    const parts = [
      part("code", "Parse", 400, 600),
      part("code", "skip", 300, 300),
      part("allocation", "Parse", 100, 150),
      part("gc", "", 100, 110),
      part("lock", "skip", 50, 50),
      part("scheduler", "", 30, 30),
      part("syscall", "skip", 20, 20),
    ];
    expect(told(parts, [cpu(0.26), declaration("Parse")])).toEqual([
      "changed 400>600",
      "allocation 100>150",
      "gc 100>110",
      "lock 50>50",
      "scheduler 30>30",
      "syscall 20>20",
      "other 300>300",
      "unexplained 0>0",
    ]);
  });

  describe("code that moved", () => {
    const parts = [
      part("code", "old", 300, 0),
      part("code", "fresh", 0, 350),
      part("code", "Parse", 700, 700),
    ];
    const changes = [
      declaration("old", { change: "removed" }),
      declaration("fresh", { change: "added" }),
    ];
    const cost = (how: MovedCodeFinding["how"], base: string, head: string): Finding => ({
      kind: "moved-code",
      benchmark: benchmarkId(),
      how,
      base: `${PACKAGE}.${base}`,
      head: `${PACKAGE}.${head}`,
      baseNs: 0,
      headNs: 0,
      change: "same",
    });

    test("is what the one lost and the other gained; the rest has changed", () => {
      expect(told(parts, [cpu(0.05), ...changes, cost("renamed", "old", "fresh")])).toEqual([
        "changed 0>50",
        "moved 300>300",
        "other 700>700",
        "unexplained 0>0",
      ]);
    });

    test("a new function is not what another one was because that one is gone", () => {
      expect(told(parts, [cpu(0.05), ...changes])).toEqual([
        "changed 300>350",
        "other 700>700",
        "unexplained 0>0",
      ]);
    });

    test("taken out of a function that stays, a closure of it told by its declaration", () => {
      const taken = [part("code", "Parse", 1000, 500), part("code", "fresh", 0, 600)];
      const both = [declaration("Parse"), declaration("fresh", { change: "added" })];
      expect(told(taken, [cpu(0.1), ...both, cost("extracted", "Parse.func1", "fresh")])).toEqual([
        "changed 500>600",
        "moved 500>500",
        "unexplained 0>0",
      ]);
    });

    test("nothing moves twice, and into no wrapper", () => {
      const two = [...parts, part("code", "second", 0, 200)];
      const names = [cost("extracted", "old", "fresh"), cost("extracted", "old", "second")];
      expect(told(two, [cpu(0.25), ...changes, ...names])).toEqual([
        "changed 0>50",
        "moved 300>300",
        "other 700>900",
        "unexplained 0>0",
      ]);
      expect(told(parts, [cpu(0.05), ...changes, cost("wrapped", "old", "fresh")])?.[0]).toBe(
        "changed 300>350",
      );
    });

    test("the rows add up as they would without", () => {
      fc.assert(
        fc.property(
          fc.array(fc.tuple(fc.nat(500), fc.nat(500)), { minLength: 3, maxLength: 3 }),
          fc.array(fc.tuple(fc.nat(2), fc.nat(2)), { maxLength: 5 }),
          (costs, pairs) => {
            const own = costs.map(([base, head], at) => part("code", `f${at}`, base + 2, head + 2));
            const names = pairs.map(([from, to]) => cost("extracted", `f${from}`, `f${to}`));
            const sums = (findings: readonly Finding[]) => {
              const rows = ledgerOf(own, [timeFinding(0.2), declaration("f1"), ...findings])?.rows;
              const of = (side: "baseNs" | "headNs") =>
                (rows ?? []).reduce((total, row) => total + row[side], 0);
              expect(rows?.every(({ baseNs, headNs }) => baseNs >= -1e-9 && headNs >= -1e-9)).toBe(
                true,
              );
              return [of("baseNs"), of("headNs")];
            };
            const [base = 0, head = 0] = sums(names);
            const [plainBase = 0, plainHead = 0] = sums([]);
            expect(base).toBeCloseTo(plainBase);
            expect(head).toBeCloseTo(plainHead);
          },
        ),
        { numRuns: 200 },
      );
    });
  });

  test("a row names its functions, largest change first", () => {
    const parts = [
      part("code", "Parse", 400, 410),
      part("code", "skip", 300, 400),
      part("code", "next", 300, 300),
    ];
    const ledger = ledgerOf(parts, [cpu(0.11), declaration("Parse"), declaration("skip")]);
    expect(ledger?.rows[0]?.functions).toEqual([
      { function: `${PACKAGE}.skip`, changeNs: expect.closeTo(100) },
      { function: `${PACKAGE}.Parse`, changeNs: expect.closeTo(10) },
    ]);
  });
});

describe("whether it adds up", () => {
  const parts = (base: number, head: number) => [part("code", "Parse", base, head)];
  const changed = declaration("Parse");

  test("it does, where profiles and pairs saw the same", () => {
    const ledger = ledgerOf(parts(1000, 1200), [cpu(0.2), changed]);
    expect(ledger?.isBalanced).toBe(true);
    expect(ledger?.measured).toMatchObject({ baseNs: 1000, changeNs: expect.closeTo(200) });
  });

  test("samples that were lost on both sides do not matter", () => {
    const ledger = ledgerOf(parts(640, 768), [cpu(0.2), changed]);
    expect(ledger?.isBalanced).toBe(true);
    expect(ledger?.rows[0]).toMatchObject({
      baseNs: expect.closeTo(1000),
      headNs: expect.closeTo(1200),
    });
  });

  test("it does not, where the profiles saw a third of the change", () => {
    const ledger = ledgerOf(parts(1000, 1100), [cpu(0.3), changed]);
    expect(ledger?.isBalanced).toBe(false);
    expect(ledger?.rows.at(-1)).toMatchObject({
      kind: "unexplained",
      changeNs: expect.closeTo(200),
    });
  });

  test("rows always add up to the measured change", () => {
    const ledger = ledgerOf(
      [part("code", "Parse", 400, 610), part("gc", "", 123, 77), part("code", "skip", 300, 310)],
      [cpu(0.17), changed],
    );
    const sum = ledger?.rows.reduce((all, { changeNs }) => all + changeNs, 0);
    expect(sum).toBeCloseTo(ledger?.measured?.changeNs ?? 0);
  });

  test("without a measurement it is the profiles' own, and nothing says whether", () => {
    const ledger = ledgerOf(parts(640, 768), [timeFinding(0.2), changed]);
    expect(ledger?.measured).toBeUndefined();
    expect(ledger?.isBalanced).toBeUndefined();
    expect(ledger?.rows).toMatchObject([{ kind: "changed", baseNs: 640, headNs: 768 }]);
  });

  test("one profile a side has no interval, and balances with everything", () => {
    const one: CostPart = {
      work: "code",
      function: `${PACKAGE}.Parse`,
      base: [1000],
      head: [1500],
    };
    const ledger = ledgerOf([one], [cpu(0.2), changed]);
    expect(ledger?.rows[0]).toMatchObject({ highNs: Number.POSITIVE_INFINITY });
    expect(ledger?.isBalanced).toBe(true);
  });

  test("no ledger without CPU profiles, or without CPU in them", () => {
    expect(ledgerOf([], [cpu(0.2), changed])).toBeUndefined();
    expect(ledgerOf(parts(0, 10), [cpu(0.2), changed])).toBeUndefined();
  });
});
