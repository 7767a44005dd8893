// Is a benchmark ever called unaffected that is not? Real builds of a module with one way for a
// benchmark to reach code or data in each section (test/testdata/go/reach), each changed in turn.
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { affectedBetween, type SymbolBuild, SymbolBuilder } from "./symbol-builds.ts";

const REACH = fileURLToPath(new URL("../testdata/go/reach/", import.meta.url));
const builder = new SymbolBuilder();
const dirs: string[] = [];
let base: SymbolBuild;

beforeAll(async () => {
  // TAILGUARD_TEST_GO=1.24.13 runs the same cases with another toolchain.
  await builder.open(process.env.TAILGUARD_TEST_GO ?? "local", REACH);
  base = await buildCopy([]);
});
afterAll(async () => {
  await builder.close();
  for (const dir of dirs) rmSync(dir, { recursive: true, force: true });
});

type Edit = readonly [file: string, from: string, to: string];

async function buildCopy(edits: readonly Edit[]): Promise<SymbolBuild> {
  const dir = mkdtempSync(join(tmpdir(), "tailguard-reach-"));
  dirs.push(dir);
  cpSync(REACH, dir, { recursive: true });
  for (const [file, from, to] of edits) {
    const text = readFileSync(join(dir, file), "utf8");
    expect(text).toContain(from);
    writeFileSync(join(dir, file), text.replaceAll(from, to));
  }
  const [built] = await builder.build(dir);
  if (built === undefined) throw new Error("nothing was built");
  return built;
}

async function affectedBy(...edits: Edit[]) {
  const head = await buildCopy(edits);
  const { reasons, counts } = affectedBetween(base, head);
  const short = new Map([...reasons].map(([name, why]) => [name.replace("Benchmark", ""), why]));
  return { names: [...short.keys()].sort(), reasons: short, counts };
}

const EDIT = {
  interfaceMethod: ["reach.go", "return s.side * s.side", "return s.side*s.side + 1"],
  table: ["reach.go", "64, 128}", "64, 129}"],
  genericLeaf: ["reach.go", "if a > b {", "if a >= b {"],
  devirtualized: ["reach.go", "return f.at + 100", "return f.at + 101"],
  operation: ["reach.go", "return n + n }", "return n + n + 3 }"],
  promoted: ["reach.go", "i.n += 2; return i.n", "i.n += 3; return i.n"],
  closure: ["reach.go", "return n + by*5", "return n + by*6"],
  methodValue: ["reach.go", "by * 9", "by * 10"],
  constant: ["reach.go", "const limit = 1000", "const limit = 1001"],
  string: ["reach.go", '"good evening"', '"good-evening"'],
  layout: ["reach.go", "\tid    int32\n", "\tid    int32\n\tmore  [3]int64\n"],
  stringer: ["reach.go", '"%d degrees", c.degrees', '"%d degrees", c.degrees+1'],
  reflection: ["reach.go", "h.n * 77", "h.n * 78"],
  goroutine: ["reach.go", "out <- i * 13", "out <- i * 14"],
  typeSwitch: ["reach.go", "return at.radius + 2", "return at.radius + 3"],
  otherPackage: ["leaf/leaf.go", "n*31 + 7", "n*31 + 8"],
} as const satisfies Record<string, Edit>;

describe("a change reaches", () => {
  test.each([
    ["callers by interface", EDIT.interfaceMethod, ["Interface", "TypeSwitch"]],
    ["readers of a table", EDIT.table, ["Table"]],
    ["callers of a generic function that calls it", EDIT.genericLeaf, ["Generic"]],
    ["a call that the compiler devirtualizes", EDIT.devirtualized, ["Devirtualized"]],
    ["callers through a table of functions", EDIT.operation, ["Operations"]],
    ["callers of a promoted method", EDIT.promoted, ["Promoted"]],
    ["callers of a closure", EDIT.closure, ["Closure"]],
    ["callers of a method value", EDIT.methodValue, ["MethodValue"]],
    ["functions that a constant was folded into", EDIT.constant, ["Constant"]],
    ["users of a string", EDIT.string, ["String"]],
    ["users of a type's layout", EDIT.layout, ["Layout"]],
    ["callers by way of fmt", EDIT.stringer, ["Stringer"]],
    ["callers by reflection", EDIT.reflection, ["Reflection"]],
    ["what starts it as a goroutine", EDIT.goroutine, ["Goroutine"]],
    ["a switch over types", EDIT.typeSwitch, ["TypeSwitch"]],
    ["callers in other packages", EDIT.otherPackage, ["External", "OtherPackage"]],
  ] as const)("%s, and no others", async (_title, edit, expected) => {
    const { names } = await affectedBy(edit);
    expect(names).toEqual(expected);
  });

  test("all benchmarks, where it is in what init hands out", async () => {
    const { names, reasons } = await affectedBy(["reach.go", "return -n }", "return -n - 1 }"]);
    expect(names).toHaveLength(base.target.functions.length);
    expect(reasons.get("Table")).toMatch(
      /runs before every benchmark: .*init.0.* → negate changed/,
    );
  });

  test("all benchmarks, where it is in a variable's initializer", async () => {
    const { names, reasons } = await affectedBy(["start.go", "a, b := 0, 1", "a, b := 0, 2"]);
    expect(names).toHaveLength(base.target.functions.length);
    expect(reasons.get("Table")).toContain("runs before every benchmark");
  });

  test("all benchmarks, where it adds an initializer", async () => {
    const edit = ["reach.go", "// A table of data.", "func init() { println() }\n"] as const;
    expect((await affectedBy(edit)).names).toHaveLength(base.target.functions.length);
  });

  test("all benchmarks, where it adds a TestMain", async () => {
    const main = "func TestMain(m *testing.M) { m.Run() }\n\nfunc TestOnlyTested";
    const { names, reasons } = await affectedBy(["reach_test.go", "func TestOnlyTested", main]);
    expect(names).toHaveLength(base.target.functions.length);
    expect(reasons.get("Table")).toContain("TestMain");
  });

  test("the benchmark itself, where that is what changed", async () => {
    const { reasons } = await affectedBy([
      "reach_test.go",
      "all := make([]record, 10)",
      "all := make([]record, 20)",
    ]);
    expect([...reasons]).toEqual([["Layout", "the benchmark itself changed"]]);
  });

  test("by the shortest way, in words", async () => {
    const { reasons } = await affectedBy(EDIT.closure);
    expect(reasons.get("Closure")).toMatch(
      /^BenchmarkClosure → BenchmarkClosure\.func1 → \S+ changed$/,
    );
  });
});

describe("a change reaches nothing", () => {
  const none = { changed: 0, added: 0, removed: 0, renamed: 0 };

  test("when it is the same code", async () => {
    const { names, counts } = await affectedBy();
    expect({ names, counts }).toEqual({ names: [], counts: none });
  });

  test("when it is comments, which move all lines", async () => {
    const { names, counts } = await affectedBy(
      ["reach.go", "package reach\n", "package reach\n\n// A comment.\n// And another.\n"],
      ["reach_test.go", "var (\n", "// A comment.\nvar (\n"],
    );
    expect({ names, counts }).toEqual({ names: [], counts: none });
  });

  test("when local names change", async () => {
    const { names, counts } = await affectedBy(["reach.go", "best", "leader"]);
    expect({ names, counts }).toEqual({ names: [], counts: none });
  });

  test("when functions and variables get other names", async () => {
    const { names, counts } = await affectedBy(
      ["reach.go", "powers", "powersOfTwo"],
      ["reach.go", "func power(", "func powerOfTwo("],
      ["reach_test.go", "power(i)", "powerOfTwo(i)"],
    );
    expect({ names, counts }).toEqual({ names: [], counts: { ...none, renamed: 2 } });
  });

  test("when only tests use it", async () => {
    const { names, counts } = await affectedBy([
      "reach.go",
      "return n ^ 0x55",
      "return n ^ 0x55 ^ 0",
    ]);
    expect({ names, counts }).toEqual({ names: [], counts: none });
    const tested = await affectedBy(["reach_test.go", "onlyTested(0)", "onlyTested(1)"]);
    expect(tested.names).toEqual([]);
    expect(tested.counts.changed).toBe(1);
  });

  test("when it adds what nothing uses, with an import of its own", async () => {
    const added =
      'import (\n\t"fmt"\n\t"unicode/utf16"\n)\n\nfunc Unused(s []uint16) []rune { return utf16.Decode(s) }\n';
    const { names, counts } = await affectedBy(["reach.go", 'import "fmt"\n', added]);
    expect(names).toEqual([]);
    expect(counts.added).toBeGreaterThan(0);
  });

  test("when a new literal renumbers the static values", async () => {
    const added = 'func Unused() []string { return []string{"a", "b"} }\n\n// Methods behind';
    const { names } = await affectedBy(["reach.go", "// Methods behind", added]);
    expect(names).toEqual([]);
  });
});
