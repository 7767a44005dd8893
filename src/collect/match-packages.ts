// Lists both sides and pairs their packages: which must be measured, which the change cannot reach.
import { existsSync } from "node:fs";
import { join } from "node:path";
import { UserError } from "../errors.ts";
import type { BenchmarkRecord, Side } from "../evidence/manifest.ts";
import type { ModuleTarget } from "../plan/module-targets.ts";
import type { Plan } from "../plan/plan.ts";
import { reachedBy } from "../plan/reach.ts";
import { checkBenchPattern, isWanted } from "./bench-pattern.ts";
import type { PackagePair } from "./build-sides.ts";
import type { CellRequest } from "./cell-request.ts";
import { type BenchmarkPackage, listBenchmarkPackages } from "./go-packages.ts";
import type { Toolchain } from "./go-toolchain.ts";

export type MatchedPackages = {
  readonly reached: readonly PackagePair[];
  /** Benchmarks of packages that need no measuring. */
  readonly records: readonly BenchmarkRecord[];
  /** For people: why nothing is left, when nothing is. */
  readonly nothingReason: string;
};

/** Pairs packages by import path; a package that the change cannot reach is only recorded. */
export async function matchPackages(
  targets: readonly ModuleTarget[],
  toolchain: Toolchain,
  request: CellRequest,
): Promise<MatchedPackages> {
  const { plan, cell } = request;
  const problem = checkBenchPattern(plan.benchPattern);
  if (problem !== undefined) {
    throw new UserError(
      "TG_USAGE",
      `The benchmark pattern "${plan.benchPattern}" is not valid: ${problem}`,
      {
        hint: "It is a regular expression, split at slashes, as in go test -bench.",
      },
    );
  }
  const [base, head] = await Promise.all([
    listSide("base", targets, toolchain, request),
    listSide("head", targets, toolchain, request),
  ]);
  const reached: PackagePair[] = [];
  const records: BenchmarkRecord[] = [];
  const record = (of: BenchmarkPackage, status: BenchmarkRecord["status"], reason: string) => {
    for (const name of wanted(of, plan)) {
      records.push({ cell: cell.id, package: of.importPath, name, status, reason });
    }
  };
  for (const [importPath, headPackage] of head) {
    const basePackage = base.get(importPath);
    if (basePackage === undefined) {
      record(headPackage, "added", "the package is new in head");
    } else if (wanted(headPackage, plan).length > 0) {
      const why =
        reachedBy(headPackage, plan.changedFiles) ?? reachedBy(basePackage, plan.changedFiles);
      if (why === undefined) record(headPackage, "unaffected", "no file it is built from changed");
      else reached.push({ base: basePackage, head: headPackage });
    }
  }
  for (const [importPath, basePackage] of base) {
    if (!head.has(importPath)) record(basePackage, "removed", "the package is gone in head");
  }
  return { reached, records, nothingReason: nothingReason(head, records) };
}

/** Functions whose name the pattern can match. */
function wanted(of: BenchmarkPackage, plan: Plan): readonly string[] {
  return of.functions.filter((name) => isWanted(plan, name));
}

function nothingReason(
  head: ReadonlyMap<string, BenchmarkPackage>,
  records: readonly BenchmarkRecord[],
): string {
  if (head.size === 0) return "there are no benchmarks in these packages";
  if (records.length === 0) return "no benchmark matches the pattern";
  return "no benchmark is built from a file that changed";
}

async function listSide(
  side: Side,
  targets: readonly ModuleTarget[],
  toolchain: Toolchain,
  request: CellRequest,
): Promise<Map<string, BenchmarkPackage>> {
  const { workspace } = request.checkout;
  const rootDir = side === "base" ? workspace.baseDir : workspace.headDir;
  const found = new Map<string, BenchmarkPackage>();
  for (const [index, target] of targets.entries()) {
    if (!existsSync(join(rootDir, target.dir, "go.mod"))) continue;
    const listing = await listBenchmarkPackages({
      toolchain,
      rootDir,
      moduleDir: target.dir,
      patterns: target.patterns,
      modFileDir: join(workspace.modFilesDir, `${side}-${index}`),
      signal: request.signal,
    });
    for (const at of listing.packages) found.set(at.importPath, at);
  }
  return found;
}
