// Which packages can a change reach? The coarse filter before anything is built: a package whose
// test binary contains no changed file, and whose folder holds none it could read, is unaffected.
// Sound at the level of packages, not of functions; a finer one compares the machine code.
import type { ChangedFile } from "./plan.ts";

/** A package with benchmarks; folders are relative to the repository's root, "." is the root. */
export type PackageReach = {
  readonly dir: string;
  /** Folders of all packages linked into its test binary, its own included. */
  readonly linkedDirs: ReadonlySet<string>;
};

/** Files that no build and no benchmark depends on: documentation and settings of other tools. */
const INERT =
  /(^|\/)(\.github|\.circleci|docs?)\/|\.(md|markdown|rst|adoc)$|(^|\/)(LICENSE|COPYING|NOTICE|AUTHORS|CODEOWNERS|\.gitignore|\.gitattributes|\.editorconfig|\.golangci\.ya?ml|\.travis\.yml)[^/]*$/;

/** Files that change what every package is built from. */
const BUILD_WIDE = /(^|\/)(go\.(mod|sum|work|work\.sum)|modules\.txt)$/;

/** Folders whose Go files are no part of any build (go help packages); tests read them as data. */
const IGNORED_BY_GO = /(^|\/)(testdata|_[^/]*|\.[^/]+)\//;

/** Whether a change of this file can alter a build or a benchmark at all. */
export function canAffectBenchmarks(path: string): boolean {
  return /\.go$/.test(path) || !INERT.test(path);
}

/** Whether a change of this file changes what every package is built from. */
export function changesEveryBuild(path: string): boolean {
  return BUILD_WIDE.test(path);
}

/**
 * Whether a benchmark may read the file, or something but the Go compiler build from it: assembly,
 * C, embedded and test files at or below a linked package, and Go files below "testdata".
 */
export function isReadAtRunTime(path: string, linkedDirs: ReadonlySet<string>): boolean {
  if (!canAffectBenchmarks(path)) return false;
  const dir = folderOf(path);
  if (path.endsWith(".go") && (linkedDirs.has(dir) || !IGNORED_BY_GO.test(path))) return false;
  return [...linkedDirs].some((linked) => isWithin(dir, linked));
}

/** Why the change reaches the package, for people; undefined when it cannot. */
export function reachedBy(
  target: PackageReach,
  changed: readonly ChangedFile[],
): string | undefined {
  for (const file of changed) {
    for (const path of file.previousPath === undefined
      ? [file.path]
      : [file.path, file.previousPath]) {
      if (!canAffectBenchmarks(path)) continue;
      if (BUILD_WIDE.test(path)) return `${path} changed`;
      const isLinked = path.endsWith(".go") && target.linkedDirs.has(folderOf(path));
      if (isLinked || isReadAtRunTime(path, target.linkedDirs)) return `${path} changed`;
    }
  }
  return undefined;
}

function folderOf(path: string): string {
  const slash = path.lastIndexOf("/");
  return slash < 0 ? "." : path.slice(0, slash);
}

function isWithin(dir: string, parent: string): boolean {
  return parent === "." || dir === parent || dir.startsWith(`${parent}/`);
}
