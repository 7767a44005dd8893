// What is said of whole files on both sides, read by the real probe: what one declaration means for
// another, and what was renamed, extracted or inlined by hand.
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { analyzeAst } from "../../../src/analyze/ast/analyze-ast.ts";
import { buildProbe, readBothSides } from "../compiler/go-tools.ts";

let scratch = "";
beforeAll(async () => {
  scratch = await mkdtemp(join(tmpdir(), "tailguard-whole-files-"));
  await buildProbe(scratch);
});
afterAll(async () => {
  await rm(scratch, { recursive: true, force: true });
});

/** What is said of each declaration, as "name: text; text". */
const FILES: readonly (readonly [title: string, base: string, head: string, said: string[]])[] = [
  [
    "a call of what was renamed is the same call",
    "func (t T) long(n int) int { for i := range n { n += i * g(n) }; return n }; func h(t T) { g(t.long(1)) }",
    "func (t T) longer(n int) int { for i := range n { n += i * g(n) }; return n }; func h(t T) { if true { g(t.longer(1)) } }",
    ["h: a condition was added; statements: 2 added, 1 removed"],
  ],
  [
    "constants that only stand elsewhere",
    "const (\na = iota\nb\nc\n)",
    "const (\na = iota\nc\n)",
    ["b: ", "c: it has another number, because `b` was removed"],
  ],
  [
    "constants of two groups, each for its own reason",
    "const (\na = iota\nb\nc\n)\n\nconst (\nx = iota\ny\nz\n)",
    "const (\nn = iota\na\nb\nc\n)\n\nconst (\nx = iota\nz\ny\n)",
    [
      "n: ",
      "a: it and 2 more constants, up to `c`, have other numbers, because `n` was added",
      "z: it and `y` have other numbers, because the order is another",
    ],
  ],
  [
    "constants that share a line",
    "const (\na, b = iota, -iota\nc, d\ne, f\n)",
    "const (\nc, d = iota, -iota\ne, f\n)",
    [
      "a: ",
      "b: ",
      "c: it and 3 more constants, up to `f`, have other numbers, because `a`, `b` were removed",
    ],
  ],
  [
    "a constant that is another expression as well is told by itself",
    "const (\na = iota\nb = iota + 1\n)",
    "const (\nb = iota + 2\n)",
    [
      "a: ",
      "b: 1 became 2; its place among the constants around it, and so its number, is another",
    ],
  ],
  [
    "a part that moved into a function that is new",
    "func f(n []int) { t := 0; for _, x := range n { if x > 1 { t += g(x) } }; h(t) }",
    "func f(n []int) { h(sum(n)) }\nfunc sum(n []int) int { t := 0; for _, x := range n { if x > 1 { t += g(x) } }; return t }",
    ["f: a part of it moved into `sum`, which is new; statements: 4 removed, 1 edited", "sum: "],
  ],
  [
    "and does more there",
    "func f(n []int) { t := 0; for _, x := range n { t += g(x) }; h(t) }",
    "func f(n []int) { h(sum(n)) }\nfunc sum(n []int) int { mu.Lock(); t := 0; for _, x := range n { t += g(x) }; return t }",
    [
      "f: a part of it moved into `sum`, which is new and does more: a lock (`mu.Lock`); statements: 3 removed, 1 edited",
      "sum: ",
    ],
  ],
  [
    "a new function that does something else is called as well",
    "func f(n []int) { for _, x := range n { g(x) } }",
    "func f(n []int) { for _, x := range n { if ok(x) { h(x) } } }\nfunc ok(x int) bool { mu.Lock(); return k(x) }",
    [
      "f: a call of `ok` was added inside the loop; a call of `h` was added inside the loop; a call of `g` was removed from the loop; a condition was added inside the loop; statements: 2 added, 1 removed",
      "ok: ",
    ],
  ],
  [
    "a method that went to another type",
    "type A struct{}; type B struct{}; func (a *A) run(n int) int { return g(n, 1, 2) + h(n, 3, 4) + k(n, 5, 6) }",
    "type A struct{}; type B struct{}; func (b *B) run(n int) int { return g(n, 1, 2) + h(n, 3, 4) + k(n, 5, 6) }",
    ["(*B).run: the method is another type's"],
  ],
  [
    "a function that became a method still calls itself",
    "func walk(t *T, n int) { if n > 0 { g(t, n, 1, 2); walk(t, n-1) }; h(n, 1, 2, 3) }",
    "func (t *T) walk(n int) { if n > 0 { g(t, n, 1, 2); t.walk(n-1) }; h(n, 1, 2, 3) }",
    ["(*T).walk: the function became a method; a parameter was removed; statements: 1 edited"],
  ],
  [
    "and does there what was called before",
    "func f(v T) { switch v.kind { case 1: v.s = clean(v.s); case 2: v.n = number(v.s); case 3: v.m = table(v.s, 4, 5, 6); v.k = other(v.m, 7) }; h(v) }\nfunc number(s string) int { n, err := parse(s); if err != nil { return 0 }; return n }",
    "func f(v T) { v.settle(); h(v) }\nfunc (v T) settle() { switch v.kind { case 1: v.s = clean(v.s); case 2: n, err := parse(v.s); if err != nil { n = 0 }; v.n = n; case 3: v.m = table(v.s, 4, 5, 6); v.k = other(v.m, 7) } }",
    [
      "f: a part of it moved into `v.settle`, which is new; statements: 1 added, 5 removed",
      "T.settle: ",
      "number: ",
    ],
  ],
  [
    "what was called stands in its place",
    "func f(s []int) { for _, x := range s { g(x) } }\nfunc g(x int) { if x > 0 { h(x) } }",
    "func f(s []int) { for _, x := range s { if x > 0 { h(x) } } }",
    ["f: a call of `g`, which is gone, became what it did; statements: 2 added, 1 removed", "g: "],
  ],
  [
    "a wrapper around reflection that went away",
    'import "reflect"\nfunc f(x any) { h(wrap(x)) }\nfunc wrap(x any) reflect.Value { return deep(reflect.ValueOf(x)) }',
    'import "reflect"\nfunc f(x any) { h(reflect.ValueOf(x)) }',
    [
      "f: a call of `wrap`, which is gone, became a part of what it did; statements: 1 edited",
      "wrap: ",
    ],
  ],
  [
    "fields with other names, one of them in another's place",
    "type T struct { n int; v uint64; i int }",
    "type T struct { total int; v uint64; n int }",
    ["T: the fields `n`, `i` were renamed to `total`, `n`"],
  ],
  [
    "fields that changed places, and one that came",
    "type T struct { a, b int; c string }",
    "type T struct { b, a int; c string; d bool }",
    ["T: the field `d` was added; the fields stand in another order"],
  ],
  [
    "a method of an interface",
    "type T interface { Read() int }",
    "type T interface { Read() int; Close() }",
    ["T: the method `Close` was added"],
  ],
  [
    "parameters that became others",
    "func f(s string, a, b, c bool) { g(s) }",
    "func f(s string, o options) { g(s) }",
    ["f: 3 parameters were removed and one added"],
  ],
  ["another underlying type", "type T int", "type T uint", ["T: `int` became `uint`"]],
  [
    "a map that became a function of the same name, at each place",
    "var t = map[int]int{}\nfunc f(n int) { g(t[n]); g(t[n+1], 1) }",
    "func t(n int) int { return n }\nfunc f(n int) { g(t(n)); g(t(n+1), 1) }",
    ["t: ", "t: ", "f: a call of `t` took the place of a look-up in a map; statements: 2 edited"],
  ],
  [
    "a type with another name is no other parameter, and a pool with another name no other pool",
    "type list struct { n int }\nvar lists pool\nfunc (l *list) Len() int { return l.n + g(l) }\nfunc newList(n int, l *list) *list { k(lists.get(n), l); return l }",
    "type List struct { n int }\nvar free pool\nfunc (l *List) Len() int { return l.n + g(l) }\nfunc newList(n int, l *List) *List { k(free.get(n), l); return l }",
    ["(*List).Len: ", "newList: statements: 1 edited"],
  ],
  [
    "a variable that gets another value is one statement",
    "func f(a, b int) { x := a & 7 << b; g(x) }",
    "func f(a, b int) { x := h(a); g(x) }",
    ["f: a call of `h` was added; statements: 1 edited"],
  ],
  [
    "what a variable is given by another function",
    "func f(s string) int { i := strings.Index(s, x); return i }",
    "func f(s string) int { i := bytes.LastIndexByte(s); return i }",
    ["f: a call of `strings.Index` became one of `bytes.LastIndexByte`; statements: 1 edited"],
  ],
  [
    "an error is of what was done last",
    "func f() error { err := read(a, b, 1); return err }",
    "func f() error { err := out.flush(); return err }",
    [
      "f: a call of `out.flush` was added; a call of `read` was removed; statements: 1 added, 1 removed",
    ],
  ],
  [
    "a function returns once",
    "func f(n int) *T { v := &t[n]; v.reset(); return v }",
    "func f(n int) *T { return &t[n] }",
    ["f: a call of `v.reset` was removed; statements: 2 removed, 1 edited"],
  ],
  [
    "a statement that only lost something was edited",
    "func f(n int) (int, bool) { if n > 1 { return n, true }; return g(n, 2), false }",
    "func f(n int) int { if n > 1 { return n }; return g(n, 2) }",
    ["f: a result was removed; statements: 2 edited"],
  ],
  [
    "all of a loop is another",
    "func f(a []int) { for _, x := range a { g(x, 1, 2) } }",
    "func f(a []int) { for _, x := range a { a[x] = <-h } }",
    [
      "f: a receive from a channel was added inside the loop; a call of `g` was removed from the loop; statements: 1 added, 1 removed",
    ],
  ],
  [
    "a build constraint",
    "func f() {}",
    "//go:build !go1.20\n\npackage p\nfunc f() {}",
    ["f: the build constraint `!go1.20` was added"],
  ],
];

test.each(FILES)("%s", async (_, base, head, said) => {
  const dir = await mkdtemp(join(scratch, "files-"));
  const roots = { base: join(dir, "base"), head: join(dir, "head") };
  for (const [side, source] of [["base", base] as const, ["head", head] as const]) {
    await mkdir(roots[side], { recursive: true });
    const clause = source.includes("package p") ? "" : "package p\n";
    await writeFile(join(roots[side], "a.go"), `${clause}${source}\n`);
  }
  const { findings } = analyzeAst({
    manifest: { plan: { changedFiles: [{ path: "a.go", status: "modified" }] }, packages: [] },
    syntax: await readBothSides(join(scratch, "probe"), roots),
    packages: [],
  });
  const told = findings.map((finding) => {
    const texts = finding.kind === "declaration" ? (finding.changes ?? []) : [];
    return `${finding.function}: ${texts.map(({ text }) => text).join("; ")}`;
  });
  expect(told).toEqual(said);
});
