import { describe, expect, test } from "vitest";
import { type AffectedInput, findAffected, type LinkedPackage } from "../../src/plan/affected.ts";
import { selectBenchmarks } from "../../src/plan/select-benchmarks.ts";
import { describePath, symbolPrefix } from "../../src/plan/symbol-names.ts";
import { seededRandom } from "../../src/stats/random.ts";
import { tableOf } from "../symbols/table-of.ts";

const OWN: LinkedPackage = { importPath: "m/p", dir: "p", hasCgo: false, hasAssembly: false };

const BASE = `
  m/p.BenchmarkOne 1 m/p.one
  m/p.BenchmarkTwo 2 m/p.two
  m/p_test.BenchmarkThree 3 m/p.two
  m/p.one 1
  m/p.two 2
  m/p..inittask 1 m/p.init
  m/p.init 1 m/p.start
  m/p.start 1
`;

/** Functions affected by turning one text of BASE into another, with the reasons. */
function affected(
  [from, to]: readonly [string, string] = ["", ""],
  more: {
    readonly files?: readonly string[];
    readonly linked?: Partial<AffectedInput["linked"]["base"]>;
    readonly headSettings?: string;
    readonly problem?: string;
  } = {},
) {
  const linked = { packages: [OWN], importedFromOutside: [], settings: "", ...more.linked };
  const head = tableOf(BASE.replace(from, to), "m/p");
  const { reasons, reached, counts } = findAffected({
    importPath: "m/p",
    functions: ["BenchmarkOne", "BenchmarkTwo", "BenchmarkThree"],
    changedFiles: (more.files ?? ["p/p.go"]).map((path) => ({ path, status: "modified" })),
    linked: { base: linked, head: { ...linked, settings: more.headSettings ?? linked.settings } },
    symbols: { base: tableOf(BASE, "m/p"), head: { ...head, problem: more.problem ?? "" } },
  });
  return { names: [...reasons.keys()], reasons: [...new Set(reasons.values())], reached, counts };
}

const ALL = ["BenchmarkOne", "BenchmarkTwo", "BenchmarkThree"];
const ONE = ["m/p.one 1", "m/p.one 9"] as const;

describe("by symbols", () => {
  test("those that reach what changed", () => {
    const { names, reasons } = affected(["m/p.two 2", "m/p.two 9"]);
    expect(names).toEqual(["BenchmarkTwo", "BenchmarkThree"]);
    expect(reasons).toEqual(["BenchmarkTwo → two changed", "BenchmarkThree → two changed"]);
  });
  test("of what differs, each is told what it reaches, on either side", () => {
    const { reached } = affected(["m/p.two 2", "m/p.two 9"]);
    expect([...reached]).toEqual([
      ["BenchmarkTwo", { called: ["m/p.two"], possible: [] }],
      ["BenchmarkThree", { called: ["m/p.two"], possible: [] }],
    ]);
    const gone = affected(["m/p.BenchmarkOne 1 m/p.one\n  ", "m/p.BenchmarkOne 9\n  "]);
    expect(gone.reached.get("BenchmarkOne")?.called).toEqual(["m/p.BenchmarkOne"]);
    expect(affected(["m/p.start 1", "m/p.start 9"]).reached.size).toBe(0);
  });
  test("none when nothing changed", () => {
    expect(affected().names).toEqual([]);
    expect(affected().counts).toEqual({ changed: 0, added: 0, removed: 0, renamed: 0 });
  });
  test("all when it runs at the start", () => {
    const { names, reasons } = affected(["m/p.start 1", "m/p.start 9"]);
    expect(names).toEqual(ALL);
    expect(reasons).toEqual(["it runs before every benchmark: init → start changed"]);
  });
  test("a benchmark that only one side has", () => {
    const { names, reasons } = affected(["m/p.BenchmarkOne 1", "m/p.BenchmarkNew 1"]);
    expect(names).toEqual(["BenchmarkOne"]);
    expect(reasons).toEqual(["head does not have it"]);
  });
});

describe("all, whatever the symbols say", () => {
  test.each([
    "go.mod",
    "go.sum",
    "vendor/modules.txt",
    "p/p.s",
    "p/p.c",
    "p/testdata/a.json",
    "p/page.html",
    "p/testdata/a.go",
    "p/default.pgo",
  ])("%s changed", (file) => {
    const { names, reasons } = affected(undefined, { files: [file] });
    expect(names).toEqual(ALL);
    expect(reasons).toEqual([`${file} changed`]);
  });
  test.each(["README.md", "docs/page.html", "other/testdata/a.json", "p/p.go", "other/o.go"])(
    "but not for %s",
    (file) => expect(affected(undefined, { files: [file] }).names).toEqual([]),
  );
  test("other settings of the build", () => {
    const { reasons } = affected(undefined, { headSettings: "panicnil=1" });
    expect(reasons).toEqual(["base and head build with other settings"]);
  });
  test("text that was not understood", () => {
    const { reasons } = affected(undefined, { problem: "it is too long" });
    expect(reasons).toEqual(["the compiler's output could not be compared: it is too long"]);
  });
  test("a file of a package that was not compared", () => {
    const packages = [OWN, { ...OWN, importPath: "n/q", dir: "q" }];
    const { reasons } = affected(undefined, { files: ["q/q.go"], linked: { packages } });
    expect(reasons).toEqual(["q/q.go changed, outside the module that was compared"]);
  });
  test("a file of a package with C code, whose comments are C", () => {
    const linked = { packages: [{ ...OWN, hasCgo: true }] };
    expect(affected(undefined, { linked }).reasons).toEqual([
      "p/p.go changed, in a package with C code",
    ]);
    expect(affected(ONE, { linked, files: [] }).names).toEqual(ALL);
    expect(affected(undefined, { linked, files: [] }).names).toEqual([]);
  });
  test("assembly that the toolchain does not print", () => {
    const linked = { packages: [{ ...OWN, hasAssembly: true }] };
    expect(affected(ONE, { linked }).reasons).toEqual(["assembly of m/p may use what changed"]);
    expect(affected(undefined, { linked }).names).toEqual([]);
  });
  test("what packages outside the module import", () => {
    const linked = { importedFromOutside: ["m/p"] };
    expect(affected(ONE, { linked }).names).toEqual(ALL);
    expect(affected(ONE, { linked: { importedFromOutside: ["m/q"] } }).names).toEqual([
      "BenchmarkOne",
    ]);
  });
});

describe("controls", () => {
  const reasons = new Map([["A", "changed"]]);
  const reached = new Map();
  const code = [] as const;
  const counts = { changed: 1, added: 0, removed: 0, renamed: 0 };
  const functions = ["A", "B", "C", "D", "E", "F"];
  test("three of the unaffected are measured, chosen by the seed", () => {
    const { measured, controls, skipped } = selectBenchmarks(
      functions,
      { reasons, reached, code, counts },
      seededRandom(1),
    );
    expect(controls.size).toBe(3);
    expect(measured).toEqual(new Set(["A", ...controls]));
    expect([...measured, ...skipped].sort()).toEqual(functions);
    const chosen = [1, 2, 3, 4, 5].map((seed) => {
      const { controls } = selectBenchmarks(
        functions,
        { reasons, reached, code, counts },
        seededRandom(seed),
      );
      return [...controls].sort().join("");
    });
    expect(new Set(chosen).size).toBeGreaterThan(1);
  });
  test("none where nothing is affected", () => {
    const none = { reasons: new Map<string, string>(), reached, code, counts };
    const { measured, skipped } = selectBenchmarks(functions, none, seededRandom(1));
    expect([measured.size, skipped]).toEqual([0, functions]);
  });
});

describe("names", () => {
  test.each([
    ["example.com/m", "example.com/m"],
    ["gopkg.in/yaml.v3", "gopkg.in/yaml%2ev3"],
    ["m.x/é", "m.x/%c3%a9"],
    ['m/a b%"', "m/a%20b%25%22"],
    ["m.n", "m%2en"],
  ])("%s is %s in symbols", (path, prefix) => expect(symbolPrefix(path)).toBe(prefix));
  test.each([
    [["x.io/p.BenchmarkA", "x.io/p.(*T).F", "x.io/p.f·f", "x.io/p.f"], "BenchmarkA → (*T).F → f"],
    [["x.io/p_test.BenchmarkA", "x.io/q.F"], "BenchmarkA → q.F"],
    [["go:itab.*x.io/p.T,io.Writer", "type:*x.io/q.T"], "*T as io.Writer → type *q.T"],
    [["x.io/p..stmp_3"], "p (static value)"],
    [["x.io/p..inittask"], "init"],
    [["x.io/p.F[go.shape.struct { x.io/q.a int }]"], "F[go.shape.struct { q.a int }]"],
    [["a", "b", "c", "d", "e", "f", "g", "h", "i"], "a → b → c → … → g → h → i"],
  ])("%j", (names, text) => expect(describePath(names, "x.io/p")).toBe(text));
});
