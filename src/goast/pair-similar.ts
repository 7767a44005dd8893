// Which function that is gone is which one that is new: renamed or moved, and edited on the way.
//
// First by what a method is called on: `T.f` that becomes `(*T).f` is one function. Then by what two
// bodies have in common, the most alike first: the part of their nodes that both have (Dice), order
// ignored. Only functions with trees are looked at, and only so many, because all are compared to all.
import type { DeclarationPair, DeclarationSite } from "./locate.ts";
import { at, decodeTree, newWords, type Tree, type Words } from "./tree.ts";

/** Part that two bodies must share. Below it a reader no longer calls one the other. */
const ALIKE = 0.6;
/** Bodies of a line or two are alike by chance. */
const SMALLEST_NODES = 25;
/** Of each side. A pull request that removes and adds more is a rewrite. */
const MOST_FUNCTIONS = 150;

/** Pairs of functions among those without a partner; each is in one pair at most. */
export function pairSimilar(
  base: readonly DeclarationSite[],
  head: readonly DeclarationSite[],
): DeclarationPair[] {
  const methods = pairMethods(base, head);
  const taken = new Set(methods.flatMap((pair) => [pair.base, pair.head]));
  const words = newWords();
  const bodies = (sites: readonly DeclarationSite[]) =>
    sites.flatMap((site) => (taken.has(site) ? [] : bodyOf(site, words))).slice(0, MOST_FUNCTIONS);
  const candidates = allPairs(bodies(base), bodies(head)).sort((a, b) => b.alike - a.alike);
  const similar: DeclarationPair[] = [];
  for (const { base: from, head: to } of candidates) {
    if (taken.has(from) || taken.has(to)) continue;
    similar.push({ base: from, head: to });
    taken.add(from).add(to);
  }
  return [...methods, ...similar];
}

/** Methods of one name on a type that is a pointer on one side only. */
function pairMethods(
  base: readonly DeclarationSite[],
  head: readonly DeclarationSite[],
): DeclarationPair[] {
  const key = ({ file, declaration }: DeclarationSite) =>
    [file.path.replace(/[^/]*$/, ""), file.package, bareMethod(declaration.name)].join("\0");
  const isMethod = ({ declaration }: DeclarationSite) =>
    declaration.kind === "func" && declaration.name.includes(".");
  const waiting = new Map(base.filter(isMethod).map((site) => [key(site), site]));
  return head.filter(isMethod).flatMap((site) => {
    const partner = waiting.get(key(site));
    waiting.delete(key(site));
    return partner === undefined ? [] : [{ base: partner, head: site }];
  });
}

/** "(*Parser).skip" and "Parser.skip" are both "Parser.skip". */
function bareMethod(name: string): string {
  return name.replace(/^\(\*(.*)\)\./, "$1.");
}

type Body = {
  readonly site: DeclarationSite;
  readonly size: number;
  readonly counts: ReadonlyMap<number, number>;
};

/** Empty where the function has no tree or is too small to be told by it. */
function bodyOf(site: DeclarationSite, words: Words): Body[] {
  const { kind, tree } = site.declaration;
  if (kind !== "func" || tree === undefined) return [];
  const decoded = decodeTree(tree, site.file.words ?? [], words);
  if (decoded === undefined || decoded.size < SMALLEST_NODES) return [];
  return [{ site, size: decoded.size, counts: countNodes(decoded) }];
}

/** Nodes by kind and label; the names of locals are left out. */
function countNodes(tree: Tree): Map<number, number> {
  const local = tree.words.numbers.get("Local");
  const counts = new Map<number, number>();
  for (let node = 0; node < tree.size; node++) {
    const kind = at(tree.kind, node);
    const key = kind * 2 ** 24 + (kind === local ? 0 : at(tree.label, node));
    counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  return counts;
}

function allPairs(base: readonly Body[], head: readonly Body[]) {
  return base.flatMap((from) =>
    head.flatMap((to) => {
      // No need to count where the sizes alone say no.
      if ((2 * Math.min(from.size, to.size)) / (from.size + to.size) < ALIKE) return [];
      const alike = (2 * shared(from.counts, to.counts)) / (from.size + to.size);
      return alike < ALIKE ? [] : [{ base: from.site, head: to.site, alike }];
    }),
  );
}

function shared(base: ReadonlyMap<number, number>, head: ReadonlyMap<number, number>): number {
  let sum = 0;
  for (const [key, count] of base) sum += Math.min(count, head.get(key) ?? 0);
  return sum;
}
