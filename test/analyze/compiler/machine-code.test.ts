import { expect, test } from "vitest";
import { analyzeCompiler } from "../../../src/analyze/compiler/analyze-compiler.ts";
import type { PackageRecord } from "../../../src/evidence/manifest.ts";
import { syntaxOf } from "../../goast/syntax-of.ts";
import { evidenceOf } from "../evidence-of.ts";

const SYNTAX = syntaxOf({
  "a.go": ["func get 1-9 1", "func (*T).put 11-19 2"],
  "a_test.go": ["func BenchmarkGet 1-9 6"],
});

function code(name: string, textBytes: number): NonNullable<PackageRecord["machineCode"]>[number] {
  const base = { textBytes: 10, frameBytes: 0, growsStack: false };
  return { package: "example.com/m", function: name, base, head: { ...base, textBytes } };
}

test("machine code of another size stands at its function, once; test code and strangers do not", () => {
  const text = "# example.com/m\nexample.com/m/a.go:1:6: can inline get with cost 3\n";
  const evidence = evidenceOf({
    syntax: { base: SYNTAX, head: SYNTAX },
    packages: [
      { importPath: "example.com/m", dir: ".", baseCompiler: text, headCompiler: text },
      { importPath: "example.com/m", dir: ".", baseCompiler: text, headCompiler: text },
    ],
  });
  const names = ["get", "(*T).put", "BenchmarkGet", "elsewhere"];
  const { findings } = analyzeCompiler({
    ...evidence,
    packages: evidence.packages.map((at, index) => {
      const machineCode = names.map((name) => code(name, 20 + index));
      return { ...at, record: { ...at.record, machineCode } };
    }),
  });
  const told = findings.flatMap((at) =>
    at.kind === "machine-code"
      ? [`${at.function} ${at.position.file}:${at.position.line} ${at.head.textBytes}`]
      : [],
  );
  expect(told).toEqual(["get a.go:1 20", "(*T).put a.go:11 20"]);
});
