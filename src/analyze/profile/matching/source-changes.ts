// What the syntax trees know of functions that have another name on head, that are gone, and that are
// new. Renames are matched before anything is searched for; and only what is gone from the source
// can be what something new was: a function that a profile does not show may be there unseen.
import { parseSymbol } from "../../../pprof/symbol.ts";
import type { DeclarationFinding, Finding } from "../../finding.ts";

export type SourceChanges = {
  /** Keys of functions on base (pprof/symbol.ts) by those they have on head. */
  readonly renames: ReadonlyMap<string, string>;
  /** Keys of functions that only base has, and that only head has. */
  readonly removed: ReadonlySet<string>;
  readonly added: ReadonlySet<string>;
};

/** Renames of the same package only: a finding has no import path for base. */
export function sourceChanges(findings: readonly Finding[]): SourceChanges {
  const renames = new Map<string, string>();
  const removed = new Set<string>();
  const added = new Set<string>();
  for (const finding of findings) {
    if (finding.kind !== "declaration" || finding.declaration !== "func") continue;
    const key = (of: string) => parseSymbol(`${finding.package}.${of}`).key;
    const { function: name, previousName, change } = finding;
    if (change === "removed") removed.add(key(name));
    else if (change === "added") added.add(key(name));
    else if (previousName !== undefined && staysInFolder(finding)) {
      renames.set(key(previousName), key(name));
    }
  }
  return { renames, removed, added };
}

/** What a key of base is on head, closures of a renamed function included; undefined for others. */
export function headKeyOf(key: string, renames: SourceChanges["renames"]): string | undefined {
  for (const own of declarationsOf(key)) {
    const to = renames.get(own);
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

function staysInFolder({ base, head }: DeclarationFinding): boolean {
  const folderOf = (file = "") => file.slice(0, file.lastIndexOf("/") + 1);
  return folderOf(base?.file) === folderOf(head?.file);
}
