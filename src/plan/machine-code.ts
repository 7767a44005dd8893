// How large the machine code and the stack frame of functions that differ are on both sides, and
// whether they check at their start that the stack is large enough.
//
// From the compiler's symbols. A size says that code differs and not what it costs: a loop that was
// unrolled is longer and faster. So it is kept for explaining and decides nothing.
import { parseSymbol } from "../pprof/symbol.ts";
import type { SymbolChanges } from "../symbols/compare-symbols.ts";
import { type CodeSymbol, indexSymbols, type SymbolTable } from "../symbols/table.ts";

/** More than a ranking can use: then nearly everything changed. */
const MOST_FUNCTIONS = 500;

export type CodeSize = {
  readonly textBytes: number;
  readonly frameBytes: number;
  /** Calls runtime.morestack where the stack is too small; small leaf functions need not ask. */
  readonly growsStack: boolean;
};

export type MachineCode = {
  readonly package: string;
  /** As the runtime names it within its package; literals and instances of generics are left out. */
  readonly function: string;
  readonly base: CodeSize;
  readonly head: CodeSize;
};

/** Functions of both sides that differ in one of these, those whose frame changed most first. */
export function machineCode(
  symbols: { readonly base: SymbolTable; readonly head: SymbolTable },
  changes: SymbolChanges,
): MachineCode[] {
  const tables = { base: indexSymbols(symbols.base), head: indexSymbols(symbols.head) };
  const found: MachineCode[] = [];
  for (const name of changes.changed) {
    const [from, to] = [tables.base.get(name), tables.head.get(name)];
    if (from?.kind !== "text" || to?.kind !== "text" || name.includes("[")) continue;
    const { package: importPath, function: own, declaration } = parseSymbol(name);
    if (importPath === "" || own !== declaration) continue;
    const base = sizeOf(from, symbols.base);
    const head = sizeOf(to, symbols.head);
    if (isSameSize(base, head)) continue;
    found.push({ package: importPath, function: own, base, head });
  }
  const frameChange = ({ base, head }: MachineCode) => Math.abs(head.frameBytes - base.frameBytes);
  return found.sort((a, b) => frameChange(b) - frameChange(a)).slice(0, MOST_FUNCTIONS);
}

function sizeOf({ size, frame, uses }: CodeSymbol, { names }: SymbolTable): CodeSize {
  const growsStack = uses.some((index) => names[index]?.startsWith("runtime.morestack"));
  return { textBytes: size, frameBytes: frame, growsStack };
}

function isSameSize(base: CodeSize, head: CodeSize): boolean {
  return (
    base.textBytes === head.textBytes &&
    base.frameBytes === head.frameBytes &&
    base.growsStack === head.growsStack
  );
}
