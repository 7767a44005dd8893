// Gathers what is known of each function: did it change, did the compiler decide otherwise about
// it, did its share of a benchmark's time move, does it stand on the stack that grew?
import type {
  DecisionFinding,
  DeclarationFinding,
  Finding,
  FunctionShareFinding,
  Position,
  StackFinding,
} from "../analyze/finding.ts";

/** A function under suspicion, by its full name as the runtime prints it. */
export type Suspect = {
  readonly function: string;
  readonly package: string;
  /** Without the package: "(*Parser).skip". */
  readonly name: string;
  readonly declarations: readonly DeclarationFinding[];
  readonly decisions: readonly DecisionFinding[];
};

/** All functions that changed or about which the compiler changed its mind; tests left out. */
export function gatherSuspects(findings: readonly Finding[]): Suspect[] {
  const byName = new Map<string, { -readonly [K in keyof Suspect]: Suspect[K] }>();
  const at = (importPath: string, name: string) => {
    const full = `${importPath}.${name}`;
    const known = byName.get(full);
    if (known !== undefined) return known;
    const fresh = { function: full, package: importPath, name, declarations: [], decisions: [] };
    byName.set(full, fresh);
    return fresh;
  };
  for (const finding of findings) {
    if (finding.kind === "declaration" && !isTest(finding.head ?? finding.base)) {
      const suspect = at(finding.package, finding.function);
      suspect.declarations = [...suspect.declarations, finding];
    } else if (finding.kind === "decision" && !isTest(finding.position)) {
      const suspect = at(finding.package, finding.function);
      suspect.decisions = [...suspect.decisions, finding];
    }
  }
  return [...byName.values()];
}

function isTest(position: Position | undefined): boolean {
  return position?.file.endsWith("_test.go") === true;
}

/** What the profiles of one benchmark say about functions, by full name. */
export type ProfileView = {
  readonly shares: ReadonlyMap<string, FunctionShareFinding>;
  readonly stacks: readonly StackFinding[];
  /** Functions on a stack that moved; the value is its depth from the leaf, 0 is the leaf. */
  readonly depthOnStack: ReadonlyMap<string, number>;
};

/** The profile findings of one benchmark; all empty where no profile was taken. */
export function profileView(
  findings: readonly Finding[],
  benchmark: { readonly cell: string; readonly package: string; readonly name: string },
): ProfileView {
  const shares = new Map<string, FunctionShareFinding>();
  const stacks: StackFinding[] = [];
  for (const finding of findings) {
    if (finding.kind !== "function-share" && finding.kind !== "stack") continue;
    const of = finding.benchmark;
    if (of.name !== benchmark.name || of.package !== benchmark.package) continue;
    if (of.cell !== benchmark.cell) continue;
    if (finding.kind === "stack") stacks.push(finding);
    else shares.set(finding.function, finding);
  }
  const depthOnStack = new Map<string, number>();
  for (const stack of stacks) {
    for (const [depth, frame] of stack.frames.entries()) {
      const known = depthOnStack.get(frame.function);
      if (known === undefined || depth < known) depthOnStack.set(frame.function, depth);
    }
  }
  return { shares, stacks, depthOnStack };
}
