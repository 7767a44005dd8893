// Functions that the syntax trees show to have another name on head: known, so they are matched
// before anything is searched for.
import { parseSymbol } from "../../../pprof/symbol.ts";
import type { Finding } from "../../finding.ts";

/** Keys of functions on base (pprof/symbol.ts) by those they have on head. */
export type KnownRenames = ReadonlyMap<string, string>;

/** Of the same package only: a finding has no import path for base. */
export function knownRenames(findings: readonly Finding[]): KnownRenames {
  const renames = new Map<string, string>();
  for (const finding of findings) {
    if (finding.kind !== "declaration" || finding.declaration !== "func") continue;
    const { package: importPath, function: name, previousName, base, head } = finding;
    if (previousName === undefined) continue;
    if (folderOf(base?.file) !== folderOf(head?.file)) continue;
    const key = (of: string) => parseSymbol(`${importPath}.${of}`).key;
    renames.set(key(previousName), key(name));
  }
  return renames;
}

/** What a key of base is on head, closures of a renamed function included; undefined for others. */
export function headKeyOf(key: string, renames: KnownRenames): string | undefined {
  for (let end = key.length; end > 0; end = key.lastIndexOf(".", end - 1)) {
    const to = renames.get(key.slice(0, end));
    if (to !== undefined) return to + key.slice(end);
  }
  return undefined;
}

function folderOf(file: string | undefined): string | undefined {
  return file?.slice(0, file.lastIndexOf("/") + 1);
}
