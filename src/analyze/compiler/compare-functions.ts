// Compares the decisions about every function of both sides and says where each difference is.
import type { DeclarationPair, DeclarationSite } from "../../goast/locate.ts";
import { hasChanged, type Pairing } from "../../goast/pair.ts";
import type { DecisionFinding } from "../source-finding.ts";
import { compareBounds } from "./compare-bounds.ts";
import { compareEscapes, compareLeaks } from "./compare-escapes.ts";
import {
  compareCalls,
  compareInlining,
  type Flip,
  type FlipOf,
  type InlineSides,
} from "./compare-inlining.ts";
import type { Difference } from "./difference.ts";
import { type FunctionDecisions, NO_DECISIONS, type SideDecisions } from "./function-decisions.ts";

export type Compared = {
  readonly pairing: Pairing;
  readonly base: SideDecisions;
  readonly head: SideDecisions;
  /** Import path of the package a declaration belongs to. */
  readonly packageOf: (site: DeclarationSite) => string;
};

type Side = "base" | "head";

/** Findings in no particular order. */
export function compareFunctions(compared: Compared): DecisionFinding[] {
  const pairs = [...compared.pairing.kept, ...compared.pairing.renamed].filter((pair) =>
    matters(pair.head),
  );
  const renames = renamesOf(compared);
  const isTypeOf = typesOf(compared);
  const sidesOf = (pair: DeclarationPair): InlineSides => ({
    base: withRenamedCallees(
      decisionsOf(compared, "base", pair.base),
      compared.packageOf(pair.base),
      renames,
    ),
    head: decisionsOf(compared, "head", pair.head),
    changed: hasChanged(pair),
    isType: isTypeOf(compared.packageOf(pair.head)),
  });
  const flips = new Map<string, Flip>();
  const found: DecisionFinding[] = [];
  for (const pair of pairs) {
    for (const difference of compareInlining(sidesOf(pair))) {
      found.push(finding(compared, pair, difference));
      if (difference.direction === "neutral") continue;
      const name = pair.head.declaration.name;
      const packagePath = compared.packageOf(pair.head);
      flips.set(`${packagePath}\0${name}`, difference.direction);
      flips.set(qualified(packagePath, name), difference.direction);
    }
  }
  for (const pair of pairs) {
    const sides = sidesOf(pair);
    if (sides.base === NO_DECISIONS && sides.head === NO_DECISIONS) continue;
    const packagePath = compared.packageOf(pair.head);
    const flipOf: FlipOf = (callee) => flips.get(`${packagePath}\0${callee}`) ?? flips.get(callee);
    for (const difference of [
      ...compareCalls(sides, flipOf),
      ...compareEscapes(sides, flipOf),
      ...compareLeaks(sides),
      ...compareBounds(sides),
    ]) {
      found.push(finding(compared, pair, difference));
    }
  }
  return [...found, ...oneSided(compared, "base"), ...oneSided(compared, "head")];
}

/** Functions that exist on one side only: their allocations are new, or gone. */
function oneSided(compared: Compared, side: Side): DecisionFinding[] {
  const sites = side === "base" ? compared.pairing.removed : compared.pairing.added;
  const isTypeOf = typesOf(compared);
  // The value of a package variable is made once, when the program starts.
  const product = sites.filter((site) => site.declaration.kind === "func" && !isTestCode(site));
  return product.flatMap((site) => {
    const decisions = decisionsOf(compared, side, site);
    const sides: InlineSides = {
      base: side === "base" ? decisions : NO_DECISIONS,
      head: side === "head" ? decisions : NO_DECISIONS,
      changed: true,
      isType: isTypeOf(compared.packageOf(site)),
    };
    return compareEscapes(sides, () => undefined).map((difference) =>
      place(compared, difference, {
        site,
        side,
        line: difference.headLine ?? difference.baseLine ?? site.declaration.startLine,
      }),
    );
  });
}

/** Names of the types declared in a package, on either side. */
function typesOf({ pairing, packageOf }: Compared) {
  const sites = [
    ...pairing.kept.map((pair) => pair.head),
    ...pairing.renamed.flatMap((pair) => [pair.base, pair.head]),
    ...pairing.added,
    ...pairing.removed,
  ].filter((site) => site.declaration.kind === "type");
  const names = new Set(sites.map((site) => `${packageOf(site)}\0${site.declaration.name}`));
  return (packagePath: string) => (name: string) => names.has(`${packagePath}\0${name}`);
}

function decisionsOf(compared: Compared, side: Side, site: DeclarationSite): FunctionDecisions {
  return compared[side].byDeclaration.get(site.declaration) ?? NO_DECISIONS;
}

/** Tests and examples are not measured; benchmarks and what they share with tests may be. */
function matters(site: DeclarationSite): boolean {
  return !(isTestCode(site) && /^([Tt]est|Example|Fuzz)/.test(site.declaration.name));
}

function isTestCode(site: DeclarationSite): boolean {
  return site.file.path.endsWith("_test.go");
}

/** As the compiler names a function of another package: "json.(*Decoder).Decode". */
function qualified(packagePath: string, name: string): string {
  return `${packagePath.slice(packagePath.lastIndexOf("/") + 1)}.${name}`;
}

/** Names on head of functions that were renamed, by package and name on base. */
function renamesOf(compared: Compared): ReadonlyMap<string, string> {
  return new Map(
    compared.pairing.renamed.map((pair) => [
      `${compared.packageOf(pair.base)}\0${pair.base.declaration.name}`,
      pair.head.declaration.name,
    ]),
  );
}

function withRenamedCallees(
  decisions: FunctionDecisions,
  packagePath: string,
  renames: ReadonlyMap<string, string>,
): FunctionDecisions {
  if (renames.size === 0 || decisions.calls.size === 0) return decisions;
  const headName = (callee: string) => renames.get(`${packagePath}\0${callee}`) ?? callee;
  const calls = new Map([...decisions.calls].map(([callee, at]) => [headName(callee), at]));
  return { ...decisions, calls };
}

function finding(
  compared: Compared,
  pair: DeclarationPair,
  difference: Difference,
): DecisionFinding {
  const head = pair.head.declaration;
  let line = difference.headLine ?? head.startLine;
  if (difference.headLine === undefined && difference.baseLine !== undefined && !hasChanged(pair)) {
    // The same source, only moved. Comments may have moved within, so stay inside the function.
    const moved = difference.baseLine - pair.base.declaration.startLine + head.startLine;
    line = Math.min(moved, head.endLine);
  }
  return place(compared, difference, { site: pair.head, side: "head", line });
}

type Place = { readonly site: DeclarationSite; readonly side: Side; readonly line: number };

function place(compared: Compared, difference: Difference, at: Place): DecisionFinding {
  return {
    kind: "decision",
    package: compared.packageOf(at.site),
    function: at.site.declaration.name,
    decision: difference.decision,
    direction: difference.direction,
    base: difference.base,
    head: difference.head,
    position: { file: at.site.file.path, line: at.line },
    side: at.side,
  };
}
