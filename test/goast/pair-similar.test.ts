import { expect, test } from "vitest";
import type { DeclarationSite } from "../../src/goast/locate.ts";
import { pairSimilar } from "../../src/goast/pair-similar.ts";
import { encodedTree } from "./tree-of.ts";

const STATEMENTS = ["g", "h", "i", "j", "k", "l", "m", "n"].map(
  (name) => `Expression(Call(Name:${name} BasicLit:1))`,
);
const body = (...statements: string[]) => `Root:func(None Block(${statements.join(" ")}))`;

function site(name: string, tree: string, path = "a/a.go"): DeclarationSite {
  const encoded = encodedTree(tree);
  return {
    file: { path, package: "p", declarations: [], problems: [], words: encoded.words },
    declaration: {
      kind: "func",
      name,
      startLine: 1,
      endLine: 2,
      hash: name.padEnd(64),
      tree: encoded.tree,
    },
  };
}

function check(base: DeclarationSite[], head: DeclarationSite[], expected: string[]): void {
  const names = pairSimilar(base, head).map(
    (pair) => `${pair.base.declaration.name} > ${pair.head.declaration.name}`,
  );
  expect(names).toEqual(expected);
}

test("a method whose receiver became a pointer is the same method", () => {
  const small = body("Return");
  check(
    [site("T.f", small), site("T.g", small)],
    [site("(*T).g", body("Return", "Return")), site("(*U).f", small)],
    ["T.g > (*T).g"],
  );
  check([site("T.f", small, "a/a.go")], [site("(*T).f", small, "b/a.go")], []);
});

test("a function that was renamed and edited, the most alike first", () => {
  check(
    [site("parse", body(...STATEMENTS))],
    [
      site("other", body(...STATEMENTS.slice(0, 6), "Return", "Return")),
      site("read", body(...STATEMENTS.slice(0, 7), "Return")),
      site("short", body(...STATEMENTS.slice(0, 2))),
    ],
    ["parse > read"],
  );
  check(
    [site("parse", body(...STATEMENTS))],
    [site("read", body(...STATEMENTS), "b/b.go")],
    ["parse > read"],
  );
});

test("in another folder, and of a few lines, more must be alike; less of one that kept its name", () => {
  const others = [1, 2, 3].map(() => "Go(Go(Go(Go)))");
  const edited = body(...STATEMENTS.slice(0, 5), ...others);
  const base = [site("parse", body(...STATEMENTS))];
  check(base, [site("read", edited)], []);
  check(base, [site("(*T).Parse", edited)], ["parse > (*T).Parse"]);
  check(base, [site("(*T).Parse", edited, "b/b.go")], []);
  check(base, [site("(*T).Parse", edited), site("(*U).Parse", edited)], []);
});

test("of functions as alike, the one in the same file and with most of the name", () => {
  const [put, get] = [body(...STATEMENTS, "Go"), body(...STATEMENTS, "Defer")];
  check(
    [
      site("BenchmarkTreeGet100", get, "b/b.go"),
      site("BenchmarkTreePut100", put),
      site("BenchmarkTreeGet100", get),
    ],
    [
      site("BenchmarkGet100", body(...STATEMENTS, "Send")),
      site("BenchmarkPut100", body(...STATEMENTS, "Send")),
    ],
    ["BenchmarkTreePut100 > BenchmarkPut100", "BenchmarkTreeGet100 > BenchmarkGet100"],
  );
});

test("what has little in common is gone and new", () => {
  const others = STATEMENTS.map((text) => text.replace("Call(Name:", "Send(Name:x"));
  check([site("parse", body(...STATEMENTS))], [site("read", body(...others))], []);
});

test("bodies of a line or two are alike by chance", () => {
  check([site("a", body("Return"))], [site("b", body("Return"))], []);
});

test("thousands of functions are looked at in part", () => {
  const many = (letter: string) =>
    Array.from({ length: 3_000 }, (_, i) => site(`${letter}${i}`, body(...STATEMENTS)));
  expect(pairSimilar(many("a"), many("b"))).toHaveLength(150);
});
