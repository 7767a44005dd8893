import { expect, test } from "vitest";
import { analyzeCompiler } from "../../../src/analyze/compiler/analyze-compiler.ts";
import { syntaxOf } from "../../goast/syntax-of.ts";
import { evidenceOf } from "../evidence-of.ts";

const SYNTAX = syntaxOf({
  "a.go": ["func get 1-9 1", "func inner 11-19 2", "func put 21-29 3", "func old 31-39 4"],
  "b/b.go": ["func F 1-9 5"],
  "a_test.go": ["func BenchmarkGet 1-9 6"],
});

function text(...lines: string[]): string {
  return ["# example.com/m [example.com/m.test]", ...lines, ""].join("\n");
}

test("what was inlined into a reached function is reached, on either side and through others", () => {
  const evidence = evidenceOf({
    syntax: { base: SYNTAX, head: SYNTAX },
    packages: [
      {
        importPath: "example.com/m",
        dir: ".",
        baseCompiler: text("example.com/m/a.go:2:1: inlining call to old"),
        headCompiler: text(
          "example.com/m/a_test.go:2:1: inlining call to get",
          "example.com/m/a.go:3:1: inlining call to inner",
          "example.com/m/a.go:12:1: inlining call to b.F",
        ),
      },
    ],
  });
  const [package_] = evidence.manifest.packages;
  if (package_ === undefined) throw new Error("no package");
  const record = {
    ...package_,
    reached: {
      BenchmarkGet: {
        called: ["example.com/m_test.BenchmarkGet"],
        possible: ["example.com/m.put"],
      },
    },
  };
  const { findings } = analyzeCompiler({
    ...evidence,
    packages: evidence.packages.map((at) => ({ ...at, record })),
  });
  const reached = findings.filter((finding) => finding.kind === "reach");
  const short = (names: readonly string[] = []) =>
    names.map((name) => name.replace("example.com/m", "")).sort();
  expect(reached.map(({ function: name }) => name)).toEqual(["BenchmarkGet"]);
  expect(short(reached[0]?.called)).toEqual([".BenchmarkGet", ".get", ".inner", ".old", "/b.F"]);
  expect(short(reached[0]?.possible)).toEqual([".put"]);
});
