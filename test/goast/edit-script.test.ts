// Every script is carried out on its base tree by an interpreter that knows nothing of how it was
// made (apply-edit-script.ts) and must give head.
import fc from "fast-check";
import { expect, test } from "vitest";
import { type Edit, editScript } from "../../src/goast/edit-script.ts";
import { mapTrees } from "../../src/goast/map-trees.ts";
import { kindOf, labelOf, type Tree } from "../../src/goast/tree.ts";
import { appliedText, treeText } from "./apply-edit-script.ts";
import { treesOf } from "./tree-of.ts";

function scriptOf(base: string, head: string) {
  const trees = treesOf(base, head);
  const mapping = mapTrees(trees.base, trees.head);
  const script = editScript(mapping);
  expect(appliedText(mapping, script)).toBe(treeText(trees.head));
  return { ...trees, script };
}

/** Edits as "insert Call:g", those of deleted and inserted leaves included. */
function check(base: string, head: string, expected: readonly string[]): void {
  const { script, ...trees } = scriptOf(base, head);
  const name = (tree: Tree, node: number) =>
    [kindOf(tree, node), labelOf(tree, node)].filter(Boolean).join(":");
  const words = (edit: Edit) =>
    "head" in edit ? name(trees.head, edit.head) : name(trees.base, edit.base);
  expect(script.edits.map((edit) => `${edit.kind} ${words(edit)}`)).toEqual(expected);
}

const CALL = (name: string, ...more: string[]) =>
  `Expression(Call(Name:${name} ${more.join(" ")}))`;
const LOOP = (...body: string[]) => `For(None None None Block(${body.join(" ")}))`;

test("equal trees need no edit, and nor do renamed locals", () => {
  const body = "Root(Block(Assign(Local:x#0 Local:y#1) Expression(Call(Name:g Local:x#0))))";
  check(body, body, []);
  check(body, body.replaceAll("x#0", "other#0"), []);
});

test("an identifier that stands for another variable is an update", () => {
  const body = (used: string) => `Root(Block(Assign(Local:x#0 Local:y#1) Return(${used})))`;
  check(body("Local:x#0"), body("Local:y#1"), ["update Local:y"]);
});

test("swapped variables are not a renaming of both", () => {
  const declared = "Assign(Local:a#0 Name:g) Assign(Local:b#1 Name:h)";
  const difference = (first: string, second: string) =>
    `Root(Block(${declared} Return(Binary:-(Local:${first} Local:${second}))))`;
  expect(scriptOf(difference("a#0", "b#1"), difference("b#1", "a#0")).script.edits).not.toEqual([]);
});

test("a literal, an operator", () => {
  const body = (operator: string, value: string) =>
    `Root(Block(Return(Binary:${operator}(Local:n#0 BasicLit:${value}))))`;
  check(body("+", "1"), body("+", "2"), ["update BasicLit:2"]);
  check(body("+", "1"), body("-", "1"), ["update Binary:-"]);
});

test("a statement inserted, one deleted", () => {
  const both = `Root(Block(${CALL("g", "BasicLit:1")} ${CALL("h", "BasicLit:2")}))`;
  const one = `Root(Block(${CALL("h", "BasicLit:2")}))`;
  check(one, both, ["insert Expression", "insert Call", "insert Name:g", "insert BasicLit:1"]);
  check(both, one, ["delete BasicLit:1", "delete Name:g", "delete Call", "delete Expression"]);
});

test("statements that change places are one move", () => {
  const [g, h] = [CALL("g", "BasicLit:1"), CALL("h", "BasicLit:2")];
  check(`Root(Block(${g} ${h}))`, `Root(Block(${h} ${g}))`, ["move Expression"]);
});

test("of two small statements the one that stayed is the one with the same words", () => {
  const [found, next] = ["Assign(Local:found#0 Name:true)", "Assign(Local:t#1 Local:e#2)"];
  const body = (...statements: string[]) => `Root(Block(${LOOP(...statements)} Local:t#1))`;
  check(body(found, next), body(next), ["delete Name:true", "delete Local:found", "delete Assign"]);
});

test("a condition around a part of a condition is the new one", () => {
  const [fill, read] = [CALL("fill", "BasicLit:1"), CALL("read", "BasicLit:1")];
  const when = (n: number, ...body: string[]) =>
    `If(None Binary:>(Local:n#0 BasicLit:${n}) Block(${body.join(" ")}) None)`;
  const fills = `${fill} ${fill} ${fill}`;
  check(
    `Root(Block(${when(1, CALL("reset"), fills, read)}))`,
    `Root(Block(${when(1, CALL("clean"), when(7, fills), read)}))`,
    [
      "insert If",
      "insert None",
      "insert Binary:>",
      "insert Block",
      "insert None",
      "insert Local:n",
      "insert BasicLit:7",
      "move Expression",
      "move Expression",
      "move Expression",
      "update Name:clean",
    ],
  );
});

test("a statement that moves into a loop is a move, the loop an insert", () => {
  const defer = "Defer(Call(Selector:Unlock(Local:m#0)))";
  check(`Root(Block(${defer}))`, `Root(Block(${LOOP(defer)}))`, [
    "insert For",
    "insert None",
    "insert None",
    "insert None",
    "insert Block",
    "move Defer",
  ]);
});

test("an outer node that becomes an inner one", () => {
  const [g, h] = [CALL("g", "BasicLit:1"), CALL("h", "BasicLit:2")];
  const base = `Root(Block(If(None Name:a Block(${LOOP(g)}) None) ${h}))`;
  const head = `Root(Block(${LOOP(`If(None Name:a Block(${g}) None)`)} ${h}))`;
  expect(scriptOf(base, head).script.edits.length).toBeGreaterThan(0);
});

const anyTree = fc.letrec<{ tree: string; list: string }>((tie) => ({
  tree: fc.oneof(
    { maxDepth: 5, withCrossShrink: true },
    fc.nat(3).map((number) => `Local:x${number}#${number}`),
    fc.constantFrom("Name:f", "Name:g", "BasicLit:1", "BasicLit:2", "None"),
    fc
      .tuple(fc.constantFrom("Call", "Block", "If", "For", "Binary:+"), tie("list"))
      .map(([kind, list]) => `${kind}(${list})`),
  ),
  list: fc.array(tie("tree"), { maxLength: 5 }).map((children) => children.join(" ")),
}));

test("applied to base, any script gives head; it is empty exactly for equal trees", () => {
  const root = anyTree.list.map((list) => `Root(${list})`);
  fc.assert(
    fc.property(root, root, (base, head) => {
      const { script, ...trees } = scriptOf(base, head);
      const blind = (tree: Tree) => treeText(tree).replace(/Local "[^"]*"/g, "Local");
      const numbered = new Map<string, string>();
      const renumbered = (text: string) => {
        numbered.clear();
        return text.replace(/ (\d+)$/gm, (_, number) => {
          if (!numbered.has(number)) numbered.set(number, String(numbered.size));
          return ` #${numbered.get(number)}`;
        });
      };
      const isEqual = renumbered(blind(trees.base)) === renumbered(blind(trees.head));
      expect(script.edits.length === 0).toBe(isEqual);
    }),
    { numRuns: 400 },
  );
});

test("trees made to be expensive end: deep, wide, and many of a kind", () => {
  const deep = (leaf: string) => `Root(${"Unary:-(".repeat(10_000)}${leaf}${")".repeat(10_000)})`;
  scriptOf(deep("Name:f"), deep("Name:g"));
  const wide = (from: number) =>
    `Root(${Array.from({ length: 10_000 }, (_, i) => `BasicLit:${from + i}`).join(" ")})`;
  scriptOf(wide(0), wide(5_000));
  const same = (last: string) => `Root(${"Call(Name:f Name:g Name:h) ".repeat(4_000)}${last})`;
  scriptOf(same(""), same("Call(Name:f Name:g Name:i)"));
  scriptOf(`Root(${"Block(".repeat(5_000)}${")".repeat(5_000)})`, same(""));
});
