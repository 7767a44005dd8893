// Where a file of a profile stands in the repository. `-trimpath` writes import paths in place of
// folders ("example.com/ledger/money/money.go"), and the manifest knows the folder of each measured
// package: cut what both have in common at the end, and the module's root is left.
import type { PackageRecord } from "../../evidence/manifest.ts";

type Root = { readonly importPath: string; readonly dir: string };

/** Gives the path relative to the repository's root; files from elsewhere come back as they are. */
export function repositoryPaths(packages: readonly PackageRecord[]): (file: string) => string {
  const roots = new Map<string, Root>();
  for (const { importPath, dir } of packages) {
    const root = rootOf(importPath, dir);
    roots.set(root.importPath, root);
  }
  // The longest import path first: a nested module stands inside its parent's path.
  const ordered = [...roots.values()].sort(
    (one, other) => other.importPath.length - one.importPath.length,
  );
  return (file) => {
    const root = ordered.find(({ importPath }) => file.startsWith(`${importPath}/`));
    if (root === undefined) return file;
    const inside = file.slice(root.importPath.length + 1);
    return root.dir === "" ? inside : `${root.dir}/${inside}`;
  };
}

function rootOf(importPath: string, dir: string): Root {
  const names = importPath.split("/");
  const folders = dir === "." ? [] : dir.split("/");
  while (names.length > 1 && folders.length > 0 && names.at(-1) === folders.at(-1)) {
    names.pop();
    folders.pop();
  }
  return { importPath: names.join("/"), dir: folders.join("/") };
}
