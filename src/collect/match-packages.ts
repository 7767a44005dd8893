// Lists both sides and pairs their packages: which must be measured, which the change cannot reach.
import { existsSync } from "node:fs";
import { join } from "node:path";
import { UserError } from "../errors.ts";
import type { BenchmarkRecord, Outcome, Side } from "../evidence/manifest.ts";
import type { ModuleTarget } from "../plan/module-targets.ts";
import type { Plan } from "../plan/plan.ts";
import { reachedBy } from "../plan/reach.ts";
import { checkBenchPattern, isWanted } from "./bench-pattern.ts";
import type { PackagePair } from "./build-sides.ts";
import type { CellRequest } from "./cell-request.ts";
import { type BenchmarkPackage, listBenchmarkPackages } from "./go-packages.ts";
import type { Toolchain } from "./go-toolchain.ts";
import { listingPrefix } from "./side-launchers.ts";

export type MatchedPackages = {
  readonly reached: readonly PackagePair[];
  /** Benchmarks of packages that need no measuring. */
  readonly records: readonly BenchmarkRecord[];
  /** How the run ends where there is nothing to build: a module cannot be listed, or nothing is left. */
  readonly ending: Outcome | undefined;
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
  const listed = await Promise.all([
    listSide("base", targets, toolchain, request),
    listSide("head", targets, toolchain, request),
  ]);
  const [{ packages: base }, { packages: head }] = listed;
  const broken = brokenModule(listed[0].failures, listed[1].failures);
  if (broken?.isNews) return { reached: [], records: [], ending: broken.outcome };
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
      const isReached =
        plan.trial !== undefined ||
        [headPackage, basePackage].some((at) => reachedBy(at, plan.changedFiles) !== undefined);
      if (!isReached) record(headPackage, "unaffected", "no file it is built from changed");
      else reached.push({ base: basePackage, head: headPackage });
    }
  }
  for (const [importPath, basePackage] of base) {
    if (!head.has(importPath)) record(basePackage, "removed", "the package is gone in head");
  }
  const nothing = { kind: "nothing-to-measure", reason: nothingReason(head, records) } as const;
  const ending = reached.length > 0 ? undefined : (broken?.outcome ?? nothing);
  return { reached, records, ending };
}

/** By folder of the module, what the go command says. */
type ListFailures = ReadonlyMap<string, string>;

/**
 * A module whose packages cannot even be listed. On one side only that is news about the change; on
 * both it was broken before, and is left out unless it is the only one.
 */
function brokenModule(
  base: ListFailures,
  head: ListFailures,
): { readonly isNews: boolean; readonly outcome: Outcome } | undefined {
  const found = [
    ...[...base].map(([dir, log]) => ({ side: "base" as const, dir, log, isNews: !head.has(dir) })),
    ...[...head].map(([dir, log]) => ({ side: "head" as const, dir, log, isNews: !base.has(dir) })),
  ];
  const first = found.find(({ isNews }) => isNews) ?? found[0];
  if (first === undefined) return undefined;
  const { side, dir, log, isNews } = first;
  return { isNews, outcome: { kind: "build-failed", side, package: dir, log } };
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
): Promise<{ packages: ReadonlyMap<string, BenchmarkPackage>; failures: ListFailures }> {
  const { workspace } = request.checkout;
  const rootDir = side === "base" ? workspace.baseDir : workspace.headDir;
  const packages = new Map<string, BenchmarkPackage>();
  const failures = new Map<string, string>();
  for (const [index, target] of targets.entries()) {
    if (!existsSync(join(rootDir, target.dir, "go.mod"))) continue;
    const listing = await listBenchmarkPackages({
      toolchain,
      rootDir,
      moduleDir: target.dir,
      patterns: target.patterns,
      modFileDir: join(workspace.modFilesDir, `${side}-${index}`),
      prefix: await listingPrefix(toolchain, join(rootDir, target.dir), request),
      signal: request.signal,
    });
    if (listing.kind === "failed") failures.set(target.dir, listing.log);
    else for (const at of listing.packages) packages.set(at.importPath, at);
  }
  return { packages, failures };
}
