// A loop that makes several rounds at once, mostly with another behind it for the rest: unrolled, and
// not a loop and calls more. And the way back.
//
// Known by what it does: every statement of the loop on the other side stands in it as often, with
// other locals and numbers, and that often is a number in it (`i += 4`, `s[4:]`). Whether it is
// faster is for the measurement to say.

import type { Mapping } from "../../goast/mapping.ts";
import { ownName } from "../../goast/own-name.ts";
import { at, childrenOf, factOf, kindOf, labelOf, numbersOf, type Tree } from "../../goast/tree.ts";
import { type FactChange, isCall } from "./compare-facts.ts";
import { LOOPS } from "./fact-catalog.ts";
import { type FactSite, factSites, loopDepths } from "./fact-sites.ts";
import type { SpecialChange } from "./fact-words.ts";

/** Loops of a function that are looked at; more are generated. */
const MOST_LOOPS = 40;
const WEIGHT = 12;

/** The side with the plain loop, that with the unrolled one, and the partners from there. */
type Sides = {
  readonly plain: Tree;
  readonly unrolled: Tree;
  readonly toPlain: Int32Array;
  readonly how: "added" | "removed";
};

export function unrolledLoops(
  { base, head, toBase, toHead }: Mapping,
  changes: readonly FactChange[],
): { readonly special: SpecialChange[]; readonly rest: readonly FactChange[] } {
  const special: SpecialChange[] = [];
  let rest = changes;
  for (const sides of [
    { plain: base, unrolled: head, toPlain: toBase, how: "added" },
    { plain: head, unrolled: base, toPlain: toHead, how: "removed" },
  ] as const satisfies readonly Sides[]) {
    // Nothing is done once more: no loop was unrolled.
    if (!rest.some(({ how }) => how === sides.how)) continue;
    for (const found of unrolledIn(sides)) {
      const { loop, times, plain } = found;
      const left = rest.filter((change) => !isRound(change, found, sides));
      if (left.length === rest.length) continue;
      rest = left;
      const isNew = sides.how === "added";
      special.push({
        group: "work",
        direction: "neutral",
        text: isNew
          ? `a loop was unrolled: it makes ${times} rounds at once`
          : `a loop that made ${times} rounds at once makes one`,
        weight: WEIGHT,
        line: isNew ? at(head.line, loop) : at(head.line, plain),
        side: "head",
      });
    }
  }
  return { special, rest };
}

type Unrolled = { readonly loop: number; readonly times: number; readonly plain: number };

function unrolledIn({ plain, unrolled, toPlain }: Sides): Unrolled[] {
  const once = loopsOf(plain);
  const loops = loopsOf(unrolled).map((node) => ({ node, counts: statementsIn(unrolled, node) }));
  return loops.flatMap(({ node: loop, counts }) => {
    const around = at(unrolled.parent, loop);
    const beside = loops.filter(({ node }) => at(unrolled.parent, node) === around);
    const isOneOf = (list: typeof loops) => (node: number) =>
      list.some((other) => at(toPlain, other.node) === node);
    const isGone = (node: number) => !isOneOf(loops)(node);
    const body = once.find(isOneOf(beside)) ?? once.find(isGone);
    if (body === undefined) return [];
    // The loop for the rest says it too: `for _, x := range s` became one over `s[i]`.
    const rounds = [statementsIn(plain, body), ...beside.map((other) => other.counts)];
    const times = rounds.map((round) => timesOf(round, counts)).find((often) => often > 1);
    const isUnrolled = times !== undefined && hasNumber(unrolled, loop, times);
    return isUnrolled ? [{ loop, times, plain: body }] : [];
  });
}

function loopsOf(tree: Tree): number[] {
  const loops = numbersOf(tree.words, LOOPS);
  const found: number[] = [];
  for (let node = 0; node < tree.size && found.length < MOST_LOOPS; node++) {
    if (loops.has(at(tree.fact, node))) found.push(node);
  }
  return found;
}

/** The statements of a loop's block by what they do, whatever the names and numbers in them. */
function statementsIn(tree: Tree, loop: number): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  const block = childrenOf(tree, loop).find((node) => kindOf(tree, node) === "Block");
  for (const statement of block === undefined ? [] : childrenOf(tree, block)) {
    const words: string[] = [];
    for (let node = statement; node < at(tree.end, statement); node++) {
      const kind = kindOf(tree, node);
      const isOffset = kind === "Binary" && /^[+-]$/.test(labelOf(tree, node));
      if (kind !== "Local" && kind !== "BasicLit" && !isOffset) {
        words.push(`${kind}:${labelOf(tree, node)}`);
      }
    }
    const text = words.join(" ");
    counts.set(text, (counts.get(text) ?? 0) + 1);
  }
  return counts;
}

/** How often all that is in `once` is in `often`; 0 where that is not the same for each. */
function timesOf(once: ReadonlyMap<string, number>, often: ReadonlyMap<string, number>): number {
  let times: number | undefined;
  for (const [text, count] of once) {
    const own = (often.get(text) ?? 0) / count;
    if ((times ?? own) !== own || !Number.isInteger(own)) return 0;
    times = own;
  }
  return times ?? 0;
}

function hasNumber(tree: Tree, loop: number, number: number): boolean {
  for (let node = loop; node < at(tree.end, loop); node++) {
    if (kindOf(tree, node) === "BasicLit" && labelOf(tree, node) === `INT\0${number}`) return true;
  }
  return false;
}

/** Whether a fact is one of the further rounds, or the further loop itself. */
function isRound(change: FactChange, { loop, plain: once }: Unrolled, sides: Sides): boolean {
  if (change.how !== sides.how) return false;
  const { site } = change;
  const { unrolled, plain } = sides;
  const around = at(unrolled.parent, loop);
  const loops = childrenOf(unrolled, around).filter((node) => LOOPS.has(factOf(unrolled, node)));
  if (loops.includes(site.node)) return true;
  if (!loops.some((node) => site.node > node && site.node < at(unrolled.end, node))) return false;
  const own = ({ fact, detail }: FactSite) => `${fact}\0${isCall(site) ? ownName(detail) : ""}`;
  const isOutside = (node: number) => node > 0 && (node < once || node >= at(plain.end, once));
  return factSites(plain, loopDepths(plain), () => false).some(
    (of) => !isOutside(of.node) && own(of) === own(site),
  );
}
