import { expect, test } from "vitest";
import { SAME_HASH, syntaxLineSchema, unpackFile } from "../../src/goast/syntax.ts";

const hash = "a".repeat(64);
const line = (same: string) => ({
  side: "head",
  file: {
    path: "a.go",
    package: "p",
    declarations: [{ kind: "func", name: "g", startLine: 5, endLine: 7, hash }],
    problems: [],
    same,
  },
});

test("what both sides have stands among the other declarations", () => {
  const { file } = syntaxLineSchema.parse(line("const 2 2 a\n"));
  const unpacked = unpackFile(file);
  expect(unpacked.declarations.map((d) => `${d.kind} ${d.name} ${d.startLine}`)).toEqual([
    "const a 2",
    "func g 5",
  ]);
  expect(unpacked.declarations[0]?.hash).toBe(SAME_HASH);
  expect(Object.keys(JSON.parse(JSON.stringify(unpacked))).sort()).toEqual([
    "declarations",
    "package",
    "path",
    "problems",
  ]);
});

test("a line that says something else is refused", () => {
  expect(syntaxLineSchema.safeParse(line("func 1 2 (*T).m\nvar 3 3 é\n")).success).toBe(true);
  for (const same of [
    "func 1 2 f",
    "func 0 2 f\n",
    "method 1 2 f\n",
    "func 1 2 f g\n",
    "func 1 2 f\n\n",
    "\n",
  ]) {
    expect(syntaxLineSchema.safeParse(line(same)).success, JSON.stringify(same)).toBe(false);
  }
});
