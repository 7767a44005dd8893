// Result lines behind a benchmark's own words.
import { expect, test } from "vitest";
import { untearLines } from "../../src/collect/untear-lines.ts";

function check(line: string, expected: string): void {
  expect(untearLines(`before\n${line}\nafter`)).toBe(`before\n${expected}\nafter`);
}

const RESULT = "BenchmarkParse/large-2   \t     100\t      99 ns/op\t 0 B/op";

test("words in front of a result are taken off", () => {
  check(`loading table... ${RESULT}`, RESULT);
  check(`Benchmarking: BenchmarkParse ${RESULT}`, RESULT);
  check(`\u001b[31m${RESULT}`, RESULT);
});

test("everything else stays", () => {
  check(RESULT, RESULT);
  check("BenchmarkParse/Benchmark-2\t100\t5 ns/op", "BenchmarkParse/Benchmark-2\t100\t5 ns/op");
  check("see BenchmarkParse for a result", "see BenchmarkParse for a result");
  check("", "");
});

test("a line made to be searched for long is not", () => {
  check("Benchmark".repeat(100_000), "Benchmark".repeat(100_000));
  check(`${"Benchmark ".repeat(30)}${RESULT}`, `${"Benchmark ".repeat(30)}${RESULT}`);
});
