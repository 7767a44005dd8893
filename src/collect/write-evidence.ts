// Writes what was measured and read into the bundle: benchmark text, compiler text, syntax.
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { messageChain } from "../errors.ts";
import { formatLatencyLog, type LatencyDistribution } from "../evidence/latency-log.ts";
import type { Manifest, PackageRecord, Side } from "../evidence/manifest.ts";
import type { Syntax } from "../goast/syntax.ts";
import type { BuiltPackage } from "./build-packages.ts";
import { bundleName, writeBundleFile } from "./bundle.ts";
import type { CellRequest } from "./cell-request.ts";
import type { KeptLatencies } from "./merge-latencies.ts";
import { readSyntax, type SourceFile } from "./probe.ts";
import type { Measured } from "./schedule.ts";

/** Benchmark and compiler texts of each package. */
export async function writePackageFiles(
  built: readonly BuiltPackage[],
  measured: readonly Measured[],
  request: CellRequest,
): Promise<PackageRecord[]> {
  const records: PackageRecord[] = [];
  for (const [index, at] of built.entries()) {
    const importPath = at.head.importPath;
    const folder = `${bundleName(request.cell.id)}/${index}-${bundleName(importPath)}`;
    const own = measured.filter((one) => one.benchmark.package === importPath);
    const write = (name: string, text: string) =>
      writeBundleFile(request.outDir, `packages/${folder}/${name}`, text);
    const head = `pkg: ${importPath}\n`;
    const latencies = await writeLatencies(own, write);
    records.push({
      cell: request.cell.id,
      importPath,
      dir: at.head.dir,
      ...(at.affected.reached.size === 0 ? {} : { reached: reachedOf(at) }),
      ...(at.affected.code.length === 0 ? {} : { machineCode: [...at.affected.code] }),
      files: {
        baseBench: await write("base.txt", head + own.map((one) => one.baseText).join("")),
        headBench: await write("head.txt", head + own.map((one) => one.headText).join("")),
        baseCompiler: await write("base.compiler.txt", at.optimizations.base),
        headCompiler: await write("head.compiler.txt", at.optimizations.head),
        ...latencies,
      },
    });
  }
  return records;
}

/** Latency logs of a package; none where nothing was recorded. */
async function writeLatencies(
  own: readonly Measured[],
  write: (name: string, text: string) => Promise<string>,
): Promise<{ baseLatency?: string; headLatency?: string }> {
  const of = (side: Side) => own.flatMap(({ latencies }) => keptOnly(latencies[side]));
  const [base, head] = [of("base"), of("head")];
  if (base.length + head.length === 0) return {};
  return {
    baseLatency: await write("base.latency.hlog", formatLatencyLog(base)),
    headLatency: await write("head.latency.hlog", formatLatencyLog(head)),
  };
}

function keptOnly(kept: KeptLatencies): LatencyDistribution[] {
  return kept === undefined || kept === "too-wide" ? [] : [kept];
}

/** Names longer than the manifest takes are left out: no declaration has one. */
function reachedOf({ affected }: BuiltPackage): NonNullable<PackageRecord["reached"]> {
  const short = (names: readonly string[]) => names.filter((name) => name.length <= 1000);
  return Object.fromEntries(
    [...affected.reached].map(([name, { called, possible }]) => [
      name,
      { called: short(called), possible: short(possible) },
    ]),
  );
}

export type CollectedSyntax = {
  readonly syntax: Manifest["syntax"];
  /** The same in memory. */
  readonly read: Readonly<Record<Side, Syntax>> | undefined;
  /** Whether a declaration that differs uses package unsafe, on either side. */
  readonly touchesUnsafe: boolean;
  readonly degraded: Manifest["degraded"];
};

/** Reads the Go files that were built or changed, on both sides; without it AST and compiler
 * analyses are degraded, the run goes on. */
export async function collectSyntax(
  probePath: string,
  linkedDirs: Readonly<Record<Side, Iterable<string>>>,
  request: CellRequest,
): Promise<CollectedSyntax> {
  try {
    const syntax = await readSides(probePath, linkedDirs, request);
    const write = (side: Side) =>
      writeBundleFile(request.outDir, `syntax/${side}.json`, JSON.stringify(syntax[side]));
    return {
      syntax: { base: await write("base"), head: await write("head") },
      read: syntax,
      touchesUnsafe: touchesUnsafe(syntax.base) || touchesUnsafe(syntax.head),
      degraded: [],
    };
  } catch (error) {
    request.signal.throwIfAborted();
    const reason = messageChain(error).slice(0, 500);
    const lost = (["ast", "compiler"] as const).map((strategy) => ({ strategy, reason }));
    return { syntax: undefined, read: undefined, touchesUnsafe: false, degraded: [...lost] };
  }
}

/** Only the changed Go files, in memory; undefined where they cannot be read. */
export async function readChanged(
  probePath: string,
  request: CellRequest,
): Promise<Readonly<Record<Side, Syntax>> | undefined> {
  try {
    return await readSides(probePath, { base: [], head: [] }, request);
  } catch {
    // What is read again after the build says why.
    request.signal.throwIfAborted();
    return undefined;
  }
}

async function readSides(
  probePath: string,
  dirs: Readonly<Record<Side, Iterable<string>>>,
  request: CellRequest,
): Promise<Record<Side, Syntax>> {
  const { workspace } = request.checkout;
  const rootDirs = { base: workspace.baseDir, head: workspace.headDir };
  const files = [
    ...(await sourceFiles("base", rootDirs.base, dirs.base, request)),
    ...(await sourceFiles("head", rootDirs.head, dirs.head, request)),
  ];
  return readSyntax(probePath, rootDirs, files, request.signal);
}

/** The words of a file are those of its trees, and only what differs has a tree. */
function touchesUnsafe(syntax: Syntax): boolean {
  return syntax.files.some((file) => file.words?.includes("unsafe") === true);
}

async function sourceFiles(
  side: Side,
  rootDir: string,
  linkedDirs: Iterable<string>,
  request: CellRequest,
): Promise<SourceFile[]> {
  const paths = new Set<string>();
  for (const file of request.plan.changedFiles) {
    const path = side === "base" ? (file.previousPath ?? file.path) : file.path;
    if (path.endsWith(".go")) paths.add(path);
  }
  for (const dir of new Set(linkedDirs)) {
    for (const name of await readdir(join(rootDir, dir)).catch(() => [])) {
      if (name.endsWith(".go")) paths.add(dir === "." ? name : `${dir}/${name}`);
    }
  }
  const blobs = request.checkout.goBlobs[side];
  return [...paths].sort().map((path) => ({ side, path, blob: blobs.get(path) }));
}
