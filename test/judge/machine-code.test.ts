import { expect, test } from "vitest";
import type { Finding } from "../../src/analyze/finding.ts";
import type { MachineCodeFinding } from "../../src/analyze/source-finding.ts";
import { codeMovedWith, codeWords } from "../../src/judge/machine-code.ts";
import {
  declaration,
  exactFinding,
  judged,
  PACKAGE,
  shareFinding,
  stackFinding,
  timeFinding,
} from "./findings.ts";

type Size = MachineCodeFinding["base"];

/** "312/40" is 312 bytes of code and a frame of 40; "312/40 grows" checks its stack. */
function sizeOf(text: string): Size {
  const [sizes = "", grows] = text.split(" ");
  const [textBytes = 0, frameBytes = 0] = sizes.split("/").map(Number);
  return { textBytes, frameBytes, growsStack: grows !== undefined };
}

function code(name: string, base: string, head: string): MachineCodeFinding {
  const position = { file: "parse.go", line: 7 };
  const sides = { base: sizeOf(base), head: sizeOf(head) };
  return { kind: "machine-code", package: PACKAGE, function: name, ...sides, position };
}

const STEP = `${PACKAGE}.step`;
const SEEN = [stackFinding([STEP]), shareFinding(STEP, 0.1, 0.4)];
const REACH: Finding = {
  kind: "reach",
  cell: "default",
  package: PACKAGE,
  function: "BenchmarkParse",
  called: [STEP],
  possible: [],
};

test("says what is another size", () => {
  expect(codeWords(code("f", "312/40", "448/88 grows"))).toBe(
    "312 → 448 bytes of machine code, stack frame 40 → 88 bytes, now checks the size of its stack",
  );
  expect(codeWords(code("f", "312/40 grows", "312/40"))).toBe(
    "no longer checks the size of its stack",
  );
});

test.each([
  ["10/0", "12/0", true],
  ["12/0", "10/0", false],
  ["12/0", "10/0 grows", true],
  ["12/0", "10/8", true],
])("%s → %s goes with a time that rose: %s", (base, head, expected) => {
  const [metric] = judged([timeFinding(0.2)]).benchmarks[0]?.metrics ?? [];
  const suspect = {
    function: STEP,
    package: PACKAGE,
    name: "step",
    declarations: [],
    decisions: [],
  };
  expect(metric && codeMovedWith({ ...suspect, code: code("step", base, head) }, metric)).toBe(
    expected,
  );
});

test("a changed function is told with its sizes, as a step of the chain", () => {
  const { causes } = judged([
    timeFinding(0.26),
    declaration("step"),
    code("step", "312/40", "448/40"),
    ...SEEN,
  ]);
  expect(causes[0]?.chain.at(-1)).toBe("312 → 448 bytes of machine code");
  expect(causes[0]?.text).toContain("`step` changed (312 → 448 bytes of machine code);");
});

test("what is only compiled otherwise is named where nothing else is, and proves nothing", () => {
  const { causes, conclusion } = judged([
    timeFinding(0.26),
    code("step", "312/40", "448/40"),
    REACH,
    ...SEEN,
  ]);
  expect(causes.map(({ function: name, proof, kind }) => [name, proof, kind])).toEqual([
    [STEP, "static", "code"],
  ]);
  expect(causes[0]?.text).toContain(
    "`step` is compiled differently (312 → 448 bytes of machine code)",
  );
  expect(causes[0]?.position).toEqual({ file: "parse.go", line: 7 });
  expect(conclusion).not.toBe("failure");
  const other = judged([
    timeFinding(0.26),
    code("step", "312/40", "448/40"),
    declaration("other"),
    REACH,
    ...SEEN,
  ]);
  expect(other.causes[0]?.function).toBe(`${PACKAGE}.other`);
});

test("a size explains no allocation, no time that went the other way, and nothing unreached", () => {
  const firstOf = (findings: readonly Finding[]) => judged(findings).causes[0]?.function;
  const longer = code("step", "312/40", "448/40");
  expect(firstOf([exactFinding("allocs/op", 1, 2), longer, REACH])).toBe("");
  expect(firstOf([timeFinding(-0.2), longer, REACH, ...SEEN])).toBe("");
  expect(firstOf([timeFinding(0.26), longer, ...SEEN])).toBe("");
});
