// What a function no longer does itself, because one that it calls does it; and the other way round.
//
// A call of a function that is new takes the place of what that function does, where at least half
// of that is gone here: then a part was extracted. A call of a function that is gone gave way to what
// it did: then it was inlined by hand. Both are as much work as before, but for what only one has.
import { ownName } from "../../goast/own-name.ts";
import type { FactSite } from "./fact-sites.ts";
import type { BodyOf, OtherFunctions } from "./other-functions.ts";

/** Part of what the other function does that must be found here. */
const FOUND = 0.5;

export type MovedFacts = {
  readonly how: "extracted" | "inlined";
  /** The call: on head of what was extracted, on base of what was inlined. */
  readonly site: FactSite;
  /** What the called function does and this one does not. */
  readonly rest: readonly FactSite[];
};

type Left = { base: FactSite[]; head: FactSite[] };

/** Takes out of `left` the calls, and the facts that moved with them. */
export function takeMoved(left: Left, { added, removed }: OtherFunctions): MovedFacts[] {
  const extracted = takeCalls({ calls: left.head, facts: left.base, bodyOf: added });
  left.head = extracted.calls;
  left.base = extracted.facts;
  const found = extracted.found.map((at) => takeInlinedThere(at, left, removed));
  const inlined = takeCalls({ calls: left.base, facts: left.head, bodyOf: removed });
  left.base = inlined.calls;
  left.head = inlined.facts;
  return [
    ...found.map((at) => ({ how: "extracted", ...at }) as const),
    ...inlined.found.map((at) => ({ how: "inlined", ...at }) as const),
  ];
}

type Found = Omit<MovedFacts, "how">;

/** What is called no longer, because the extracted function does what it did, is no more work there. */
function takeInlinedThere({ site, rest }: Found, left: Left, removed: BodyOf): Found {
  let more = [...rest];
  left.base = left.base.filter((call) => {
    const body = call.fact === "call" ? removed(ownName(call.detail)) : undefined;
    if (body === undefined) return true;
    const found = matchBody(body, call.loopDepth - site.loopDepth, more);
    if (found.matched.size === 0 || found.rest.length > 0) return true;
    more = more.filter((fact) => !found.matched.has(fact));
    return false;
  });
  return { site, rest: more };
}

type Sites = {
  readonly calls: readonly FactSite[];
  readonly facts: readonly FactSite[];
  readonly bodyOf: BodyOf;
};

function takeCalls({ calls, facts, bodyOf }: Sites) {
  const found: Found[] = [];
  const known = new Set<string>();
  let left = [...facts];
  const kept = calls.filter((call) => {
    const name = ownName(call.detail);
    const body = call.fact === "call" ? bodyOf(name) : undefined;
    if (body === undefined) return true;
    const { matched, rest } = matchBody(body, call.loopDepth, left);
    // A second call of what was extracted takes what is there, be it less.
    if (!known.has(name) && (matched.size === 0 || matched.size < body.length * FOUND)) return true;
    left = left.filter((site) => !matched.has(site));
    if (!known.has(name)) found.push({ site: call, rest });
    known.add(name);
    return false;
  });
  return { calls: kept, facts: left, found };
}

/** One fact of `left` for each of the body's that is alike and stands in as many loops. */
function matchBody(body: readonly FactSite[], depth: number, left: readonly FactSite[]) {
  const matched = new Set<FactSite>();
  const rest = body.filter((of) => {
    const site = left.find(
      (at) => !matched.has(at) && at.loopDepth === depth + of.loopDepth && isAlike(at, of),
    );
    if (site !== undefined) matched.add(site);
    return site === undefined;
  });
  return { matched, rest };
}

/** What is called has other names as well: its receiver was a field here, and is a parameter there. */
function isAlike(a: FactSite, b: FactSite): boolean {
  return a.fact === b.fact && (a.fact !== "call" || ownName(a.detail) === ownName(b.detail));
}
