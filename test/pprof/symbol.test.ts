import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { displayName, parseSymbol } from "../../src/pprof/symbol.ts";

function check(name: string, expected: readonly [string, string, string, string]): void {
  const symbol = parseSymbol(name);
  expect([symbol.package, symbol.function, symbol.declaration, symbol.key], name).toEqual(expected);
}

describe("parseSymbol gives package, function, declaration and key", () => {
  test("functions and methods", () => {
    check("main.main", ["main", "main", "main", "main.main"]);
    check("example.com/m.Parse", ["example.com/m", "Parse", "Parse", "example.com/m.Parse"]);
    check("example.com/m.(*T).Parse", [
      "example.com/m",
      "(*T).Parse",
      "(*T).Parse",
      "example.com/m.(*T).Parse",
    ]);
    check("example.com/m.T.String", [
      "example.com/m",
      "T.String",
      "T.String",
      "example.com/m.T.String",
    ]);
    check("example.com/m.T.String-fm", [
      "example.com/m",
      "T.String-fm",
      "T.String",
      "example.com/m.T.String-fm",
    ]);
  });

  test("import paths with dots", () => {
    check("gopkg.in/yaml%2ev3.Unmarshal", [
      "gopkg.in/yaml.v3",
      "Unmarshal",
      "Unmarshal",
      "gopkg.in/yaml.v3.Unmarshal",
    ]);
    check("example.com/m_test.BenchmarkX", [
      "example.com/m_test",
      "BenchmarkX",
      "BenchmarkX",
      "example.com/m_test.BenchmarkX",
    ]);
  });

  test("type arguments, as profiles and as compilers write them", () => {
    const list = ["m", "(*List).Push", "(*List).Push", "m.(*List).Push"] as const;
    check("m.(*List[...]).Push", list);
    check("m.(*List[go.shape.int]).Push", list);
    check("m.(*List[go.shape.struct { A []example.com/x.T; B map[string]int }]).Push", list);
    check("slices.SortFunc[...]", ["slices", "SortFunc", "SortFunc", "slices.SortFunc"]);
    check("m.Map[...].func1", ["m", "Map.func1", "Map", "m.Map.func"]);
  });

  test("closures, wrappers and loop bodies", () => {
    check("m.Parse.func1", ["m", "Parse.func1", "Parse", "m.Parse.func"]);
    check("m.Parse.func12.2.1", ["m", "Parse.func12.2.1", "Parse", "m.Parse.func.."]);
    check("m.(*T).Run.deferwrap2", [
      "m",
      "(*T).Run.deferwrap2",
      "(*T).Run",
      "m.(*T).Run.deferwrap",
    ]);
    check("m.Run.gowrap1", ["m", "Run.gowrap1", "Run", "m.Run.gowrap"]);
    check("m.Walk-range3", ["m", "Walk-range3", "Walk", "m.Walk-range"]);
    check("m.Walk.func1-range2", ["m", "Walk.func1-range2", "Walk", "m.Walk.func-range"]);
    check("m.Caller.Callee.func1", [
      "m",
      "Caller.Callee.func1",
      "Caller.Callee",
      "m.Caller.Callee.func",
    ]);
  });

  test("initializers keep their number: it is their name", () => {
    check("m.init.0", ["m", "init.0", "init.0", "m.init.0"]);
    check("m.init.1.func1", ["m", "init.1.func1", "init.1", "m.init.1.func"]);
    check("m.init.func1", ["m", "init.func1", "init", "m.init.func"]);
  });

  test("functions that are called like closures are not", () => {
    check("m.func1", ["m", "func1", "func1", "m.func1"]);
    check("m.(*T).func1", ["m", "(*T).func1", "(*T).func1", "m.(*T).func1"]);
  });

  test("names that are not Go's stay whole", () => {
    for (const name of ["", ".", "[libc.so.6]", "gcWriteBarrier", "0x1f", "<unknown>", "a[b"]) {
      check(name, ["", name, name, name]);
    }
    check("m.Broken[int", ["m", "Broken[int", "Broken[int", "m.Broken[int"]);
  });

  test("any text is read without an error, and in little time", () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom(..."ab./[]()*%2e1-\0<func") }), (name) => {
        const symbol = parseSymbol(name);
        expect(displayName(symbol).length).toBeLessThanOrEqual(name.length);
      }),
      { numRuns: 2000 },
    );
    const hostile = parseSymbol(`m.${"[".repeat(5000)}${"a[]".repeat(1000)}`);
    expect(hostile.package).toBe("m");
  });
});
