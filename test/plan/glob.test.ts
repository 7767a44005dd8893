import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { matchesBenchmark, matchesGlob, matchesPackage, matchesPath } from "../../src/plan/glob.ts";

function check(is: (pattern: string, text: string) => boolean, pattern: string) {
  return (yes: readonly string[], no: readonly string[]) => {
    expect([...yes, ...no].filter((text) => is(pattern, text))).toEqual(yes);
  };
}

test("stars and question marks", () => {
  check(matchesGlob, "docs/**")(["docs/a", "docs/a/b.md", "docs/"], ["docs", "adocs/x"]);
  check(matchesGlob, "*.go")(["a.go", ".go"], ["x/a.go", "a.got"]);
  check(matchesGlob, "**/*.go")(["x/a.go", "x/y/a.go"], ["a.go"]);
  check(matchesGlob, "a?c")(["abc", "a*c"], ["ac", "a/c", "abbc"]);
  check(matchesGlob, "")([""], ["a"]);
});

test("everything else stands for itself", () => {
  check(matchesGlob, "a.[b]{c}(d|e)+$\\")(["a.[b]{c}(d|e)+$\\"], ["axb", "a.b"]);
});

test("a benchmark is meant with its sub-benchmarks, with or without its first word", () => {
  const yes = ["BenchmarkParse", "BenchmarkParse/large", "Parse/large/x"];
  check(matchesBenchmark, "Parse")(yes, ["BenchmarkParseLine", "BenchmarkReparse"]);
  check(matchesBenchmark, "BenchmarkParse")(["BenchmarkParse/a"], ["BenchmarkParser"]);
  check(matchesBenchmark, "Parse*/l*")(["BenchmarkParseLine/large"], ["BenchmarkParseLine"]);
  check(matchesBenchmark, "*")(["BenchmarkA", "BenchmarkA/b"], []);
});

test("a package is meant by its path or the end of it", () => {
  const parser = "example.com/m/parser";
  check(matchesPackage, "parser")([parser, "parser"], [`${parser}/json`, "example.com/m/xparser"]);
  check(matchesPackage, "./parser/...")([parser, `${parser}/json`], ["example.com/parsers"]);
  check(matchesPackage, parser)([parser], ["example.com/m"]);
});

test("the last path pattern that fits decides", () => {
  const is = (patterns: readonly string[]) => (path: string) => matchesPath(patterns, path);
  const paths = ["a.go", "docs/a.md", "docs/code/a.go", "x/y.go"];
  expect(paths.filter(is(["**", "!docs/**"]))).toEqual(["a.go", "x/y.go"]);
  expect(paths.filter(is(["!docs/**"]))).toEqual(["a.go", "x/y.go"]);
  expect(paths.filter(is(["!docs/**", "docs/code/**"]))).toEqual([
    "a.go",
    "docs/code/a.go",
    "x/y.go",
  ]);
  expect(paths.filter(is(["*.go"]))).toEqual(["a.go"]);
});

describe("hostile patterns", () => {
  test("that would backtrack for ever take a bounded number of steps", () => {
    for (const star of ["*", "**"]) {
      expect(matchesGlob(`${`a${star}`.repeat(90)}b`, "a".repeat(1_000))).toBe(false);
    }
  });

  test("agree with a plain regular expression where that is quick", () => {
    const pattern = fc.array(fc.constantFrom("a", "b", "/", "*", "?"), { maxLength: 6 });
    const text = fc.array(fc.constantFrom("a", "b", "/"), { maxLength: 8 });
    fc.assert(
      fc.property(pattern, text, (parts, characters) => {
        const glob = parts.join("");
        const expression = glob
          .replace(/\*\*+/g, "\u0000")
          .replace(/[*?]/g, (found) => (found === "*" ? "[^/]*" : "[^/]"))
          .replaceAll("\u0000", ".*");
        const wanted = new RegExp(`^${expression}$`).test(characters.join(""));
        expect(matchesGlob(glob, characters.join(""))).toBe(wanted);
      }),
    );
  });
});
