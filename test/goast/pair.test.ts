import fc from "fast-check";
import { expect, test } from "vitest";
import type { DeclarationSite } from "../../src/goast/locate.ts";
import { hasChanged, pairDeclarations } from "../../src/goast/pair.ts";
import { syntaxOf } from "./syntax-of.ts";

type Files = Readonly<Record<string, readonly string[]>>;

/** What changed, in words: "~f" changed, "+f" added, "-f" removed, "f>g" renamed. */
function differences(
  base: Files,
  head: Files,
  renamedFiles: Readonly<Record<string, string>> = {},
) {
  const headPaths = new Map(Object.entries(renamedFiles));
  const pairing = pairDeclarations(syntaxOf(base), syntaxOf(head), headPaths);
  const name = (site: DeclarationSite) => site.declaration.name;
  return [
    ...pairing.kept.filter(hasChanged).map((pair) => `~${name(pair.head)}`),
    ...pairing.renamed.map((pair) => `${name(pair.base)}>${name(pair.head)}`),
    ...pairing.added.map((site) => `+${name(site)}`),
    ...pairing.removed.map((site) => `-${name(site)}`),
  ].sort();
}

test("the same name is the same declaration, wherever it stands in the package", () => {
  const base = { "a.go": ["func f 1-2 1", "func g 3-4 2"], "b.go": [] };
  expect(differences(base, { "a.go": ["func g 9-9 2"], "b.go": ["func f 1-2 1"] })).toEqual([]);
  expect(differences(base, { "a.go": ["func f 1-2 1", "func g 3-4 3"] })).toEqual(["~g"]);
});

test("other packages, folders and kinds have names of their own", () => {
  const base = { "a/a.go": ["func f 1-2 1"], "a/x_test.go": ["func f 1-2 2"] };
  expect(
    differences(base, { "b/a.go": ["func f 1-2 3"], "a/x_test.go": ["func f 1-2 2"] }),
  ).toEqual(["+f", "-f"]);
  expect(differences({ "a.go": ["const c 1-1 1"] }, { "a.go": ["var c 1-1 1"] })).toEqual([
    "+c",
    "-c",
  ]);
});

test("a function that moved to another package unchanged is the same", () => {
  expect(differences({ "a/a.go": ["func f 1-2 1"] }, { "b/a.go": ["func f 1-2 1"] })).toEqual([
    "f>f",
  ]);
});

test("a file that moved to another folder keeps its declarations", () => {
  const base = { "a/a.go": ["func f 1-2 1", "func g 3-4 2"] };
  const head = { "b/c.go": ["func f 1-2 1", "func g 3-4 3"] };
  expect(differences(base, head, { "a/a.go": "b/c.go" })).toEqual(["~g"]);
});

test("an equal function or type under another name was renamed", () => {
  expect(
    differences(
      { "a.go": ["func f 1-2 1", "type T 3-4 2"] },
      { "a.go": ["func g 1-2 1", "type U 3-4 2"] },
    ),
  ).toEqual(["T>U", "f>g"]);
  expect(differences({ "a.go": ["const c 1-1 1"] }, { "a.go": ["const d 1-1 1"] })).toEqual([
    "+d",
    "-c",
  ]);
});

test("names under different build constraints are told apart by file, then by hash", () => {
  const base = { "f_amd64.go": ["func f 1-2 1"], "f_arm64.go": ["func f 1-2 2"] };
  expect(
    differences(base, { "f_amd64.go": ["func f 1-2 3"], "f_arm64.go": ["func f 1-2 2"] }),
  ).toEqual(["~f"]);
  expect(
    differences(base, { "f_x86.go": ["func f 1-2 1"], "f_arm64.go": ["func f 1-2 2"] }),
  ).toEqual([]);
});

test("an init added above another is an added init", () => {
  const base = { "a.go": ["func init.0 1-2 1", "func init.1 3-4 2"] };
  const head = { "a.go": ["func init.0 1-2 9", "func init.1 3-4 1", "func init.2 5-6 2"] };
  expect(differences(base, head)).toEqual(["+init.0"]);
});

const declaration = fc
  .tuple(
    fc.constantFrom("func", "type", "var"),
    fc.constantFrom("f", "g", "h", "init.0"),
    fc.nat(3),
  )
  .map(([kind, name, hash]) => `${kind} ${name} 1-2 ${hash}`);
const files = fc.dictionary(
  fc.constantFrom("a.go", "b.go", "c/a.go"),
  fc.array(declaration, { maxLength: 8 }),
);

test("every declaration is in exactly one place, and swapping sides swaps added and removed", () => {
  fc.assert(
    fc.property(files, files, (base, head) => {
      const there = pairDeclarations(syntaxOf(base), syntaxOf(head), new Map());
      const back = pairDeclarations(syntaxOf(head), syntaxOf(base), new Map());
      const count = (of: Files) => Object.values(of).flat().length;
      const pairs = there.kept.length + there.renamed.length;
      expect(pairs + there.removed.length).toBe(count(base));
      expect(pairs + there.added.length).toBe(count(head));
      expect(there.added.length).toBe(back.removed.length);
      expect(there.kept.filter(hasChanged).length).toBe(back.kept.filter(hasChanged).length);
    }),
  );
});

test("100,000 declarations of one name pair in linear time", () => {
  const many = { "a.go": Array.from({ length: 100_000 }, (_, i) => `var v 1-1 ${i}`) };
  expect(differences(many, many)).toEqual([]);
});
