// Inlining of one function, base against head: may it be inlined, and what was inlined into it.
//
// A function whose source is unchanged and that loses an inlined call lost it because of the
// callee: that call now costs. In a changed function a vanished "inlining call to" usually means
// that the call itself is gone, so it counts only where the callee's own decision flipped.
import type { DecisionFinding } from "../source-finding.ts";
import { atPlaces, type Difference } from "./difference.ts";
import type { FunctionDecisions, Places } from "./function-decisions.ts";

export type Flip = DecisionFinding["direction"];

/** How the decision about a callee flipped, if it did; asked from inside one package. */
export type FlipOf = (callee: string) => Flip | undefined;

export type InlineSides = {
  readonly base: FunctionDecisions;
  readonly head: FunctionDecisions;
  /** Whether the source of the function changed. */
  readonly changed: boolean;
  /** Whether a name is a type of the function's package, so that `name(1)` converts. */
  readonly isType: (name: string) => boolean;
};

/** The function itself: "worse" when it may no longer be inlined, "neutral" when only costs moved. */
export function compareInlining(sides: InlineSides): Difference[] {
  const literals = (side: FunctionDecisions) => side.inlining.size - Number(side.inlining.has(""));
  const sameLiterals = literals(sides.base) === literals(sides.head);
  const differences: Difference[] = [];
  for (const [role, base] of sides.base.inlining) {
    const head = sides.head.inlining.get(role);
    if (head === undefined || base.text === head.text) continue;
    // Literals are numbered: with one more or less, ".func1" is another one on each side.
    if (role !== "" && (!sameLiterals || base.can === head.can)) continue;
    if (base.can === head.can && !sides.changed) continue;
    differences.push({
      decision: "inlining",
      direction: base.can === head.can ? "neutral" : head.can ? "better" : "worse",
      base: base.text,
      head: head.text,
    });
  }
  return differences;
}

const NEVER: Places = { count: 0, line: 0 };

/** Calls that are inlined at fewer places than before ("worse") or at more ("better"). */
export function compareCalls(sides: InlineSides, flipOf: FlipOf): Difference[] {
  const callees = new Set([...sides.base.calls.keys(), ...sides.head.calls.keys()]);
  const differences: Difference[] = [];
  for (const callee of callees) {
    const base = sides.base.calls.get(callee) ?? NEVER;
    const head = sides.head.calls.get(callee) ?? NEVER;
    if (base.count === head.count) continue;
    const direction = head.count < base.count ? "worse" : "better";
    if (sides.changed && flipOf(callee) !== direction) continue;
    const text = `inlining call to ${callee}`;
    differences.push({
      decision: "inlined-call",
      direction,
      base: atPlaces(text, base.count),
      head: atPlaces(text, head.count),
      ...(direction === "worse" ? { baseLine: base.line } : { headLine: head.line }),
    });
  }
  return differences;
}

/** Whether the same calls are inlined on both sides. */
export function hasSameCalls(sides: InlineSides): boolean {
  if (sides.base.calls.size !== sides.head.calls.size) return false;
  return [...sides.base.calls].every(
    ([callee, calls]) => sides.head.calls.get(callee)?.count === calls.count,
  );
}
