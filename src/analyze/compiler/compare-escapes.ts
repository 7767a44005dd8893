// Heap allocations of one function, base against head, by the compiler's escape decisions.
//
// Multisets of the compiler's sentences are compared, without positions. What differs is then
// paired by its kind of expression, so that a renamed variable or another length is not an escape
// gained and one lost; in a changed function such a pair is told as neutral. Sizes are not known
// here: the measured B/op tell them.
//
// An inlined body brings its allocations to the call site. Where the inlining itself flipped, they
// only moved between caller and callee, and counting them would call every lost inlining an
// improvement of the caller: those are left out.
import type { FlipOf, InlineSides } from "./compare-inlining.ts";
import { atPlaces, type Difference } from "./difference.ts";
import type { Allocation, FunctionDecisions } from "./function-decisions.ts";

export function compareEscapes(sides: InlineSides, flipOf: FlipOf): Difference[] {
  const stayed = (allocation: Allocation) => !hasMovedWithInlining(allocation, sides, flipOf);
  const exact = matchBy(sides.base.heap.filter(stayed), sides.head.heap.filter(stayed), textOf);
  const shape = (allocation: Allocation) => shapeOf(allocation, sides.isType);
  const alike = matchBy(exact.base, exact.head, shape);
  const costs = (side: FunctionDecisions) => (allocation: Allocation) =>
    shape(allocation) !== CONSTANT &&
    !EMPTY_SLICE.test(allocation.subject) &&
    !(allocation.subject === "func literal" && side.captures.size === 0);
  const headRest = alike.head.filter(costs(sides.head));
  const baseRest = alike.base.filter(costs(sides.base));
  return [
    ...(sides.changed ? replaced(alike.pairs.filter((pair) => shape(pair.head) !== CONSTANT)) : []),
    ...byText(headRest).map(([first, count]) => gained(first, count, sides)),
    ...byText(baseRest).map(([first, count]) => lost(first, count, sides)),
  ];
}

/** `[]T{}` points to the runtime's zero-sized object. */
const EMPTY_SLICE = /^\[\][^{]*\{\}$/;

/** One allocation in place of another of its kind, such as a literal for a make. */
function replaced(pairs: readonly AllocationPair[]): Difference[] {
  return pairs.map(({ base, head }) => ({
    decision: "escape",
    direction: "neutral",
    base: base.text,
    head: head.text,
    headLine: head.line,
  }));
}

function gained(first: Allocation, count: number, sides: InlineSides): Difference {
  return {
    decision: "escape",
    direction: "worse",
    base: sides.base.stack.get(first.subject) ?? "",
    head: atPlaces(first.text, count),
    headLine: first.line,
  };
}

function lost(first: Allocation, count: number, sides: InlineSides): Difference {
  return {
    decision: "escape",
    // make(T, 0, n) reserves room for what append then need not allocate: its loss may be either.
    direction: /^make\(.*, 0, .*\)$/.test(first.subject) ? "neutral" : "better",
    base: atPlaces(first.text, count),
    head: sides.head.stack.get(first.subject) ?? "",
    baseLine: first.line,
  };
}

/** "... argument" is the caller's own slice of arguments, whatever happens to the call. */
function hasMovedWithInlining(allocation: Allocation, sides: InlineSides, flipOf: FlipOf): boolean {
  if (allocation.callee === undefined || allocation.subject === "... argument") return false;
  const baseCount = sides.base.calls.get(allocation.callee)?.count;
  const headCount = sides.head.calls.get(allocation.callee)?.count;
  return flipOf(allocation.callee) !== undefined || (!sides.changed && baseCount !== headCount);
}

/** Conversions of constants are constants; the types that have no declaration. */
const BASIC_TYPE =
  /^(string|bool|byte|rune|u?int(8|16|32|64)?|uintptr|float(32|64)|complex(64|128))$/;
const STRING = /^"(?:[^"\\]|\\.)*("|…)?$|^`[^`]*(`|…)?$/;
const NUMBER = /^-?(\d[\w.+]*|'.*')$/;

/** A constant in an interface points to read-only data: it "escapes" without an allocation. */
function isConstant(subject: string, isType: InlineSides["isType"]): boolean {
  const conversion = /^(\w+)\((.*)\)$/.exec(subject);
  if (conversion !== null) {
    const [, name = "", operand = ""] = conversion;
    return (BASIC_TYPE.test(name) || isType(name)) && isConstant(operand, isType);
  }
  return STRING.test(subject) || NUMBER.test(subject) || /^(true|false|nil)$/.test(subject);
}

const CONSTANT = "constant";

/** The kind of expression that allocates. */
function shapeOf({ subject, text }: Allocation, isType: InlineSides["isType"]): string {
  if (text.startsWith("moved to heap")) return "moved to heap";
  if (isConstant(subject, isType)) return CONSTANT;
  if (/^(make\()?(\[|map\[)/.test(subject)) return "slice or map";
  if (/^(make|new|append)\b/.test(subject)) return subject.replace(/\W.*$/, "");
  if (/^(func literal|\.\.\. argument)$/.test(subject)) return subject;
  if (/^&.*\{/.test(subject)) return "pointer to literal";
  if (/^\(?(string|\[\](byte|rune))\)?\(/.test(subject)) return "conversion";
  return subject.includes(" + ") ? "concatenation" : "value";
}

function textOf(allocation: Allocation): string {
  return allocation.text;
}

type AllocationPair = { readonly base: Allocation; readonly head: Allocation };

type Matched = {
  readonly pairs: readonly AllocationPair[];
  readonly base: readonly Allocation[];
  readonly head: readonly Allocation[];
};

/** Pairs equal keys in order, as many as both sides have; the rest is left over. */
function matchBy(
  base: readonly Allocation[],
  head: readonly Allocation[],
  key: (allocation: Allocation) => string,
): Matched {
  const waiting = new Map<string, Allocation[]>();
  for (const allocation of base) {
    const queue = waiting.get(key(allocation));
    if (queue === undefined) waiting.set(key(allocation), [allocation]);
    else queue.push(allocation);
  }
  for (const queue of waiting.values()) queue.reverse(); // So that pop() keeps the order.
  const pairs: AllocationPair[] = [];
  const rest: Allocation[] = [];
  for (const allocation of head) {
    const partner = waiting.get(key(allocation))?.pop();
    if (partner === undefined) rest.push(allocation);
    else pairs.push({ base: partner, head: allocation });
  }
  return { pairs, base: [...waiting.values()].flatMap((queue) => queue.reverse()), head: rest };
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
