import { expect, test } from "vitest";
import type { BuiltPackage } from "../../src/collect/build-packages.ts";
import { lookRank } from "../../src/collect/look-rank.ts";
import type { Affected } from "../../src/plan/affected.ts";

const PACKAGE = "example.com/m/parse";

function check(reached: Affected["reached"], rank: number) {
  const affected: Affected = {
    reasons: new Map(),
    reached,
    code: [],
    counts: { changed: 0, added: 0, removed: 0, renamed: 0 },
  };
  const built = [{ head: { importPath: PACKAGE } as BuiltPackage["head"], affected }];
  expect(lookRank({ package: PACKAGE, name: "BenchmarkParse/large" }, built)).toBe(rank);
}

const parse = (called: string[], possible: string[] = []) =>
  new Map([["BenchmarkParse", { called, possible }]]);

test("a benchmark that calls what changed is looked at first", () => {
  check(parse([`${PACKAGE}.skip`]), 0);
  check(parse([`${PACKAGE}.skip`], [`${PACKAGE}.(*Reader).Read`]), 0);
  check(parse([`${PACKAGE}_test.BenchmarkParse`]), 0);
});

test("one that may call it through an interface is looked at next", () => {
  check(parse([], [`${PACKAGE}.(*Reader).Read`]), 1);
});

test("one of which nothing is known is looked at last", () => {
  check(new Map(), 2);
});
