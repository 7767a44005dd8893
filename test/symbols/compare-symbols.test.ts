import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { compareSymbols } from "../../src/symbols/compare-symbols.ts";
import type { SymbolTable } from "../../src/symbols/table.ts";
import { tableOf } from "./table-of.ts";

type Changes = {
  readonly changed?: string[];
  readonly added?: string[];
  readonly removed?: string[];
  readonly renamed?: [string, string][];
};

function check(base: string, head: string, expected: Changes) {
  const found = compareSymbols(tableOf(base), tableOf(head));
  expect({
    changed: [...found.changed].sort(),
    added: [...found.added].sort(),
    removed: [...found.removed].sort(),
    renamed: [...found.renamed],
  }).toEqual({ changed: [], added: [], removed: [], renamed: [], ...expected });
}

describe("by name", () => {
  test("the order of symbols and names does not matter", () => {
    check("p.f 1 p.g\np.g 2", "p.g 2\np.f 1 p.g", {});
  });
  test("bytes, references and their order do", () => {
    check("p.f 1 p.g", "p.f 2 p.g", { changed: ["p.f"] });
    check("p.f 1 p.g\np.g 1\np.h 1", "p.f 1 p.h\np.g 1\np.h 1", { changed: ["p.f"] });
    check("p.f 1 p.g p.h", "p.f 1 p.h p.g", { changed: ["p.f"] });
    check("p.f 1 p.g", "p.f 1 p.g p.g", { changed: ["p.f"] });
  });
  test("a caller of what changed is not itself changed", () => {
    check("p.f 1 p.g\np.g 1", "p.f 1 p.g\np.g 2", { changed: ["p.g"] });
  });
  test("names outside the table count by name", () => {
    check('p.f 1 go:string."a"', 'p.f 1 go:string."b"', { changed: ["p.f"] });
  });
  test("added and removed", () => {
    check("p.f 1\np.old 7", "p.f 1\np.fresh 8", { added: ["p.fresh"], removed: ["p.old"] });
  });
});

describe("by what is behind a name", () => {
  test("a rename is no change", () => {
    const renamed: [string, string][] = [["p.old", "p.fresh"]];
    check("p.f 1 p.old\np.old 7 p.f", "p.f 1 p.fresh\np.fresh 7 p.f", { renamed });
  });
  test("a rename of what calls itself, or each other", () => {
    check("p.f 1 p.a\np.a 2 p.b\np.b 3 p.a", "p.f 1 p.x\np.x 2 p.y\np.y 3 p.x", {
      renamed: [
        ["p.a", "p.x"],
        ["p.b", "p.y"],
      ],
    });
  });
  test("a rename with a change shows at its callers", () => {
    check("p.f 1 p.old\np.old 7", "p.f 1 p.fresh\np.fresh 8", {
      changed: ["p.f"],
      added: ["p.fresh"],
      removed: ["p.old"],
    });
  });
  test("two variables cannot become one", () => {
    check("p.f 1 data.a data.b\ndata.a 0\ndata.b 0", "p.f 1 data.c data.c\ndata.c 0", {
      changed: ["p.f"],
      added: ["data.c"],
      removed: ["data.a", "data.b"],
    });
  });
  test("nor can one become two, in another function", () => {
    check(
      "p.f 1 data.a\np.g 2 data.a\ndata.a 0",
      "p.f 1 data.b\np.g 2 data.c\ndata.b 0\ndata.c 0",
      { changed: ["p.g"], added: ["data.c"], renamed: [["data.a", "data.b"]] },
    );
  });
  test("what was assumed of a pair that differs is forgotten", () => {
    check(
      "p.f 1 data.a data.x\np.g 2 data.a\ndata.a 0\ndata.x 1",
      "p.f 1 data.b data.y\np.g 2 data.b\ndata.b 0\ndata.y 2",
      {
        changed: ["p.f"],
        added: ["data.y"],
        removed: ["data.x"],
        renamed: [["data.a", "data.b"]],
      },
    );
  });
  test("static values are numbered through the package", () => {
    check(
      "p.f 1 p..stmp_0\np.g 2 p..stmp_1\np..stmp_0 a\np..stmp_1 b",
      "p.f 1 p..stmp_1\np.g 2 p..stmp_2\np..stmp_0 new\np..stmp_1 a\np..stmp_2 b",
      {},
    );
  });
  test("a static value that changed shows at its user", () => {
    check("p.f 1 p..stmp_0\np..stmp_0 a", "p.f 1 p..stmp_0\np..stmp_0 b", { changed: ["p.f"] });
  });
});

/** Any graph of up to eight functions. */
const anyTable = fc
  .array(
    fc.tuple(
      fc.integer({ min: 0, max: 3 }),
      fc.array(fc.integer({ min: 0, max: 7 }), { maxLength: 4 }),
    ),
    { minLength: 1, maxLength: 8 },
  )
  .map((functions) =>
    functions
      .map(
        ([content, uses], at) => `p.f${at} ${content} ${uses.map((use) => `p.f${use}`).join(" ")}`,
      )
      .join("\n"),
  );

function renameAll(table: SymbolTable): SymbolTable {
  return { ...table, names: table.names.map((name) => (name === "p.f0" ? name : `${name}x`)) };
}

test("a table equals itself, and itself under other names", () => {
  fc.assert(
    fc.property(anyTable, (text) => {
      const table = tableOf(text);
      expect(compareSymbols(table, table).changed.size).toBe(0);
      const defined = new Set(table.symbols.map(({ name }) => table.names[name]));
      fc.pre(table.names.every((name) => defined.has(name)));
      expect([...compareSymbols(table, renameAll(table)).changed]).toEqual([]);
    }),
  );
});

test("swapping the sides swaps added and removed", () => {
  fc.assert(
    fc.property(anyTable, anyTable, (one, other) => {
      const there = compareSymbols(tableOf(one), tableOf(other));
      const back = compareSymbols(tableOf(other), tableOf(one));
      expect(new Set(back.changed)).toEqual(new Set(there.changed));
      expect(new Set(back.added)).toEqual(new Set(there.removed));
    }),
  );
});
