// Which Go modules of a repository does a package pattern mean, and how is it said inside each?
//
// `go list` works inside one module; a repository may hold several. A relative pattern belongs to
// the deepest module around it; "./..." from the root means every module.

/** Patterns to list in the module at `dir` (relative to the repository's root, "." is the root). */
export type ModuleTarget = { readonly dir: string; readonly patterns: readonly string[] };

/** More modules than this are listed only where the change is: each costs a second. */
const MANY_MODULES = 20;

/**
 * @param moduleFiles paths of go.mod (and go.work) files, relative to the root.
 * @param changedPaths paths of the files that differ between base and head.
 */
export function moduleTargets(
  moduleFiles: readonly string[],
  patterns: readonly string[],
  changedPaths: readonly string[],
): ModuleTarget[] {
  const dirs = moduleDirs(moduleFiles);
  const targets = new Map<string, string[]>();
  const add = (dir: string, pattern: string) => {
    targets.set(dir, [...(targets.get(dir) ?? []), pattern]);
  };
  for (const pattern of patterns) {
    const path = pattern.replace(/^\.\//, "").replace(/\/+$/, "") || ".";
    const everything = path === "..." || path.endsWith("/...");
    const root = everything ? path.replace(/\/?\.\.\.$/, "") || "." : path;
    const around = deepestAround(dirs, root);
    if (around !== undefined) add(around, `./${inside(around, path)}`);
    if (!everything) continue;
    const nested = dirs.filter((dir) => dir !== around && isWithin(dir, root));
    const wanted =
      nested.length > MANY_MODULES
        ? nested.filter((dir) => changedPaths.some((file) => deepestAround(dirs, file) === dir))
        : nested;
    for (const dir of wanted) add(dir, "./...");
  }
  return [...targets].map(([dir, found]) => ({ dir, patterns: [...new Set(found)] }));
}

/** Tells the files of the module at `moduleDir` from those of modules around and inside it. */
export function inModule(
  moduleFiles: readonly string[],
  moduleDir: string,
): (path: string) => boolean {
  const dirs = moduleDirs(moduleFiles);
  return (path) => deepestAround(dirs, path) === moduleDir;
}

function moduleDirs(moduleFiles: readonly string[]): string[] {
  return moduleFiles
    .filter((path) => /(^|\/)go\.mod$/.test(path))
    .map((path) => (path === "go.mod" ? "." : path.slice(0, -"/go.mod".length)))
    .sort();
}

function deepestAround(dirs: readonly string[], path: string): string | undefined {
  const around = dirs.filter((dir) => isWithin(path, dir));
  return around.sort((a, b) => depth(b) - depth(a))[0];
}

function depth(dir: string): number {
  return dir === "." ? 0 : dir.split("/").length;
}

function isWithin(path: string, dir: string): boolean {
  return dir === "." || path === dir || path.startsWith(`${dir}/`);
}

function inside(dir: string, path: string): string {
  if (dir === ".") return path === "." ? "." : path;
  return path === dir ? "." : path.slice(dir.length + 1);
}
