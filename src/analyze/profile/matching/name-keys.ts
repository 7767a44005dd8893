// The names that the syntax trees know as keys of profiles, closures of a function with it. Renames are
// matched before anything is searched for; and only what is gone from the source can be what something
// new was: a function that a profile does not show may be there unseen.
import { parseSymbol } from "../../../pprof/symbol.ts";
import type { SourceNames } from "../../source-names.ts";

/** The same with keys (pprof/symbol.ts) in place of names. */
export function keysOfNames({ renamed, removed, added }: SourceNames): SourceNames {
  const keyOf = (name: string) => parseSymbol(name).key;
  return {
    renamed: new Map([...renamed].map(([from, to]) => [keyOf(from), keyOf(to)])),
    removed: new Set([...removed].map(keyOf)),
    added: new Set([...added].map(keyOf)),
  };
}

/** What a key of base is on head, closures of a renamed function included; undefined for others. */
export function headKeyOf(key: string, renamed: SourceNames["renamed"]): string | undefined {
  for (const own of declarationsOf(key)) {
    const to = renamed.get(own);
    if (to !== undefined) return to + key.slice(own.length);
  }
  return undefined;
}

/** Whether a key is that of one of the functions, or of a closure in one. */
export function isPartOf(key: string, functions: ReadonlySet<string>): boolean {
  return declarationsOf(key).some((own) => functions.has(own));
}

/** The key, and all that it may be a closure of. */
function declarationsOf(key: string): string[] {
  const keys: string[] = [];
  for (let end = key.length; end > 0; end = key.lastIndexOf(".", end - 1)) {
    keys.push(key.slice(0, end));
  }
  return keys;
}
