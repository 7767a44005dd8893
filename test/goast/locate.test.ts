import fc from "fast-check";
import { expect, test } from "vitest";
import { indexDeclarations, locate } from "../../src/goast/locate.ts";
import { syntaxOf } from "./syntax-of.ts";

const index = indexDeclarations(
  syntaxOf({
    "a.go": ["type T 3-8 t", "func (*T).f 10-20 f", "var handler 22-25 v", "func g 30-30 g"],
    "empty.go": [],
  }),
);

function check(file: string, line: number, name: string | undefined): void {
  expect(locate(index, file, line)?.declaration.name).toBe(name);
}

test("a line belongs to the function around it", () => {
  check("a.go", 10, "(*T).f");
  check("a.go", 15, "(*T).f");
  check("a.go", 20, "(*T).f");
  check("a.go", 30, "g");
});

test("a literal in a package variable belongs to the variable", () => {
  check("a.go", 23, "handler");
});

test("types, gaps and unknown files belong to nothing", () => {
  check("a.go", 5, undefined);
  check("a.go", 21, undefined);
  check("a.go", 31, undefined);
  check("a.go", 1, undefined);
  check("empty.go", 1, undefined);
  check("b.go", 15, undefined);
});

test("finds what a scan of all declarations finds", () => {
  const lengths = fc.array(
    fc.tuple(fc.integer({ min: 0, max: 3 }), fc.integer({ min: 1, max: 4 })),
    {
      maxLength: 30,
    },
  );
  fc.assert(
    fc.property(lengths, fc.integer({ min: 0, max: 120 }), (parts, line) => {
      let at = 1;
      const declarations = parts.map(([gap, length], i) => {
        const start = at + gap;
        at = start + length;
        return { name: `f${i}`, start, end: at - 1 };
      });
      const syntax = syntaxOf({
        "a.go": declarations.map((d) => `func ${d.name} ${d.start}-${d.end} h`),
      });
      const scanned = declarations.find((d) => d.start <= line && line <= d.end)?.name;
      expect(locate(indexDeclarations(syntax), "a.go", line)?.declaration.name).toBe(scanned);
    }),
  );
});
