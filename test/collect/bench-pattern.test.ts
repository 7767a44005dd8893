import { describe, expect, test } from "vitest";
import { alternativesFor, checkBenchPattern } from "../../src/collect/bench-pattern.ts";

function check(pattern: string, name: string, expected: string | undefined) {
  expect(alternativesFor(pattern, name)).toBe(expected);
}

describe("a pattern narrowed to one function", () => {
  test("matches anywhere in the name, as testing does", () => {
    check(".", "BenchmarkParse", "^BenchmarkParse$");
    check("Parse", "BenchmarkParse", "^BenchmarkParse$");
    check("^BenchmarkParse$", "BenchmarkParseAll", undefined);
  });

  test("keeps the elements for sub-benchmarks", () => {
    check("Parse/large/.*json", "BenchmarkParse", "^BenchmarkParse$/large/.*json");
  });

  test("splits alternatives before slashes, outside brackets only", () => {
    check("Get|Parse/large", "BenchmarkParse", "^BenchmarkParse$/large");
    check("Get|Parse/large", "BenchmarkGet", "^BenchmarkGet$");
    check("(Get|Parse)/large", "BenchmarkGet", "^BenchmarkGet$/large");
    check("[a|/b]x", "Benchmarkax", "^Benchmarkax$");
  });

  test("keeps every alternative that fits", () => {
    check("Parse/a|Parse/b", "BenchmarkParse", "^BenchmarkParse$/a|^BenchmarkParse$/b");
  });

  test("knows Go's flag groups", () => {
    check("(?i)parse", "BenchmarkParse", "^BenchmarkParse$");
  });
});

test("a pattern that go test would refuse is named with its reason", () => {
  expect(checkBenchPattern("Parse(")).toMatch(/group/i);
  expect(checkBenchPattern("ok/[")).toBeDefined();
  expect(checkBenchPattern("Parse/.*")).toBeUndefined();
});
