// Which function that is gone is which one that is new: renamed or moved, and edited on the way.
//
// First by what a method is called on: `T.f` that becomes `(*T).f` is one function. Then by what two
// bodies have in common (alike.ts), the most alike first. Only functions with trees are looked at, and only so many, because all are compared to all.
import { countNodes, diceOf, mostDice, type Nodes } from "./alike.ts";
import { directoryOf } from "./directory.ts";
import type { DeclarationPair, DeclarationSite } from "./locate.ts";
import { ownName } from "./own-name.ts";
import { decodeTree, newWords, type Words } from "./tree.ts";

/** Part that two bodies must share. Below it a reader no longer calls one the other. */
const ALIKE = 0.6;
/**
 * In another folder, where what moves is edited little and benchmarks of all packages are alike; and
 * of a few lines, which have most in common by how they are declared.
 */
const SURELY_ALIKE = 0.75;
const FEW_NODES = 60;
/** Of a function that became a method, or is exported now. */
const SAME_NAME = 0.4;
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
  const candidates = allPairs(bodies(base), bodies(head)).sort(
    (a, b) => b.alike - a.alike || b.near - a.near,
  );
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
    [directoryOf(file.path), file.package, bareMethod(declaration.name)].join("\0");
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

type Body = { readonly site: DeclarationSite; readonly nodes: Nodes };

/** Empty where the function has no tree or is too small to be told by it. */
function bodyOf(site: DeclarationSite, words: Words): Body[] {
  const { kind, tree } = site.declaration;
  if (kind !== "func" || tree === undefined) return [];
  const decoded = decodeTree(tree, site.file.words ?? [], words);
  if (decoded === undefined || decoded.size < SMALLEST_NODES) return [];
  return [{ site, nodes: countNodes(decoded) }];
}

function allPairs(base: readonly Body[], head: readonly Body[]) {
  const names = { base: onlyNames(base), head: onlyNames(head) };
  return base.flatMap((from) =>
    head.flatMap((to) => {
      const name = caselessName(from.site);
      const isSame = name === caselessName(to.site) && names.base.has(name) && names.head.has(name);
      const needed = neededAlike(from, to, isSame ? SAME_NAME : ALIKE);
      // No need to count where the sizes alone say no.
      if (mostDice(from.nodes, to.nodes) < needed) return [];
      const alike = diceOf(from.nodes, to.nodes);
      if (alike < needed) return [];
      return [{ base: from.site, head: to.site, alike, near: nearness(from.site, to.site) }];
    }),
  );
}

/** @param byName what is enough by their names alone. */
function neededAlike(base: Body, head: Body, byName: number): number {
  if (directoryOf(base.site.file.path) !== directoryOf(head.site.file.path)) return SURELY_ALIKE;
  if (byName < ALIKE) return byName;
  return Math.min(base.nodes.size, head.nodes.size) < FEW_NODES ? SURELY_ALIKE : ALIKE;
}

/** Own names that only one has. */
function onlyNames(bodies: readonly Body[]): ReadonlySet<string> {
  const counts = new Map<string, number>();
  for (const { site } of bodies)
    counts.set(caselessName(site), (counts.get(caselessName(site)) ?? 0) + 1);
  return new Set([...counts].filter(([, count]) => count === 1).map(([name]) => name));
}

/** "skip" of "(*Parser).Skip": exported or not. */
function caselessName({ declaration }: DeclarationSite): string {
  return ownName(declaration.name).toLowerCase();
}

/** Of several that are as alike, as benchmarks are, the one in the same file is meant, and the one with most of the name. */
function nearness(base: DeclarationSite, head: DeclarationSite): number {
  const [from, to] = [base.declaration.name, head.declaration.name];
  const longest = Math.min(from.length, to.length);
  let start = 0;
  while (start < longest && from[start] === to[start]) start++;
  let end = 0;
  while (end < longest - start && from.at(-1 - end) === to.at(-1 - end)) end++;
  const isSameFile = base.file.path === head.file.path;
  return Number(isSameFile) + (start + end) / (from.length + to.length);
}
