// Which declarations a pull request really changes.
//
// Compares the hashes that the probe took of the declarations in changed files. They are blind to
// position, comments, formatting and the names of locals, so a moved, reformatted or renamed-within
// function is no finding. Test code can be no cause, but a changed benchmark must be told: then
// base and head did not measure the same work.
import type { Evidence } from "../../evidence/evidence.ts";
import { packagePaths } from "../../evidence/package-paths.ts";
import type { DeclarationPair, DeclarationSite } from "../../goast/locate.ts";
import { directoryOf, hasChanged, pairDeclarations } from "../../goast/pair.ts";
import type { Syntax, SyntaxFile } from "../../goast/syntax.ts";
import { decodeTree, newWords, type Words } from "../../goast/tree.ts";
import type { ChangedFile } from "../../plan/plan.ts";
import type {
  Analysis,
  DeclarationFinding,
  Degradation,
  Position,
  SyntaxChange,
} from "../finding.ts";
import { classifyChange } from "./classify-change.ts";

/** A broken file is named in the report; more than this many are counted. */
const MAX_NAMED_FILES = 5;

export function analyzeAst(evidence: Evidence): Analysis<DeclarationFinding> {
  const changed = evidence.manifest.plan.changedFiles.filter(isGoSource);
  if (changed.length === 0) return { findings: [], degraded: [] };
  if (evidence.syntax === undefined) {
    const reason = `none of the ${changed.length} changed Go files could be read`;
    return { findings: [], degraded: [{ strategy: "ast", reason }] };
  }
  const headPaths = new Map(
    changed.flatMap((file) => (file.previousPath ? [[file.previousPath, file.path] as const] : [])),
  );
  const paths = new Set(changed.flatMap((file) => [file.path, file.previousPath ?? file.path]));
  const base = onlyFiles(evidence.syntax.base, paths);
  const head = onlyFiles(evidence.syntax.head, paths);
  const pairing = pairDeclarations(base, head, headPaths);
  const { importPath } = packagePaths(evidence.manifest.packages);
  const packageOf = (site: DeclarationSite) =>
    importPath(directoryOf(site.file.path)) ?? directoryOf(site.file.path);
  const words = newWords();
  const findings = [
    ...[...pairing.kept, ...pairing.renamed]
      .filter(hasChanged)
      .map((pair) => changedFinding(pair, packageOf(pair.head), words)),
    ...pairing.added.map((site) => oneSided(site, "added", packageOf(site))),
    ...pairing.removed.map((site) => oneSided(site, "removed", packageOf(site))),
  ];
  return {
    findings: findings.filter(matters).sort(byPlace),
    degraded: [
      ...unreadFiles(changed, base, head),
      ...brokenFiles(base, "base"),
      ...brokenFiles(head, "head"),
    ],
  };
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

function changedFinding(
  pair: DeclarationPair,
  packagePath: string,
  words: Words,
): DeclarationFinding {
  const base = pair.base.declaration;
  const head = pair.head.declaration;
  const changes = changesOf(pair, words);
  return {
    kind: "declaration",
    package: packagePath,
    function: head.name,
    declaration: head.kind,
    change: base.signatureHash === head.signatureHash ? "changed" : "signature",
    base: positionOf(pair.base),
    head: positionOf(pair.head),
    ...(base.name === head.name ? {} : { previousName: base.name }),
    ...(changes.length > 0 ? { changes } : {}),
  };
}

/** Empty where a side has no tree: too large, or not the same version of the probe. */
function changesOf(pair: DeclarationPair, words: Words): SyntaxChange[] {
  const treeOf = ({ declaration, file }: DeclarationSite) =>
    declaration.tree === undefined
      ? undefined
      : decodeTree(declaration.tree, file.words ?? [], words);
  const [base, head] = [treeOf(pair.base), treeOf(pair.head)];
  if (base === undefined || head === undefined) return [];
  return classifyChange(base, head, { base: pair.base.file.path, head: pair.head.file.path });
}

function oneSided(
  site: DeclarationSite,
  change: "added" | "removed",
  packagePath: string,
): DeclarationFinding {
  return {
    kind: "declaration",
    package: packagePath,
    function: site.declaration.name,
    declaration: site.declaration.kind,
    change,
    ...(change === "added" ? { head: positionOf(site) } : { base: positionOf(site) }),
  };
}

function positionOf(site: DeclarationSite): Position {
  return { file: site.file.path, line: site.declaration.startLine };
}

/** Product code, and benchmarks with the functions they share ("benchmarkParse"). */
function matters(finding: DeclarationFinding): boolean {
  const { file } = placeOf(finding);
  if (!file.endsWith("_test.go")) return true;
  return finding.declaration === "func" && /^[Bb]enchmark/.test(finding.function);
}

function placeOf(finding: DeclarationFinding): Position {
  return finding.head ?? finding.base ?? { file: "", line: 0 };
}

function byPlace(a: DeclarationFinding, b: DeclarationFinding): number {
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
