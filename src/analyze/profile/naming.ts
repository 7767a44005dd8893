// The names of functions and files in findings, worked out once a function.
import type { ProfileFrame } from "../../pprof/decode.ts";
import { type GoSymbol, parseSymbol } from "../../pprof/symbol.ts";

export type Naming = {
  readonly keyOf: (frame: ProfileFrame) => string;
  readonly symbolOf: (frame: ProfileFrame) => GoSymbol;
  readonly pathOf: (file: string) => string;
};

export function createNaming(pathOf: (file: string) => string): Naming {
  const symbols = new Map<string, GoSymbol>();
  const symbolOf = (frame: ProfileFrame): GoSymbol => {
    const { name } = frame.function;
    let symbol = symbols.get(name);
    if (symbol === undefined) {
      symbol = parseSymbol(name);
      symbols.set(name, symbol);
    }
    return symbol;
  };
  return { keyOf: (frame) => symbolOf(frame).key, symbolOf, pathOf };
}
