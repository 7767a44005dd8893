// Heap allocations of one function, base against head, by the compiler's escape decisions.
//
// Multisets of the compiler's sentences are compared, without positions. What differs is then
// paired by its kind of expression, so that a renamed variable or another length is not an escape
// gained and one lost. Sizes are not known here: the measured B/op tell them.
//
// An inlined body brings its allocations to the call site. Where the inlining itself flipped, they
// only moved between caller and callee, and counting them would call every lost inlining an
// improvement of the caller: those are left out.
import type { FlipOf, InlineSides } from "./compare-inlining.ts";
import { atPlaces, type Difference } from "./difference.ts";
import type { Allocation, FunctionDecisions } from "./function-decisions.ts";

export function compareEscapes(sides: InlineSides, flipOf: FlipOf): Difference[] {
  const onlyMoved = (allocation: Allocation) => hasMovedWithInlining(allocation, sides, flipOf);
  const counts = (allocation: Allocation) =>
    !isConstant(allocation.subject) && !onlyMoved(allocation);
  const exact = withoutCommon(
    sides.base.heap.filter(counts),
    sides.head.heap.filter(counts),
    (allocation) => allocation.text,
  );
  const { base, head } = withoutCommon(exact.base, exact.head, (allocation) => shapeOf(allocation));
  return [
    ...byText(head).map(
      ([first, count]): Difference => ({
        decision: "escape",
        direction: "worse",
        base: sides.base.stack.get(first.subject) ?? "",
        head: atPlaces(first.text, count),
        headLine: first.line,
      }),
    ),
    ...byText(base).map(
      ([first, count]): Difference => ({
        decision: "escape",
        direction: "better",
        base: atPlaces(first.text, count),
        head: sides.head.stack.get(first.subject) ?? "",
        baseLine: first.line,
      }),
    ),
  ];
}

/** "... argument" is the caller's own slice of arguments, whatever happens to the call. */
function hasMovedWithInlining(allocation: Allocation, sides: InlineSides, flipOf: FlipOf): boolean {
  if (allocation.callee === undefined || allocation.subject === "... argument") return false;
  const baseCount = sides.base.calls.get(allocation.callee)?.count;
  const headCount = sides.head.calls.get(allocation.callee)?.count;
  return flipOf(allocation.callee) !== undefined || (!sides.changed && baseCount !== headCount);
}

const STRING = /^"(?:[^"\\]|\\.)*("|…)?$|^`[^`]*(`|…)?$/;
const NUMBER = /^-?(\d[\w.+]*|'.*')$/;

/** A constant in an interface points to read-only data: it "escapes" without an allocation. */
function isConstant(subject: string): boolean {
  return STRING.test(subject) || NUMBER.test(subject) || /^(true|false|nil)$/.test(subject);
}

/** The kind of expression that allocates. */
function shapeOf(allocation: Allocation): string {
  const { subject, text } = allocation;
  if (text.startsWith("moved to heap")) return "moved to heap";
  if (/^(make|new|append)\b/.test(subject)) return subject.replace(/\W.*$/, "");
  if (/^(func literal|\.\.\. argument)$/.test(subject)) return subject;
  if (/^&.*\{/.test(subject)) return "pointer to literal";
  if (/^(\[|map\[).*\{/.test(subject)) return "slice or map literal";
  if (/^\(?(string|\[\](byte|rune))\)?\(/.test(subject)) return "conversion";
  return subject.includes(" + ") ? "concatenation" : "value";
}

/** Takes equal keys out of both lists, as many as both have. */
function withoutCommon(
  base: readonly Allocation[],
  head: readonly Allocation[],
  key: (allocation: Allocation) => string,
): { base: Allocation[]; head: Allocation[] } {
  const counts = new Map<string, number>();
  for (const allocation of base)
    counts.set(key(allocation), (counts.get(key(allocation)) ?? 0) + 1);
  const common = new Map<string, number>();
  const headRest = head.filter((allocation) => {
    const left = counts.get(key(allocation)) ?? 0;
    if (left === 0) return true;
    counts.set(key(allocation), left - 1);
    common.set(key(allocation), (common.get(key(allocation)) ?? 0) + 1);
    return false;
  });
  const baseRest = base.filter((allocation) => {
    const left = common.get(key(allocation)) ?? 0;
    common.set(key(allocation), left - 1);
    return left <= 0;
  });
  return { base: baseRest, head: headRest };
}

function byText(allocations: readonly Allocation[]): [first: Allocation, count: number][] {
  const groups = new Map<string, [Allocation, number]>();
  for (const allocation of allocations) {
    const group = groups.get(allocation.text);
    if (group === undefined) groups.set(allocation.text, [allocation, 1]);
    else group[1]++;
  }
  return [...groups.values()];
}

/**
 * Parameters that leak further than before, or less far. Neutral: a leak costs nothing where it
 * happens, it makes the callers' values allocation, and those are findings of the callers.
 */
export function compareLeaks(sides: InlineSides): Difference[] {
  const names = new Set([...sides.base.leaks.keys(), ...sides.head.leaks.keys()]);
  const differences: Difference[] = [];
  for (const name of names) {
    const base = furthestLeak(sides.base, name);
    const head = furthestLeak(sides.head, name);
    // Silence is no decision: the parameter has another name or type on that side.
    if (base === undefined || head === undefined || base.reach === head.reach) continue;
    const headLine = sides.head.leaks.get(name)?.line;
    differences.push({
      decision: "escape",
      direction: "neutral",
      base: base.text,
      head: head.text,
      ...(headLine === undefined ? {} : { headLine }),
    });
  }
  return differences;
}

function furthestLeak(
  side: FunctionDecisions,
  name: string,
): { reach: number; text: string } | undefined {
  const texts = side.leaks.get(name)?.texts;
  if (texts === undefined) {
    const text = side.stack.get(name);
    return text === undefined ? undefined : { reach: 0, text };
  }
  return texts
    .map((text) => ({ reach: reachOf(text), text }))
    .reduce((furthest, leak) => (leak.reach > furthest.reach ? leak : furthest));
}

function reachOf(text: string): number {
  if (text.includes(" to result ")) return 1;
  return text.startsWith("leaking param content") ? 2 : 3;
}
