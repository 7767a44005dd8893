// Which inlining and escape decisions of the compiler flipped, function by function.
//
// Takes the `-m=2` text of the measured builds. Positions become functions by the syntax of their
// side, sentences are compared without positions, so that moved code is nothing. Unchanged
// functions are compared too: a caller that no longer inlines a changed callee is what a timing
// shows and the diff does not.
//
// The packages of a cell share most of their text (each test binary compiles its imports), so it
// is joined before it is compared. A package that only one side compiled is not compared.
import type { SourceEvidence } from "../../evidence/evidence.ts";
import { type PackagePaths, packagePaths } from "../../evidence/package-paths.ts";
import {
  type DeclarationIndex,
  type DeclarationSite,
  indexDeclarations,
} from "../../goast/locate.ts";
import { type Pairing, pairDeclarations } from "../../goast/pair.ts";
import type { Analysis, Degradation } from "../finding.ts";
import type { DecisionFinding, MachineCodeFinding, ReachFinding } from "../source-finding.ts";
import { type Compared, compareFunctions } from "./compare-functions.ts";
import { gatherDecisions, type SideDecisions } from "./function-decisions.ts";
import { machineCodeFindings } from "./machine-code.ts";
import {
  type Optimization,
  type ParsedOptimizations,
  parseOptimizations,
} from "./parse-optimizations.ts";
import { reachedFunctions } from "./reached-functions.ts";

/** More than a person or a judge can use; the worst are kept. */
const MAX_FINDINGS = 2_000;
/** Generated code with //line directives is the usual reason; a few lines are not worth a word. */
const UNLOCATED_FRACTION = 0.05;
/** Sentences of a later Go are added a few at a time; Go 1.24 to 1.27 have none of the kind. */
const UNKNOWN_FRACTION = 0.02;

type Texts = {
  readonly records: readonly Optimization[];
  readonly packages: ReadonlySet<string>;
  readonly degraded: readonly Degradation[];
};

type CompilerFinding = DecisionFinding | ReachFinding | MachineCodeFinding;

export function analyzeCompiler(evidence: SourceEvidence): Analysis<CompilerFinding> {
  const { manifest, syntax } = evidence;
  if (manifest.packages.length === 0) return { findings: [], degraded: [] };
  if (syntax === undefined) {
    return {
      findings: [],
      degraded: [
        degraded("the Go files were not read, so that decisions cannot be mapped to functions"),
      ],
    };
  }
  const headPaths = new Map(
    manifest.plan.changedFiles.flatMap((file) =>
      file.previousPath ? [[file.previousPath, file.path] as const] : [],
    ),
  );
  const pairing = pairDeclarations(syntax.base, syntax.head, headPaths);
  const paths = packagePaths(manifest.packages);
  const indexes = { base: indexDeclarations(syntax.base), head: indexDeclarations(syntax.head) };
  const findings = new Map<string, DecisionFinding>();
  const reached: ReachFinding[] = [];
  const problems: Degradation[] = [];
  for (const cell of new Set(evidence.packages.map((at) => at.record.cell))) {
    const packages = evidence.packages.filter((at) => at.record.cell === cell);
    const result = analyzeCell(packages, { pairing, paths, indexes });
    // Cells differ in toolchain or environment and mostly agree.
    for (const finding of result.findings) findings.set(JSON.stringify(finding), finding);
    reached.push(...result.reached);
    problems.push(...result.degraded);
  }
  const decisions = bounded([...findings.values()].sort(bySeverity), problems);
  const code = machineCodeFindings(
    evidence.packages.map(({ record }) => record),
    headSites(pairing),
    packageOfSite(paths),
  );
  return { ...decisions, findings: [...decisions.findings, ...reached, ...code] };
}

type Mapping = {
  readonly pairing: Pairing;
  readonly paths: PackagePaths;
  readonly indexes: { readonly base: DeclarationIndex; readonly head: DeclarationIndex };
};

function analyzeCell(
  packages: SourceEvidence["packages"],
  { pairing, paths, indexes }: Mapping,
): Analysis<DecisionFinding> & { readonly reached: readonly ReachFinding[] } {
  const base = readTexts(packages, "base");
  const head = readTexts(packages, "head");
  const both = (record: Optimization) =>
    base.packages.has(record.package) && head.packages.has(record.package);
  const gather = (texts: Texts, index: DeclarationIndex) =>
    gatherDecisions(texts.records.filter(both), index, paths.dir);
  const sides = { base: gather(base, indexes.base), head: gather(head, indexes.head) };
  const packageOf = packageOfSite(paths);
  const compared: Compared = {
    pairing: onlyCompiled(
      pairing,
      (site) => base.packages.has(packageOf(site)) && head.packages.has(packageOf(site)),
    ),
    ...sides,
    packageOf,
  };
  return {
    findings: compareFunctions(compared),
    reached: reachedFunctions(
      packages.map(({ record }) => record),
      { ...sides, sites: allSites(pairing), packageOf },
    ),
    degraded: [
      ...base.degraded,
      ...head.degraded,
      ...unlocated(sides.base, "base"),
      ...unlocated(sides.head, "head"),
    ],
  };
}

function packageOfSite(paths: PackagePaths): (site: DeclarationSite) => string {
  return ({ file }) => paths.packageOf(file.path);
}

function headSites({ kept, renamed, added }: Pairing): DeclarationSite[] {
  return [...[...kept, ...renamed].map((pair) => pair.head), ...added];
}

function allSites({ kept, renamed, added, removed }: Pairing): DeclarationSite[] {
  const both = [...kept, ...renamed].flatMap((pair) => [pair.base, pair.head]);
  return [...both, ...added, ...removed];
}

function onlyCompiled(pairing: Pairing, isCompiled: (site: DeclarationSite) => boolean): Pairing {
  return {
    kept: pairing.kept.filter((pair) => isCompiled(pair.head)),
    renamed: pairing.renamed.filter((pair) => isCompiled(pair.head)),
    added: pairing.added.filter(isCompiled),
    removed: pairing.removed.filter(isCompiled),
  };
}

function readTexts(packages: SourceEvidence["packages"], side: "base" | "head"): Texts {
  const records: Optimization[] = [];
  const names = new Set<string>();
  const problems: Degradation[] = [];
  for (const at of packages) {
    const where = `${at.record.importPath} on ${side}`;
    const text = side === "base" ? at.baseCompiler : at.headCompiler;
    if (text === "") {
      problems.push(degraded(`no compiler output for ${where}`));
      continue;
    }
    const parsed = parseOptimizations(text);
    problems.push(...unreadLines(parsed, where));
    if (parsed.truncated) problems.push(degraded(`the compiler output for ${where} is too long`));
    for (const record of parsed.records) records.push(record);
    for (const name of parsed.packages) names.add(name);
  }
  return { records, packages: names, degraded: problems };
}

/** A Go that words its decisions otherwise must be told, not taken for one that decides nothing. */
function unreadLines({ records, unknown }: ParsedOptimizations, where: string): Degradation[] {
  if (records.length === 0) {
    return [degraded(`the compiler output for ${where} has no line in a known format`)];
  }
  const total = records.length + unknown.count;
  if (unknown.count <= total * UNKNOWN_FRACTION) return [];
  const { count, example } = unknown;
  return [
    degraded(
      `${count} of ${total} lines of the compiler output for ${where} are in no known format (“${example}”): decisions may be missing`,
    ),
  ];
}

function unlocated(side: SideDecisions, name: "base" | "head"): Degradation[] {
  const total = side.locatedCount + side.unlocatedCount;
  if (side.unlocatedCount <= total * UNLOCATED_FRACTION) return [];
  const reason = `${side.unlocatedCount} of ${total} decisions on ${name} could not be mapped to a function`;
  return [degraded(reason)];
}

function degraded(reason: string): Degradation {
  return { strategy: "compiler", reason };
}

const SEVERITY = { worse: 0, better: 1, neutral: 2 } as const;

function bySeverity(a: DecisionFinding, b: DecisionFinding): number {
  const severity = SEVERITY[a.direction] - SEVERITY[b.direction];
  if (severity !== 0) return severity;
  return keyOf(a) < keyOf(b) ? -1 : 1;
}

function keyOf(finding: DecisionFinding): string {
  const line = String(finding.position.line).padStart(9, "0");
  const { file } = finding.position;
  return [finding.package, file, line, finding.decision, finding.base, finding.head].join("\0");
}

function bounded(
  findings: readonly DecisionFinding[],
  problems: readonly Degradation[],
): Analysis<DecisionFinding> {
  if (findings.length <= MAX_FINDINGS) return { findings, degraded: problems };
  const reason = `${findings.length} decisions flipped, only the first ${MAX_FINDINGS} are kept`;
  return { findings: findings.slice(0, MAX_FINDINGS), degraded: [...problems, degraded(reason)] };
}
