import fc from "fast-check";
import { expect, test } from "vitest";
import { formatBenchmarkLine } from "../../src/bench/format.ts";
import { MAX_LINE_LENGTH, MAX_PROBLEMS, MAX_RESULTS } from "../../src/bench/limits.ts";
import { parseBenchmarks, parseLine } from "../../src/bench/parse.ts";

const REAL = `goos: linux
goarch: amd64
pkg: example.com/parser
cpu: AMD EPYC
BenchmarkParse
BenchmarkParse/large-2         	     100	      1012 ns/op	  98.81 MB/s	      48 B/op	       2 allocs/op
some test printed this
--- BENCH: BenchmarkParse/large-2
    parse_test.go:12: note
BenchmarkWait-2	 7	 1.5 p99-ns/op	 3 hits
Unit hits better=higher
PASS
ok  	example.com/parser	1.2s
`;

test("reads what go test prints", () => {
  const { results, units, problems } = parseBenchmarks(REAL);
  expect(problems).toEqual([]);
  expect(units).toEqual([{ unit: "hits", key: "better", value: "higher", line: 11 }]);
  expect(results.map(({ name, iterations, line }) => ({ name, iterations, line }))).toEqual([
    { name: "BenchmarkParse/large-2", iterations: 100, line: 6 },
    { name: "BenchmarkWait-2", iterations: 7, line: 10 },
  ]);
  expect(results[0]!.values).toEqual([
    { value: 1012 * 1e-9, unit: "sec/op", printed: { value: 1012, unit: "ns/op" } },
    { value: 98.81 * 1e6, unit: "B/s", printed: { value: 98.81, unit: "MB/s" } },
    { value: 48, unit: "B/op" },
    { value: 2, unit: "allocs/op" },
  ]);
  expect(results[1]!.values[0]).toMatchObject({ unit: "p99-sec/op", value: 1.5 * 1e-9 });
  expect(Object.fromEntries(results[0]!.configuration)).toEqual({
    goos: "linux",
    goarch: "amd64",
    pkg: "example.com/parser",
    cpu: "AMD EPYC",
  });
});

// Each line and what benchfmt says of it; for the deviations see the head of parse.ts.
const LINES: readonly [line: string, expected: string][] = [
  ["BenchmarkX 1 2 ns/op", "result"],
  ["BenchmarkX\u00a01\u20032 ns/op", "result"],
  ["Benchmark 1 2 ns/op", "result"],
  ["BenchmarkX", "ignored"],
  ["BenchmarkX ", "problem: missing iteration count"],
  ["BenchmarkX one 2 ns/op", "problem: parsing iteration count: not an integer in range"],
  ["BenchmarkX 1.5 2 ns/op", "problem: parsing iteration count: not an integer in range"],
  [
    "BenchmarkX 99999999999999999999 2 ns/op",
    "problem: parsing iteration count: not an integer in range",
  ],
  ["BenchmarkX 1", "problem: missing measurements"],
  ["BenchmarkX 1 2", "problem: missing units"],
  ["BenchmarkX 1 2 ns/op 3", "problem: missing units"],
  ["BenchmarkX 1 two ns/op", "problem: parsing measurement: not a finite number"],
  ["BenchmarkX 1 1e-3 ns/op", "result"],
  ["BenchmarkX 1 1e999 ns/op", "problem: parsing measurement: not a finite number"],
  ["BenchmarkX 1 NaN ns/op", "problem: parsing measurement: not a finite number"],
  ["BenchmarkX 1 0x1p-2 ns/op", "problem: parsing measurement: not a finite number"],
  [" BenchmarkX 1 2 ns/op", "ignored"],
  ["benchmarkX 1 2 ns/op", "ignored"],
  ["key: value", "configuration: key=value"],
  ["key:\t value : more", "configuration: key=value : more"],
  ["key:", "configuration: key="],
  ["key:value", "ignored"],
  ["a:b: c", "ignored"],
  ["key word: value", "ignored"],
  ["keY: value", "ignored"],
  ["Key: value", "ignored"],
  ["é: value", "configuration: é=value"],
  ["# pair=1: x", "ignored"],
  ["Unit", "unit"],
  ["Units", "ignored"],
  ["", "ignored"],
];

for (const [line, expected] of LINES) {
  test(`line ${JSON.stringify(line)}`, () => {
    const parsed = parseLine(line);
    const said =
      parsed.kind === "problem"
        ? `problem: ${parsed.message}`
        : parsed.kind === "configuration"
          ? `configuration: ${parsed.key}=${parsed.value}`
          : parsed.kind;
    expect(said).toBe(expected);
  });
}

test("configuration holds until it changes, and an empty value removes it", () => {
  const { results } = parseBenchmarks(
    "pkg: a\nBenchmarkX 1 2 ns/op\r\npkg: b\r\nBenchmarkX 1 2 ns/op\npkg:\nBenchmarkX 1 2 ns/op",
  );
  expect(results.map(({ configuration }) => configuration.get("pkg"))).toEqual([
    "a",
    "b",
    undefined,
  ]);
});

test("Unit lines that say nothing or contradict each other are problems", () => {
  const { units, problems } = parseBenchmarks(
    "Unit\nUnit ns/op better=lower novalue\nUnit sec/op better=higher\nUnit sec/op better=lower",
  );
  expect(units).toEqual([{ unit: "sec/op", key: "better", value: "lower", line: 2 }]);
  expect(problems).toEqual([
    { line: 1, message: "missing unit" },
    { line: 2, message: "expected key=value" },
    { line: 3, message: "metadata better of unit sec/op already set to lower" },
  ]);
});

test("a line without end and a flood of bad lines stay bounded", () => {
  const long = `BenchmarkX 1 ${"2 ns/op ".repeat(MAX_LINE_LENGTH)}`;
  expect(parseLine(long)).toMatchObject({ kind: "problem" });
  expect(parseLine("x".repeat(10_000_000))).toEqual({ kind: "ignored" });
  expect(parseLine(`BenchmarkX 1 ${"2 ns/op ".repeat(65)}`)).toMatchObject({ kind: "problem" });
  const flood = parseBenchmarks("BenchmarkX bad\n".repeat(5000));
  expect(flood.problems).toHaveLength(MAX_PROBLEMS);
  expect(flood.problemCount).toBe(5000);
  const many = parseBenchmarks("Benchmark 1 1 x\n".repeat(MAX_RESULTS + 5));
  expect(many.results).toHaveLength(MAX_RESULTS);
  expect(many.problems.at(-1)!.message).toContain("more than");
});

test("nothing makes the reader throw", () => {
  const line = fc.oneof(
    fc.string({ unit: "binary" }),
    fc
      .array(
        fc.constantFrom(
          "Benchmark",
          "X",
          " ",
          "\t",
          "1",
          "ns/op",
          ":",
          "Unit",
          "=",
          "\r",
          "\ud800",
        ),
      )
      .map((parts) => parts.join("")),
  );
  fc.assert(
    fc.property(fc.array(line), (lines) => {
      const { results } = parseBenchmarks(lines.join("\n"));
      for (const { values } of results) {
        for (const { value } of values) expect(Number.isFinite(value)).toBe(true);
      }
    }),
  );
});

test("a formatted result reads back the same", () => {
  const field = fc.stringMatching(/^[!-~]{1,20}$/);
  const printed = fc.tuple(fc.double({ noNaN: true, noDefaultInfinity: true }), field);
  fc.assert(
    fc.property(
      field,
      fc.nat(),
      fc.array(printed, { minLength: 1, maxLength: 5 }),
      (name, n, values) => {
        const line = `Benchmark${name} ${n} ${values.map(([value, unit]) => `${value} ${unit}`).join(" ")}`;
        const parsed = parseLine(line);
        if (parsed.kind !== "result") throw new Error(`${line}: ${parsed.kind}`);
        expect(parseLine(formatBenchmarkLine(parsed.result))).toEqual(parsed);
      },
    ),
  );
});
