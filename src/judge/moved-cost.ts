// What code cost that a refactoring gave another name or place: it has moved, and is no change.
//
// Of two functions that the analysis matched (analyze/profile/matching), the part moved that the one
// on base lost and the one on head gained. What is left of either still says what changed. Pooling
// all functions that are gone against all that are new was rejected: what one lost, another did not
// gain.
import type { CostPart, MovedCodeFinding } from "../analyze/profile-finding.ts";
import { declarationName, parseSymbol } from "../pprof/symbol.ts";
import { mean } from "../stats/mean.ts";

type Cut = { base: number; head: number };

/** The parts without what moved, and what did; together they are the parts as they were. */
export function withoutMoved(
  parts: readonly CostPart[],
  moved: readonly Pick<MovedCodeFinding, "how" | "base" | "head">[],
): { readonly rest: readonly CostPart[]; readonly moved: readonly CostPart[] } {
  const byName = new Map(parts.map((part) => [part.function, part]));
  const cuts = new Map<CostPart, Cut>();
  const cutOf = (part: CostPart): Cut => {
    const known = cuts.get(part) ?? { base: 0, head: 0 };
    cuts.set(part, known);
    return known;
  };
  for (const { how, base, head } of moved) {
    // What a wrapper costs is new work: nothing of it was part of what it leads to.
    if (how === "wrapped" || how === "unwrapped") continue;
    const [from, to] = [base, head].map((name) => byName.get(declarationName(parseSymbol(name))));
    if (from === undefined || to === undefined || from === to) continue;
    const [lost, gained] = [cutOf(from), cutOf(to)];
    const sizeNs = Math.min(gainOf(from, "base") - lost.base, gainOf(to, "head") - gained.head);
    if (!(sizeNs > 0)) continue;
    lost.base += sizeNs;
    gained.head += sizeNs;
  }
  const scaled = (part: CostPart, partOf: (cut: number, whole: number) => number): CostPart => {
    const cut = cuts.get(part) ?? { base: 0, head: 0 };
    const side = (of: "base" | "head") => {
      const by = partOf(cut[of], mean(part[of]));
      return part[of].map((ns) => ns * by);
    };
    return { ...part, base: side("base"), head: side("head") };
  };
  return {
    rest: parts.map((part) =>
      cuts.has(part) ? scaled(part, (cut, whole) => (whole > 0 ? 1 - cut / whole : 0)) : part,
    ),
    moved: [...cuts.keys()].map((part) =>
      scaled(part, (cut, whole) => (whole > 0 ? cut / whole : 0)),
    ),
  };
}

/** What a function costs more on one side than on the other: nanoseconds, not below zero. */
function gainOf(part: CostPart, on: "base" | "head"): number {
  const other = on === "base" ? "head" : "base";
  return Math.max(0, mean(part[on]) - mean(part[other]));
}
