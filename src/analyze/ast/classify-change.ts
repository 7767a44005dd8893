// What changed in one declaration, for a reader: the most telling first, a count of statements last.
import { editScript } from "../../goast/edit-script.ts";
import type { Mapping } from "../../goast/mapping.ts";
import { at, kindOf, labelOf, type Tree } from "../../goast/tree.ts";
import type { SyntaxChange } from "../source-finding.ts";
import type { Position } from "../subject.ts";
import { fieldChanges } from "./classify-fields.ts";
import { signatureChanges } from "./classify-signature.ts";
import { compareFacts, type FactChange, weightOf } from "./compare-facts.ts";
import { factWords, type SpecialChange } from "./fact-words.ts";
import { NO_OTHERS, type OtherFunctions } from "./other-functions.ts";
import { specialChanges } from "./special-changes.ts";

/** Of each direction. More is a rewrite: then the first few say so. */
const MOST_CHANGES = 5;

/**
 * @param files the file on each side; lines are those of the trees.
 * @param others as compareFacts takes it.
 */
export function classifyChange(
  mapping: Mapping,
  files: Readonly<Record<"base" | "head", string>>,
  others: OtherFunctions = NO_OTHERS,
): SyntaxChange[] {
  const { base, head } = mapping;
  const { special, rest } = specialChanges(mapping, compareFacts(mapping, others));
  const facts = bySentence(rest).map(({ first, places }): SpecialChange => {
    const side = first.how === "removed" || first.how === "inlined" ? "base" : "head";
    return { ...factWords(first, places), weight: weightOf(first), line: first.site.line, side };
  });
  const declared = [
    ...placeChange(base, head),
    ...signatureChanges(base, head, others.names),
    ...fieldChanges(base, head, others.names),
  ];
  const all = [...special, ...facts, ...declared];
  const ordered = all.sort((a, b) => b.weight - a.weight || a.line - b.line);
  const distinct = [...new Map(ordered.map((change) => [change.text, change])).values()];
  const told = { worse: 0, better: 0, neutral: 0 };
  const kept = distinct.filter(({ direction }) => ++told[direction] <= MOST_CHANGES);
  return [...kept, ...statementCount(mapping)].map(({ group, direction, text, line, side }) => {
    const position: Position = { file: files[side], line: Math.max(1, line) };
    return { group, direction, text, position, side };
  });
}

/** Changes that are told in the same words are told once, at the first place. */
function bySentence(changes: readonly FactChange[]) {
  const sentences = new Map<string, { first: FactChange; places: number }>();
  for (const change of changes) {
    const { text } = factWords(change);
    const known = sentences.get(text) ?? { first: change, places: 0 };
    if (change.site.line < known.first.site.line) known.first = change;
    known.places++;
    sentences.set(text, known);
  }
  return [...sentences.values()];
}

/** A constant made with iota is another number when its place among the others is another. */
function placeChange(base: Tree, head: Tree): SpecialChange[] {
  const [kind, ...from] = labelOf(base, 0).split("\0");
  const to = labelOf(head, 0).split("\0").slice(1);
  if (kind !== "const" || from.join() === to.join()) return [];
  const text = "its place among the constants around it, and so its number, is another";
  return [
    { group: "other", direction: "neutral", text, weight: 1, line: at(head.line, 0), side: "head" },
  ];
}

const STATEMENTS = new Set([
  "Expression",
  "Assign",
  "IncDec",
  "Return",
  "If",
  "For",
  "Range",
  "Switch",
  "TypeSwitch",
  "Select",
  "Defer",
  "Go",
  "Send",
  "Branch",
  "Declaration",
]);

/** "3 statements were added and 1 was removed", at the first place where something changed. */
function statementCount(mapping: Mapping): SpecialChange[] {
  const { base, head } = mapping;
  const counts = { insert: 0, delete: 0, update: 0, move: 0 };
  const touched = new Set<number>();
  let line = 0;
  for (const edit of editScript(mapping).edits) {
    const isHead = edit.kind !== "delete";
    const [tree, node] = isHead ? [head, edit.head] : [base, edit.base];
    if (isHead && (line === 0 || at(tree.line, node) < line)) line = at(tree.line, node);
    const isStatement = STATEMENTS.has(kindOf(tree, node));
    if (isStatement && (edit.kind === "insert" || edit.kind === "delete")) counts[edit.kind]++;
    else if (edit.kind === "move" && isStatement) counts.move++;
    else if (isHead) touched.add(statementOf(tree, node));
    // What is gone from a statement that stayed.
    else touched.add(at(mapping.toHead, statementOf(tree, node)));
  }
  // The root is no statement; what stands in an inserted statement is counted with it.
  counts.update = [...touched].filter((node) => node > 0 && at(mapping.toBase, node) >= 0).length;
  const parts = [
    [counts.insert, "added"],
    [counts.delete, "removed"],
    [counts.update, "edited"],
    [counts.move, "moved"],
  ] as const;
  const said = parts.filter(([count]) => count > 0).map(([count, what]) => `${count} ${what}`);
  if (said.length === 0) return [];
  const text = `statements: ${said.join(", ")}`;
  return [{ group: "other", direction: "neutral", text, weight: 0, line, side: "head" }];
}

/** The statement a node belongs to; 0 where it stands in none. */
function statementOf(tree: Tree, node: number): number {
  let up = node;
  while (up > 0 && !STATEMENTS.has(kindOf(tree, up))) up = at(tree.parent, up);
  return up;
}
