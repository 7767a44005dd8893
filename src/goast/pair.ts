// Which declaration of base is which of head, package by package.
//
// A declaration is known by its name within the package, so that moving it to another file of the
// package is nothing. What may occur twice (a name under different build constraints, init, _) is
// told apart by file and hash, the surest evidence first. A file that moved takes its declarations
// along, also where its package clause says another name there. What is then left and is equal but for
// its name was renamed or moved to another package; what is similar was edited as well
// (pair-similar.ts), and so were a type whose methods are another's (pair-types.ts) and what stands
// in the place of something like it (pair-by-place.ts).
import { directoryOf } from "./directory.ts";
import type { DeclarationPair, DeclarationSite, Unpaired } from "./locate.ts";
import { pairByPlace } from "./pair-by-place.ts";
import { pairSimilar } from "./pair-similar.ts";
import { pairMethodsOfTypes, pairTypes } from "./pair-types.ts";
import { type Declaration, SAME_HASH, type Syntax, type SyntaxFile } from "./syntax.ts";

export type Pairing = {
  /** Same name on both sides, whether or not they are equal. */
  readonly kept: readonly DeclarationPair[];
  /**
   * Another name or package. Functions and types of the same hash (`= 1` equals every other `= 1`),
   * functions whose bodies are similar, and whatever stands in the place of something like it:
   * `hasChanged` tells them apart.
   */
  readonly renamed: readonly DeclarationPair[];
  readonly added: readonly DeclarationSite[];
  readonly removed: readonly DeclarationSite[];
};

/** Whether a declaration differs once positions, comments, formatting and its name are ignored. */
export function hasChanged(pair: DeclarationPair): boolean {
  return pair.base.declaration.hash !== pair.head.declaration.hash;
}

/** @param headPaths the path on the head side of every file that was renamed, by its base path. */
export function pairDeclarations(
  base: Syntax,
  head: Syntax,
  headPaths: ReadonlyMap<string, string>,
): Pairing {
  const pathOf = (site: DeclarationSite) => headPaths.get(site.file.path) ?? site.file.path;
  const keyOf = ({ declaration }: DeclarationSite, path: string, packageName: string) =>
    [directoryOf(path), packageName, declaration.kind, nameOf(declaration)].join("\0");
  const inPlace = pairInPlace(base, head, headPaths);
  const matcher = matcherOf(inPlace.base, inPlace.head);
  const packageThere = packagesOfMoved(head, headPaths);
  const headName = (site: DeclarationSite) => keyOf(site, site.file.path, site.file.package);
  const baseName = (site: DeclarationSite) =>
    keyOf(site, pathOf(site), packageThere.get(site.file.path) ?? site.file.package);
  const hash = (site: DeclarationSite) => site.declaration.hash;

  const kept = [
    ...inPlace.pairs,
    ...matcher.match(
      (site) => `${baseName(site)}\0${pathOf(site)}\0${hash(site)}`,
      (site) => `${headName(site)}\0${site.file.path}\0${hash(site)}`,
    ),
    ...matcher.match(
      (site) => `${baseName(site)}\0${hash(site)}`,
      (site) => `${headName(site)}\0${hash(site)}`,
    ),
    ...matcher.match(
      (site) => `${baseName(site)}\0${pathOf(site)}`,
      (site) => `${headName(site)}\0${site.file.path}`,
    ),
    ...matcher.match(baseName, headName),
  ];
  const hasBody = ({ declaration: { kind, hash } }: DeclarationSite) =>
    (kind === "func" || kind === "type") && hash !== SAME_HASH;
  const equalBody = (site: DeclarationSite) =>
    hasBody(site) ? `${site.declaration.kind}\0${hash(site)}` : undefined;
  const within = (directory: string, key: string | undefined) => key && `${directory}\0${key}`;
  const renamed = [
    ...matcher.match(
      (site) => within(directoryOf(pathOf(site)), equalBody(site)),
      (site) => within(directoryOf(site.file.path), equalBody(site)),
    ),
    ...matcher.match(equalBody, equalBody),
  ];
  const found = pairEdited([...kept, ...renamed], {
    base: matcher.rest("base"),
    head: matcher.rest("head"),
  });
  return { kept, renamed: [...renamed, ...found.pairs], added: found.head, removed: found.base };
}

/** Pairs of what has another name and was edited, the surest evidence first, and what is left. */
function pairEdited(
  known: readonly DeclarationPair[],
  { base, head }: Unpaired,
): Unpaired & { readonly pairs: DeclarationPair[] } {
  const pairs: DeclarationPair[] = [];
  let left: Unpaired = { base, head };
  const take = (found: readonly DeclarationPair[]) => {
    pairs.push(...found);
    const taken = new Set(found.flatMap((pair) => [pair.base, pair.head]));
    const isLeft = (site: DeclarationSite) => !taken.has(site);
    left = { base: left.base.filter(isLeft), head: left.head.filter(isLeft) };
  };
  take(pairSimilar(left.base, left.head));
  take(pairTypes(left, [...known, ...pairs]));
  take(pairMethodsOfTypes(left, [...known, ...pairs]));
  take(pairByPlace(left, [...known, ...pairs]));
  return { ...left, pairs };
}

/** The package that files which moved are in on head, by their path on base. */
function packagesOfMoved(
  head: Syntax,
  headPaths: ReadonlyMap<string, string>,
): ReadonlyMap<string, string> {
  if (headPaths.size === 0) return new Map();
  const packageAt = new Map(head.files.map((file) => [file.path, file.package]));
  return new Map(
    [...headPaths].flatMap(([from, to]) => {
      const name = packageAt.get(to);
      return name === undefined ? [] : [[from, name] as const];
    }),
  );
}

/** Without the number of those that Go lets a file declare more than once. */
function nameOf({ name }: Declaration): string {
  // Most names are neither, and a pull request has tens of thousands.
  if (!name.startsWith("init.") && !name.startsWith("_.")) return name;
  return name.replace(/^(init|_)\.\d+$/, "$1");
}

/**
 * What is equal and stands in the same file under the same name: nearly all of what a pull request
 * reads, so it is taken out before keys are made for the rest.
 */
function pairInPlace(base: Syntax, head: Syntax, headPaths: ReadonlyMap<string, string>) {
  const fileAt = new Map(base.files.map((file) => [headPaths.get(file.path) ?? file.path, file]));
  const pairs: DeclarationPair[] = [];
  const taken = new Set<Declaration>();
  const left: DeclarationSite[] = [];
  for (const file of head.files) {
    const before = fileAt.get(file.path);
    // The package of a file that moved is often named for its new folder.
    const isSamePackage = before?.package === file.package || before?.path !== file.path;
    const find = declarationsByName(isSamePackage ? before : undefined);
    for (const declaration of file.declarations) {
      const other = find(declaration.name);
      const isEqual = other?.hash === declaration.hash && other.kind === declaration.kind;
      if (before !== undefined && isEqual && !taken.has(other)) {
        taken.add(other);
        pairs.push({ base: { file: before, declaration: other }, head: { file, declaration } });
      } else left.push({ file, declaration });
    }
  }
  const leftOnBase = base.files.flatMap((file) =>
    file.declarations
      .filter((declaration) => !taken.has(declaration))
      .map((declaration) => ({ file, declaration })),
  );
  return { pairs, base: leftOnBase, head: left };
}

/** Finds declarations by name, those asked for in their order at once. */
function declarationsByName(
  file: SyntaxFile | undefined,
): (name: string) => Declaration | undefined {
  const declarations = file?.declarations ?? [];
  let indexes: Map<string, number> | undefined;
  let next = 0;
  return (name) => {
    const inStep = declarations[next];
    if (inStep?.name === name) {
      next++;
      return inStep;
    }
    indexes ??= new Map(declarations.map((declaration, index) => [declaration.name, index]));
    const found = indexes.get(name);
    if (found === undefined) return undefined;
    next = found + 1;
    return declarations[found];
  };
}

type Key = (site: DeclarationSite) => string | undefined;

/** Takes pairs of equal keys out of what is left, in the order of head; linear in both. */
function matcherOf(base: DeclarationSite[], head: DeclarationSite[]) {
  const left = { base, head };
  const match = (baseKey: Key, headKey: Key): DeclarationPair[] => {
    const waiting = new Map<string, DeclarationSite[]>();
    for (const site of left.base) {
      const key = baseKey(site);
      if (key === undefined) continue;
      const queue = waiting.get(key);
      if (queue === undefined) waiting.set(key, [site]);
      else queue.push(site);
    }
    for (const queue of waiting.values()) queue.reverse(); // So that pop() keeps the order.
    const pairs: DeclarationPair[] = [];
    const taken = new Set<DeclarationSite>();
    left.head = left.head.filter((site) => {
      const key = headKey(site);
      const partner = key === undefined ? undefined : waiting.get(key)?.pop();
      if (partner === undefined) return true;
      pairs.push({ base: partner, head: site });
      taken.add(partner);
      return false;
    });
    left.base = left.base.filter((site) => !taken.has(site));
    return pairs;
  };
  return { match, rest: (side: "base" | "head"): readonly DeclarationSite[] => left[side] };
}
