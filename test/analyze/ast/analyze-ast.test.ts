import { expect, test } from "vitest";
import { analyzeAst } from "../../../src/analyze/ast/analyze-ast.ts";
import type { Syntax } from "../../../src/goast/syntax.ts";
import type { ChangedFile } from "../../../src/plan/plan.ts";
import { syntaxOf } from "../../goast/syntax-of.ts";
import { evidenceOf } from "../evidence-of.ts";

type Files = Readonly<Record<string, readonly string[]>>;

function modified(...paths: string[]): ChangedFile[] {
  return paths.map((path) => ({ path, status: "modified" }));
}

/** Findings as "change kind package.function file:line". */
function check(changedFiles: ChangedFile[], base: Files, head: Files, expected: string[]): void {
  const evidence = evidenceOf({
    changedFiles,
    syntax: { base: syntaxOf(base), head: syntaxOf(head) },
    packages: [{ importPath: "example.com/m/json", dir: "json" }],
  });
  const { findings, degraded } = analyzeAst(evidence);
  expect(degraded).toEqual([]);
  expect(
    findings.flatMap((f) => {
      if (f.kind === "bridge") return [];
      const place = f.head ?? f.base;
      return `${f.change} ${f.declaration} ${f.package}.${f.function} ${place?.file}:${place?.line}`;
    }),
  ).toEqual(expected);
}

test("changed, added, removed and changed in signature, in the order of the file", () => {
  check(
    modified("json/a.go"),
    { "json/a.go": ["func f 1-2 1", "func g 3-4 2", "type T 5-6 3", "func h 7-8 4 s1"] },
    { "json/a.go": ["func h 1-2 5 s2", "func f 3-4 9", "type T 5-6 3", "var v 7-7 6"] },
    [
      "signature func example.com/m/json.h json/a.go:1",
      "changed func example.com/m/json.f json/a.go:3",
      "removed func example.com/m/json.g json/a.go:3",
      "added var example.com/m/json.v json/a.go:7",
    ],
  );
});

test("functions with other names are told, also where nothing else changed", () => {
  const { findings, names } = analyzeAst(
    evidenceOf({
      changedFiles: [
        ...modified("json/a.go"),
        { path: "xml/b.go", previousPath: "json/b.go", status: "renamed" },
      ],
      syntax: {
        base: syntaxOf({
          "json/a.go": ["func f 1-2 1", "func g 3-4 2"],
          "json/b.go": ["func h 1-2 3"],
        }),
        head: syntaxOf({
          "json/a.go": ["func renamed 1-2 1", "func new 3-4 9"],
          "xml/b.go": ["func h 1-2 3"],
        }),
      },
      packages: [{ importPath: "example.com/m/json", dir: "json" }],
    }),
  );
  expect([...names.renamed]).toEqual([
    ["example.com/m/json.h", "example.com/m/xml.h"],
    ["example.com/m/json.f", "example.com/m/json.renamed"],
  ]);
  expect([[...names.removed], [...names.added]]).toEqual([
    ["example.com/m/json.g"],
    ["example.com/m/json.new"],
  ]);
  expect(findings.map((finding) => "change" in finding && finding.change)).toEqual([
    "removed",
    "added",
  ]);
});

test("packages without benchmarks get their import path from the module's", () => {
  check(modified("a.go"), { "a.go": ["func f 1-2 1"] }, { "a.go": ["func f 1-2 2"] }, [
    "changed func example.com/m.f a.go:1",
  ]);
});

test("moving, reordering and renaming is no change", () => {
  check(
    modified("a.go", "b.go"),
    { "a.go": ["func f 1-2 1", "func g 3-4 2"], "b.go": [] },
    { "a.go": ["func renamed 1-2 2"], "b.go": ["func f 5-6 1"] },
    [],
  );
  check(
    [{ path: "new/a.go", previousPath: "old/a.go", status: "renamed" }],
    { "old/a.go": ["func f 1-2 1", "func g 3-4 2"] },
    { "new/a.go": ["func f 1-2 1", "func g 3-4 3"] },
    ["changed func example.com/m/new.g new/a.go:3"],
  );
});

test("only changed files count", () => {
  check(
    modified("a.go"),
    { "a.go": ["func f 1-2 1"], "b.go": ["func g 1-2 1"] },
    { "a.go": ["func f 1-2 1"], "b.go": ["func g 1-2 2"] },
    [],
  );
});

test("of test code only benchmarks are told", () => {
  check(
    modified("a_test.go"),
    {
      "a_test.go": [
        "func BenchmarkF 1-2 1",
        "func TestF 3-4 1",
        "func benchmarkAll 5-6 1",
        "var v 7-7 1",
      ],
    },
    {
      "a_test.go": [
        "func BenchmarkF 1-2 2",
        "func TestF 3-4 2",
        "func benchmarkAll 5-6 2",
        "var v 7-7 2",
      ],
    },
    [
      "changed func example.com/m.BenchmarkF a_test.go:1",
      "changed func example.com/m.benchmarkAll a_test.go:5",
    ],
  );
});

function degradedBy(
  changedFiles: ChangedFile[],
  syntax?: { base: Syntax; head: Syntax },
): string[] {
  return analyzeAst(evidenceOf({ changedFiles, syntax })).degraded.map((at) => at.reason);
}

test("what could not be read is told", () => {
  expect(degradedBy(modified("a.go"))).toEqual(["none of the 1 changed Go files could be read"]);
  const none = syntaxOf({});
  expect(degradedBy(modified("a.go"), { base: none, head: syntaxOf({ "a.go": [] }) })).toEqual([
    "not read: a.go of base",
  ]);
  const broken: Syntax = {
    schema: "tailguard.syntax/1",
    files: [
      { path: "a.go", package: "", declarations: [], problems: ["3:1: expected '('", "4:1: x"] },
    ],
  };
  expect(degradedBy(modified("a.go"), { base: syntaxOf({ "a.go": [] }), head: broken })).toEqual([
    "only partly read on head: a.go:3:1: expected '(' and 1 more",
  ]);
  const paths = Array.from({ length: 8 }, (_, i) => `f${i}.go`);
  expect(degradedBy(modified(...paths), { base: none, head: none })).toEqual([
    "not read: f0.go of head; f0.go of base; f1.go of head; f1.go of base; f2.go of head and 11 more files",
  ]);
});

test("no Go file changed: nothing to say, nothing degraded", () => {
  expect(degradedBy(modified("README.md", "testdata/a.go", "_x/a.go", ".hidden/a.go"))).toEqual([]);
  expect(degradedBy([{ path: "a.txt", previousPath: "b.txt", status: "renamed" }])).toEqual([]);
});

test("added and removed files exist on one side only", () => {
  const changedFiles: ChangedFile[] = [
    { path: "new.go", status: "added" },
    { path: "old.go", status: "removed" },
  ];
  check(changedFiles, { "old.go": ["func f 1-2 1"] }, { "new.go": ["func g 1-2 2"] }, [
    "added func example.com/m.g new.go:1",
    "removed func example.com/m.f old.go:1",
  ]);
});
