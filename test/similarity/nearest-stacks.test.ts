import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { REFACTORINGS, refactor } from "../../bench/similarity/refactor-stacks.ts";
import { partOf, readSet, readStacks } from "../../bench/similarity/stack-set.ts";
import { createTreeMaker, treeDistance } from "../../bench/similarity/zhang-shasha.ts";
import { cosine, createEmbedding, DIMENSIONS } from "../../src/similarity/embed-stack.ts";
import { createStackSearch } from "../../src/similarity/nearest-stacks.ts";
import { createStackDistance } from "../../src/similarity/stack-distance.ts";
import { seededRandom } from "../../src/stats/random.ts";

const names = fc.array(
  fc.oneof(
    fc.constantFrom("runtime.mallocgc", "a.b/c.(*T).Read", "a.b/c.parseValue", "a.b/d.parse.func1"),
    fc.string({ maxLength: 12 }),
  ),
  { maxLength: 24 },
);

describe("stack distance", () => {
  const distance = createStackDistance();
  const stack = ["runtime.mallocgc", "x.y/m.(*T).parseValue", "x.y/m.(*T).Parse", "main.main"];
  const check = (change: (name: string) => readonly string[], most: number) => {
    const found = distance(stack, stack.flatMap(change));
    expect(found).toBeGreaterThan(0);
    expect(found).toBeLessThanOrEqual(most);
  };
  const at = (name: string, to: readonly string[]) => (one: string) => (one === name ? to : [one]);

  test("a renamed function that keeps a word is nearer than another one", () => {
    check(at("x.y/m.(*T).parseValue", ["x.y/m.(*T).parseEntry"]), 0.07);
    check(at("x.y/m.(*T).parseValue", ["x.y/m.(*T).visit"]), 0.125);
    check(at("x.y/m.(*T).parseValue", ["z.y/n.visit"]), 0.25);
  });
  test("an inlined frame is a gap", () => check(at("x.y/m.(*T).parseValue", []), 0.125));
  test("type arguments are none", () => {
    expect(distance(["a.b/c.F[go.shape.int]"], ["a.b/c.F[...]"])).toBe(0);
  });
  test("is 0 for itself, symmetric, and from 0 to 1", () => {
    fc.assert(
      fc.property(names, names, (one, other) => {
        const found = distance(one, other);
        expect(distance(one, one)).toBe(0);
        expect(found).toBeCloseTo(distance(other, one), 12);
        expect(found).toBeGreaterThanOrEqual(0);
        expect(found).toBeLessThanOrEqual(1);
      }),
    );
  });
  test("a limit hides only what is beyond it", () => {
    fc.assert(
      fc.property(names, names, fc.double({ min: 0.01, max: 1, noNaN: true }), (a, b, limit) => {
        const found = distance(a, b);
        expect(distance(a, b, limit)).toBe(found < limit ? found : 1);
      }),
    );
  });
});

test("plain tree edit distance: known trees, and none for itself", () => {
  const treeOf = createTreeMaker();
  const check = (one: readonly string[], other: readonly string[], expected: number) =>
    expect(treeDistance(treeOf(one), treeOf(other))).toBe(expected);
  check(["a.b/c.Read", "a.b/c.Main"], ["a.b/c.Read", "a.b/c.Main"], 0);
  check(["a.b/c.Read", "a.b/c.Main"], ["a.b/c.Write", "a.b/c.Main"], 1);
  // The frame, its package, an empty receiver and one word.
  check(["a.b/c.Read", "a.b/c.Main"], ["a.b/c.Main"], 4);
  check([], ["a.b/c.Main"], 4);
});

describe("embedding", () => {
  const embed = createEmbedding();
  test("has unit length, whatever the names are", () => {
    fc.assert(
      fc.property(names, (stack) => {
        const vector = embed(stack);
        expect(vector).toHaveLength(DIMENSIONS);
        if (stack.length > 0) expect(cosine(vector, vector)).toBeCloseTo(1, 4);
      }),
    );
  });
  test("takes hostile names", () => {
    const hostile = [
      "\0",
      "<script>",
      "[".repeat(10_000),
      "(*".repeat(5000),
      "a.(*T",
      "_".repeat(9999),
    ];
    expect(cosine(embed(hostile), embed(hostile))).toBeCloseTo(1, 4);
  });
});

describe("search", () => {
  test("of nothing finds nothing", () => expect(createStackSearch([])(["a.b"], 3)).toEqual([]));

  test.each(REFACTORINGS)("finds stacks of modules never trained on: %s", (kind) => {
    const random = seededRandom(11);
    let [found, searched] = [0, 0];
    for (const { stacks } of readStacks("test")) {
      const search = createStackSearch(stacks);
      for (let round = 0; round < 3; round++) {
        for (const { stack, origin } of refactor(stacks, kind, random)) {
          searched++;
          if (search(stack, 3).some(({ index }) => index === origin)) found++;
        }
      }
    }
    expect(searched).toBeGreaterThan(20);
    expect(found / searched).toBeGreaterThanOrEqual(0.85);
  });
});

test("the parts of the set share no module", () => {
  const { modules } = readSet();
  expect(new Set(modules.map(({ path }) => path)).size).toBe(modules.length);
  expect(new Set(modules.map(({ path }) => partOf(path)))).toEqual(
    new Set(["training", "held out", "test"]),
  );
});
