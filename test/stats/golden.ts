// The known answers of test/testdata/statistics-golden.json, and the tolerance they are held to.
import { readFileSync } from "node:fs";
import { expect } from "vitest";

// biome-ignore lint/suspicious/noExplicitAny: a table of numbers, read by tests only.
export const golden: any = JSON.parse(
  readFileSync(new URL("../testdata/statistics-golden.json", import.meta.url), "utf8"),
);

/** Relative 1e-9, as the golden file states; absolute near 0. */
export function expectClose(actual: number, expected: number, tolerance = 1e-9): void {
  const error = Math.abs(actual - expected) / Math.max(Math.abs(expected), 1e-9);
  expect(error, `${actual} is not ${expected}`).toBeLessThanOrEqual(tolerance);
}
