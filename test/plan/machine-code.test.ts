import { expect, test } from "vitest";
import { machineCode } from "../../src/plan/machine-code.ts";
import { compareSymbols } from "../../src/symbols/compare-symbols.ts";
import type { SymbolTable } from "../../src/symbols/table.ts";
import { tableOf } from "../symbols/table-of.ts";

/** Symbols with sizes: `name size frame`, and "grows" where the stack is checked. */
function sized(text: string): SymbolTable {
  const lines = text.split(";").map((line) => line.trim().split(/\s+/));
  const table = tableOf(
    lines
      .map(([name, ...rest]) => {
        const uses = rest.includes("grows") ? "runtime.morestack_noctxt" : "";
        return `${name} ${rest.join("-")} ${uses}`;
      })
      .join("\n"),
  );
  const symbols = table.symbols.map((symbol, index) => {
    const [, size, frame] = lines[index] ?? [];
    return { ...symbol, size: Number(size), frame: Number(frame) };
  });
  return { ...table, symbols };
}

/** Each function that differs in size as "package function base → head". */
function check(baseText: string, headText: string, expected: readonly string[]) {
  const symbols = { base: sized(baseText), head: sized(headText) };
  const found = machineCode(symbols, compareSymbols(symbols.base, symbols.head));
  const words = ({ textBytes, frameBytes, growsStack }: (typeof found)[number]["base"]) =>
    `${textBytes}/${frameBytes}${growsStack ? "/grows" : ""}`;
  expect(
    found.map((at) => `${at.package} ${at.function} ${words(at.base)} → ${words(at.head)}`),
  ).toEqual(expected);
}

test("functions of both sides that differ in size, largest change of the frame first", () => {
  check("m/p.f 10 0; m/p.(*T).g 20 8 grows", "m/p.f 12 0 grows; m/p.(*T).g 20 24 grows", [
    "m/p (*T).g 20/8/grows → 20/24/grows",
    "m/p f 10/0 → 12/0/grows",
  ]);
});

test("another code of the same size, a new function, literals and instances are left out", () => {
  check("m/p.f 10 0", "m/p.f 10 0; m/p.g 5 0", []);
  check("m/p.f.func1 10 0", "m/p.f.func1 20 0", []);
  check("m/p.F[go.shape.int] 10 0", "m/p.F[go.shape.int] 20 0", []);
});

test("no more than a person can use", () => {
  const text = (size: number) =>
    Array.from({ length: 600 }, (_, index) => `m/p.f${index} ${size} 0`).join(";");
  const symbols = { base: sized(text(1)), head: sized(text(2)) };
  expect(machineCode(symbols, compareSymbols(symbols.base, symbols.head)).length).toBe(500);
});
