// Import paths and folders of all packages of the repository, worked out from the measured ones.
//
// The manifest names only packages with benchmarks, but a change is often in a package they import.
// Within a module an import path is the module's path and the folder below it, so one measured
// package tells the rule for its module: what is left of path and folder when their common ending
// is cut off.
import { directoryOf } from "../goast/directory.ts";
import type { PackageRecord } from "./manifest.ts";

/** One module: packages below `dir` have import paths below `path`. */
type Root = { readonly path: string; readonly dir: string };

export type PackagePaths = {
  /** Import path of the package in a folder ("." is the root); undefined when no rule is known. */
  readonly importPath: (dir: string) => string | undefined;
  /** Import path of the package that a file is in; its folder where no rule is known. */
  readonly packageOf: (path: string) => string;
  /** Folder of a package relative to the repository's root; undefined when no rule is known. */
  readonly dir: (importPath: string) => string | undefined;
};

export function packagePaths(
  packages: readonly Pick<PackageRecord, "importPath" | "dir">[],
): PackagePaths {
  const roots = [...new Map(packages.map(rootOf).map((r) => [`${r.path}\0${r.dir}`, r])).values()];
  const importPath = (dir: string) => {
    const root = closest(roots, (candidate) => candidate.dir, dir);
    return root === undefined ? undefined : join(root.path, below(root.dir, dir) ?? "");
  };
  return {
    importPath,
    packageOf: (path) => importPath(directoryOf(path)) ?? directoryOf(path),
    dir: (importPath) => {
      const root = closest(roots, (candidate) => candidate.path, importPath);
      if (root === undefined) return undefined;
      return join(root.dir === "." ? "" : root.dir, below(root.path, importPath) ?? "") || ".";
    },
  };
}

function rootOf(record: Pick<PackageRecord, "importPath" | "dir">): Root {
  const path = record.importPath.split("/");
  const dir = record.dir === "." ? [] : record.dir.split("/");
  while (dir.length > 0 && path.length > 1 && path.at(-1) === dir.at(-1)) {
    path.pop();
    dir.pop();
  }
  return { path: path.join("/"), dir: dir.join("/") || "." };
}

/** The root with the longest key that is the path or a folder above it. */
function closest(
  roots: readonly Root[],
  key: (root: Root) => string,
  path: string,
): Root | undefined {
  let best: Root | undefined;
  for (const root of roots) {
    if (below(key(root), path) === undefined) continue;
    if (best === undefined || depth(key(root)) > depth(key(best))) best = root;
  }
  return best;
}

function depth(path: string): number {
  return path === "." ? 0 : path.length;
}

/** What follows `root` in `path`, without the slash; undefined when path is not below root. */
function below(root: string, path: string): string | undefined {
  if (root === path) return "";
  if (root === ".") return path;
  return path.startsWith(`${root}/`) ? path.slice(root.length + 1) : undefined;
}

function join(first: string, second: string): string {
  return first === "" || second === "" ? first + second : `${first}/${second}`;
}
