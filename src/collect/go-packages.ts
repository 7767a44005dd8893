// Lists the packages of one side that have benchmarks, with what is linked into their tests.
//
// `go list` executes nothing of the repository and may fetch modules; everything after it works
// without a network. But it reads what go.mod and go.work point at, and quotes what it cannot read:
// for code that is not trusted it sees nothing of this machine but the checkout and Go's caches. A module that lacks go.sum lines is
// completed in a copy of its go.mod and go.sum (-modfile), never in the checkout.
import { existsSync } from "node:fs";
import { copyFile, mkdir, readFile } from "node:fs/promises";
import { join, relative } from "node:path";
import { z } from "zod";
import type { LinkedCode, LinkedPackage } from "../plan/affected.ts";
import type { PackageReach } from "../plan/reach.ts";
import type { Toolchain } from "./go-toolchain.ts";
import { type HostResult, runHostCommand } from "./host-command.ts";

/** A package that has benchmarks, on one side. */
export type BenchmarkPackage = PackageReach & {
  readonly importPath: string;
  readonly modulePath: string;
  /**
   * Modules of the checkout that its test binary is linked from, its own first: a workspace or a
   * replace directive joins several. The compiler's text is of all of them.
   */
  readonly linkedModules: readonly string[];
  /** Folder of its module's go.mod, relative to the repository's root. */
  readonly moduleDir: string;
  /** Flags that say how modules are found: -mod, -modfile. */
  readonly moduleFlags: readonly string[];
  /** Names of its benchmark functions as written in its test files. */
  readonly functions: readonly string[];
  readonly linked: LinkedCode;
};

/** A package that cannot be loaded is listed all the same; its build says what is wrong. */
export type PackageListing =
  | { readonly kind: "listed"; readonly packages: readonly BenchmarkPackage[] }
  /** The module itself cannot be used, in the go command's words. */
  | { readonly kind: "failed"; readonly log: string };

/** Enough of the go command's words for a person. */
const SHOWN_LOG_CHARS = 8_000;

const listedSchema = z.object({
  ImportPath: z.string(),
  Dir: z.string().default(""),
  Standard: z.boolean().default(false),
  DepOnly: z.boolean().default(false),
  ForTest: z.string().default(""),
  Deps: z.array(z.string()).default([]),
  TestGoFiles: z.array(z.string()).default([]),
  XTestGoFiles: z.array(z.string()).default([]),
  CgoFiles: z.array(z.string()).default([]),
  SFiles: z.array(z.string()).default([]),
  DefaultGODEBUG: z.string().default(""),
  /** Asked for because it names what go.mod and go.sum lack. */
  Error: z.unknown().optional(),
  Module: z.object({ Path: z.string(), Dir: z.string().default("") }).optional(),
});
type Listed = z.infer<typeof listedSchema>;

const LIST_FIELDS = Object.keys(listedSchema.shape).join(",");

export type ListOptions = {
  readonly toolchain: Toolchain;
  /** Checkout of this side, absolute. */
  readonly rootDir: string;
  /** Folder of the module (or workspace), relative to the root. */
  readonly moduleDir: string;
  /** Patterns relative to the module's folder. */
  readonly patterns: readonly string[];
  /** A folder of ours for the copy of go.mod, made when needed. */
  readonly modFileDir: string;
  /** In front of the go command, for code that is not trusted: a sandbox with the network. */
  readonly prefix: readonly string[];
  readonly signal: AbortSignal;
};

/** Packages with benchmarks that match the patterns. */
export async function listBenchmarkPackages(options: ListOptions): Promise<PackageListing> {
  const moduleDir = join(options.rootDir, options.moduleDir);
  let flags = existsSync(join(moduleDir, "vendor", "modules.txt"))
    ? ["-mod=vendor"]
    : ["-mod=readonly"];
  let result = await goList(options, flags);
  if (lacksModuleLines(result) && !existsSync(join(moduleDir, "go.work"))) {
    const copy = await copyModFile(moduleDir, options.modFileDir);
    await goList(options, ["-mod=mod", `-modfile=${copy}`]);
    flags = ["-mod=readonly", `-modfile=${copy}`];
    result = await goList(options, flags);
  }
  if (result.outcome !== "exited" || (result.exitCode !== 0 && result.stdout === "")) {
    const how = result.outcome === "exited" ? "" : `the go command was ended (${result.outcome})\n`;
    const log = (how + result.stderr).replaceAll(`${options.rootDir}/`, "").trim();
    return { kind: "failed", log: log.slice(0, SHOWN_LOG_CHARS) };
  }
  return { kind: "listed", packages: await select(options, flags, parseListed(result.stdout)) };
}

async function goList(options: ListOptions, flags: readonly string[]): Promise<HostResult> {
  return await runHostCommand({
    argv: inFront(options.prefix, [
      options.toolchain.goPath,
      "list",
      ...flags,
      "-e",
      "-test",
      "-deps",
      `-json=${LIST_FIELDS}`,
      "--",
      ...options.patterns,
    ]),
    dir: join(options.rootDir, options.moduleDir),
    env: options.toolchain.env,
    timeoutMs: 300_000, // Modules may have to come over a slow line.
    signal: options.signal,
  });
}

function inFront(
  prefix: readonly string[],
  [program, ...args]: readonly [string, ...string[]],
): [string, ...string[]] {
  const [first = program, ...rest] = [...prefix, program, ...args];
  return [first, ...rest];
}

/** Go's words when go.mod or go.sum would have to change (cmd/go/internal/modload, 1.18 to 1.27). */
function lacksModuleLines(result: HostResult): boolean {
  return /missing go\.sum entry|updates to go\.(mod|sum) needed|no required module provides package/.test(
    result.stdout + result.stderr,
  );
}

async function copyModFile(moduleDir: string, modFileDir: string): Promise<string> {
  await mkdir(modFileDir, { recursive: true });
  const copy = join(modFileDir, "go.mod");
  await copyFile(join(moduleDir, "go.mod"), copy);
  if (existsSync(join(moduleDir, "go.sum"))) {
    await copyFile(join(moduleDir, "go.sum"), join(modFileDir, "go.sum"));
  }
  return copy;
}

/** `go list -json` prints one object after the other, each ending in a line "}". */
function parseListed(stdout: string): Listed[] {
  return stdout
    .split(/(?<=^\})\n/m)
    .filter((text) => text.trim() !== "")
    .map((text) => listedSchema.parse(JSON.parse(text)));
}

async function select(
  options: ListOptions,
  moduleFlags: readonly string[],
  listed: readonly Listed[],
): Promise<BenchmarkPackage[]> {
  const byPath = new Map(listed.map((entry) => [entry.ImportPath, entry]));
  const packages: BenchmarkPackage[] = [];
  for (const entry of listed) {
    if (
      entry.Standard ||
      entry.DepOnly ||
      entry.ForTest !== "" ||
      entry.ImportPath.endsWith(".test")
    )
      continue;
    const functions = await benchmarkFunctions(entry);
    if (functions.length === 0) continue;
    const program = byPath.get(`${entry.ImportPath}.test`);
    const linked = (program?.Deps ?? entry.Deps).flatMap((path) => byPath.get(path) ?? []);
    const modulePath = entry.Module?.Path ?? entry.ImportPath;
    const linkedModules = modulesInside(options.rootDir, modulePath, linked);
    packages.push({
      importPath: entry.ImportPath,
      dir: relativeDir(options.rootDir, entry.Dir),
      modulePath,
      linkedModules,
      moduleDir: options.moduleDir,
      moduleFlags,
      functions,
      linkedDirs: new Set([
        relativeDir(options.rootDir, entry.Dir),
        ...linked.flatMap((at) => dirInside(options.rootDir, at) ?? []),
      ]),
      linked: {
        packages: linkedPackages(linked, linkedModules, options.rootDir),
        importedFromOutside: importedFromOutside(linked, linkedModules),
        settings: `${await flagsText(moduleFlags)} ${program?.DefaultGODEBUG ?? ""}`,
      },
    });
  }
  return packages;
}

/** Go leaves the folder of a vendored module empty. */
function modulesInside(rootDir: string, modulePath: string, linked: readonly Listed[]): string[] {
  const inside = linked.flatMap(({ Module }) =>
    Module !== undefined && `${Module.Dir}/`.startsWith(`${rootDir}/`) ? [Module.Path] : [],
  );
  return [...new Set([modulePath, ...inside])];
}

/** Of packages outside the modules, C and assembly do not matter: only what they import of it. */
function linkedPackages(
  linked: readonly Listed[],
  modules: readonly string[],
  rootDir: string,
): LinkedPackage[] {
  return linked.flatMap((at) => {
    const dir = dirInside(rootDir, at);
    if (dir === undefined) return [];
    const importPath = withoutVariant(at.ImportPath);
    const isOwn = isOfModules(at, modules);
    const hasCgo = isOwn && at.CgoFiles.length > 0;
    return [{ importPath, dir, hasCgo, hasAssembly: isOwn && at.SFiles.length > 0 }];
  });
}

function importedFromOutside(linked: readonly Listed[], modules: readonly string[]): string[] {
  const outside = linked.filter((at) => !at.Standard && !isOfModules(at, modules));
  const imported = outside.flatMap((at) => at.Deps.map(withoutVariant));
  return [...new Set(imported)].filter((path) => isWithinModules(path, modules));
}

/** Flags by what they do: a copy of go.mod by its text, since its path differs on each side. */
async function flagsText(flags: readonly string[]): Promise<string> {
  const texts = flags.map(async (flag) => {
    const [, path] = /^-modfile=(.*)$/.exec(flag) ?? [];
    return path === undefined ? flag : `-modfile: ${await readFile(path, "utf8")}`;
  });
  return (await Promise.all(texts)).join(" ");
}

/** The external tests of package p are a package p_test, compiled with the flags of p. */
function isOfModules(at: Listed, modules: readonly string[]): boolean {
  const importPath = withoutVariant(at.ImportPath);
  const tested = importPath === `${at.ForTest}_test` ? at.ForTest : importPath;
  return isWithinModules(tested, modules);
}

/** Whether `MODULE/...` as a pattern of go build matches the path, for one of the modules. */
function isWithinModules(importPath: string, modules: readonly string[]): boolean {
  return modules.some((path) => importPath === path || importPath.startsWith(`${path}/`));
}

/** "p [p.test]" is p as it is compiled again for the test. */
function withoutVariant(importPath: string): string {
  return importPath.replace(/ .*$/, "");
}

function dirInside(rootDir: string, { Dir }: Listed): string | undefined {
  return Dir === rootDir || Dir.startsWith(`${rootDir}/`) ? relativeDir(rootDir, Dir) : undefined;
}

function relativeDir(rootDir: string, dir: string): string {
  return relative(rootDir, dir) || ".";
}

/** 16 MiB: a test file beyond is data, not benchmarks. */
const MAX_TEST_FILE_BYTES = 16 << 20;

async function benchmarkFunctions(entry: Listed): Promise<string[]> {
  const names: string[] = [];
  for (const file of [...entry.TestGoFiles, ...entry.XTestGoFiles]) {
    const text = (await readFile(join(entry.Dir, file)))
      .subarray(0, MAX_TEST_FILE_BYTES)
      .toString();
    for (const match of text.matchAll(/^func\s+(Benchmark(?:\P{Ll}\w*)?)\s*\(/gmu)) {
      if (match[1] !== undefined) names.push(match[1]);
    }
  }
  return names;
}
