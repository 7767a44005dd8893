import stringWidth from "string-width";
import { describe, expect, test } from "vitest";
import { renderTerminal } from "../../src/report/terminal.ts";
import { alignColumns, wrap } from "../../src/report/terminal-text.ts";
import { metric, reportOf } from "./make-report.ts";
import { CASES } from "./read-case.ts";

/** Lines that may be wider: what a compiler printed. */
function isLog(line: string): boolean {
  return /parser\.go:\d+:\d+:/.test(line);
}

describe.each(CASES)("$name", ({ report }) => {
  test.each([80, 100])("fits %i columns", (width) => {
    const lines = renderTerminal({ report, color: false, width }).split("\n");
    const tooWide = lines.filter((line) => stringWidth(line) > width && !isLog(line));
    // The table of numbers never breaks: at 80 columns it may stand out by what it needs.
    expect(tooWide.filter((line) => width === 100 || !/^ {2}\S+\s+\S+/.test(line))).toEqual([]);
  });
  test("colors change no character", () => {
    const plain = renderTerminal({ report, color: false, width: 100 });
    const colored = renderTerminal({ report, color: true, width: 100 });
    // biome-ignore lint/suspicious/noControlCharactersInRegex: our own colors are taken off.
    expect(colored.replace(/\u001b\[\d+m/g, "")).toBe(plain);
    expect(colored).not.toBe(plain);
  });
});

test("the verdict comes first", () => {
  const report = reportOf([metric()]);
  expect(renderTerminal({ report, color: false, width: 100 }).split("\n").slice(0, 2)).toEqual([
    "a title",
    "No regression. Of 1 measured benchmark none regressed, 1 the same.",
  ]);
});

test("benchmarks of which nothing is known are named once, without a line of nothing each", () => {
  const few = (name: string) =>
    metric({
      benchmark: { cell: "local", package: "example.com/m", name },
      pairs: 2,
      couldHide: Number.POSITIVE_INFINITY,
    });
  const report = reportOf([metric(), few("BenchmarkRead"), few("BenchmarkWrite")]);
  const text = renderTerminal({ report, color: false, width: 100 });
  expect(text).toContain(
    [
      "Everything else, with what each could have hidden",
      "  Parse: p10-sec/op < 2.0 %",
      "  Too few pairs to say (2): Read, Write",
    ].join("\n"),
  );
});

describe("text in columns", () => {
  test("wide characters count two", () => {
    expect(
      alignColumns(
        [
          ["中文", "1"],
          ["a", "20"],
        ],
        [1],
      ),
    ).toEqual(["中文   1", "a     20"]);
  });
  test.each([
    ["one two three", 8, ["one two", "three"]],
    ["abcdefghij", 4, ["abcd", "efgh", "ij"]],
    ["a abcdefgh b", 4, ["a", "abcd", "efgh", "b"]],
    ["", 4, [""]],
    ["中文中文", 5, ["中文", "中文"]],
  ])("%j in %i columns", (text, width, expected) => {
    expect(wrap(text, width)).toEqual(expected);
  });
});
