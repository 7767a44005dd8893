import fc from "fast-check";
import { expect, test } from "vitest";
import { firstSize } from "../../src/collect/size-benchmark.ts";

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

test("a recorded process is one run of 40 ms, or of 60 ms where it can hold the operations of a p99", () => {
  expect(firstSize(1e-6, true)).toEqual({ iterations: 60_000, batches: 1 });
  expect(firstSize(1e-5, true)).toEqual({ iterations: 6000, batches: 1 });
  expect(firstSize(2e-5, true)).toEqual({ iterations: 2000, batches: 1 });
  expect(firstSize(0.5, true)).toEqual({ iterations: 1, batches: 1 });
});
