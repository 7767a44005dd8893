// Controls are chosen as functions, before their sub-benchmarks are known; of these one each is kept,
// or a table of fifty sizes would eat the time of the benchmarks that may have changed.
import type { BenchmarkRecord } from "../evidence/manifest.ts";
import { pick, type Random } from "../stats/random.ts";
import type { BuiltPackage } from "./build-packages.ts";
import type { FoundBenchmark } from "./find-benchmarks.ts";

export type KeptBenchmarks = {
  readonly kept: readonly FoundBenchmark[];
  /** Those of the controls' sub-benchmarks that are not measured. */
  readonly records: readonly BenchmarkRecord[];
};

/** The affected benchmarks, and of each control function one benchmark, in their order. */
export function keepControls(
  found: readonly FoundBenchmark[],
  built: readonly BuiltPackage[],
  { cell, random }: { readonly cell: string; readonly random: Random },
): KeptBenchmarks {
  const byFunction = new Map<string, FoundBenchmark[]>();
  for (const at of found) {
    if (!isControl(at, built)) continue;
    const key = `${at.package}\0${functionOf(at.name)}`;
    byFunction.set(key, [...(byFunction.get(key) ?? []), at]);
  }
  const kept = new Set([...byFunction.values()].map((candidates) => pick(random, candidates)));
  const isLeftOut = (at: FoundBenchmark) => isControl(at, built) && !kept.has(at);
  return {
    kept: found.filter((at) => !isLeftOut(at)),
    records: found.filter(isLeftOut).map((at) => ({
      cell,
      package: at.package,
      name: at.name,
      status: "unaffected",
      reason: UNAFFECTED,
    })),
  };
}

/** What people read of a benchmark that is skipped on proof. */
export const UNAFFECTED = "no machine code or data that it can reach changed";

/** Whether the change cannot reach the benchmark and it is measured all the same. */
export function isControl(
  { package: importPath, name }: Pick<FoundBenchmark, "package" | "name">,
  built: readonly BuiltPackage[],
): boolean {
  const at = built.find(({ head }) => head.importPath === importPath);
  return at?.selection.controls.has(functionOf(name)) === true;
}

/** "BenchmarkParse" of "BenchmarkParse/large". */
export function functionOf(benchmarkName: string): string {
  return benchmarkName.split("/")[0] ?? benchmarkName;
}
