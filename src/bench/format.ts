// Writes a result as package testing prints it, so that benchstat and people can read it.
import type { BenchmarkResult } from "./parse.ts";

/**
 * One line without its line break: name, iterations, value and unit pairs as they were printed.
 * Numbers have the fewest digits that read back as the same number.
 */
export function formatBenchmarkLine(result: BenchmarkResult): string {
  const values = result.values.map(({ value, unit, printed }) =>
    printed === undefined ? `${value} ${unit}` : `${printed.value} ${printed.unit}`,
  );
  return [result.name, String(result.iterations), ...values].join("\t");
}
