// What can a function reach? The graph of relocations from it: calls, function values, tables of
// methods, types and data.
//
// It follows the linker's own rule for dead code (cmd/link/internal/ld/deadcode.go): a type's
// methods count only once the type was turned into an interface somewhere on the way, or is part
// of such a type; before, no call can find them. It is wider than the linker in that all methods
// count then, not only those whose names some interface asks for. What lies outside the table,
// such as the standard library, is a leaf: it calls back only through what it is given, and the
// giving is a reference too.
import { type CodeSymbol, indexSymbols, type SymbolTable } from "./table.ts";

/** The references of a table, indexed. */
export type SymbolGraph = {
  readonly table: SymbolTable;
  readonly symbols: ReadonlyMap<string, CodeSymbol>;
  /** Symbol by index of its name. */
  readonly byName: readonly (CodeSymbol | undefined)[];
  /** By index of a name: a type or a table of methods, which pass on being an interface's. */
  readonly isTypeLike: readonly boolean[];
};

/** Indexes a table; do it once for many questions. */
export function symbolGraph(table: SymbolTable): SymbolGraph {
  const byName: (CodeSymbol | undefined)[] = table.names.map(() => undefined);
  for (const symbol of table.symbols) byName[symbol.name] = symbol;
  const isTypeLike = table.names.map((name) => /^(type:[^.]|go:itab\.)/.test(name));
  return { table, symbols: indexSymbols(table), byName, isTypeLike };
}

/**
 * A shortest way from a root to a target, both ends included; undefined when there is none.
 * Roots that the table does not define are targets or nothing.
 */
export function pathTo(
  graph: SymbolGraph,
  roots: readonly string[],
  targets: ReadonlySet<string>,
): readonly string[] | undefined {
  const { names } = graph.table;
  const walk = startWalk(graph, roots);
  for (let at = walk.next(); at !== undefined; at = walk.next()) {
    if (!targets.has(names[at] ?? "")) continue;
    const path: string[] = [];
    for (let step: number | undefined = at; step !== undefined; step = walk.from(step)) {
      path.push(names[step] ?? "");
    }
    return path.reverse();
  }
  return undefined;
}

/** Names of all that the roots can reach, roots included. */
export function reach(graph: SymbolGraph, roots: readonly string[]): ReadonlySet<string> {
  const found = new Set<string>();
  const walk = startWalk(graph, roots);
  for (let at = walk.next(); at !== undefined; at = walk.next()) {
    found.add(graph.table.names[at] ?? "");
  }
  return found;
}

/** As `reach`, by calls and function values alone: no method that only a table of a type leads to. */
export function called(graph: SymbolGraph, roots: readonly string[]): ReadonlySet<string> {
  const { names } = graph.table;
  const found = new Set<number>();
  const wanted = new Set(roots);
  for (const [at, name] of names.entries()) if (wanted.has(name)) found.add(at);
  for (const at of found) {
    if (graph.isTypeLike[at]) continue;
    for (const used of graph.byName[at]?.uses ?? []) found.add(used);
  }
  return new Set([...found].map((at) => names[at] ?? ""));
}

type Walk = {
  /** The next index of a name, nearest first; one whose type became an interface's comes again. */
  next(): number | undefined;
  from(at: number): number | undefined;
};

function startWalk(graph: SymbolGraph, roots: readonly string[]): Walk {
  const { table, byName, isTypeLike } = graph;
  const parents = new Map<number, number | undefined>();
  const interfaceTypes = new Set<number>();
  const queue: number[] = [];
  let done = 0;
  const visit = (at: number, parent: number | undefined) => {
    if (parents.has(at)) return;
    parents.set(at, parent);
    queue.push(at);
  };
  const markInterface = (at: number) => {
    if (!isTypeLike[at] || interfaceTypes.has(at)) return;
    interfaceTypes.add(at);
    if (parents.has(at)) queue.push(at);
  };
  const expand = (at: number) => {
    const symbol = byName[at];
    if (symbol === undefined) return;
    const isInterface = interfaceTypes.has(at);
    for (const type of symbol.interfaces) markInterface(type);
    for (const group of isInterface ? [symbol.uses, symbol.methods] : [symbol.uses]) {
      for (const used of group) {
        if (isInterface) markInterface(used);
        visit(used, at);
      }
    }
  };
  const wanted = new Set(roots);
  for (const [at, name] of table.names.entries()) if (wanted.has(name)) visit(at, undefined);
  return {
    next: () => {
      const at = queue[done++];
      if (at !== undefined) expand(at);
      return at;
    },
    from: (at) => parents.get(at),
  };
}
