// What the comparison of one declaration must know of the others: which have another name, and what
// those functions do that are new or gone. A function that was split calls what is new, and does as much as
// before; one that took in what it called does what stood elsewhere.
//
// A call names a function only by its own name, after the last dot: types are not resolved. So a name
// that means more than one function means none.
import { directoryOf } from "../../goast/directory.ts";
import type { DeclarationPair, DeclarationSite } from "../../goast/locate.ts";
import { onlyPartners } from "../../goast/only-partners.ts";
import { ownName } from "../../goast/own-name.ts";
import type { Pairing } from "../../goast/pair.ts";
import { decodeTree, type Words } from "../../goast/tree.ts";
import { type FactSite, factSites, loopDepths } from "./fact-sites.ts";

/** What a function does, by its own name; undefined where that is not known. */
export type BodyOf = (name: string) => readonly FactSite[] | undefined;

export type OtherFunctions = {
  /** Own names on head, by those on base, of what may be called and was renamed or moved to another package. */
  readonly renamed: ReadonlyMap<string, string>;
  /** Own name on head of the function that is compared, where another calls it by that name. */
  readonly self?: string;
  /** As `renamed`, of types, variables and constants. */
  readonly names: ReadonlyMap<string, string>;
  /** Of functions that only head has. */
  readonly added: BodyOf;
  /** Of functions that only base has. */
  readonly removed: BodyOf;
};

export const NO_OTHERS: OtherFunctions = {
  renamed: new Map(),
  names: new Map(),
  added: () => undefined,
  removed: () => undefined,
};

export function otherFunctions(pairing: Pairing, words: Words): OtherFunctions {
  const all = [...pairing.kept, ...pairing.renamed];
  const functions = all.filter(({ head }) => isFunction(head));
  const others = all.filter(({ head }) => !isFunction(head));
  const onBase = functions.map(({ base }) => base);
  const onHead = functions.map(({ head }) => head);
  const names = renamedNames(others, pairing.added);
  return {
    // A conversion to a type looks like a call.
    renamed: new Map([...names, ...renamedNames(functions, pairing.added)]),
    names,
    added: bodiesOf(pairing.added, [...onBase, ...pairing.removed], words),
    removed: bodiesOf(pairing.removed, [...onHead, ...pairing.added], words),
  };
}

/** Under its own name and in its own folder. */
function hasStayed({ base, head }: DeclarationPair): boolean {
  if (base.declaration.name !== head.declaration.name) return false;
  return base.file === head.file || directoryOf(base.file.path) === directoryOf(head.file.path);
}

function isFunction({ declaration }: DeclarationSite): boolean {
  return declaration.kind === "func";
}

/** A name that also stayed, is new elsewhere or became two is left out. */
function renamedNames(
  pairs: readonly DeclarationPair[],
  added: readonly DeclarationSite[],
): ReadonlyMap<string, string> {
  const names = onlyPartners(
    pairs
      .filter((pair) => !hasStayed(pair))
      .map(({ base, head }) => [ownName(base.declaration.name), ownName(head.declaration.name)]),
  );
  if (names.size === 0) return names;
  const stayed = pairs.filter(hasStayed).map(({ head }) => head);
  const others = new Set([...stayed, ...added].map((site) => ownName(site.declaration.name)));
  return new Map([...names].filter(([from]) => !others.has(from)));
}

/** @param others functions of the other side: one of the same name is as much meant by a call. */
function bodiesOf(
  sites: readonly DeclarationSite[],
  others: readonly DeclarationSite[],
  words: Words,
): BodyOf {
  const byName = new Map<string, DeclarationSite>();
  const spoilt = new Set<string>();
  for (const site of sites.filter(isFunction)) {
    const name = ownName(site.declaration.name);
    if (byName.has(name)) spoilt.add(name);
    byName.set(name, site);
  }
  if (byName.size === 0) return NO_OTHERS.added;
  for (const { declaration } of others) spoilt.add(ownName(declaration.name));
  const read = new Map<string, readonly FactSite[] | undefined>();
  return (name) => {
    const site = spoilt.has(name) ? undefined : byName.get(name);
    if (site === undefined) return undefined;
    if (!read.has(name)) read.set(name, factsOf(site, words));
    return read.get(name);
  };
}

function factsOf({ declaration, file }: DeclarationSite, words: Words) {
  if (declaration.tree === undefined) return undefined;
  const tree = decodeTree(declaration.tree, file.words ?? [], words);
  return tree && factSites(tree, loopDepths(tree), () => false);
}
