// Which function a line of a file belongs to.
//
// The compiler, the profiler and the diff speak of file and line; everything that is compared
// between two sides speaks of functions, because lines move with every edit above them. A function
// literal belongs to the declaration it stands in, also to a package variable.
import type { Declaration, Syntax, SyntaxFile } from "./syntax.ts";

/** A declaration and the file it stands in. */
export type DeclarationSite = { readonly file: SyntaxFile; readonly declaration: Declaration };

/** One declaration on both sides. */
export type DeclarationPair = { readonly base: DeclarationSite; readonly head: DeclarationSite };

/** Declarations without a partner. */
export type Unpaired = {
  readonly base: readonly DeclarationSite[];
  readonly head: readonly DeclarationSite[];
};

/** Functions and variables of every file by its path, ordered by their first line. */
export type DeclarationIndex = ReadonlyMap<string, readonly DeclarationSite[]>;

export function indexDeclarations(syntax: Syntax): DeclarationIndex {
  const index = new Map<string, readonly DeclarationSite[]>();
  for (const file of syntax.files) {
    const sites = file.declarations
      .filter((declaration) => declaration.kind === "func" || declaration.kind === "var")
      .map((declaration) => ({ file, declaration }))
      .sort((a, b) => a.declaration.startLine - b.declaration.startLine);
    index.set(file.path, sites);
  }
  return index;
}

/**
 * The function or variable whose lines contain the line; undefined outside of all, and for files
 * that were not read. Of several on one line, the last.
 */
export function locate(
  index: DeclarationIndex,
  file: string,
  line: number,
): DeclarationSite | undefined {
  const sites = index.get(file);
  if (sites === undefined) return undefined;
  let low = 0;
  let high = sites.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    const site = sites[middle];
    if (site !== undefined && site.declaration.startLine <= line) low = middle + 1;
    else high = middle;
  }
  const candidate = sites[low - 1];
  return candidate !== undefined && candidate.declaration.endLine >= line ? candidate : undefined;
}
