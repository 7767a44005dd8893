// Constants made with iota get other numbers when one before them is added or removed. That is one
// change and not one for each of them: the first is named, how many follow it, and why.
import type { DeclarationPair, DeclarationSite } from "../../goast/locate.ts";
import type { Pairing } from "../../goast/pair.ts";
import type { Declaration, SyntaxFile } from "../../goast/syntax.ts";
import { at, decodeTree, labelOf, type Tree, type Words } from "../../goast/tree.ts";

/** Several are told by name, more are counted. */
const MOST_NAMED = 3;

/** A constant that only has another number, and the places that it had and has in its group. */
type Shifted = {
  readonly pair: DeclarationPair;
  readonly iota: { readonly base: number; readonly head: number };
};

export type Renumbered = {
  /** The first of those that follow each other, which stands for them. */
  readonly first: DeclarationPair;
  /** "it and 21 more constants, up to `last`, have other numbers, because `x` was removed". */
  readonly text: string;
};

/** @returns the groups, and all pairs that they stand for. */
export function renumberedConstants(
  { kept, added, removed }: Pairing,
  words: Words,
): { readonly groups: readonly Renumbered[]; readonly told: ReadonlySet<DeclarationPair> } {
  const shifted = kept.flatMap((pair) => shiftOf(pair, words));
  if (shifted.length === 0) return { groups: [], told: new Set() };
  const isConstant = ({ declaration }: DeclarationSite) => declaration.kind === "const";
  const came = new Set(added.filter(isConstant).map(({ declaration }) => declaration));
  const gone = new Set(removed.filter(isConstant).map(({ declaration }) => declaration));
  const linesOf = linesByFile();
  const groups = groupsOf(shifted, linesOf).flatMap((group) => {
    const [first] = group;
    const text = textOf(group, { came, gone, linesOf });
    return first === undefined ? [] : [{ first: first.pair, text }];
  });
  return { groups, told: new Set(shifted.map(({ pair }) => pair)) };
}

/** Empty where anything but the place in the group differs. */
function shiftOf(pair: DeclarationPair, words: Words): Shifted[] {
  const { base, head } = pair;
  if (head.declaration.kind !== "const" || base.declaration.hash === head.declaration.hash)
    return [];
  const [from, to] = [treeOf(base, words), treeOf(head, words)];
  if (from === undefined || to === undefined || !isEqualBelow(from, to)) return [];
  const [had, has] = [placeOf(from), placeOf(to)];
  if (had.length !== 2 || has.length !== 2 || had[0] !== has[0]) return [];
  return [{ pair, iota: { base: Number(had[1]), head: Number(has[1]) } }];
}

function treeOf({ declaration, file }: DeclarationSite, words: Words): Tree | undefined {
  if (declaration.tree === undefined) return undefined;
  return decodeTree(declaration.tree, file.words ?? [], words);
}

/** Its place among the names of its specification and, where iota is used, of that in its group. */
function placeOf(tree: Tree): string[] {
  return labelOf(tree, 0).split("\0").slice(1);
}

function isEqualBelow(base: Tree, head: Tree): boolean {
  if (base.size !== head.size) return false;
  for (let node = 1; node < base.size; node++) {
    if (at(base.kind, node) !== at(head.kind, node)) return false;
    if (at(base.label, node) !== at(head.label, node)) return false;
    if (at(base.end, node) !== at(head.end, node)) return false;
  }
  return true;
}

/** Those that follow each other in one group of one file: iota begins anew in the next. */
function groupsOf(shifted: readonly Shifted[], linesOf: LinesOf): Shifted[][] {
  const byFile = new Map<SyntaxFile, Shifted[]>();
  for (const of of shifted) {
    const { file } = of.pair.head;
    const those = byFile.get(file);
    if (those === undefined) byFile.set(file, [of]);
    else those.push(of);
  }
  return [...byFile].flatMap(([file, those]) => {
    const { rankOf } = linesOf(file);
    const rank = ({ pair }: Shifted) => rankOf(pair.head.declaration);
    const groups: Shifted[][] = [];
    let last: Shifted | undefined;
    for (const next of those.sort((a, b) => rank(a) - rank(b))) {
      const lines = last === undefined ? 0 : rank(next) - rank(last);
      if (last !== undefined && next.iota.head - last.iota.head === lines)
        groups.at(-1)?.push(next);
      else groups.push([next]);
      last = next;
    }
    return groups;
  });
}

/** Declarations of a file by the lines they begin in: names that share a line share iota. */
type Lines = {
  readonly lines: readonly (readonly Declaration[])[];
  /** Its line among those with declarations. */
  readonly rankOf: (declaration: Declaration) => number;
};
type LinesOf = (file: SyntaxFile) => Lines;

function linesByFile(): LinesOf {
  const known = new Map<SyntaxFile, Lines>();
  return (file) => {
    const lines = known.get(file) ?? readLines(file);
    known.set(file, lines);
    return lines;
  };
}

function readLines({ declarations }: SyntaxFile): Lines {
  const lines: Declaration[][] = [];
  const ranks = new Map<number, number>();
  for (const declaration of declarations) {
    const rank = ranks.get(declaration.startLine);
    if (rank === undefined) ranks.set(declaration.startLine, lines.push([declaration]) - 1);
    else lines[rank]?.push(declaration);
  }
  return { lines, rankOf: ({ startLine }) => ranks.get(startLine) ?? 0 };
}

type Changed = Readonly<Record<"came" | "gone", ReadonlySet<Declaration>>> & {
  readonly linesOf: LinesOf;
};

function textOf(group: readonly Shifted[], { came, gone, linesOf }: Changed): string {
  const last = group.at(-1)?.pair.head.declaration.name;
  const start = ["", "it has another number", `it and \`${last}\` have other numbers`][
    group.length
  ];
  const more = `it and ${group.length - 1} more constants, up to \`${last}\`, have other numbers`;
  const reasons = [
    said(
      before(group, "base", linesOf).filter((of) => gone.has(of)),
      "removed",
    ),
    said(
      before(group, "head", linesOf).filter((of) => came.has(of)),
      "added",
    ),
  ].filter((text) => text !== "");
  const why = reasons.length === 0 ? "the order is another" : reasons.join(" and ");
  return `${start ?? more}, because ${why}`;
}

/** What stands in the group before its last one. */
function before(group: readonly Shifted[], side: "base" | "head", linesOf: LinesOf): Declaration[] {
  const [first, last] = [group[0], group.at(-1)];
  if (first === undefined || last === undefined) return [];
  const { lines, rankOf } = linesOf(first.pair[side].file);
  const start = Math.max(0, rankOf(first.pair[side].declaration) - first.iota[side]);
  return lines.slice(start, rankOf(last.pair[side].declaration)).flat();
}

function said(those: readonly Declaration[], what: string): string {
  if (those.length === 0) return "";
  if (those.length > MOST_NAMED) return `${those.length} constants were ${what}`;
  const list = those.map(({ name }) => `\`${name}\``).join(", ");
  return `${list} ${those.length === 1 ? "was" : "were"} ${what}`;
}
