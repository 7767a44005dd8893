// Which declaration that is gone is which one that is new: they stand in the same place.
//
// A constant, a getter of one line or a variable is too small to be told by what is in it
// (pair-similar.ts). But between two declarations that both sides have, as many are gone as are new,
// and they are alike one by one: then a reader says "renamed". Both are needed: what is alike may
// stand anywhere by chance, and what stands in a place may be new there.
import { containedPart, countNodes, diceOf } from "./alike.ts";
import type { DeclarationPair, DeclarationSite, Unpaired } from "./locate.ts";
import { ownName } from "./own-name.ts";
import type { Declaration, SyntaxFile } from "./syntax.ts";
import {
  at,
  childrenOf,
  decodeTree,
  kindOf,
  newWords,
  numberOf,
  type Tree,
  type Words,
} from "./tree.ts";

/** Part of the nodes that two must share; a few nodes share much by chance. */
const ALIKE = 0.75;
/** A function that grew holds so much of what it was, gives the same results, and had a body. */
const CONTAINED = 0.8;
const SMALLEST_GROWN = 16;
/** Declarations between two neighbours. More that are gone and new at once are a rewrite. */
const MOST_BETWEEN = 100;

/**
 * Pairs among `left`, those without a partner.
 * @param pairs what has a partner.
 */
export function pairByPlace(left: Unpaired, pairs: readonly DeclarationPair[]): DeclarationPair[] {
  if (left.base.length === 0 || left.head.length === 0) return [];
  const files = new Set([...left.base, ...left.head].map(({ file }) => file));
  const near = pairs.filter(({ base, head }) => files.has(base.file) || files.has(head.file));
  const partners = new Map(near.map(({ base, head }) => [base.declaration, head.declaration]));
  const sites = new Map([...left.base, ...left.head].map((site) => [site.declaration, site]));
  const words = newWords();
  const renames = renamesOf(near, words);
  return sameFiles(near).flatMap(([base, head]) =>
    samePlaces({ base, head, sites, partners }).filter((pair) => isAlike(pair, words, renames)),
  );
}

/**
 * Files that are one: most declarations of each are in the other, whatever their names. Of files
 * that share as many with two others the one that kept its name is meant, or none.
 */
function sameFiles(
  pairs: readonly DeclarationPair[],
): (readonly [base: SyntaxFile, head: SyntaxFile])[] {
  const shared = new Map<SyntaxFile, Map<SyntaxFile, number>>();
  const count = (file: SyntaxFile, other: SyntaxFile) => {
    const those = shared.get(file) ?? new Map<SyntaxFile, number>();
    const before = those.get(other) ?? (file.path === other.path ? 0.5 : 0);
    shared.set(file, those.set(other, before + 1));
  };
  for (const { base, head } of pairs) {
    count(base.file, head.file);
    count(head.file, base.file);
  }
  const mostOf = (file: SyntaxFile) => {
    const [first, second] = [...(shared.get(file) ?? [])].sort((a, b) => b[1] - a[1]);
    return first?.[1] === second?.[1] ? undefined : first?.[0];
  };
  return [...new Set(pairs.map(({ base }) => base.file))].flatMap((base) => {
    const head = mostOf(base);
    return head !== undefined && mostOf(head) === base ? [[base, head] as const] : [];
  });
}

/** Names on head, by those on base, of what has another name and a partner: `T` in it is no change. */
function renamesOf(pairs: readonly DeclarationPair[], words: Words): ReadonlyMap<number, number> {
  const nameOf = ({ declaration: { name } }: DeclarationSite) => numberOf(words, ownName(name));
  return new Map(
    pairs
      .map(({ base, head }) => [nameOf(base), nameOf(head)] as const)
      .filter(([from, to]) => from !== to),
  );
}

type FilePair = {
  readonly base: SyntaxFile;
  readonly head: SyntaxFile;
  /** Those without a partner. */
  readonly sites: ReadonlyMap<Declaration, DeclarationSite>;
  readonly partners: ReadonlyMap<Declaration, Declaration>;
};

/** One by one what stands between the same neighbours, where as many are gone as are new. */
function samePlaces({ base, head, sites, partners }: FilePair): DeclarationPair[] {
  const onHead = (neighbour: Declaration | undefined) => neighbour && partners.get(neighbour);
  const gone = new Map(runsOf(base, sites).map((run) => [onHead(run.after), run]));
  return runsOf(head, sites).flatMap((came) => {
    const had = gone.get(came.after);
    if (had === undefined || onHead(had.before) !== came.before) return [];
    // At the start and the end of a file there is no neighbour; one that is there is needed.
    if (came.after === undefined && came.before === undefined) return [];
    if (Boolean(had.after) !== Boolean(came.after)) return [];
    if (Boolean(had.before) !== Boolean(came.before)) return [];
    if (had.list.length !== came.list.length || had.list.length > MOST_BETWEEN) return [];
    return had.list.flatMap((gone_, index) => {
      const other = came.list[index];
      return other?.declaration.kind === gone_.declaration.kind
        ? [{ base: gone_, head: other }]
        : [];
    });
  });
}

type Run = {
  /** The neighbours, which have a partner; undefined at the start and the end of the file. */
  readonly after: Declaration | undefined;
  readonly before: Declaration | undefined;
  readonly list: readonly DeclarationSite[];
};

/** Declarations without a partner that follow each other. */
function runsOf(file: SyntaxFile, left: ReadonlyMap<Declaration, DeclarationSite>): Run[] {
  const runs: Run[] = [];
  let list: DeclarationSite[] = [];
  let after: Declaration | undefined;
  for (const declaration of [...file.declarations, undefined]) {
    const site = declaration && left.get(declaration);
    if (site !== undefined) {
      list.push(site);
      continue;
    }
    if (list.length > 0) runs.push({ after, before: declaration, list });
    list = [];
    after = declaration;
  }
  return runs;
}

function isAlike(
  { base, head }: DeclarationPair,
  words: Words,
  renames: ReadonlyMap<number, number>,
): boolean {
  if (base.declaration.hash === head.declaration.hash) return true;
  const [from, to] = [treeOf(base, words), treeOf(head, words)];
  if (from === undefined || to === undefined) return false;
  const [had, has] = [countNodes(from, renames), countNodes(to)];
  const smaller = Math.min(had.size, has.size);
  if (diceOf(had, has) >= ALIKE) return true;
  return (
    smaller >= SMALLEST_GROWN &&
    containedPart(had, has) >= CONTAINED &&
    resultsOf(from) !== "" &&
    resultsOf(from) === resultsOf(to)
  );
}

function treeOf({ declaration, file }: DeclarationSite, words: Words): Tree | undefined {
  if (declaration.tree === undefined) return undefined;
  return decodeTree(declaration.tree, file.words ?? [], words);
}

/** The types of a function's results; empty where it has none. */
function resultsOf(tree: Tree): string {
  const results = childrenOf(tree, 0).find((node) => kindOf(tree, node) === "Results");
  if (results === undefined) return "";
  const nodes: string[] = [];
  for (let node = results; node < at(tree.end, results); node++) {
    nodes.push(
      `${kindOf(tree, node)}:${kindOf(tree, node) === "Local" ? "" : at(tree.label, node)}`,
    );
  }
  return nodes.join(" ");
}
