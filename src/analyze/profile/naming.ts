// The names of functions and files in findings, worked out once a function, and whose code it is.
import type { ProfileFrame } from "../../pprof/profile.ts";
import { declarationName, displayName, type GoSymbol, parseSymbol } from "../../pprof/symbol.ts";
import type { Frame } from "../profile-finding.ts";

export type Naming = {
  readonly keyOf: (frame: ProfileFrame) => string;
  readonly symbolOf: (frame: ProfileFrame) => GoSymbol;
  readonly pathOf: (file: string) => string;
  /** The frames as findings have them, in their order. */
  readonly framesOf: (frames: readonly ProfileFrame[]) => Frame[];
  /** Whether a person wrote it for this program: its own code and that of its dependencies. */
  readonly isOwn: (frame: ProfileFrame) => boolean;
  /** Full name of the declaration a frame's code stands in: closures belong to their function. */
  readonly declarationOf: (frame: ProfileFrame) => string;
};

/**
 * @param pathOf a file of a profile as the repository has it.
 * @param isInModule whether an import path is below that of a measured module.
 */
export function createNaming(
  pathOf: (file: string) => string,
  isInModule: (importPath: string) => boolean,
): Naming {
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
  const owned = new Map<string, boolean>();
  const isOwn = (frame: ProfileFrame): boolean => {
    const { package: importPath } = symbolOf(frame);
    let own = owned.get(importPath);
    if (own === undefined) {
      own = importPath !== "" && (isInModule(importPath) || !isStandard(importPath));
      owned.set(importPath, own);
    }
    return own;
  };
  return {
    keyOf: (frame) => symbolOf(frame).key,
    symbolOf,
    pathOf,
    framesOf: (frames) =>
      frames.map((frame) => ({
        function: displayName(symbolOf(frame)),
        file: pathOf(frame.function.file),
        line: frame.line,
      })),
    isOwn,
    declarationOf: (frame) => declarationName(symbolOf(frame)),
  };
}

/** The go command's own rule: no dot in the first element (cmd/go/internal/search). */
function isStandard(importPath: string): boolean {
  return !importPath.split("/", 1)[0]?.includes(".");
}
