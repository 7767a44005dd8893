import fc from "fast-check";
import { expect, test } from "vitest";
import { parseBenchmarks } from "../../src/bench/parse.ts";
import type { BenchmarkRun } from "../../src/collect/run-benchmark.ts";
import { correctSize, firstSize, sizeForBoth } from "../../src/collect/size-benchmark.ts";

/** Expected: "iterations x batches". */
function check(secondsPerOperation: number, expected: string) {
  const { iterations, batches } = firstSize(secondsPerOperation, false);
  expect(`${iterations} x ${batches}`).toBe(expected);
}

test("a process times about 20 ms in twenty batches", () => {
  check(1e-9, "1000000 x 20");
  check(1e-6, "1000 x 20");
  check(1e-3, "1 x 20");
});

test("slow operations get fewer batches, at least one", () => {
  check(5e-3, "1 x 4");
  check(15e-3, "1 x 1");
  check(2, "1 x 1");
});

test("whatever the time, a process stays short and testing accepts it", () => {
  fc.assert(
    fc.property(fc.double({ min: 0, max: 100, noNaN: true }), (seconds) => {
      const { iterations, batches } = firstSize(seconds, false);
      expect(iterations).toBeGreaterThanOrEqual(1);
      expect(iterations).toBeLessThanOrEqual(1e9);
      expect(batches).toBeGreaterThanOrEqual(1);
      expect(batches * iterations * seconds).toBeLessThanOrEqual(Math.max(0.05, seconds));
    }),
  );
});

test("a recorded process is one run of 40 ms, or up to 80 ms where it can hold a p99", () => {
  expect(firstSize(1e-9, true)).toEqual({ iterations: 60_000_000, batches: 1 });
  expect(firstSize(1e-6, true)).toEqual({ iterations: 60_000, batches: 1 });
  expect(firstSize(4e-6, true)).toEqual({ iterations: 18_700, batches: 1 });
  expect(firstSize(1e-5, true)).toEqual({ iterations: 6000, batches: 1 });
  expect(firstSize(1.4e-5, true)).toEqual({ iterations: 5500, batches: 1 });
  expect(firstSize(2e-5, true)).toEqual({ iterations: 2000, batches: 1 });
  expect(firstSize(0.5, true)).toEqual({ iterations: 1, batches: 1 });
});

test("slow operations are timed warm: three where a process of a second holds them and one more", () => {
  expect(firstSize(0.02, true).iterations).toBe(3);
  expect(firstSize(0.06, true).iterations).toBe(3);
  expect(firstSize(0.3, true).iterations).toBe(2);
  expect(sizeForBoth({ faster: 0.06, slower: 0.4 }, true).iterations).toBe(1);
});

type Ran = {
  readonly nsPerOp: number;
  readonly wallSeconds: number;
  /** Of the recorded loop; absent: a plain process. */
  readonly medianNs?: number;
  readonly goroutines?: number;
  /** Operations of each of the batches it had. */
  readonly iterations?: number;
};

function runOf({ nsPerOp, wallSeconds, medianNs, goroutines = 1 }: Ran): BenchmarkRun {
  const { results } = parseBenchmarks(`BenchmarkX 100 ${nsPerOp} ns/op\n`);
  const isRecorded = medianNs !== undefined;
  const batches = { totalCount: 1, indexes: [0], counts: [1] };
  const loops = [{ medianPs: (medianNs ?? 0) * 1000, goroutines, batches }];
  const recorded = isRecorded ? { record: { loops } } : undefined;
  return { results, launch: { wallSeconds }, recorded } as unknown as BenchmarkRun;
}

/** "iterations x batches" after a pair of such runs; head is as base where it is not given. */
function checkCorrected(base: Ran, expected: string, head: Ran = base) {
  const isRecorded = base.medianNs !== undefined;
  const size = { iterations: base.iterations ?? 100, batches: isRecorded ? 1 : 20 };
  const corrected = correctSize(size, [runOf(base), runOf(head)], isRecorded);
  expect(`${corrected.iterations} x ${corrected.batches}`).toBe(expected);
}

test("after a first run the true time counts, and what set-up costs", () => {
  checkCorrected({ nsPerOp: 1000, wallSeconds: 0.02 }, "1000 x 20");
  checkCorrected({ nsPerOp: 1000, wallSeconds: 1.9 }, "1000 x 3");
});

test("a recorded one is sized by its median, which waiting for a processor does not move", () => {
  checkCorrected({ nsPerOp: 4000, medianNs: 1000, wallSeconds: 0.1 }, "60000 x 1");
  checkCorrected({ nsPerOp: 1000, medianNs: 0, wallSeconds: 0.1 }, "60000 x 1");
});

test("goroutines share the operations", () => {
  checkCorrected({ nsPerOp: 1000, medianNs: 2000, goroutines: 2, wallSeconds: 0.1 }, "60000 x 1");
});

test("rare slow operations do not make a process long", () => {
  checkCorrected({ nsPerOp: 100_000, medianNs: 50, wallSeconds: 0.1 }, "3000 x 1");
});

test("nor does set-up with the timer stopped", () => {
  const ran = { nsPerOp: 1000, medianNs: 1000, iterations: 60_000, wallSeconds: 6 };
  checkCorrected(ran, "10000 x 1");
});

test("the faster side has its operations where the slower one can bear them", () => {
  const fast = { nsPerOp: 1000, medianNs: 1000, wallSeconds: 0.1 };
  checkCorrected(fast, "60000 x 1", { nsPerOp: 4000, medianNs: 4000, wallSeconds: 0.2 });
  checkCorrected(fast, "300 x 1", { nsPerOp: 1e6, medianNs: 1e6, wallSeconds: 0.2 });
  expect(sizeForBoth({ faster: 1e-6, slower: 1e-3 }, true)).toEqual({
    iterations: 300,
    batches: 1,
  });
});

test("batches of a plain process are short on both sides", () => {
  const slow = { nsPerOp: 1e6, wallSeconds: 0.1 };
  checkCorrected({ nsPerOp: 1000, wallSeconds: 0.02 }, "1 x 20", slow);
  expect(sizeForBoth({ faster: 1e-6, slower: 1e-3 }, false)).toEqual(firstSize(1e-3, false));
});
