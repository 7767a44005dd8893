// Which function of head is one that is gone from base, by where both stand on the stacks?
//
// Each stack through a function that only one side has looks for the nearest ones of the other side
// (src/similarity) and votes, with its cost, for the functions that stand where its own do. Both
// sides vote, and pairs are taken one to one, the best first. Nearness alone proves nothing (siblings
// are as near, see docs/experiments/similarity.md): what costs far more or less than the other is no
// partner, and of equally near ones the cost decides.
import { createStackAlignment } from "../../../similarity/align-stacks.ts";
import { createStackSearch } from "../../../similarity/nearest-stacks.ts";

/** A stack of keys, leaf first, and its cost for an operation. */
export type KeyStack = { readonly keys: readonly string[]; readonly costNs: number };

/** What one side offers: functions the other side does not have, and the stacks through them. */
export type Unmatched = {
  /** Cost of an operation at and below each, by the function's key. */
  readonly functions: ReadonlyMap<string, number>;
  readonly stacks: readonly KeyStack[];
};

/** Heaviest stacks a side: 90,000 comparisons are 40 ms. */
const STACKS_MAX = 300;
/** Stacks of a benchmark are short: another function on one of three frames is 0.17, on two 0.33. */
const DISTANCE_MAX = 0.35;
/** As near as the nearest: two words of a name on a stack of eight frames. */
const TIE = 0.03;
const TIES_MAX = 4;
/** Half of the cost of both functions must point at each other. */
const VOTES_MIN = 1;
/** A function that costs ten times as much does something else, whatever it stands for. */
const COST_RATIO_MAX = 10;

/** Keys of base by the keys that stand for them on head, one to one. */
export function renamedFunctions(base: Unmatched, head: Unmatched): Map<string, string> {
  const matched = new Map<string, string>();
  if (base.functions.size === 0 || head.functions.size === 0) return matched;
  const votes = new Map<string, number>();
  addVotes(base, head, (own, others, part) => add(votes, pairKey(own, others), part));
  addVotes(head, base, (own, others, part) => add(votes, pairKey(others, own), part));
  const offers = [...votes].flatMap(([pair, vote]) => {
    const [inBase = "", inHead = ""] = pair.split("\n");
    const ratio = Math.abs(
      Math.log((head.functions.get(inHead) ?? 0) / (base.functions.get(inBase) ?? 0)),
    );
    const isOffer = vote >= VOTES_MIN && ratio <= Math.log(COST_RATIO_MAX);
    return isOffer ? [{ inBase, inHead, score: vote - ratio / 2 }] : [];
  });
  offers.sort((one, other) => other.score - one.score || byName(one, other));
  const taken = new Set<string>();
  for (const { inBase, inHead } of offers) {
    if (matched.has(inBase) || taken.has(inHead)) continue;
    matched.set(inBase, inHead);
    taken.add(inHead);
  }
  return matched;
}

type Vote = (own: string, other: string, part: number) => void;

/** Every stack of `own` votes for functions of `other`, with its part of its function's cost. */
function addVotes(own: Unmatched, other: Unmatched, vote: Vote): void {
  const [asking, offered] = [heaviest(own.stacks), heaviest(other.stacks)];
  const search = createStackSearch(offered.map(({ keys }) => keys));
  const align = createStackAlignment();
  const asked = new Map<string, number>();
  for (const { keys, costNs } of asking) {
    for (const key of new Set(keys)) if (own.functions.has(key)) add(asked, key, costNs);
  }
  for (const { keys, costNs } of asking) {
    const near = search(keys, TIES_MAX);
    const bound = Math.min(DISTANCE_MAX, (near[0]?.distance ?? 1) + TIE);
    const pairs = new Set<string>();
    for (const { index, distance } of near) {
      if (distance > bound) continue;
      const found = offered[index]?.keys ?? [];
      for (const pair of align(keys, found)) {
        const [mine = "", theirs = ""] = [keys[pair.one], found[pair.other]];
        if (!own.functions.has(mine) || !other.functions.has(theirs)) continue;
        const [caller = "", itsCaller = ""] = [keys[pair.one + 1], found[pair.other + 1]];
        // Two functions that both sides have are two functions, and what they call is not the same.
        const isSameCaller =
          caller === itsCaller || own.functions.has(caller) || other.functions.has(itsCaller);
        if (isSameCaller) pairs.add(pairKey(mine, theirs));
      }
    }
    for (const pair of pairs) {
      const [mine = "", theirs = ""] = pair.split("\n");
      vote(mine, theirs, costNs / (asked.get(mine) ?? costNs));
    }
  }
}

function heaviest(stacks: readonly KeyStack[]): KeyStack[] {
  return [...stacks].sort((one, other) => other.costNs - one.costNs).slice(0, STACKS_MAX);
}

/** Names of a profile may hold line breaks; such a pair finds no function and is none. */
function pairKey(base: string, head: string): string {
  return `${base}\n${head}`;
}

function add(to: Map<string, number>, key: string, value: number): void {
  to.set(key, (to.get(key) ?? 0) + value);
}

function byName(one: { inBase: string; inHead: string }, other: typeof one): number {
  return pairKey(one.inBase, one.inHead) < pairKey(other.inBase, other.inHead) ? -1 : 1;
}
