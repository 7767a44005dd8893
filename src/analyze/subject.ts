// What findings are about: places in the source, and benchmarks.

/** Where a declaration stands, relative to the repository's root; lines count from 1. */
export type Position = { readonly file: string; readonly line: number };

/** A benchmark in its cell: how findings of different analyzers are joined. */
export type BenchmarkId = {
  readonly cell: string;
  readonly package: string;
  readonly name: string;
};
