// Changes that say more together than one by one: capacity, pools, tables for switches, conversions.
import { expressionText } from "../../goast/expression-text.ts";
import type { Mapping } from "../../goast/mapping.ts";
import { at, childrenOf, factOf, kindOf, labelOf, type Tree } from "../../goast/tree.ts";
import type { FactChange } from "./compare-facts.ts";
import type { SpecialChange } from "./fact-words.ts";
import { unrolledLoops } from "./unrolled-loops.ts";

/** Facts that the special changes already tell are left out of `rest`. */
export function specialChanges(
  mapping: Mapping,
  changes: readonly FactChange[],
): { readonly special: SpecialChange[]; readonly rest: readonly FactChange[] } {
  const loops = unrolledLoops(mapping, changes);
  const tables = tablesForCalls(loops.rest);
  const special: SpecialChange[] = [
    ...loops.special,
    ...tables.special,
    ...capacityChanges(mapping),
    ...constantChanges(mapping),
  ];
  let { rest } = tables;
  for (const { gone, came, words } of TOGETHER) {
    for (const [isReversed, from, to] of [
      [false, gone, came],
      [true, came, gone],
    ] as const) {
      const removed = rest.filter((at_) => at_.how === "removed" && from.has(at_.site.fact));
      const added = rest.filter((at_) => at_.how === "added" && to.has(at_.site.fact));
      const [first] = added;
      const [last] = removed;
      if (first === undefined || last === undefined) continue;
      const { text, back, group, weight } = words;
      special.push({
        group,
        direction: isReversed ? "better" : "worse",
        text: isReversed ? back : text,
        weight,
        line: first.site.line,
        side: "head",
      });
      const told = new Set([first, last]);
      rest = rest.filter((change) => !told.has(change));
    }
  }
  return { special, rest };
}

/** A map under the name of the function that was called: the same table, looked up by hashing. */
function tablesForCalls(changes: readonly FactChange[]) {
  const special: SpecialChange[] = [];
  const told = new Set<FactChange>();
  const find = (how: "added" | "removed", detail: string) =>
    changes.find(
      (at_) =>
        at_.how === how && at_.site.fact === "call" && at_.site.detail === detail && !told.has(at_),
    );
  for (const change of changes) {
    const { fact, detail, line } = change.site;
    if (fact !== "map-access" || (change.how !== "added" && change.how !== "removed")) continue;
    const call = find(change.how === "added" ? "removed" : "added", detail);
    if (call === undefined) continue;
    const isWorse = change.how === "added";
    const text = isWorse
      ? `a look-up in the map \`${detail}\` took the place of a call`
      : `a call of \`${detail}\` took the place of a look-up in a map`;
    const place = isWorse
      ? { line, side: "head" as const }
      : { line: call.site.line, side: "head" as const };
    const direction = isWorse ? "worse" : "better";
    special.push({ group: "work", direction, text, weight: 16, ...place });
    told.add(change).add(call);
  }
  return { special, rest: changes.filter((change) => !told.has(change)) };
}

const MAKERS = new Set([
  "new",
  "pointer-literal",
  "make-slice",
  "make-map",
  "make",
  "slice-literal",
]);

/** What goes and what comes instead, for the worse, and the words for the way back. */
const TOGETHER = [
  {
    gone: new Set(["switch"]),
    came: new Set(["map-access"]),
    words: {
      text: "a look-up in a map took the place of a switch",
      back: "a switch took the place of a look-up in a map",
      group: "work",
      weight: 16,
    },
  },
  {
    gone: new Set(["pool-get"]),
    came: MAKERS,
    words: {
      text: "a new object took the place of one from a pool",
      back: "an object from a pool took the place of a new one",
      group: "allocation",
      weight: 16,
    },
  },
  {
    gone: new Set(["clear"]),
    came: new Set(["make-map", "map-literal"]),
    words: {
      text: "a new map took the place of one that was cleared",
      back: "a map is cleared instead of made anew",
      group: "allocation",
      weight: 15,
    },
  },
  {
    gone: new Set(["pointer-cast"]),
    came: new Set(["bytes-to-string", "string-to-bytes"]),
    words: {
      text: "a conversion that copies took the place of one through `unsafe.Pointer`",
      back: "a conversion through `unsafe.Pointer` took the place of one that copies",
      group: "allocation",
      weight: 16,
    },
  },
  {
    gone: new Set(["append"]),
    came: new Set(["append-without-capacity"]),
    words: {
      text: "an `append` lost the capacity that was made for it",
      back: "an `append` got capacity made for it",
      group: "allocation",
      weight: 14,
    },
  },
] as const;

/** A `make` with another size: the capacity of a slice, the size hint of a map. */
function capacityChanges(mapping: Mapping): SpecialChange[] {
  const { base, head, toBase, whole } = mapping;
  const found: SpecialChange[] = [];
  for (let node = 0; node < head.size; node++) {
    if (whole[node] === 1) {
      node = at(head.end, node) - 1;
      continue;
    }
    const partner = at(toBase, node);
    const fact = factOf(head, node);
    if (partner < 0 || (fact !== "make-slice" && fact !== "make-map")) continue;
    if (factOf(base, partner) !== fact) continue;
    const full = fact === "make-slice" ? 4 : 3;
    const had = childrenOf(base, partner).length === full;
    const has = childrenOf(head, node).length === full;
    if (had === has) continue;
    // `make([]T, n)` has room for n: only one that begins empty is given a capacity, or loses it.
    const [bare, at_] = had ? [head, node] : [base, partner];
    if (fact === "make-slice" && !beginsEmpty(bare, at_)) continue;
    const what = fact === "make-slice" ? "the capacity of a slice" : "the size of a map";
    const type = expressionText(head, at(head.end, node + 1));
    found.push({
      group: "allocation",
      direction: has ? "better" : "worse",
      text: `${what} (\`${type}\`) is ${has ? "now" : "no longer"} given to its \`make\``,
      weight: 15,
      line: at(head.line, node),
      side: "head",
    });
  }
  return found;
}

/** `make([]T, 0)`. */
function beginsEmpty(tree: Tree, make: number): boolean {
  const length = childrenOf(tree, make)[2];
  return length !== undefined && labelOf(tree, length) === "INT\u00000";
}

/** Another number in the same place: a buffer's size, a limit. */
function constantChanges({ base, head, toBase }: Mapping): SpecialChange[] {
  const found: SpecialChange[] = [];
  for (let node = 0; node < head.size; node++) {
    const partner = at(toBase, node);
    if (partner < 0 || at(base.label, partner) === at(head.label, node)) continue;
    if (kindOf(head, node) !== "BasicLit") continue;
    const [from, to] = [numberAt(base, partner), numberAt(head, node)];
    if (from === undefined || to === undefined || from === to) continue;
    found.push({
      group: "other",
      direction: "neutral",
      text: `${from} became ${to}`,
      weight: 1.5,
      line: at(head.line, node),
      side: "head",
    });
  }
  return found;
}

/** Longer constants are keys and tables, not sizes. */
const MAX_DIGITS = 12;

function numberAt(tree: Tree, node: number): string | undefined {
  const [kind, value = ""] = labelOf(tree, node).split("\0");
  return (kind === "INT" || kind === "FLOAT") && value.length <= MAX_DIGITS ? value : undefined;
}
