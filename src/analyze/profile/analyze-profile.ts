// Which functions got dearer, and through which path; what allocates more, and where it waits:
// profiles of base and head compared, one benchmark at a time.
//
// Profiles are taken of suspects only, in runs of their own, so what is said here explains a change
// and never proves one. Functions are matched by name, and where a refactoring gave them another name
// or place by matching/match-code.ts; see pprof/symbol.ts for what a name leaves out, compare-runs.ts
// for what counts as moved, and benchmark-stacks.ts for whose cost it is.
import type { Evidence, ProfileEvidence } from "../../evidence/evidence.ts";
import { packagePaths } from "../../evidence/package-paths.ts";
import type { Analysis, Degradation } from "../finding.ts";
import type {
  AllocationSiteFinding,
  CostFinding,
  FunctionShareFinding,
  MovedCodeFinding,
  StackFinding,
  WaitFinding,
} from "../profile-finding.ts";
import type { SourceNames } from "../source-names.ts";
import type { BenchmarkId } from "../subject.ts";
import { allocationSites } from "./allocation-sites.ts";
import { movedFunctions, movedStacks, profiledSides, runTotals } from "./cpu-moves.ts";
import {
  type CodeMatches,
  matchCode,
  NO_MATCHES,
  renamedNaming,
  renumbered,
} from "./matching/match-code.ts";
import { movedCode } from "./matching/moved-code.ts";
import { keysOfNames } from "./matching/name-keys.ts";
import { createNaming, type Naming } from "./naming.ts";
import { type NumberedRuns, numberRuns } from "./numbered-runs.ts";
import {
  type BothRuns,
  type CpuRun,
  type DecodeBudget,
  fitsObjects,
  newBudget,
  readCpuRuns,
} from "./read-runs.ts";
import { repositoryPaths } from "./repository-path.ts";
import { costParts } from "./self-cost.ts";
import { waits } from "./waiting.ts";

export type ProfileFinding =
  | FunctionShareFinding
  | StackFinding
  | CostFinding
  | MovedCodeFinding
  | AllocationSiteFinding
  | WaitFinding;

/**
 * What moved and what it is made of, by benchmark in the order of the evidence. A profile that is
 * empty, damaged or missing on one side gives a degradation that names it.
 * @param names what the syntax trees know of renamed, removed and added functions; without it any
 *   function that only one side's profiles have may be another one's successor.
 */
export function analyzeProfile(
  evidence: Pick<Evidence, "packages" | "profiles">,
  names?: SourceNames,
): Analysis<ProfileFinding> {
  const keys = names && keysOfNames(names);
  const findings: ProfileFinding[] = [];
  const degraded: Degradation[] = [];
  const records = evidence.packages.map(({ record }) => record);
  const { dir } = packagePaths(records);
  const naming = createNaming(repositoryPaths(records), (path) => dir(path) !== undefined);
  for (const { benchmark, profiles } of byBenchmark(evidence.profiles)) {
    const report = (what: string) => (problem: string) => {
      const reason = `${what} of ${benchmark.package} ${benchmark.name}, ${problem}`;
      degraded.push({ strategy: "profile", reason });
    };
    const cpuBudget = newBudget("numbers");
    const read = readCpu(profiles, cpuBudget, report("CPU profile"));
    const runs = read && numberRuns(read, naming.keyOf);
    const isMatched = runs !== undefined && fitsObjects(cpuBudget);
    if (runs !== undefined && !isMatched) report("CPU profile")(NOT_MATCHED);
    const matches = isMatched ? matchCode(runs, naming, runTotals(runs), keys) : NO_MATCHES;
    const matched = renamedNaming(naming, matches.renamed);
    if (runs !== undefined) {
      findings.push(...cpuFindings(benchmark, runs, { naming, matched, matches }));
    }
    const subject = { benchmark, profiles, naming: matched, budget: newBudget("objects") };
    findings.push(
      ...allocationSites(subject, report("allocation profile")),
      ...waits(subject, report("profile of waiting")),
    );
  }
  return { findings, degraded };
}

const NOT_MATCHED = "both sides: too large to look for functions that have another name or place";

function byBenchmark(
  profiles: readonly ProfileEvidence[],
): { readonly benchmark: BenchmarkId; readonly profiles: readonly ProfileEvidence[] }[] {
  const groups = new Map<string, { benchmark: BenchmarkId; profiles: ProfileEvidence[] }>();
  for (const profile of profiles) {
    const { cell, package: importPath, benchmark: name } = profile.record;
    const key = JSON.stringify([cell, importPath, name]);
    const group = groups.get(key);
    if (group !== undefined) group.profiles.push(profile);
    else groups.set(key, { benchmark: { cell, package: importPath, name }, profiles: [profile] });
  }
  return [...groups.values()];
}

/** CPU runs of both sides; undefined, and said, where a side has none. */
function readCpu(
  profiles: readonly ProfileEvidence[],
  budget: DecodeBudget,
  report: (problem: string) => void,
): BothRuns<CpuRun> | undefined {
  if (!profiles.some(({ record }) => record.kind === "cpu")) return undefined;
  const base = readCpuRuns(profiles, "base", budget);
  const head = readCpuRuns(profiles, "head", budget);
  for (const problem of base.problems) report(`base: ${problem}`);
  for (const problem of head.problems) report(`head: ${problem}`);
  if (base.runs.length === 0 || head.runs.length === 0) return undefined;
  return { base: base.runs, head: head.runs };
}

/** Functions and paths with the matches; who spent the CPU as the profiles have it. */
function cpuFindings(
  benchmark: BenchmarkId,
  runs: NumberedRuns,
  names: { readonly naming: Naming; readonly matched: Naming; readonly matches: CodeMatches },
): ProfileFinding[] {
  const { naming, matched, matches } = names;
  const cpu = profiledSides(renumbered(runs, matches, matched));
  return [
    ...movedFunctions(benchmark, cpu, matched),
    ...movedStacks(benchmark, cpu, matched),
    { kind: "cost", benchmark, parts: costParts(runs, naming) },
    ...movedCode(benchmark, cpu, matched, matches),
  ];
}
