import { expect, test } from "vitest";
import { otherFunctions } from "../../../src/analyze/ast/other-functions.ts";
import { pairDeclarations } from "../../../src/goast/pair.ts";
import { newWords } from "../../../src/goast/tree.ts";
import { syntaxOf } from "../../goast/syntax-of.ts";

type Files = Readonly<Record<string, readonly string[]>>;

function renamed(base: Files, head: Files): [string, string][] {
  const pairing = pairDeclarations(syntaxOf(base), syntaxOf(head), new Map());
  return [...otherFunctions(pairing, newWords()).renamed];
}

test("functions with another name, and those called through another package", () => {
  expect(
    renamed(
      { "a.go": ["func (*T).long 1-2 1", "func move 3-4 2", "func stay 5-6 3"] },
      { "a.go": ["func (*T).longer 1-2 1", "func stay 5-6 3"], "b/b.go": ["func move 1-2 2"] },
    ),
  ).toEqual([
    ["long", "longer"],
    ["move", "move"],
  ]);
});

test("types with other names or in other packages: a conversion to one looks like a call", () => {
  const pairing = pairDeclarations(
    syntaxOf({ "a.go": ["type list 1-2 1", "type node 3-4 2", "func f 5-6 3"] }),
    syntaxOf({ "a.go": ["type List 1-2 1", "func f 5-6 3"], "b/b.go": ["type node 3-4 2"] }),
    new Map(),
  );
  const { names, renamed: called } = otherFunctions(pairing, newWords());
  expect([...names]).toEqual([
    ["list", "List"],
    ["node", "node"],
  ]);
  expect(called).toEqual(names);
});

test("a name that another function still has, or that became two, says nothing", () => {
  const long = ["func T.long 1-2 1", "func U.long 3-4 2"];
  expect(
    renamed({ "a.go": long }, { "a.go": ["func T.longer 1-2 1", "func U.long 3-4 2"] }),
  ).toEqual([]);
  expect(
    renamed({ "a.go": long }, { "a.go": ["func T.longer 1-2 1", "func U.longest 3-4 2"] }),
  ).toEqual([]);
});
