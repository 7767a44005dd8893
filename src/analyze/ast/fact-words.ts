// The sentence for a fact that changed.

import type { SyntaxChange } from "../source-finding.ts";
import type { FactChange } from "./compare-facts.ts";
import { CALL, FACTS } from "./fact-catalog.ts";
import type { FactSite } from "./fact-sites.ts";
import type { MovedFacts } from "./moved-facts.ts";

export type FactWords = Pick<SyntaxChange, "group" | "direction" | "text">;

/** A change with its place and its weight among the others of its declaration. */
export type SpecialChange = FactWords & {
  readonly weight: number;
  readonly line: number;
  readonly side: "base" | "head";
};

/**
 * "a lock (`p.mu.Lock`) was added inside the loop".
 * @param places how many such changes there are in the declaration.
 */
export function factWords(change: FactChange, places = 1): FactWords {
  const { site } = change;
  const { group, saves } = FACTS[site.fact] ?? CALL;
  const costs = saves === undefined;
  const often = places === 1 ? "" : ` in ${places} places`;
  switch (change.how) {
    case "added":
      return {
        group,
        direction: costs ? "worse" : "better",
        text: `${nounOf(site)} was added${often}${inLoop(site)}`,
      };
    case "removed":
      return {
        group,
        direction: costs ? "better" : "worse",
        text: `${nounOf(site)} was removed${often}${fromLoop(site)}`,
      };
    case "into-loop":
      return {
        group,
        direction: costs ? "worse" : "neutral",
        text: `${nounOf(site)} moved into ${the(site)}`,
      };
    case "out-of-loop":
      return {
        group,
        direction: costs ? "better" : "neutral",
        text: `${nounOf(site)} moved out of ${the(change.base)}`,
      };
    case "extracted":
    case "inlined":
      return movedWords(change);
    case "replaced":
      return {
        group,
        direction: "neutral",
        text: `a call of ${quoted(change.base.detail)} became one of ${quoted(site.detail)}${inLoop(site)}`,
      };
  }
}

/** As much work as before, but for what only the other function does. */
function movedWords({ how, site, rest }: MovedFacts): FactWords {
  const group = CALL.group;
  const [more] = rest.toSorted((a, b) => weight(b) - weight(a));
  if (how === "inlined") {
    const part = more === undefined ? "" : "a part of ";
    const text = `a call of ${quoted(site.detail)}, which is gone, became ${part}what it did`;
    return { group, direction: more === undefined ? "neutral" : "better", text };
  }
  const text = `a part of it moved into ${quoted(site.detail)}, which is new`;
  return more === undefined
    ? { group, direction: "neutral", text }
    : { group, direction: "worse", text: `${text} and does more: ${nounOf(more)}` };
}

function weight({ fact }: FactSite): number {
  return (FACTS[fact] ?? CALL).weight;
}

/** A call of the function that it stands in. */
function quoted(name: string): string {
  return name === "itself" ? name : `\`${name}\``;
}

/** The name stands in it where one was read: "a call of `validate`", "formatting (`fmt.Sprint`)". */
function nounOf({ fact, detail }: FactSite): string {
  const known = FACTS[fact];
  if (known === undefined) return detail === "" ? CALL.noun : `${CALL.noun} of ${quoted(detail)}`;
  const says =
    detail !== "" && detail !== "…" && !/^(append|copy|delete|close|recover|string)$/.test(detail);
  return says ? `${known.noun} (\`${detail}\`)` : known.noun;
}

function inLoop(site: FactSite): string {
  return site.loopDepth === 0 ? "" : ` inside ${the(site)}`;
}

function fromLoop(site: FactSite): string {
  return site.loopDepth === 0 ? "" : ` from ${the(site)}`;
}

function the(site: FactSite): string {
  return site.loopDepth > 1 ? "nested loops" : "the loop";
}
