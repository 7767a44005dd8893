// What is said of real Go source: each case is one function on both sides, read by the real probe.
// The edit script of every case is carried out as well, and must give head.
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { z } from "zod";
import { classifyChange } from "../../../src/analyze/ast/classify-change.ts";
import { brokenBridges } from "../../../src/analyze/ast/find-bridges.ts";
import { editScript } from "../../../src/goast/edit-script.ts";
import { mapTrees } from "../../../src/goast/map-trees.ts";
import { type SyntaxFile, syntaxSchema } from "../../../src/goast/syntax.ts";
import { decodeTree, newWords, type Tree } from "../../../src/goast/tree.ts";
import { appliedText, treeText } from "../../goast/apply-edit-script.ts";
import { buildProbe, readBothSides } from "../compiler/go-tools.ts";

/** Title, base, head and what is said, as "direction: text"; counts of statements are left out. */
const CASES: readonly (readonly [title: string, base: string, head: string, said: string[]])[] = [
  [
    "a loop in the loop",
    "for i := range n { g(i) }",
    "for i := range n { for j := range n { g(j) }; g(i) }",
    [
      "worse: a loop was added inside the loop",
      "worse: a call of `g` was added inside nested loops",
    ],
  ],
  [
    "a defer into the loop",
    "defer mu.Unlock(); for { g(1) }",
    "for { defer mu.Unlock(); g(1) }",
    ["worse: a defer moved into the loop", "neutral: an unlock (`mu.Unlock`) moved into the loop"],
  ],
  [
    "an allocation out of the loop",
    "for { b := make([]byte, 8); g(b) }",
    "b := make([]byte, 8); for { g(b) }",
    ["better: a `make` of a slice (`[]byte`) moved out of the loop"],
  ],
  [
    "a slice that begins without capacity",
    "s := make([]int, 0, n); for i := range n { s = append(s, i) }; g(s)",
    "var s []int; for i := range n { s = append(s, i) }; g(s)",
    [
      "worse: an `append` lost the capacity that was made for it",
      "better: a `make` of a slice (`[]int`) was removed",
    ],
  ],
  [
    "a make that lost its capacity",
    "s := make([]int, 0, n); g(s)",
    "s := make([]int, 0); g(s)",
    ["worse: the capacity of a slice (`[]int`) is no longer given to its `make`"],
  ],
  [
    "a length that became a capacity: the same room",
    "s := make([]int, n); h(s)",
    "s := make([]int, 0, n); h(s)",
    [],
  ],
  [
    "what is added to a literal of a string is a string",
    "g(h(n))",
    'g(h(n) + "/")',
    ["worse: a concatenation of strings was added"],
  ],
  ["the function itself", "h(n, t)", "f(n, t, p)", ["neutral: a call of `h` became one of itself"]],
  [
    "a pool given up",
    "b := pool.Get().(*T); g(b); pool.Put(b)",
    "b := &T{}; g(b)",
    [
      "worse: a new object took the place of one from a pool",
      "worse: the return of an object to its pool (`pool.Put`) was removed",
    ],
  ],
  [
    "a table for a switch",
    "switch n { case 1: g(1) }",
    "g(map[int]int{1: 1}[n])",
    [
      "worse: a look-up in a map took the place of a switch",
      "worse: a map literal (`map[int]int`) was added",
    ],
  ],
  [
    "another function called",
    'g(strings.Index(t, "a"), n, n+1)',
    'g(strings.LastIndex(t, "a"), n, n+1)',
    ["neutral: a call of `strings.Index` became one of `strings.LastIndex`"],
  ],
  [
    "another function in a chain",
    "g(a.b(n, 1, 2).c())",
    "g(a.d(n, 1, 2).c())",
    ["neutral: a call of `a.b` became one of `a.d`"],
  ],
  [
    "a loop unrolled by four, and a loop for the rest",
    "c := 0; for i := 0; i < n; i++ { c += g(t[i]) }; h(c)",
    "a, b, i := 0, 0, 0; for ; i <= n-2; i += 2 { a += g(t[i]); b += g(t[i+1]) }; for ; i < n; i++ { a += g(t[i]) }; h(a + b)",
    ["neutral: a loop was unrolled: it makes 2 rounds at once"],
  ],
  [
    "unrolled, with a lock in it",
    "for i := 0; i < n; i++ { g(t[i]) }",
    "for i := 0; i < n; i += 2 { mu.Lock(); g(t[i]); g(t[i+1]) }",
    [
      "worse: a lock (`mu.Lock`) was added inside the loop",
      "neutral: a loop was unrolled: it makes 2 rounds at once",
    ],
  ],
  [
    "no longer unrolled",
    "i := 0; for ; i <= n-2; i += 2 { g(t[i]); g(t[i+1]) }; for ; i < n; i++ { g(t[i]) }",
    "for i := range n { g(t[i]) }",
    ["neutral: a loop that made 2 rounds at once makes one"],
  ],
  [
    "a second loop that does something twice is no unrolled one",
    "for i := range n { g(i) }",
    "for i := range n { g(i) }; for i := range n { g(i); g(i + 1) }",
    ["worse: a loop was added", "worse: a call of `g` was added in 2 places inside the loop"],
  ],
  [
    "a map that is cleared",
    "m := make(map[int]int); h(m); m = make(map[int]int); g(m)",
    "m := make(map[int]int); h(m); for k := range m { delete(m, k) }; g(m)",
    ["better: a map is cleared instead of made anew"],
  ],
  [
    "cleared by the built-in function",
    "m := make(map[int]int); h(m); for k := range m { delete(m, k) }",
    "m := make(map[int]int); h(m); clear(m)",
    [],
  ],
  [
    "some of a map deleted",
    "m := make(map[int]int); h(m); clear(m)",
    "m := make(map[int]int); h(m); for k := range m { if k > n { delete(m, k) } }",
    [
      "worse: a loop over a map was added",
      "worse: a deletion from a map was added inside the loop",
      "worse: a condition was added inside the loop",
      "better: a `clear` (`m`) was removed",
    ],
  ],
  ["another number", "g(n, 64)", "g(n, 16)", ["neutral: 64 became 16"]],
  ["another order", "g(1, n); h(2, n)", "h(2, n); g(1, n)", []],
  [
    "a renamed local, and a lock",
    "x := n; g(x)",
    "mu.Lock(); y := n; g(y)",
    ["worse: a lock (`mu.Lock`) was added"],
  ],
  [
    "bounds",
    "_ = t[7]; g(t[1])",
    "g(t[1])",
    ["worse: a check that spares the bounds checks after it (`t[7]`) was removed"],
  ],
];

/** Conversions through unsafe.Pointer: title, base, head, and the problems that are news. */
const BRIDGES: readonly (readonly [title: string, base: string, head: string, said: string[]])[] = [
  [
    "a uintptr kept across a statement",
    "g(unsafe.Pointer(uintptr(unsafe.Pointer(p)) + 8))",
    "u := uintptr(unsafe.Pointer(p)); g(unsafe.Pointer(u + 8))",
    ["uintptr-to-pointer at 6"],
  ],
  [
    "one that base had too is no news, wherever it stands",
    "u := uintptr(unsafe.Pointer(p)); g(unsafe.Pointer(u))",
    "h(n)\nu := uintptr(unsafe.Pointer(p)); if n > 1 { g(unsafe.Pointer(u), 1) }",
    [],
  ],
  [
    "a second one is",
    "u := uintptr(unsafe.Pointer(p)); g(unsafe.Pointer(u))",
    "u := uintptr(unsafe.Pointer(p)); g(unsafe.Pointer(u))\nh(unsafe.Pointer(u))",
    ["uintptr-to-pointer at 7"],
  ],
  [
    "a string read as a slice",
    "g([]byte(t))",
    "g(*(*[]byte)(unsafe.Pointer(&t)))",
    ["string-as-slice at 6"],
  ],
  ["a lost step", "g(*(*T)(unsafe.Pointer(p)))", "g(*(*T)(p))", ["lost-step at 6"]],
  ["mended", "u := uintptr(unsafe.Pointer(p)); g(unsafe.Pointer(u))", "g(unsafe.Pointer(p))", []],
];

const ALL = [...CASES, ...BRIDGES];

let scratch = "";
let answer: { readonly base: SyntaxFile[]; readonly head: SyntaxFile[] } = { base: [], head: [] };
beforeAll(async () => {
  scratch = await mkdtemp(join(tmpdir(), "tailguard-classify-"));
  const roots = { base: join(scratch, "base"), head: join(scratch, "head") };
  for (const side of ["base", "head"] as const) {
    for (const [index, of] of ALL.entries()) {
      const dir = join(roots[side], `case${String(index).padStart(2, "0")}`);
      await mkdir(dir, { recursive: true });
      const body = side === "base" ? of[1] : of[2];
      await writeFile(
        join(dir, "a.go"),
        `package p\nimport "strings"\nimport "unsafe"\n\nfunc f(n int, t string, p *S) {\n${body}\n}\n`,
      );
    }
  }
  const read = z
    .object({ base: syntaxSchema, head: syntaxSchema })
    .parse(await readBothSides(await buildProbe(scratch), roots));
  answer = { base: read.base.files, head: read.head.files };
});
afterAll(async () => {
  await rm(scratch, { recursive: true, force: true });
});

function mappingOf(index: number) {
  const words = newWords();
  const treeOf = (side: "base" | "head"): Tree => {
    const file = answer[side][index];
    const tree = file?.declarations[0]?.tree;
    const decoded = tree === undefined ? undefined : decodeTree(tree, file?.words ?? [], words);
    if (decoded === undefined) throw new Error(`no tree: ${JSON.stringify(file)}`);
    return decoded;
  };
  const mapping = mapTrees(treeOf("base"), treeOf("head"));
  expect(appliedText(mapping, editScript(mapping))).toBe(treeText(mapping.head));
  return mapping;
}

test.each(CASES.map((of, index) => [of[0], index] as const))("%s", (_, index) => {
  const said = classifyChange(mappingOf(index), { base: "a.go", head: "a.go" }).filter(
    ({ text }) => !text.startsWith("statements: "),
  );
  expect(said.map(({ direction, text }) => `${direction}: ${text}`)).toEqual(CASES[index]?.[3]);
});

test.each(BRIDGES.map((of, index) => [of[0], index] as const))("%s", (_, index) => {
  const said = brokenBridges(mappingOf(CASES.length + index));
  expect(said.map(({ problem, line }) => `${problem} at ${line}`)).toEqual(BRIDGES[index]?.[3]);
});
