// Which functions each benchmark can reach, inlined ones included.
//
// The symbols say which compiled functions differ and are reached (plan/reached-changes.ts). A
// function that was inlined everywhere has no symbol: whoever it was inlined into differs in its
// place. The compiler's text names what went into each function, and that is followed here, on both
// sides, because an inlining may be what was lost.
import type { PackageRecord } from "../../evidence/manifest.ts";
import type { DeclarationSite } from "../../goast/locate.ts";
import type { ReachFinding } from "../source-finding.ts";
import type { SideDecisions } from "./function-decisions.ts";

export type Inlined = {
  readonly base: SideDecisions;
  readonly head: SideDecisions;
  /** Every declaration of both sides. */
  readonly sites: readonly DeclarationSite[];
  readonly packageOf: (site: DeclarationSite) => string;
};

export function reachedFunctions(
  records: readonly PackageRecord[],
  inlined: Inlined,
): ReachFinding[] {
  if (records.every(({ reached }) => reached === undefined)) return [];
  const callees = inlinedCallees(inlined);
  return records.flatMap(({ cell, importPath, reached = {} }) =>
    Object.entries(reached).map(([name, direct]): ReachFinding => {
      // External tests are told under the package they test, as everywhere else.
      const own = (names: readonly string[]) =>
        names.map((full) => full.replace(`${importPath}_test.`, `${importPath}.`));
      const called = closure([...own(direct.called), `${importPath}.${name}`], callees);
      const isCalled = new Set(called);
      const possible = closure(own(direct.possible), callees).filter((at) => !isCalled.has(at));
      return { kind: "reach", cell, package: importPath, function: name, called, possible };
    }),
  );
}

/** All that is reached from the first ones, each once. */
function closure(
  first: readonly string[],
  next: ReadonlyMap<string, ReadonlySet<string>>,
): string[] {
  const reached = new Set(first);
  for (const name of reached) for (const callee of next.get(name) ?? []) reached.add(callee);
  return [...reached];
}

/** Full names of what was inlined into each function, by its full name. */
function inlinedCallees({
  base,
  head,
  sites,
  packageOf,
}: Inlined): Map<string, ReadonlySet<string>> {
  const fullNames = new Map<string, string[]>();
  const note = (key: string, full: string) =>
    fullNames.set(key, [...(fullNames.get(key) ?? []), full]);
  for (const site of sites) {
    if (site.declaration.kind !== "func") continue;
    const path = packageOf(site);
    const { name } = site.declaration;
    // The compiler spells a function of another package with the last element of its path.
    note(`${path}\0${name}`, `${path}.${name}`);
    note(`${path.slice(path.lastIndexOf("/") + 1)}.${name}`, `${path}.${name}`);
  }
  const callees = new Map<string, Set<string>>();
  for (const site of sites) {
    const path = packageOf(site);
    const full = `${path}.${site.declaration.name}`;
    for (const side of [base, head]) {
      for (const callee of side.byDeclaration.get(site.declaration)?.calls.keys() ?? []) {
        const names = fullNames.get(`${path}\0${callee}`) ?? fullNames.get(callee) ?? [];
        const known = callees.get(full) ?? new Set();
        callees.set(full, known);
        for (const name of names) known.add(name);
      }
    }
  }
  return callees;
}
