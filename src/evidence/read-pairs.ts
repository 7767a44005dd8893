// The pairs of every package of a bundle, read once for all who ask: texts are the larger part of
// the work.
import type { Evidence } from "./evidence.ts";
import type { PackageRecord } from "./manifest.ts";
import { type BenchmarkPairs, joinPairs, readProcesses } from "./pair-text.ts";

export type PackagePairs = {
  readonly record: PackageRecord;
  /** Per phase and benchmark, in the order the names first appear. */
  readonly groups: readonly BenchmarkPairs[];
  /** Bad lines of both sides, base first. */
  readonly problems: readonly { readonly line: number; readonly message: string }[];
};

/** In the order of the packages; nothing throws. */
export function readPairs({ manifest, packages }: Evidence): PackagePairs[] {
  return packages.map(({ record, baseBench, headBench }) => {
    const cell = manifest.cells.find(({ id }) => id === record.cell);
    const base = readProcesses(baseBench);
    const head = readProcesses(headBench);
    const sides = { base: base.processes, head: head.processes };
    const groups = joinPairs(sides, cell?.gomaxprocs ?? 1);
    return { record, groups, problems: [...base.problems, ...head.problems] };
  });
}
