import { expect, test } from "vitest";
import { pairDeclarations } from "../../src/goast/pair.ts";
import type { Declaration, Syntax } from "../../src/goast/syntax.ts";
import { encodedTree } from "./tree-of.ts";

/** A declaration: kind, name, tree. The hash is the tree's text. */
type Told = readonly [kind: Declaration["kind"], name: string, tree: string];
type Files = Readonly<Record<string, { package: string; declarations: readonly Told[] }>>;

function syntaxWith(files: Files): Syntax {
  return {
    schema: "tailguard.syntax/1",
    files: Object.entries(files).map(([path, file]) => {
      const encoded = encodedTree(`File(${file.declarations.map(([, , tree]) => tree).join(" ")})`);
      return {
        path,
        package: file.package,
        problems: [],
        words: encoded.words,
        declarations: file.declarations.map(([kind, name, tree], index) => ({
          kind,
          name,
          startLine: index + 1,
          endLine: index + 1,
          hash: tree.padEnd(64),
          tree: encodedTree(tree, encoded.words).tree,
        })),
      };
    }),
  };
}

/** What has another name, as "f > g", and what has no partner, as "-f" and "+g". */
function renames(base: Files, head: Files, moved: Readonly<Record<string, string>> = {}): string[] {
  const pairing = pairDeclarations(
    syntaxWith(base),
    syntaxWith(head),
    new Map(Object.entries(moved)),
  );
  return [
    ...pairing.kept.map((at) => `${at.base.declaration.name} = ${at.head.declaration.name}`),
    ...pairing.renamed.map((at) => `${at.base.declaration.name} > ${at.head.declaration.name}`),
    ...pairing.removed.map(({ declaration }) => `-${declaration.name}`),
    ...pairing.added.map(({ declaration }) => `+${declaration.name}`),
  ].filter((text) => !/^(\S+) = \1$/.test(text));
}

const inFile = (...declarations: Told[]): Files => ({ "a.go": { package: "p", declarations } });
const getter = (field: string) => `Root:func(Receiver Parameters Block(Return(Selector:${field})))`;
const AROUND: readonly [Told, Told] = [
  ["func", "before", "Root:func(Block(Return))"],
  ["func", "after", "Root:func(Block(Go))"],
];
const [BEFORE, AFTER] = AROUND;

test("a getter between the same neighbours has another name", () => {
  expect(
    renames(
      inFile(BEFORE, ["func", "T.Most", getter("most")], AFTER),
      inFile(BEFORE, ["func", "T.Cap", getter("cap")], AFTER),
    ),
  ).toEqual(["T.Most > T.Cap"]);
});

test("elsewhere in the file, or beside another new one, it is gone", () => {
  const gone = inFile(BEFORE, ["func", "T.Most", getter("most")], AFTER);
  expect(renames(gone, inFile(BEFORE, AFTER, ["func", "T.Cap", getter("cap")]))).toEqual([
    "-T.Most",
    "+T.Cap",
  ]);
  expect(
    renames(
      gone,
      inFile(BEFORE, ["func", "T.Cap", getter("cap")], ["func", "T.Len", getter("len")], AFTER),
    ),
  ).toEqual(["-T.Most", "+T.Cap", "+T.Len"]);
});

test("what is not alike is another in the same place", () => {
  expect(
    renames(
      inFile(BEFORE, ["const", "limit", "Root:const(None BasicLit:8)"], AFTER),
      inFile(BEFORE, ["const", "depth", "Root:const(None BasicLit:100)"], AFTER),
    ),
  ).toEqual(["-limit", "+depth"]);
});

test("several are told one by one, and what was renamed beside them is no difference", () => {
  const constants = (type: string, first: string, second: string): Told[] => [
    ["type", type, "Root:type(Name:int)"],
    ["const", first, `Root:const:0(Name:${type} Name:iota)`],
    ["const", second, `Root:const:1(Name:${type} Name:iota)`],
  ];
  expect(
    renames(
      inFile(BEFORE, ...constants("stackDepth", "stackFirst", "stackFull"), AFTER),
      inFile(BEFORE, ...constants("Depth", "First", "Full"), AFTER),
    ),
  ).toEqual(["stackDepth > Depth", "stackFirst > First", "stackFull > Full"]);
});

test("a function that got a fast path before what it was, with the same results", () => {
  const search = "Assign(Call(Name:search Local Local)) Return(Index(Local BasicLit:2))";
  const results = "Results(Field(None Name:int))";
  const fast = [1, 2, 3, 4, 5, 6].map(
    (n) => `If(Binary(Local BasicLit:${n}) Block(Return(BasicLit:${n})))`,
  );
  const small = `Root:func(Parameters(Field(Name:a Name:int)) ${results} Block(${search}))`;
  const grown = (to: string) =>
    `Root:func(Parameters(Field(Name:a Name:int)) ${to} Block(${fast.join(" ")} ${search}))`;
  expect(
    renames(
      inFile(BEFORE, ["func", "look", small], AFTER),
      inFile(BEFORE, ["func", "lookLine", grown(results)], AFTER),
    ),
  ).toEqual(["look > lookLine"]);
  expect(
    renames(
      inFile(BEFORE, ["func", "look", small], AFTER),
      inFile(BEFORE, ["func", "lookLine", grown("Results(Field(None Name:bool))")], AFTER),
    ),
  ).toEqual(["-look", "+lookLine"]);
});

test("a type has the name of the one that its methods went to, whatever its fields are", () => {
  const body = (name: string) => `Root:func(Block(${name}(${"Call(Name:g) ".repeat(12)})))`;
  expect(
    renames(
      {
        "a/a.go": {
          package: "a",
          declarations: [
            ["type", "bigCache", "Root:type(StructType(Field:a Field:b))"],
            ["func", "(*bigCache).get", body("Return")],
          ],
        },
      },
      {
        "b/b.go": {
          package: "b",
          declarations: [
            ["func", "(*Cache).Get", body("Return")],
            ["type", "Other", "Root:type(StructType(Field:e))"],
            ["type", "Cache", "Root:type(StructType(Field:c Field:d))"],
          ],
        },
      },
    ),
  ).toEqual(["(*bigCache).get > (*Cache).Get", "bigCache > Cache", "+Other"]);
});

test("the methods of a type with another name are those of what it was", () => {
  const add = "Root:func(Block(Return))";
  const type = "Root:type(StructType(Field:a Field:b))";
  expect(
    renames(
      {
        "a/a.go": {
          package: "a",
          declarations: [["type", "row", type], BEFORE, ["func", "(*row).add", add]],
        },
      },
      {
        "a/text.go": {
          package: "a",
          declarations: [
            ["func", "(*textRow).Add", "Root:func(Block(Go Return))"],
            ["type", "textRow", type],
          ],
        },
        "a/a.go": { package: "a", declarations: [BEFORE] },
      },
    ),
  ).toEqual(["row > textRow", "(*row).add > (*textRow).Add"]);
});

test("a file that moved to a package of another name takes its declarations along", () => {
  const limit = (value: number): Told => ["const", "limit", `Root:const(None BasicLit:${value})`];
  expect(
    renames(
      { "a/a.go": { package: "a", declarations: [limit(1), ["var", "v", "Root:var"]] } },
      { "b/b.go": { package: "b", declarations: [limit(2), ["var", "v", "Root:var"]] } },
      { "a/a.go": "b/b.go" },
    ),
  ).toEqual([]);
});
