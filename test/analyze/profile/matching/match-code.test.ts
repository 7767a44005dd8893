import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { findingsOf, movedCodeIn, moversIn, type Program, pathsIn } from "./matched.ts";

const BASE: Program = {
  "parseValue Parse": 300,
  "runtime.memmove parseValue Parse": 100,
  "skip Parse": 250,
  "escape Parse": 150,
  "digit number Parse": 150,
  "number Parse": 100,
  "emit Write": 300,
};

/** BASE with each stack rewritten; what falls together is added up. */
function rewritten(rewrite: (stack: string, count: number) => Program): Program {
  const all: Record<string, number> = {};
  for (const [stack, count] of Object.entries(BASE)) {
    for (const [to, part] of Object.entries(rewrite(stack, count))) all[to] = (all[to] ?? 0) + part;
  }
  return all;
}

/** Each is done to one function, which becomes so many times slower. */
const REFACTORINGS = {
  renamed: (factor: number) =>
    rewritten((stack, count) => ({
      [stack.replace("parseValue", "consume")]: stack.includes("parseValue")
        ? count * factor
        : count,
    })),
  extracted: (factor: number) =>
    rewritten((stack, count) =>
      stack.includes("parseValue")
        ? {
            [stack]: count * 0.4,
            [stack.replace("parseValue", "slowPath parseValue")]: count * 0.6 * factor,
          }
        : { [stack]: count },
    ),
  inlined: (factor: number) =>
    rewritten((stack, count) => ({
      [stack.replace("digit number", "number")]: stack.startsWith("digit") ? count * factor : count,
    })),
  wrapped: (factor: number) =>
    rewritten((stack, count) => ({
      [stack.replace(/ Parse$/, " Parse checked")]: stack.startsWith("skip")
        ? count * factor
        : count,
    })),
};
/** An analysis takes 20 ms. */
const FEW = { numRuns: 20 };

type Refactoring = keyof typeof REFACTORINGS;
const refactorings = fc.constantFrom(...(Object.keys(REFACTORINGS) as Refactoring[]));

function told(base: Program, head: Program) {
  const findings = findingsOf(base, head);
  return {
    code: movedCodeIn(findings),
    functions: moversIn(findings, base),
    paths: pathsIn(findings),
  };
}

describe("a refactoring that costs nothing moves nothing", () => {
  test.each<[Refactoring, string]>([
    ["renamed", "renamed parseValue consume 400>400 same"],
    ["extracted", "extracted parseValue slowPath 400>400 same"],
    ["inlined", "inlined digit number 250>250 same"],
    ["wrapped", "wrapped Parse checked 0>0 same"],
  ])("%s", (kind, expected) => {
    expect(told(BASE, REFACTORINGS[kind](1))).toEqual({
      code: [expected],
      functions: [],
      paths: [],
    });
  });

  test("all at once", () => {
    const head = {
      "consume Parse checked": 180,
      "slowPath consume Parse checked": 120,
      "runtime.memmove slowPath consume Parse checked": 100,
      "skip Parse checked": 250,
      "escape Parse checked": 150,
      "number Parse checked": 250,
      "emit Write": 300,
    };
    expect(told(BASE, head)).toEqual({
      code: [
        "renamed parseValue consume 400>400 same",
        "extracted parseValue slowPath 400>400 same",
        "inlined digit number 250>250 same",
        "wrapped Parse checked 0>0 same",
      ],
      functions: [],
      paths: [],
    });
  });
});

test("only what the source lost can be what it gained", () => {
  const head = REFACTORINGS.renamed(1);
  const codeWith = (removed: string[], added: string[]) =>
    movedCodeIn(
      findingsOf(BASE, head, {
        renamed: new Map(),
        removed: new Set(removed),
        added: new Set(added),
      }),
    );
  expect(codeWith(["m.parseValue"], ["m.consume"])).toHaveLength(1);
  expect(codeWith([], ["m.consume"])).toEqual([]);
  expect(codeWith(["m.parseValue"], [])).toEqual([]);
});

describe("a refactored function that got slower is slower by the difference", () => {
  test("renamed", () => {
    expect(told(BASE, REFACTORINGS.renamed(1.5))).toMatchObject({
      code: ["renamed parseValue consume 400>600 slower"],
      functions: expect.arrayContaining(["consume +200", "Parse +200"]),
      paths: ["+ consume Parse"],
    });
  });

  test("extracted: the path shows what was taken out", () => {
    expect(told(BASE, REFACTORINGS.extracted(1.5))).toMatchObject({
      code: ["extracted parseValue slowPath 400>520 slower"],
      functions: expect.arrayContaining(["parseValue +120"]),
      paths: ["+ slowPath parseValue Parse"],
    });
  });

  test("extracted and five times slower: no longer taken for what it was", () => {
    expect(told(BASE, REFACTORINGS.extracted(5))).toMatchObject({
      code: [],
      functions: expect.arrayContaining(["slowPath +1200"]),
    });
  });

  test("what a wrapper itself costs is its own", () => {
    expect(told(BASE, { ...REFACTORINGS.wrapped(1), checked: 200 })).toEqual({
      code: ["wrapped Parse checked 0>200 slower"],
      functions: ["BenchmarkParse +200", "checked +200"],
      paths: ["+ checked"],
    });
  });

  test("new work of an unchanged caller is no part of what it was", () => {
    expect(told(BASE, { ...BASE, "validate parseValue Parse": 200 })).toMatchObject({
      code: [],
      functions: expect.arrayContaining(["validate +200"]),
      paths: ["+ validate parseValue Parse"],
    });
  });

  test("always, whatever the refactoring and the size", () => {
    fc.assert(
      fc.property(refactorings, fc.double({ min: 1.5, max: 8, noNaN: true }), (kind, factor) => {
        const head = REFACTORINGS[kind](factor);
        const { functions, paths } = told(BASE, head);
        const sum = (program: Program) =>
          Object.values(program).reduce((all, count) => all + Math.round(count), 0);
        const grown = functions.map((line) => Number(line.split(" ")[1]));
        expect(Math.max(...grown)).toBeGreaterThanOrEqual(0.9 * (sum(head) - sum(BASE)));
        expect(paths[0]?.startsWith("+")).toBe(true);
      }),
      FEW,
    );
  });
});

const programs = fc.record(
  Object.fromEntries(Object.keys(BASE).map((stack) => [stack, fc.integer({ min: 0, max: 400 })])),
);
const MIRRORED: Readonly<Record<string, string>> = {
  renamed: "renamed",
  extracted: "inlined",
  inlined: "extracted",
  wrapped: "unwrapped",
  unwrapped: "wrapped",
  slower: "faster",
  faster: "slower",
  same: "same",
};

test("base and head the other way round give the mirror image", () => {
  fc.assert(
    fc.property(refactorings, fc.double({ min: 0.4, max: 2.5, noNaN: true }), (kind, factor) => {
      const head = REFACTORINGS[kind](factor);
      const mirrored = told(head, BASE).code.map((line) => {
        const [how = "", base, after, cost = "", change = ""] = line.split(" ");
        const [one, other] = cost.split(">");
        return `${MIRRORED[how]} ${after} ${base} ${other}>${one} ${MIRRORED[change]}`;
      });
      expect(mirrored).toEqual(told(BASE, head).code);
    }),
    FEW,
  );
});

test("where no function is on one side alone, nothing is matched", () => {
  fc.assert(
    fc.property(programs, programs, (base, head) => {
      const both = (program: Program) =>
        Object.fromEntries(Object.keys(BASE).map((stack) => [stack, (program[stack] ?? 0) + 1]));
      expect(movedCodeIn(findingsOf(both(base), both(head)))).toEqual([]);
    }),
    FEW,
  );
});
