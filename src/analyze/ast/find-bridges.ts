// SemanticBridgeBroken: conversions through unsafe.Pointer that the change breaks (probe/bridges.go
// tells them in the source). What base did too is no news, wherever it stands now.
import { expressionText } from "../../goast/expression-text.ts";
import type { Mapping } from "../../goast/mapping.ts";
import { at, factOf, kindOf, labelOf, numbersOf, type Tree } from "../../goast/tree.ts";
import type { BridgeFinding } from "../source-finding.ts";

export type Bridge = Pick<BridgeFinding, "problem" | "text"> & { readonly line: number };

const BROKEN: Readonly<Record<string, string>> = {
  "uintptr-to-pointer":
    "a `uintptr` becomes a pointer again in another expression than it was made in: what it named may have moved or been freed by then (rules 3 and 5 of package unsafe)",
  "string-as-slice":
    "the header of a string is read as that of a slice: whatever stands behind it in memory becomes the capacity (rule 1 of package unsafe)",
  "header-by-hand":
    "a slice or string header is made by hand: the collector does not see the pointer in it (rule 6 of package unsafe)",
};

/** Breaks in a declaration that both sides have. */
export function brokenBridges(mapping: Mapping): Bridge[] {
  const { base, head, toBase } = mapping;
  const old = new Map<string, number>();
  for (const { problem } of bridgesIn(base)) old.set(problem, (old.get(problem) ?? 0) + 1);
  const stayed = (node: number) => {
    const partner = at(toBase, node);
    return partner >= 0 && factOf(base, partner) === factOf(head, node);
  };
  const all = bridgesIn(head);
  const fresh = [...all.filter(({ node }) => !stayed(node))];
  // As many as there were before are those from before, moved or rewritten.
  const known = new Map(old);
  for (const { node, problem } of all) {
    if (stayed(node)) known.set(problem, (known.get(problem) ?? 0) - 1);
  }
  const broken = fresh.filter(({ problem }) => {
    const count = known.get(problem) ?? 0;
    known.set(problem, count - 1);
    return count <= 0;
  });
  return [...broken.map(({ node: _, ...bridge }) => bridge), ...lostSteps(mapping)];
}

/** Breaks in a declaration that only head has. */
export function bridgesOfNew(head: Tree): Bridge[] {
  return bridgesIn(head).map(({ node: _, ...bridge }) => bridge);
}

type FoundBridge = Bridge & { readonly node: number };

function bridgesIn(tree: Tree): FoundBridge[] {
  const broken = numbersOf(tree.words, Object.keys(BROKEN));
  if (broken.size === 0) return [];
  const found: FoundBridge[] = [];
  for (let node = 0; node < tree.size; node++) {
    if (!broken.has(at(tree.fact, node))) continue;
    const fact = factOf(tree, node);
    const text = BROKEN[fact];
    if (text === undefined) continue;
    const problem = fact as BridgeFinding["problem"];
    found.push({ problem, text, line: at(tree.line, node), node });
  }
  return found;
}

/** `(*T)(unsafe.Pointer(x))` that became `(*T)(x)`: another conversion, if it compiles at all. */
function lostSteps({ base, head, toBase }: Mapping): Bridge[] {
  const cast = base.words.numbers.get("pointer-cast");
  if (cast === undefined) return [];
  const found: Bridge[] = [];
  for (let node = 0; node < head.size; node++) {
    const partner = at(toBase, node);
    if (partner < 0 || at(base.fact, partner) !== cast || at(head.fact, node) !== 0) continue;
    if (kindOf(head, node) !== "Call" || kindOf(head, node + 1) !== "Star") continue;
    if (isUnsafe(head, at(head.end, node + 1))) continue;
    const type = expressionText(head, node + 1);
    const text = `a conversion to \`${type}\` lost its step through \`unsafe.Pointer\`: it no longer reads the same memory as another type`;
    found.push({ problem: "lost-step", text, line: at(head.line, node) });
  }
  return found;
}

function isUnsafe(tree: Tree, argument: number): boolean {
  const selector = kindOf(tree, argument) === "Call" ? argument + 1 : argument;
  return kindOf(tree, selector) === "Selector" && labelOf(tree, selector + 1) === "unsafe";
}
