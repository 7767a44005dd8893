// Which declarations a pull request really changes.
//
// Compares the hashes that the probe took of the declarations in changed files. They are blind to
// position, comments, formatting and the names of locals, so a moved, reformatted or renamed-within
// function is no finding. Test code can be no cause, but a changed benchmark must be told: then
// base and head did not measure the same work.
import type { SourceEvidence } from "../../evidence/evidence.ts";
import { packagePaths } from "../../evidence/package-paths.ts";
import type { DeclarationPair, DeclarationSite } from "../../goast/locate.ts";
import { hasChanged, type Pairing, pairDeclarations } from "../../goast/pair.ts";
import type { Syntax, SyntaxFile } from "../../goast/syntax.ts";
import { newWords } from "../../goast/tree.ts";
import type { ChangedFile } from "../../plan/plan.ts";
import type { Analysis, Degradation } from "../finding.ts";
import type { BridgeFinding, DeclarationFinding } from "../source-finding.ts";
import type { SourceNames } from "../source-names.ts";
import type { Position } from "../subject.ts";
import {
  addedDeclaration,
  changedDeclaration,
  removedDeclaration,
  renumberedFinding,
} from "./changed-declaration.ts";
import { otherFunctions } from "./other-functions.ts";
import { readPointerChecks } from "./read-pointer-checks.ts";
import { renumberedConstants } from "./renumbered-constants.ts";

/** A broken file is named in the report; more than this many are counted. */
const MAX_NAMED_FILES = 5;

type AstFinding = DeclarationFinding | BridgeFinding;

/** What changed, and which functions have other names: of none where nothing could be read. */
export type AstAnalysis = Analysis<AstFinding> & { readonly names: SourceNames };

const NO_NAMES: SourceNames = { renamed: new Map(), removed: new Set(), added: new Set() };

export function analyzeAst(evidence: SourceEvidence): AstAnalysis {
  const source = analyzeSource(evidence);
  const checked = readPointerChecks(evidence);
  return {
    names: source.names,
    findings: [...source.findings, ...checked.findings],
    degraded: [...source.degraded, ...checked.degraded],
  };
}

function analyzeSource(evidence: SourceEvidence): AstAnalysis {
  const changed = evidence.manifest.plan.changedFiles.filter(isGoSource);
  if (changed.length === 0) return { names: NO_NAMES, findings: [], degraded: [] };
  if (evidence.syntax === undefined) {
    const reason = `none of the ${changed.length} changed Go files could be read`;
    return { names: NO_NAMES, findings: [], degraded: [{ strategy: "ast", reason }] };
  }
  const headPaths = new Map(
    changed.flatMap((file) => (file.previousPath ? [[file.previousPath, file.path] as const] : [])),
  );
  const paths = new Set(changed.flatMap((file) => [file.path, file.previousPath ?? file.path]));
  const base = onlyFiles(evidence.syntax.base, paths);
  const head = onlyFiles(evidence.syntax.head, paths);
  const pairing = pairDeclarations(base, head, headPaths);
  const packages = packagePaths(evidence.manifest.packages);
  const packageOf = ({ file }: DeclarationSite) => packages.packageOf(file.path);
  const words = newWords();
  const comparison = { words, others: otherFunctions(pairing, words) };
  const renumbered = renumberedConstants(pairing, words);
  const findings = [
    ...[...pairing.kept, ...pairing.renamed]
      .filter((pair) => hasChanged(pair) && !renumbered.told.has(pair))
      .flatMap((pair) => changedDeclaration(pair, packageOf(pair.head), comparison)),
    ...renumbered.groups.map((group) => renumberedFinding(group, packageOf(group.first.head))),
    ...pairing.added.flatMap((site) => addedDeclaration(site, packageOf(site), words)),
    ...pairing.removed.flatMap((site) => removedDeclaration(site, packageOf(site))),
  ];
  return {
    names: namesOf(pairing, packageOf),
    findings: findings.filter(matters).sort(byPlace),
    degraded: [
      ...unreadFiles(changed, base, head),
      ...brokenFiles(base, "base"),
      ...brokenFiles(head, "head"),
    ],
  };
}

/** Functions by full name; a file that moved to another folder takes its functions along. */
function namesOf(
  { kept, renamed, removed, added }: Pairing,
  packageOf: (site: DeclarationSite) => string,
): SourceNames {
  const isFunction = ({ declaration }: DeclarationSite) => declaration.kind === "func";
  const nameOf = (site: DeclarationSite) => `${packageOf(site)}.${site.declaration.name}`;
  const pairs = [...kept, ...renamed]
    .filter((pair) => isFunction(pair.head) && !isInPlace(pair))
    .map(({ base, head }) => [nameOf(base), nameOf(head)] as const);
  return {
    renamed: new Map(pairs.filter(([from, to]) => from !== to)),
    removed: new Set(removed.filter(isFunction).map(nameOf)),
    added: new Set(added.filter(isFunction).map(nameOf)),
  };
}

/** Nearly all are, and their names need not be put together. */
function isInPlace({ base, head }: DeclarationPair): boolean {
  return base.declaration.name === head.declaration.name && base.file.path === head.file.path;
}

/** The go command ignores testdata and folders that begin with a dot or an underscore. */
function isGoSource(file: ChangedFile): boolean {
  return [file.path, file.previousPath ?? file.path].some(isGoPath);
}

function isGoPath(path: string): boolean {
  return path.endsWith(".go") && !/(^|\/)(testdata|[._][^/]*)(\/|$)/.test(path);
}

function onlyFiles(syntax: Syntax, paths: ReadonlySet<string>): Syntax {
  return { ...syntax, files: syntax.files.filter((file) => paths.has(file.path)) };
}

/** Product code, and benchmarks with the functions they share ("benchmarkParse"). */
function matters(finding: AstFinding): boolean {
  const { file } = placeOf(finding);
  if (!file.endsWith("_test.go")) return true;
  if (finding.kind === "bridge") return true;
  return finding.declaration === "func" && /^[Bb]enchmark/.test(finding.function);
}

function placeOf(finding: AstFinding): Position {
  if (finding.kind === "bridge") return finding.position;
  return finding.head ?? finding.base ?? { file: "", line: 0 };
}

function byPlace(a: AstFinding, b: AstFinding): number {
  const placeA = placeOf(a);
  const placeB = placeOf(b);
  if (placeA.file !== placeB.file) return placeA.file < placeB.file ? -1 : 1;
  return placeA.line - placeB.line || (a.function < b.function ? -1 : 1);
}

/** Changed files that must exist on a side and are not in its syntax. */
function unreadFiles(changed: readonly ChangedFile[], base: Syntax, head: Syntax): Degradation[] {
  const read = { base: pathsOf(base), head: pathsOf(head) };
  const missing = changed.flatMap((file) => {
    const basePath = file.previousPath ?? file.path;
    const onHead = file.status === "removed" || !isGoPath(file.path) || read.head.has(file.path);
    const onBase = file.status === "added" || !isGoPath(basePath) || read.base.has(basePath);
    return [
      ...(onHead ? [] : [`${file.path} of head`]),
      ...(onBase ? [] : [`${basePath} of base`]),
    ];
  });
  return missing.length === 0 ? [] : [degradation("not read", missing)];
}

function pathsOf(syntax: Syntax): ReadonlySet<string> {
  return new Set(syntax.files.map((file) => file.path));
}

function brokenFiles(syntax: Syntax, side: "base" | "head"): Degradation[] {
  const broken = syntax.files.filter((file) => file.problems.length > 0).map(nameProblem);
  return broken.length === 0 ? [] : [degradation(`only partly read on ${side}`, broken)];
}

function nameProblem(file: SyntaxFile): string {
  const more = file.problems.length > 1 ? ` and ${file.problems.length - 1} more` : "";
  return `${file.path}:${file.problems[0]}${more}`;
}

function degradation(what: string, files: readonly string[]): Degradation {
  const rest = files.length - MAX_NAMED_FILES;
  const more = rest > 0 ? ` and ${rest} more files` : "";
  const reason = `${what}: ${files.slice(0, MAX_NAMED_FILES).join("; ")}${more}`;
  return { strategy: "ast", reason };
}
