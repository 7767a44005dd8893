// What a function does more, less, or in another loop than before.
//
// The mapping pairs what stayed; where it could not, equal facts are paired by what they are and how
// deep in loops they stand, so that a rewritten statement which does the same is no news. What is
// then left was added or removed, and what is left on both sides at another depth moved into a loop
// or out of one. What moved to another function, or came from one, is told by that (moved-facts.ts).

import type { Mapping } from "../../goast/mapping.ts";
import { ownName } from "../../goast/own-name.ts";
import { at } from "../../goast/tree.ts";
import { CALL, FACTS } from "./fact-catalog.ts";
import { type FactSite, factSites, loopDepths } from "./fact-sites.ts";
import { type MovedFacts, takeMoved } from "./moved-facts.ts";
import { NO_OTHERS, type OtherFunctions } from "./other-functions.ts";

export type FactChange =
  | MovedFacts
  | { readonly how: "added" | "removed"; readonly site: FactSite }
  | {
      readonly how: "into-loop" | "out-of-loop" | "replaced";
      readonly base: FactSite;
      readonly site: FactSite;
    };

type Left = { base: FactSite[]; head: FactSite[] };

/**
 * In no particular order.
 * @param others of the same pull request: a call of a function that was renamed is the same call.
 */
export function compareFacts(mapping: Mapping, others: OtherFunctions = NO_OTHERS): FactChange[] {
  const left = sitesOf(mapping);
  const moved: FactChange[] = [];
  const pairBy = (baseKey: (site: FactSite) => string, headKey = baseKey) => {
    for (const [base, site] of takePairs(left, baseKey, headKey)) {
      if (base.loopDepth === site.loopDepth) continue;
      const how = site.loopDepth > base.loopDepth ? "into-loop" : "out-of-loop";
      moved.push({ how, base, site });
    }
  };
  const { was, what } = keysOf(others);
  pairBy(
    (site) => `${was(site)}\0${at(mapping.toHead, site.node)}`,
    (site) => `${what(site)}\0${site.node}`,
  );
  pairBy(
    (site) => `${was(site)}\0${site.loopDepth}`,
    (site) => `${what(site)}\0${site.loopDepth}`,
  );
  const elsewhere = takeMoved(left, others);
  pairBy(was, what);
  // Another type made, another map looked up: as much work, and rarely news. Calls are not alike.
  pairBy((site) => `${site.fact}\0${isCall(site) ? site.detail : ""}\0${site.loopDepth}`);
  const replaced = replacedCalls(left, mapping);
  return [
    ...moved,
    ...elsewhere,
    ...replaced,
    ...left.head.map((site) => ({ how: "added", site }) as const),
    ...left.base.map((site) => ({ how: "removed", site }) as const),
  ];
}

/** Sites outside of what is equal on both sides, in loops as deep, with the same facts. */
function sitesOf(mapping: Mapping): Left {
  const { base, head, toBase, whole } = mapping;
  const depths = { base: loopDepths(base), head: loopDepths(head) };
  const settled = new Set<number>();
  for (let node = 0; node < head.size; node++) {
    if (whole[node] !== 1) continue;
    const partner = at(toBase, node);
    const isSame =
      at(depths.base, partner) === at(depths.head, node) && hasSameFacts(mapping, node);
    if (isSame) settled.add(node);
    node = at(head.end, node) - 1;
  }
  const settledBase = new Set([...settled].map((node) => at(toBase, node)));
  return {
    base: factSites(base, depths.base, (node) => settledBase.has(node)),
    head: factSites(head, depths.head, (node) => settled.has(node)),
  };
}

/** An `append` is another fact when the slice was made otherwise, far from it. */
function hasSameFacts({ base, head, toBase }: Mapping, node: number): boolean {
  const shift = at(toBase, node) - node;
  for (let below = node; below < at(head.end, node); below++) {
    if (at(head.fact, below) !== at(base.fact, below + shift)) return false;
  }
  return true;
}

/** Whether a function of another name does other work. */
export function isCall({ fact }: FactSite): boolean {
  return fact === "call" || fact === "allocating-call";
}

/** What a site of base and one of head is: equal where they are the same. */
function keysOf({ renamed, names, self }: OtherFunctions) {
  const what = ({ fact, detail }: FactSite) => `${fact}\0${detail}`;
  if (renamed.size === 0 && names.size === 0 && self === undefined) return { was: what, what };
  // What moved to another package is also called through another.
  const functions = new Set(renamed.values());
  const own = ({ fact }: FactSite, name: string) => `${fact}\0\0${name}`;
  const nameOf = (site: FactSite) => {
    if (!isCall(site)) return "";
    return site.detail === "itself" ? (self ?? "") : ownName(site.detail);
  };
  const onHead = (detail: string) =>
    detail.replace(/[\p{L}_][\p{L}\p{N}_]*/gu, (name) => names.get(name) ?? name);
  return {
    was: (site: FactSite) => {
      const name = site.detail === "itself" ? self : renamed.get(nameOf(site));
      return name === undefined ? what({ ...site, detail: onHead(site.detail) }) : own(site, name);
    },
    what: (site: FactSite) => {
      const name = nameOf(site);
      return functions.has(name) || (name !== "" && name === self) ? own(site, name) : what(site);
    },
  };
}

/** Calls that stayed where they were and call another function. */
function replacedCalls(left: Left, mapping: Mapping): FactChange[] {
  const calls: Left = { base: left.base.filter(isCall), head: left.head.filter(isCall) };
  const pairs = takePairs(
    calls,
    (site) => String(at(mapping.toHead, site.node)),
    (site) => String(site.node),
  );
  const taken = new Set(pairs.flat());
  left.base = left.base.filter((site) => !taken.has(site));
  left.head = left.head.filter((site) => !taken.has(site));
  return pairs.map(([base, site]) => ({ how: "replaced", base, site }));
}

/** Takes pairs of equal keys out of what is left, in order. */
function takePairs(
  left: Left,
  baseKey: (site: FactSite) => string,
  headKey: (site: FactSite) => string,
): [base: FactSite, head: FactSite][] {
  const waiting = new Map<string, FactSite[]>();
  for (const site of left.base) {
    const queue = waiting.get(baseKey(site));
    if (queue === undefined) waiting.set(baseKey(site), [site]);
    else queue.push(site);
  }
  for (const queue of waiting.values()) queue.reverse(); // So that pop() keeps the order.
  const pairs: [FactSite, FactSite][] = [];
  const taken = new Set<FactSite>();
  left.head = left.head.filter((site) => {
    const partner = waiting.get(headKey(site))?.pop();
    if (partner === undefined) return true;
    pairs.push([partner, site]);
    taken.add(partner);
    return false;
  });
  left.base = left.base.filter((site) => !taken.has(site));
  return pairs;
}

/** What moved to another function says more than a call, and less than what costs by itself. */
const MOVED_WEIGHT = 5;

/** How much a change of this fact says; a deeper loop says more. */
export function weightOf(change: FactChange): number {
  if (change.how === "extracted" || change.how === "inlined") return MOVED_WEIGHT;
  const fact = FACTS[change.site.fact] ?? CALL;
  const depth = Math.max(change.site.loopDepth, "base" in change ? change.base.loopDepth : 0);
  const moves = change.how === "into-loop" || change.how === "out-of-loop";
  return fact.weight * (1 + Math.min(depth, 3)) * (moves ? 1.5 : 1);
}
