// Lines of the recorder: read, or named as problems.
import { expect, test } from "vitest";
import { latencyAt, mainLoop } from "../../src/hdr/latency.ts";
import { parseRecords } from "../../src/hdr/record.ts";
import { decoded, peerOf, textOf } from "./histogram-of.ts";

const EMPTY = textOf(peerOf([]));

function loop(over: object = {}) {
  return {
    site: "BenchmarkX#1",
    form: "bound",
    goroutines: 1,
    operations: 3,
    medianPs: 1000,
    carries: "operations",
    batches: textOf(peerOf([1000, 1000, 1000])),
    singles: EMPTY,
    ...over,
  };
}

function line(over: object = {}): string {
  return JSON.stringify({
    schema: "tailguard.record/1",
    benchmark: "BenchmarkX/größe=4k",
    pid: 7,
    n: 3,
    elapsedNs: 3,
    cpuNs: 100,
    involuntarySwitches: 0,
    intervalCostPs: 30_000,
    gomaxprocs: 2,
    unrecorded: 0,
    go: "go1.26.8",
    loops: [loop()],
    runtime: { "/gc/cycles/total:gc-cycles": 1, "/gc/pauses:seconds": [[1e-6, 2]] },
    ...over,
  });
}

test("good lines are read", () => {
  const { records, problemCount } = parseRecords(`${line()}\n${line({ n: 1 })}\n`);
  expect(problemCount).toBe(0);
  expect(records.map((record) => record.n)).toEqual([3, 1]);
  expect(records[0]?.loops[0]?.batches.totalCount).toBe(3);
});

test("bad lines are named and cost no others", () => {
  const check = (bad: string, message: string) => {
    const read = parseRecords(`${line()}\n${bad}\n${line()}\n`);
    expect(read.records).toHaveLength(2);
    expect(read.problems).toEqual([{ line: 2, message }]);
  };
  check("", "not JSON");
  check(line().slice(0, -5), "not JSON");
  check("null", ": Invalid input: expected object, received null");
  check(line({ n: -1 }), "n: Too small: expected number to be >=0");
  check(line({ n: 1.5 }), "n: Invalid input: expected int, received number");
  check(
    line({ loops: Array(17).fill(loop()) }),
    "loops: Too big: expected array to have <=16 items",
  );
  check(
    line({ loops: [loop({ batches: "x" })] }),
    "loops.0.batches: not a compressed V2 histogram",
  );
  check(
    line({ benchmark: "x".repeat(1001) }),
    "benchmark: Too big: expected string to have <=1000 characters",
  );
  check("x".repeat(5 << 20), "longer than any record");
});

test("problems are bounded, and all are counted", () => {
  const read = parseRecords("{}\n".repeat(1000));
  expect(read.problems).toHaveLength(100);
  expect(read.problemCount).toBe(1000);
});

test("the loop with the most work speaks for the benchmark", () => {
  const batches = textOf(peerOf([5000, 5000]));
  const loops = [
    loop(),
    loop({ site: "BenchmarkX#2", batches }),
    loop({ site: "BenchmarkX#3", batches: EMPTY }),
  ];
  const [record] = parseRecords(line({ loops })).records;
  expect(mainLoop(record!)?.site).toBe("BenchmarkX#2");
  expect(mainLoop({ ...record!, loops: [] })).toBeUndefined();
});

test("batches say where, single operations say how far", () => {
  const histogram = (values: readonly number[]) => decoded(textOf(peerOf(values)));
  const batches = histogram(Array(1000).fill(100_500));
  const singles = histogram([...Array(990).fill(100_000), ...Array(10).fill(1_000_000)]);
  const at = (p: number, medianPs: number, of = singles) =>
    latencyAt({ batches, singles: of, medianPs }, p);
  expect(at(0.1, 100_500)).toMatchObject({ from: "batches", resolutionNs: 0.064 });
  expect(at(0.5, 100_500)?.from).toBe("batches");
  expect(at(0.5, 1_000_000)?.from).toBe("singles");
  expect(at(0.1, 1_000_000)?.from).toBe("batches");
  expect(at(0.995, 100_500)?.valueNs).toBeCloseTo(1000, 0);
  // Too few beyond, or none at all.
  expect(at(0.999, 100_500)).toBeUndefined();
  expect(at(0.9, 100_500, histogram([]))).toBeUndefined();
  expect(at(0.5, 1_000_000, histogram([]))?.from).toBe("batches");
});
