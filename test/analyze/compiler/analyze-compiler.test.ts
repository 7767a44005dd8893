import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { analyzeCompiler } from "../../../src/analyze/compiler/analyze-compiler.ts";
import type { Finding } from "../../../src/analyze/finding.ts";
import type { DecisionFinding } from "../../../src/analyze/source-finding.ts";
import type { Evidence } from "../../../src/evidence/evidence.ts";
import { syntaxOf } from "../../goast/syntax-of.ts";
import { evidenceOf } from "../evidence-of.ts";
import { CASES_DIR, caseNames, loadCase } from "./load-case.ts";

function decisionsIn({ findings }: { readonly findings: readonly Finding[] }): DecisionFinding[] {
  return findings.filter((finding): finding is DecisionFinding => finding.kind === "decision");
}

describe("recorded builds", async () => {
  for (const name of await caseNames()) {
    test(name, async () => {
      const result = analyzeCompiler(await loadCase(name));
      const want = join(CASES_DIR, name, "want.json");
      await expect(`${JSON.stringify(result, null, 2)}\n`).toMatchFileSnapshot(want);
    });

    test(`${name}: equal sides give nothing`, async () => {
      const { findings, degraded } = analyzeCompiler(
        withSides(await loadCase(name), "head", "head"),
      );
      expect(findings).toEqual([]);
      expect(degraded).toEqual([]);
    });

    test(`${name}: swapped sides turn worse into better`, async () => {
      const evidence = await loadCase(name);
      const count = (of: Evidence, direction: string) =>
        decisionsIn(analyzeCompiler(of)).filter((finding) => finding.direction === direction)
          .length;
      const swapped = withSides(evidence, "head", "base");
      expect(count(swapped, "better")).toBe(count(evidence, "worse"));
      expect(count(swapped, "worse")).toBe(count(evidence, "better"));
      expect(count(swapped, "neutral")).toBe(count(evidence, "neutral"));
    });
  }
});

type Side = "base" | "head";

/** The evidence with other sides in the places of base and head. */
function withSides(evidence: Evidence, base: Side, head: Side): Evidence {
  const { syntax } = evidence;
  return {
    ...evidence,
    ...(syntax === undefined ? {} : { syntax: { base: syntax[base], head: syntax[head] } }),
    packages: evidence.packages.map((at) => ({
      ...at,
      baseCompiler: base === "base" ? at.baseCompiler : at.headCompiler,
      headCompiler: head === "base" ? at.baseCompiler : at.headCompiler,
    })),
  };
}

const UNCHANGED = ["func caller 1-10 1", "func callee 12-20 2", "type kind 22-22 3"];
const CHANGED = ["func caller 1-10 9", "func callee 12-20 2", "type kind 22-22 3"];

/** Findings about a.go of example.com/m from messages at "line:column message". */
function check(
  sides: { base: string[]; head: string[]; functions?: string[] },
  expected: string[],
): void {
  const text = (messages: string[]) =>
    ["# example.com/m", ...messages.map((m) => `example.com/m/a.go:${m.replace(" ", ": ")}`)].join(
      "\n",
    );
  const headFunctions = sides.functions ?? UNCHANGED;
  const { findings } = analyzeCompiler(
    evidenceOf({
      syntax: { base: syntaxOf({ "a.go": UNCHANGED }), head: syntaxOf({ "a.go": headFunctions }) },
      packages: [
        {
          importPath: "example.com/m",
          dir: ".",
          baseCompiler: text([...sides.base, "20:1 x does not escape"]),
          headCompiler: text([...sides.head, "20:1 x does not escape"]),
        },
      ],
    }),
  );
  expect(
    decisionsIn({ findings }).map(
      (f) => `${f.direction} ${f.decision} ${f.function}:${f.position.line} ${f.base} -> ${f.head}`,
    ),
  ).toEqual(expected);
}

const CAN = "12:6 can inline callee with cost 70 as: func() {}";
const CANNOT = "12:6 cannot inline callee: function too complex: cost 90 exceeds budget 80";
const FLIP =
  "worse inlining callee:12 can inline callee with cost 70 -> cannot inline callee: function too complex: cost 90 exceeds budget 80";

test("a call that is no longer inlined into an unchanged function", () => {
  const calls = ["3:2 inlining call to callee", "5:2 inlining call to callee"];
  check({ base: [CAN, ...calls], head: [CANNOT] }, [
    "worse inlined-call caller:3 inlining call to callee, at 2 places -> ",
    FLIP,
  ]);
  check({ base: [CAN, ...calls], head: [CAN, calls[0] ?? ""] }, [
    "worse inlined-call caller:3 inlining call to callee, at 2 places -> inlining call to callee",
  ]);
});

test("in a changed function a call that is gone counts only when the callee flipped", () => {
  const call = "3:2 inlining call to callee";
  check({ base: [CAN, call], head: [CAN], functions: CHANGED }, []);
  check({ base: [CAN, call], head: [CANNOT], functions: CHANGED }, [
    "worse inlined-call caller:1 inlining call to callee -> ",
    FLIP,
  ]);
});

test("calls inside an inlined body are the callee's, not the caller's", () => {
  const base = ["3:2 inlining call to callee", "3:2 inlining call to inner"];
  check({ base, head: ["3:2 inlining call to callee"] }, []);
});

test("an allocation that only moved with the inlining is not told", () => {
  const inlined = ["3:2 inlining call to callee", "3:2 &T{...} escapes to heap"];
  check({ base: [CAN, ...inlined], head: [CANNOT, "14:2 &T{...} escapes to heap"] }, [
    "worse inlined-call caller:3 inlining call to callee -> ",
    FLIP,
    "worse escape callee:14  -> &T{...} escapes to heap",
  ]);
});

test("a callee that is still inlined and now allocates makes its callers allocate", () => {
  const call = "3:2 inlining call to callee";
  check({ base: [call], head: [call, "3:2 &T{...} escapes to heap"] }, [
    "worse escape caller:3  -> &T{...} escapes to heap",
  ]);
});

test("a value that stayed on the stack and now escapes", () => {
  check(
    {
      base: ["3:2 make([]byte, 8) does not escape"],
      head: ["4:2 make([]byte, 8) escapes to heap"],
    },
    ["worse escape caller:4 make([]byte, 8) does not escape -> make([]byte, 8) escapes to heap"],
  );
});

test("renamed variables are no new escapes", () => {
  check({ base: ["3:2 moved to heap: a"], head: ["3:2 moved to heap: b"] }, []);
  check({ base: ["3:2 moved to heap: a"], head: ["3:2 moved to heap: b"], functions: CHANGED }, [
    "neutral escape caller:3 moved to heap: a -> moved to heap: b",
  ]);
});

test("constants, empty slices and literals that keep nothing do not allocate", () => {
  const head = [
    '3:2 "text" escapes to heap',
    "3:3 12 escapes to heap",
    "3:4 true escapes to heap",
    '3:5 kind("x") escapes to heap',
    "3:6 int64(5) escapes to heap",
    "3:7 []any{} escapes to heap",
    "3:8 func literal escapes to heap",
  ];
  check({ base: [], head }, []);
  check({ base: [], head: ['3:2 "a" + name escapes to heap', "3:3 unknown(5) escapes to heap"] }, [
    'worse escape caller:3  -> "a" + name escapes to heap',
    "worse escape caller:3  -> unknown(5) escapes to heap",
  ]);
  const capture = "2:2 caller capturing by value: n (addr=false assign=false width=8)";
  check({ base: [], head: [capture, "3:8 func literal escapes to heap"] }, [
    "worse escape caller:3  -> func literal escapes to heap",
  ]);
});

test("a make that reserved room may be missed: neither better nor worse", () => {
  check({ base: ["3:2 make([]T, 0, n) escapes to heap"], head: [] }, [
    "neutral escape caller:3 make([]T, 0, n) escapes to heap -> ",
  ]);
});

test("a parameter that leaks further is neutral", () => {
  check({ base: ["1:8 leaking param: s to result ~r0 level=0"], head: ["1:8 leaking param: s"] }, [
    "neutral escape caller:1 leaking param: s to result ~r0 level=0 -> leaking param: s",
  ]);
});

test("costs without a flip are told for changed functions only", () => {
  const base = ["1:6 can inline caller with cost 10"];
  const head = ["1:6 can inline caller with cost 70"];
  check({ base, head }, []);
  check({ base, head, functions: CHANGED }, [
    "neutral inlining caller:1 can inline caller with cost 10 -> can inline caller with cost 70",
  ]);
});

test("bounds checks are counted", () => {
  check(
    { base: ["3:2 Found IsInBounds"], head: ["3:2 Found IsInBounds", "4:2 Found IsInBounds"] },
    ["worse bounds-check caller:3 Found IsInBounds -> Found IsInBounds, at 2 places"],
  );
});

test("a function that moved by lines, and comments inside it, give nothing", () => {
  const moved = ["func caller 101-112 1", "func callee 212-220 2"];
  check(
    {
      base: ["3:2 inlining call to callee", "4:9 moved to heap: x"],
      head: ["105:2 inlining call to callee", "106:9 moved to heap: x"],
      functions: moved,
    },
    [],
  );
});

function degradedBy(base: string, head: string, syntaxRead = true): string[] {
  const syntax = syntaxOf({ "a.go": ["func f 1-9 1"] });
  return analyzeCompiler(
    evidenceOf({
      syntax: syntaxRead ? { base: syntax, head: syntax } : undefined,
      packages: [{ importPath: "example.com/m", dir: ".", baseCompiler: base, headCompiler: head }],
    }),
  ).degraded.map((at) => at.reason);
}

test("what could not be compared is told", () => {
  const good = "# example.com/m\nexample.com/m/a.go:1:6: can inline f with cost 3\n";
  expect(degradedBy(good, good)).toEqual([]);
  expect(degradedBy(good, "")).toEqual(["no compiler output for example.com/m on head"]);
  expect(degradedBy("# example.com/m\nfuture: words\n", good)).toEqual([
    "the compiler output for example.com/m on base has no line in a known format",
  ]);
  expect(degradedBy(good, good, false)).toEqual([
    "the Go files were not read, so that decisions cannot be mapped to functions",
  ]);
  expect(degradedBy(good, good.replace(":1:6", ":100:6"))).toEqual([
    "1 of 1 decisions on head could not be mapped to a function",
  ]);
});

test("a Go that words its decisions otherwise is told, with one of its lines", () => {
  const good = "# example.com/m\nexample.com/m/a.go:1:6: can inline f with cost 3\n";
  const other = `${good}example.com/m/a.go:2:6: call of g was inlined\n`;
  expect(degradedBy(good, other)).toEqual([
    "1 of 2 lines of the compiler output for example.com/m on head are in no known format (“example.com/m/a.go:2:6: call of g was inlined”): decisions may be missing",
  ]);
  // One sentence among many is a novelty and no other format.
  const known = "example.com/m/a.go:3:6: x does not escape\n".repeat(99);
  expect(degradedBy(good, other + known)).toEqual([]);
});

test("the same decision compiled for several packages and cells counts once", () => {
  const text = (message: string) =>
    `# example.com/m\nexample.com/m/a.go:3:2: ${message}\n# example.com/m [example.com/m.test]\nexample.com/m/a.go:3:2: ${message}\n`;
  const syntax = syntaxOf({ "a.go": ["func f 1-9 1"] });
  const package_ = (importPath: string, dir: string, cell: string) => ({
    importPath,
    dir,
    cell,
    baseCompiler: text("x does not escape"),
    headCompiler: text("x escapes to heap"),
  });
  const { findings } = analyzeCompiler(
    evidenceOf({
      syntax: { base: syntax, head: syntax },
      packages: [
        package_("example.com/m", ".", "one"),
        package_("example.com/m/b", "b", "one"),
        package_("example.com/m", ".", "two"),
      ],
    }),
  );
  expect(decisionsIn({ findings }).map((finding) => finding.head)).toEqual(["x escapes to heap"]);
});

test("thousands of flips are bounded, and that is told", () => {
  const messages = (verdict: string) =>
    Array.from({ length: 3000 }, (_, i) => `example.com/m/a.go:3:${i + 1}: v${i} + w ${verdict}`);
  const syntax = syntaxOf({ "a.go": ["func f 1-9 1"] });
  const result = analyzeCompiler(
    evidenceOf({
      syntax: { base: syntax, head: syntax },
      packages: [
        {
          importPath: "example.com/m",
          dir: ".",
          baseCompiler: ["# example.com/m", ...messages("does not escape")].join("\n"),
          headCompiler: ["# example.com/m", ...messages("escapes to heap")].join("\n"),
        },
      ],
    }),
  );
  expect(result.findings.length).toBe(2000);
  expect(result.degraded.map((at) => at.reason)).toEqual([
    "3000 decisions flipped, only the first 2000 are kept",
  ]);
});
