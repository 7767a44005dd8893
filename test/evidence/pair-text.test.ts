import fc from "fast-check";
import { expect, test } from "vitest";
import type { BenchmarkResult } from "../../src/bench/parse.ts";
import {
  formatProcess,
  joinPairs,
  type MeasuredProcess,
  readProcesses,
} from "../../src/evidence/pair-text.ts";

const PROCESS: MeasuredProcess = {
  pair: 12,
  phase: "explore",
  first: "head",
  layout: 2,
  wallSec: 0.0412,
  cpuSec: 0.0391,
  involuntarySwitches: 3,
};

function result(name: string, nsPerOp: number): BenchmarkResult {
  const printed = { value: nsPerOp, unit: "ns/op" };
  return { name, iterations: 100, values: [{ value: nsPerOp * 1e-9, unit: "sec/op", printed }] };
}

test("a process is a comment, its phase and the results it printed", () => {
  const text = formatProcess(PROCESS, [result("BenchmarkX-2", 10.5), result("BenchmarkX-2", 11)]);
  expect(text).toBe(
    "# pair=12 phase=explore first=head layout=2 wall-sec=0.041200 cpu-sec=0.039100 involuntary-switches=3\n" +
      "phase: explore\n" +
      "BenchmarkX-2\t100\t10.5 ns/op\n" +
      "BenchmarkX-2\t100\t11 ns/op\n",
  );
  const { processes, problems } = readProcesses(text);
  expect(problems).toEqual([]);
  expect(processes).toEqual([
    { ...PROCESS, line: 1, results: [result("BenchmarkX-2", 10.5), result("BenchmarkX-2", 11)] },
  ]);
});

test("processes read back as they were written", () => {
  const process = fc.record({
    pair: fc.nat(1000),
    phase: fc.constantFrom("explore", "confirm", "noise"),
    first: fc.constantFrom("base", "head"),
    layout: fc.nat(100),
    wallSec: fc.nat(1e9).map((micros) => micros / 1e6),
    cpuSec: fc.nat(1e9).map((micros) => micros / 1e6),
    involuntarySwitches: fc.nat(),
  } satisfies { [key in keyof MeasuredProcess]: fc.Arbitrary<MeasuredProcess[key]> });
  fc.assert(
    fc.property(fc.array(process), (written) => {
      const text = written.map((one) => formatProcess(one, [result("BenchmarkX", 1)])).join("");
      const { processes } = readProcesses(text);
      expect(processes.map(({ line, results, ...read }) => read)).toEqual(written);
    }),
  );
});

test("bad lines are problems and spoil no other process", () => {
  const text = [
    "BenchmarkLost 1 1 ns/op",
    "# pair=1 phase=warm first=base layout=0 wall-sec=1 cpu-sec=1 involuntary-switches=0",
    "BenchmarkOrphan 1 1 ns/op",
    formatProcess({ ...PROCESS, pair: 2 }, [result("BenchmarkX", 5)]).trimEnd(),
    "BenchmarkX bad",
    "anything else",
  ].join("\n");
  const { processes, problems } = readProcesses(text);
  expect(problems).toEqual([
    { line: 1, message: "result outside a process" },
    { line: 2, message: "not a process header" },
    { line: 3, message: "result outside a process" },
    { line: 7, message: "parsing iteration count: not an integer in range" },
  ]);
  expect(processes.map(({ pair, results }) => [pair, results.length])).toEqual([[2, 1]]);
});

test("a flood of bad headers keeps a bounded list of problems", () => {
  expect(readProcesses("# pair=x\n".repeat(10_000)).problems).toHaveLength(100);
});

test("pairs are joined by phase, benchmark and number, whatever the order of the files", () => {
  const at = (pair: number, phase: MeasuredProcess["phase"], ns: number) =>
    formatProcess({ ...PROCESS, pair, phase }, [result("BenchmarkX/a-2-2", ns)]);
  const base = readProcesses(at(2, "explore", 20) + at(1, "explore", 10) + at(1, "noise", 11));
  const head = readProcesses(
    at(1, "noise", 12) + at(1, "explore", 15) + at(2, "explore", 25) + at(3, "explore", 35),
  );
  const joined = joinPairs({ base: base.processes, head: head.processes }, 2);
  const summary = joined.map(({ name, phase, pairs, incomplete }) => [
    name,
    phase,
    pairs.map((pair) =>
      [pair.base, pair.head].map((side) => side.results[0]!.values[0]!.printed!.value),
    ),
    incomplete,
  ]);
  expect(summary).toEqual([
    [
      "BenchmarkX/a-2",
      "explore",
      [
        [10, 15],
        [20, 25],
      ],
      1,
    ],
    ["BenchmarkX/a-2", "noise", [[11, 12]], 0],
  ]);
});

test("a process of several benchmarks gives each its own batches; a doubled side counts once", () => {
  const once = formatProcess(PROCESS, [result("BenchmarkA", 1), result("BenchmarkB", 2)]);
  const again = formatProcess(PROCESS, [result("BenchmarkA", 9), result("BenchmarkA", 9)]);
  const base = readProcesses(once + again).processes;
  const head = readProcesses(once).processes;
  const joined = joinPairs({ base, head }, 1);
  expect(joined.map(({ name, pairs }) => [name, pairs[0]!.base.results.length])).toEqual([
    ["BenchmarkA", 1],
    ["BenchmarkB", 1],
  ]);
});
