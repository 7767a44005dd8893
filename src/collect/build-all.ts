// Builds every package to measure and says what the failures mean.
import type { BenchmarkRecord, Outcome, Side } from "../evidence/manifest.ts";
import { type BuiltPackage, buildPackage, type PackagePair } from "./build-packages.ts";
import type { CellRequest } from "./cell-request.ts";
import type { Toolchain } from "./go-toolchain.ts";
import type { Launcher } from "./launcher.ts";

export type BuiltAll = {
  readonly packages: readonly BuiltPackage[];
  /** Benchmarks of packages that build on neither side. */
  readonly records: readonly BenchmarkRecord[];
  /** Set when a side does not build: nothing is measured then. */
  readonly failure: Outcome | undefined;
};

/**
 * A package that builds on one side only ends the run: that is news about the change. One that
 * builds on neither was broken before; it is left out, unless it is the only one.
 */
export async function buildAll(
  pairs: readonly PackagePair[],
  toolchain: Toolchain,
  launchers: Readonly<Record<Side, Launcher>>,
  request: CellRequest,
): Promise<BuiltAll> {
  const { workspace } = request.checkout;
  const packages: BuiltPackage[] = [];
  const records: BenchmarkRecord[] = [];
  let broken: Outcome | undefined;
  for (const [index, pair] of pairs.entries()) {
    const importPath = pair.head.importPath;
    request.onProgress({ stage: "build", done: index, total: pairs.length, text: importPath });
    const build = await buildPackage(pair, index, {
      toolchain,
      rootDirs: { base: workspace.baseDir, head: workspace.headDir },
      launchers,
      binariesDir: workspace.binariesDir,
      packageCount: pairs.length,
    });
    request.signal.throwIfAborted();
    if (build.kind === "built") {
      packages.push(build.built);
      continue;
    }
    const failure = {
      kind: "build-failed",
      side: build.side,
      package: importPath,
      log: build.log,
    } as const;
    if (!build.both) return { packages: [], records: [], failure };
    broken ??= failure;
    for (const name of pair.head.functions) {
      const reason = "its package builds on neither side";
      records.push({
        cell: request.cell.id,
        package: importPath,
        name,
        status: "not-measured",
        reason,
      });
    }
  }
  return { packages, records, failure: packages.length === 0 ? broken : undefined };
}
