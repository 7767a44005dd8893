// Builds every package to measure, says what the failures mean and what need not be measured.
import type { BenchmarkRecord, Outcome, Side } from "../evidence/manifest.ts";
import { isWanted } from "./bench-pattern.ts";
import { type BuiltPackage, buildPackage } from "./build-packages.ts";
import type { PackagePair } from "./build-sides.ts";
import type { CellRequest } from "./cell-request.ts";
import type { Toolchain } from "./go-toolchain.ts";
import { UNAFFECTED } from "./keep-controls.ts";
import type { Launcher } from "./launcher.ts";

export type BuiltAll = {
  /** Packages in which the change reaches a benchmark. */
  readonly packages: readonly BuiltPackage[];
  /** Packages that were built and in which it reaches none. */
  readonly unmeasured: readonly BuiltPackage[];
  /** Benchmarks that the change cannot reach, and those of packages that build on neither side. */
  readonly records: readonly BenchmarkRecord[];
  /** Set when there is nothing to measure: a side does not build, or nothing is affected. */
  readonly ending: Outcome | undefined;
};

export type BuildTools = {
  readonly toolchain: Toolchain;
  readonly probePath: string;
  readonly launchers: Readonly<Record<Side, Launcher>>;
};

/**
 * A package that builds on one side only ends the run: that is news about the change. One that
 * builds on neither was broken before; it is left out, unless it is the only one.
 */
export async function buildAll(
  pairs: readonly PackagePair[],
  tools: BuildTools,
  request: CellRequest,
): Promise<BuiltAll> {
  const { plan } = request;
  const { workspace } = request.checkout;
  const built: BuiltPackage[] = [];
  const records: BenchmarkRecord[] = [];
  let broken: Outcome | undefined;
  for (const [index, pair] of pairs.entries()) {
    const importPath = pair.head.importPath;
    request.onProgress({ stage: "build", done: index, total: pairs.length, text: importPath });
    const build = await buildPackage(pair, index, {
      ...tools,
      rootDirs: { base: workspace.baseDir, head: workspace.headDir },
      binariesDir: workspace.binariesDir,
      overlaysDir: workspace.overlaysDir,
      isWanted: (name) => isWanted(plan, name),
      changedFiles: plan.changedFiles,
      measuresAll: plan.trial !== undefined,
      random: request.random,
      signal: request.signal,
    });
    request.signal.throwIfAborted();
    if (build.kind === "built") {
      built.push(build.built);
      records.push(...unaffected(build.built, request.cell.id));
      continue;
    }
    const failure = {
      kind: "build-failed",
      side: build.side,
      package: importPath,
      log: build.log,
    } as const;
    if (!build.both) return { packages: [], unmeasured: [], records: [], ending: failure };
    broken ??= failure;
    for (const name of pair.head.functions) {
      const reason = `its package builds on neither side: ${firstError(build.log)}`;
      records.push({
        cell: request.cell.id,
        package: importPath,
        name,
        status: "not-measured",
        reason,
      });
    }
  }
  const packages = built.filter((at) => at.selection.measured.size > 0);
  const ending = packages.length > 0 ? undefined : (noneAffected(built) ?? broken);
  const unmeasured = built.filter((at) => at.selection.measured.size === 0);
  return { packages, unmeasured, records, ending };
}

/** Go puts "# package" above the errors of each. */
function firstError(log: string): string {
  const lines = log.split("\n").filter((line) => line !== "" && !line.startsWith("# "));
  return (lines[0] ?? "").slice(0, 500);
}

function unaffected({ head, selection }: BuiltPackage, cell: string): BenchmarkRecord[] {
  const reason = UNAFFECTED;
  return selection.skipped.map((name) => {
    return { cell, package: head.importPath, name, status: "unaffected", reason };
  });
}

/** How the run ends when packages were built and the change reaches no benchmark of theirs. */
function noneAffected(built: readonly BuiltPackage[]): Outcome | undefined {
  if (built.length === 0) return undefined;
  const isUnchanged = built.every(({ affected: { counts } }) => {
    return counts.changed + counts.added + counts.removed === 0;
  });
  return isUnchanged
    ? { kind: "nothing-to-measure", reason: "no machine code changed", unchanged: true }
    : {
        kind: "nothing-to-measure",
        reason: "no benchmark can reach the machine code that changed",
      };
}
