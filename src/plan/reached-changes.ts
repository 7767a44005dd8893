// Which of the functions that differ does a benchmark reach? Where no profile was taken, it tells the
// likely causes from what merely changed in the same pull request.
//
// Function names are those of declarations: type arguments are left out, and a literal counts as the
// function it stands in. What was inlined away has no symbol of its own: the compiler's text says
// where it went (analyze/compiler/reached-functions.ts).
import { parseSymbol } from "../pprof/symbol.ts";
import type { SymbolChanges } from "../symbols/compare-symbols.ts";
import { called, reach, type SymbolGraph } from "../symbols/reachable.ts";

/** Each is a walk over the whole graph, 100,000 references in the largest ones. */
const MOST_BENCHMARKS = 200;
/** More than a person or a ranking can use: then nearly everything changed. */
const MOST_FUNCTIONS = 500;

export type SideGraphs = { readonly base: SymbolGraph; readonly head: SymbolGraph };

export type ReachedChanges = {
  /** By calls and function values alone. */
  readonly called: readonly string[];
  /** Methods that only a table of a type leads to: some interface may call them. */
  readonly possible: readonly string[];
};

/**
 * Full names ("example.com/m.(*T).f") of functions that differ and that these roots reach, for each
 * of them; those beyond the bounds are left out of the answer.
 */
export function reachedChanges(
  roots: ReadonlyMap<string, readonly string[]>,
  graphs: SideGraphs,
  changes: SymbolChanges,
): ReadonlyMap<string, ReachedChanges> {
  const differs = new Set([...changes.changed, ...changes.added, ...changes.removed]);
  const within = (from: typeof reach, symbols: readonly string[]) => {
    const found = new Set<string>();
    for (const graph of [graphs.base, graphs.head]) {
      for (const name of from(graph, symbols)) if (differs.has(name)) addFunction(found, name);
    }
    return found;
  };
  const answer = new Map<string, ReachedChanges>();
  for (const [benchmark, symbols] of [...roots].slice(0, MOST_BENCHMARKS)) {
    const all = within(reach, symbols);
    if (all.size > MOST_FUNCTIONS) continue;
    const direct = within(called, symbols);
    const possible = [...all].filter((name) => !direct.has(name)).sort();
    answer.set(benchmark, { called: [...direct].sort(), possible });
  }
  return answer;
}

/** Data, types and tables are no functions. */
function addFunction(into: Set<string>, name: string): void {
  if (/^(go|type):|\.\.|^runtime\./.test(name)) return;
  const { package: importPath, declaration } = parseSymbol(name.replace(/·f$/, ""));
  if (importPath !== "") into.add(`${importPath}.${declaration}`);
}
