// Which symbols differ between base and head in what a processor or the runtime would notice?
//
// Two symbols are the same when their bytes are and when what they refer to is, place by place.
// References are compared by name, but for two cases: names that the compiler numbers through
// (`..stmp_7` is the package's seventh static value), where one more literal renumbers all that
// follow; and names that exist on one side only, which a rename makes. There the symbols behind
// the names are compared instead, and each name of base may stand for one name of head only, or
// two variables could become one unnoticed. References may form rings: a pair under comparison is
// taken as equal until something speaks against it.
import { type CodeSymbol, indexSymbols, type SymbolTable } from "./table.ts";

export type SymbolChanges = {
  /** Names on both sides whose symbols differ. */
  readonly changed: ReadonlySet<string>;
  readonly added: readonly string[];
  readonly removed: readonly string[];
  /** Names of head by those of base where only the name differs. */
  readonly renamed: ReadonlyMap<string, string>;
};

/** Compares all symbols. The order of the tables' packages does not matter. */
export function compareSymbols(base: SymbolTable, head: SymbolTable): SymbolChanges {
  const state = startComparison(base, head);
  const changed = new Set<string>();
  for (const [name, symbol] of state.base.symbols) {
    const other = state.head.symbols.get(name);
    if (other === undefined || isNumbered(name)) continue;
    if (!isSame(symbol, other, state)) changed.add(name);
  }
  const isNews = (name: string, other: Side, matched: ReadonlyMap<string, string>) =>
    !isNumbered(name) && !other.symbols.has(name) && !matched.has(name);
  return {
    changed,
    added: [...state.head.symbols.keys()].filter((at) => isNews(at, state.base, state.toBase)),
    removed: [...state.base.symbols.keys()].filter((at) => isNews(at, state.head, state.toHead)),
    renamed: new Map([...state.toHead].filter(([name]) => !isNumbered(name))),
  };
}

type Side = {
  readonly table: SymbolTable;
  readonly symbols: ReadonlyMap<string, CodeSymbol>;
};

type Comparison = {
  readonly base: Side;
  readonly head: Side;
  /** Which name of the other side a name stands for, where not for itself. */
  readonly toHead: Map<string, string>;
  readonly toBase: Map<string, string>;
};

function startComparison(base: SymbolTable, head: SymbolTable): Comparison {
  return {
    base: { table: base, symbols: indexSymbols(base) },
    head: { table: head, symbols: indexSymbols(head) },
    toHead: new Map(),
    toBase: new Map(),
  };
}

/** Static values, byte slices and tags: cmd/compile numbers them through each package. */
const NUMBERED = /\.\.(stmp_|gobytes\.)\d+$|^type:\.namedata\..*\.\d+(\.embedded)?$/;

function isNumbered(name: string): boolean {
  return NUMBERED.test(name);
}

type Pair = { readonly base: CodeSymbol; readonly head: CodeSymbol };

/** Compares two symbols and all pairs of names that this takes; forgets those when one differs. */
function isSame(base: CodeSymbol, head: CodeSymbol, state: Comparison): boolean {
  const assumed: [string, string][] = [];
  const open: Pair[] = [{ base, head }];
  for (let pair = open.pop(); pair !== undefined; pair = open.pop()) {
    if (isSamePair(pair, state, assumed, open)) continue;
    for (const [baseName, headName] of assumed) {
      state.toHead.delete(baseName);
      state.toBase.delete(headName);
    }
    return false;
  }
  return true;
}

function isSamePair(
  { base, head }: Pair,
  state: Comparison,
  assumed: [string, string][],
  open: Pair[],
): boolean {
  if (base.hash !== head.hash || base.kind !== head.kind) return false;
  for (const group of ["uses", "methods", "interfaces"] as const) {
    if (base[group].length !== head[group].length) return false;
    for (const [place, baseIndex] of base[group].entries()) {
      const baseName = state.base.table.names[baseIndex] ?? "";
      const headName = state.head.table.names[head[group][place] ?? -1] ?? "";
      const answer = compareNames(baseName, headName, state);
      if (answer === "different") return false;
      if (answer === "same") continue;
      state.toHead.set(baseName, headName);
      state.toBase.set(headName, baseName);
      assumed.push([baseName, headName]);
      open.push(answer);
    }
  }
  return true;
}

/** Whether two references mean the same; the pair of symbols to compare where names cannot say. */
function compareNames(base: string, head: string, state: Comparison): "same" | "different" | Pair {
  if (base === head && !isNumbered(base)) return "same";
  const [toHead, toBase] = [state.toHead.get(base), state.toBase.get(head)];
  if (toHead === head && toBase === base) return "same";
  if (toHead !== undefined || toBase !== undefined) return "different";
  const baseSymbol = state.base.symbols.get(base);
  const headSymbol = state.head.symbols.get(head);
  if (baseSymbol === undefined || headSymbol === undefined)
    return base === head ? "same" : "different";
  const isFree = (name: string, other: Side) => isNumbered(name) || !other.symbols.has(name);
  if (!isFree(base, state.head) || !isFree(head, state.base)) return "different";
  return { base: baseSymbol, head: headSymbol };
}
