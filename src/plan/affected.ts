// Which benchmarks can a change reach? The fine filter after both sides are built: a benchmark is
// unaffected when no machine code and no data that it can reach differs.
//
// The graph of references is the compiler's own (src/symbols/). What runs before every benchmark,
// package initializers and TestMain, reaches all of them. Where the graph cannot be trusted to be
// whole, because a file may be read at run time, C code is linked, or a package outside the
// module calls back into it, everything is affected: a benchmark is skipped only on proof.
// What the proof does not see: a benchmark that reads Go source of its own package as input, or
// that starts another program built from the repository.
import { compareSymbols, type SymbolChanges } from "../symbols/compare-symbols.ts";
import { pathTo, type SymbolGraph, symbolGraph } from "../symbols/reachable.ts";
import type { SymbolTable } from "../symbols/table.ts";
import { type MachineCode, machineCode } from "./machine-code.ts";
import type { ChangedFile } from "./plan.ts";
import { changesEveryBuild, isReadAtRunTime } from "./reach.ts";
import { type ReachedChanges, reachedChanges } from "./reached-changes.ts";
import { describePath, symbolPrefix } from "./symbol-names.ts";

export type LinkedPackage = {
  readonly importPath: string;
  /** Relative to the repository's root. */
  readonly dir: string;
  /** Whether C code, or assembly, of a package of the module itself is linked. */
  readonly hasCgo: boolean;
  readonly hasAssembly: boolean;
};

/** What is linked into a package's test binary, on one side. */
export type LinkedCode = {
  /** Packages of the repository. */
  readonly packages: readonly LinkedPackage[];
  /** Packages of the module that packages outside it import. */
  readonly importedFromOutside: readonly string[];
  /** Flags and directives that change what is built from the same source. */
  readonly settings: string;
};

export type AffectedInput = {
  readonly importPath: string;
  /** Benchmark functions of either side. */
  readonly functions: readonly string[];
  readonly changedFiles: readonly ChangedFile[];
  readonly linked: { readonly base: LinkedCode; readonly head: LinkedCode };
  readonly symbols: { readonly base: SymbolTable; readonly head: SymbolTable };
};

export type Affected = {
  /** For people: why each affected function is, by name; the others are unaffected. */
  readonly reasons: ReadonlyMap<string, string>;
  /** Functions that differ and that an affected function reaches, by its name; see reached-changes.ts. */
  readonly reached: ReadonlyMap<string, ReachedChanges>;
  /** Sizes of functions that differ; see machine-code.ts. */
  readonly code: readonly MachineCode[];
  /** Symbols that differ, exist on one side only, or differ in name alone. */
  readonly counts: Readonly<Record<"changed" | "added" | "removed" | "renamed", number>>;
};

/** Finds the benchmark functions of one package that the change can reach. */
export function findAffected(input: AffectedInput): Affected {
  const { base, head } = input.symbols;
  const changes = compareSymbols(base, head);
  const counts = {
    changed: changes.changed.size,
    added: changes.added.length,
    removed: changes.removed.length,
    renamed: changes.renamed.size,
  };
  const graphs = { base: symbolGraph(base), head: symbolGraph(head) };
  const graph = graphs.head;
  const whole =
    whyAll(input) ?? whyGraphIsOpen(input, changes) ?? whyStartUp(input, graph, changes);
  const reasons = new Map<string, string>();
  for (const name of input.functions) {
    const reason = whole ?? whyOne(name, input, graph, changes);
    if (reason !== undefined) reasons.set(name, reason);
  }
  // Where everything counts as affected, the graph may not be whole.
  const reached =
    whole === undefined
      ? reachedChanges(rootsOf([...reasons.keys()], input.importPath), graphs, changes)
      : new Map<string, ReachedChanges>();
  return { reasons, reached, code: machineCode(input.symbols, changes), counts };
}

/** A benchmark may stand in the package or in its external tests. */
function rootsOf(functions: readonly string[], importPath: string): Map<string, string[]> {
  const prefixes = [importPath, `${importPath}_test`].map(symbolPrefix);
  return new Map(functions.map((name) => [name, prefixes.map((prefix) => `${prefix}.${name}`)]));
}

/** Why the source alone makes everything affected; undefined when it does not. */
function whyAll({ linked, symbols, changedFiles }: AffectedInput): string | undefined {
  const problem = symbols.base.problem || symbols.head.problem;
  if (problem !== "") return `the compiler's output could not be compared: ${problem}`;
  const compiled = new Set(
    [symbols.base, symbols.head].flatMap((table) => table.packages.map((at) => at.importPath)),
  );
  const packages = [...linked.base.packages, ...linked.head.packages];
  for (const { path, previousPath } of changedFiles) {
    for (const file of previousPath === undefined ? [path] : [path, previousPath]) {
      if (changesEveryBuild(file)) return `${file} changed`;
      if (isReadAtRunTime(file, new Set(packages.map(({ dir }) => dir)))) return `${file} changed`;
      const unseen = packages.find(
        (at) => file.endsWith(".go") && at.dir === folderOf(file) && !compiled.has(at.importPath),
      );
      if (unseen !== undefined) return `${file} changed, outside the module that was compared`;
      const mixed = packages.find((at) => at.hasCgo && at.dir === folderOf(file));
      if (mixed !== undefined) return `${file} changed, in a package with C code`;
    }
  }
  return linked.base.settings === linked.head.settings
    ? undefined
    : "base and head build with other settings";
}

/** Why a change of any symbol could be reached by ways that the table does not show. */
function whyGraphIsOpen(
  { linked, symbols }: AffectedInput,
  changes: SymbolChanges,
): string | undefined {
  if (changes.changed.size + changes.added.length + changes.removed.length === 0) return undefined;
  const packages = [...linked.base.packages, ...linked.head.packages];
  const mixed = packages.find((at) => at.hasCgo);
  if (mixed !== undefined) return `C code of ${mixed.importPath} may call what changed`;
  const printed = new Set(
    [symbols.base, symbols.head].flatMap((table) =>
      table.packages.filter((at) => at.hasAssembly).map((at) => at.importPath),
    ),
  );
  const hidden = packages.find((at) => at.hasAssembly && !printed.has(at.importPath));
  if (hidden !== undefined) return `assembly of ${hidden.importPath} may use what changed`;
  const outside = new Set([...linked.base.importedFromOutside, ...linked.head.importedFromOutside]);
  const touched = packagesOf(symbols, changes).find((importPath) => outside.has(importPath));
  if (touched === undefined) return undefined;
  return `packages outside the module may call what changed in ${touched}`;
}

function packagesOf(symbols: AffectedInput["symbols"], changes: SymbolChanges): string[] {
  const names = new Set([...changes.changed, ...changes.added, ...changes.removed]);
  return [symbols.base, symbols.head].flatMap((table) =>
    table.symbols
      .filter((symbol) => names.has(table.names[symbol.name] ?? ""))
      .map((symbol) => table.packages[symbol.package]?.importPath ?? ""),
  );
}

/** Why the change reaches what runs before every benchmark. */
function whyStartUp(
  { importPath }: AffectedInput,
  graph: SymbolGraph,
  changes: SymbolChanges,
): string | undefined {
  const isStart = (name: string) => /\.\.inittask$|^[^[(]*\.TestMain$/.test(name);
  const changedStart = [...changes.changed, ...changes.added, ...changes.removed].find(isStart);
  if (changedStart !== undefined) {
    return `what runs before every benchmark changed: ${describePath([changedStart], importPath)}`;
  }
  const starts = [...graph.symbols.keys()].filter(isStart);
  const path = pathTo(graph, starts, changes.changed);
  if (path === undefined) return undefined;
  return `it runs before every benchmark: ${describePath(path, importPath)} changed`;
}

function whyOne(
  name: string,
  { importPath }: AffectedInput,
  graph: SymbolGraph,
  changes: SymbolChanges,
): string | undefined {
  const candidates = [importPath, `${importPath}_test`].map(
    (path) => `${symbolPrefix(path)}.${name}`,
  );
  const inHead = candidates.filter((at) => graph.symbols.has(at));
  const added = new Set(changes.added);
  const removed = new Set(changes.removed);
  if (inHead.some((at) => added.has(at))) return "base does not have it";
  if (candidates.some((at) => removed.has(at))) return "head does not have it";
  if (inHead.length === 0) return "its code was not found in the compiler's output";
  const path = pathTo(graph, inHead, changes.changed);
  if (path === undefined) return undefined;
  return path.length === 1
    ? "the benchmark itself changed"
    : `${describePath(path, importPath)} changed`;
}

function folderOf(path: string): string {
  const slash = path.lastIndexOf("/");
  return slash < 0 ? "." : path.slice(0, slash);
}
