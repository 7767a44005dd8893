// The compiler's decisions of one side, gathered by the declaration they were taken in.
//
// A decision at one position is counted once: the same source is compiled several times (plain, for
// its test, for other packages' tests, for each shape of type arguments) and prints the same each
// time. A call that was inlined stands at its call site together with everything inlined inside
// it; only the outermost is kept as a call, the inner ones are decisions of the callee.
import { type DeclarationIndex, type DeclarationSite, locate } from "../../goast/locate.ts";
import type { Declaration } from "../../goast/syntax.ts";
import type { Optimization } from "./parse-optimizations.ts";

/** At how many places the compiler said it, and the line of the first. */
export type Places = { readonly count: number; readonly line: number };

export type Allocation = {
  readonly subject: string;
  readonly text: string;
  readonly line: number;
  /** The inlined call at the same position: then the allocation may stand in the callee's body. */
  readonly callee: string | undefined;
};

type Inlining = { readonly can: boolean; readonly text: string };

export type FunctionDecisions = {
  /** By role: "" is the function itself, ".func1" a literal in it. */
  readonly inlining: Map<string, Inlining>;
  /** By callee. */
  readonly calls: Map<string, Places>;
  readonly heap: Allocation[];
  /** The compiler's words by subject. */
  readonly stack: Map<string, string>;
  /** The compiler's words by parameter, in the order of the text. */
  readonly leaks: Map<string, { texts: string[]; line: number }>;
  readonly bounds: Map<string, Places>;
  /** Variables that function literals keep; without any, the literals are constants. */
  readonly captures: Set<string>;
};

export type SideDecisions = {
  readonly byDeclaration: ReadonlyMap<Declaration, FunctionDecisions>;
  readonly locatedCount: number;
  /** Decisions at lines that no declaration of the syntax covers. */
  readonly unlocatedCount: number;
};

export const NO_DECISIONS: FunctionDecisions = emptyDecisions();

/** @param dirOf folder of a package relative to the repository's root, by import path. */
export function gatherDecisions(
  records: readonly Optimization[],
  index: DeclarationIndex,
  dirOf: (importPath: string) => string | undefined,
): SideDecisions {
  const located: { record: Optimization; site: DeclarationSite }[] = [];
  let unlocatedCount = 0;
  for (const record of records) {
    const dir = dirOf(record.package);
    const path = dir === undefined || dir === "." ? record.file : `${dir}/${record.file}`;
    const site = dir === undefined ? undefined : locate(index, path, record.line);
    if (site === undefined) unlocatedCount++;
    else located.push({ record, site });
  }
  const byDeclaration = new Map<Declaration, FunctionDecisions>();
  const calleeAt = outermostCalls(located);
  const seen = new Set<string>();
  for (const { record, site } of located) {
    const place = placeOf(record);
    const { decision } = record;
    const words = decision.kind === "inlined-call" ? decision.callee : decision.text;
    const key = `${place}\0${decision.kind}\0${words}`;
    if (seen.has(key)) continue;
    seen.add(key);
    let decisions = byDeclaration.get(site.declaration);
    if (decisions === undefined) {
      decisions = emptyDecisions();
      byDeclaration.set(site.declaration, decisions);
    }
    add(decisions, record, { name: site.declaration.name, callee: calleeAt.get(place) });
  }
  return { byDeclaration, locatedCount: located.length, unlocatedCount };
}

function emptyDecisions(): FunctionDecisions {
  return {
    inlining: new Map(),
    calls: new Map(),
    heap: [],
    stack: new Map(),
    leaks: new Map(),
    bounds: new Map(),
    captures: new Set(),
  };
}

function placeOf(record: Optimization): string {
  return `${record.package}/${record.file}:${record.line}:${record.column}`;
}

/** The compiler prints a call before those it finds in the inlined body. */
function outermostCalls(located: readonly { record: Optimization }[]): Map<string, string> {
  const calleeAt = new Map<string, string>();
  for (const { record } of located) {
    if (record.decision.kind !== "inlined-call") continue;
    const place = placeOf(record);
    if (!calleeAt.has(place)) calleeAt.set(place, withoutLiteralNumber(record.decision.callee));
  }
  return calleeAt;
}

/** "f.func2" is the second literal of f: numbers shift when one is added above. */
function withoutLiteralNumber(callee: string): string {
  return callee.replace(/\.func\d+(\.\d+)*/g, ".func");
}

type Context = { readonly name: string; readonly callee: string | undefined };

function add(into: FunctionDecisions, record: Optimization, context: Context): void {
  const { decision, line } = record;
  switch (decision.kind) {
    case "can-inline":
    case "cannot-inline":
      addInlining(into, roleOf(decision.name, context.name), {
        can: decision.kind === "can-inline",
        text: decision.text,
      });
      break;
    case "inlined-call":
      // A generic function "inlines itself" into its wrapper, which stands at the same line.
      if (decision.callee !== context.name && isOutermost(decision.callee, context)) {
        countUp(into.calls, withoutLiteralNumber(decision.callee), line);
      }
      break;
    case "heap":
      into.heap.push({
        subject: decision.subject,
        text: decision.text,
        line,
        callee: context.callee,
      });
      break;
    case "stack":
      into.stack.set(decision.subject, decision.text);
      break;
    case "leak": {
      const leaks = into.leaks.get(decision.subject);
      if (leaks === undefined) into.leaks.set(decision.subject, { texts: [decision.text], line });
      else leaks.texts.push(decision.text);
      break;
    }
    case "capture":
      into.captures.add(decision.text);
      break;
    case "bounds-check":
      countUp(into.bounds, decision.text, line);
      break;
  }
}

function isOutermost(callee: string, context: Context): boolean {
  return withoutLiteralNumber(callee) === context.callee;
}

function roleOf(name: string, declaration: string): string {
  return name.startsWith(declaration) ? name.slice(declaration.length) : name;
}

/** Bodies for different type arguments may be decided differently: then the dearer one is kept. */
function addInlining(into: FunctionDecisions, role: string, inlining: Inlining): void {
  const known = into.inlining.get(role);
  if (known === undefined || (known.can && !inlining.can)) into.inlining.set(role, inlining);
}

function countUp(counts: Map<string, Places>, key: string, line: number): void {
  const known = counts.get(key);
  counts.set(key, { count: (known?.count ?? 0) + 1, line: known?.line ?? line });
}
