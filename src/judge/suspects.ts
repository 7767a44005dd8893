// Gathers what is known of each function: did it change, did the compiler decide otherwise about
// it, did its share of a benchmark's time move, does it stand on the stack that grew?
import type { Finding } from "../analyze/finding.ts";
import type {
  AllocationSiteFinding,
  CostFinding,
  FunctionShareFinding,
  MovedCodeFinding,
  StackFinding,
  WaitFinding,
} from "../analyze/profile-finding.ts";
import type {
  DecisionFinding,
  DeclarationFinding,
  MachineCodeFinding,
} from "../analyze/source-finding.ts";
import type { Position } from "../analyze/subject.ts";

/** A function under suspicion, by its full name as the runtime prints it. */
export type Suspect = {
  readonly function: string;
  readonly package: string;
  /** Without the package: "(*Parser).skip". */
  readonly name: string;
  readonly declarations: readonly DeclarationFinding[];
  readonly decisions: readonly DecisionFinding[];
  /** How its machine code grew or shrank; undefined where it did neither, or that is not known. */
  readonly code?: MachineCodeFinding;
};

/** All functions that changed or about which the compiler changed its mind; tests left out. */
export function gatherSuspects(findings: readonly Finding[]): Suspect[] {
  type Open = { -readonly [K in keyof Suspect]: Suspect[K] };
  const byName = new Map<string, Open>();
  const at = (importPath: string, name: string) => {
    const full = `${importPath}.${name}`;
    const known = byName.get(full);
    if (known !== undefined) return known;
    const fresh: Open = {
      function: full,
      package: importPath,
      name,
      declarations: [],
      decisions: [],
    };
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
    } else if (finding.kind === "machine-code") {
      at(finding.package, finding.function).code = finding;
    }
  }
  return [...byName.values()];
}

function isTest(position: Position | undefined): boolean {
  return position?.file.endsWith("_test.go") === true;
}

/** What the profiles of one benchmark say. */
export type ProfileView = {
  /** Functions by full name. */
  readonly shares: ReadonlyMap<string, FunctionShareFinding>;
  readonly stacks: readonly StackFinding[];
  readonly sites: readonly AllocationSiteFinding[];
  readonly waits: readonly WaitFinding[];
  readonly cost: CostFinding | undefined;
  readonly movedCode: readonly MovedCodeFinding[];
};

/** Those of one benchmark among what `ofProfiles` gave; all empty where no profile was taken. */
export function profileView(
  findings: readonly OfProfile[],
  benchmark: { readonly cell: string; readonly package: string; readonly name: string },
): ProfileView {
  const shares = new Map<string, FunctionShareFinding>();
  const stacks: StackFinding[] = [];
  const sites: AllocationSiteFinding[] = [];
  const waits: WaitFinding[] = [];
  const movedCode: MovedCodeFinding[] = [];
  let cost: CostFinding | undefined;
  for (const finding of findings) {
    const of = finding.benchmark;
    if (of.name !== benchmark.name || of.package !== benchmark.package) continue;
    if (of.cell !== benchmark.cell) continue;
    if (finding.kind === "stack") stacks.push(finding);
    else if (finding.kind === "allocation-site") sites.push(finding);
    else if (finding.kind === "wait") waits.push(finding);
    else if (finding.kind === "cost") cost = finding;
    else if (finding.kind === "moved-code") movedCode.push(finding);
    else shares.set(finding.function, finding);
  }
  return { shares, stacks, sites, waits, cost, movedCode };
}

type OfProfile =
  | FunctionShareFinding
  | StackFinding
  | AllocationSiteFinding
  | WaitFinding
  | MovedCodeFinding
  | CostFinding;

const OF_PROFILE: ReadonlySet<Finding["kind"]> = new Set<OfProfile["kind"]>([
  "function-share",
  "stack",
  "allocation-site",
  "wait",
  "moved-code",
  "cost",
]);

/** What the profiles say, of all benchmarks: far less than all findings. */
export function ofProfiles(findings: readonly Finding[]): OfProfile[] {
  return findings.filter((finding): finding is OfProfile => OF_PROFILE.has(finding.kind));
}
