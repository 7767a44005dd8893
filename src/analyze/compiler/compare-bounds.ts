// Bounds checks that the compiler kept in one function, base against head, by count.
//
// Checks in inlined bodies are printed in the caller, so an unchanged function is compared only
// when the same calls are inlined into it.
import { hasSameCalls, type InlineSides } from "./compare-inlining.ts";
import { atPlaces, type Difference } from "./difference.ts";

export function compareBounds(sides: InlineSides): Difference[] {
  if (!sides.changed && !hasSameCalls(sides)) return [];
  const differences: Difference[] = [];
  for (const text of new Set([...sides.base.bounds.keys(), ...sides.head.bounds.keys()])) {
    const base = sides.base.bounds.get(text);
    const head = sides.head.bounds.get(text);
    const baseCount = base?.count ?? 0;
    const headCount = head?.count ?? 0;
    if (baseCount === headCount) continue;
    differences.push({
      decision: "bounds-check",
      direction: headCount > baseCount ? "worse" : "better",
      base: atPlaces(text, baseCount),
      head: atPlaces(text, headCount),
      ...(head === undefined ? {} : { headLine: head.line }),
      ...(base === undefined ? {} : { baseLine: base.line }),
    });
  }
  return differences;
}
