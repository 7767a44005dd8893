// What source and compiler say by themselves, for the report: which declarations changed and how,
// what the compiler decides otherwise about them and their callers, and which conversions through
// unsafe.Pointer broke. Deterministic, and true whether or not a benchmark ran.
import type { Finding } from "../analyze/finding.ts";
import type {
  BridgeFinding,
  DecisionFinding,
  DeclarationFinding,
} from "../analyze/source-finding.ts";
import type { ReportSource } from "./source-schema.ts";

/** Of each kind: a person reads a dozen, a machine that wants all of 500 files has the evidence. */
const MOST_KEPT = 100;
const MOST_TEXTS = 5;
/** Benchmarks named of those that run a function. */
const MOST_BENCHMARKS = 2;

/** Undefined where nothing of it was found. Test code is left out: it is not what ships. */
export function sourceFindings(findings: readonly Finding[]): ReportSource | undefined {
  const declarations = findings.filter((at): at is DeclarationFinding => at.kind === "declaration");
  const decisions = findings.filter((at): at is DecisionFinding => at.kind === "decision");
  const bridges = findings.filter((at): at is BridgeFinding => at.kind === "bridge");
  const product = declarations.filter((at) => !isTest((at.head ?? at.base)?.file ?? ""));
  const changed = new Set(product.map((at) => `${at.package}.${at.function}`));
  const flips = decisions.filter((at) => at.direction !== "neutral" && !isTest(at.position.file));
  if (product.length + flips.length + bridges.length === 0) return undefined;
  const callers = benchmarksCalling(findings);
  const known = (at: DecisionFinding): Known => {
    const name = `${at.package}.${at.function}`;
    return { changed: changed.has(name), benchmarks: callers.get(name) ?? [] };
  };
  const ordered = [...flips].sort((a, b) => rank(a, known(a)) - rank(b, known(b)));
  return {
    changes: product.slice(0, MOST_KEPT).map(changeOf),
    decisions: ordered.slice(0, MOST_KEPT).map((at) => decisionOf(at, known(at))),
    bridges: bridges.slice(0, MOST_KEPT).map(bridgeOf),
    left: {
      changes: Math.max(0, product.length - MOST_KEPT),
      decisions: Math.max(0, flips.length - MOST_KEPT),
      bridges: Math.max(0, bridges.length - MOST_KEPT),
    },
  };
}

function isTest(file: string): boolean {
  return file.endsWith("_test.go");
}

type Known = { readonly changed: boolean; readonly benchmarks: readonly string[] };

/** Benchmark functions that call each function, by its full name. */
function benchmarksCalling(findings: readonly Finding[]): ReadonlyMap<string, readonly string[]> {
  const callers = new Map<string, string[]>();
  for (const finding of findings) {
    if (finding.kind !== "reach") continue;
    for (const name of finding.called) {
      const known = callers.get(name) ?? [];
      callers.set(name, known);
      if (!known.includes(finding.function)) known.push(finding.function);
    }
  }
  return callers;
}

/** What costs comes first, of that what a benchmark runs, and of that what changed itself. */
function rank(finding: DecisionFinding, { changed, benchmarks }: Known): number {
  const cost = finding.direction === "worse" ? 0 : 4;
  return cost + (benchmarks.length > 0 ? 0 : 2) + (changed ? 0 : 1);
}

function changeOf(finding: DeclarationFinding): ReportSource["changes"][number] {
  const place = finding.head ?? finding.base ?? { file: "", line: 0 };
  const { package: path, function: name, declaration, change, previousName } = finding;
  return {
    package: path,
    function: name,
    ...(previousName === undefined ? {} : { previousName }),
    declaration,
    change,
    ...place,
    side: finding.head === undefined ? "base" : "head",
    texts: (finding.changes ?? []).slice(0, MOST_TEXTS).map(({ text }) => text),
  };
}

function decisionOf(
  {
    package: path,
    function: name,
    decision,
    direction,
    base,
    head,
    position,
    side,
  }: DecisionFinding,
  { changed, benchmarks }: Known,
): ReportSource["decisions"][number] {
  if (direction === "neutral") throw new Error("a decision that is neither better nor worse");
  return {
    package: path,
    function: name,
    decision,
    direction,
    base,
    head,
    ...position,
    side,
    changed,
    benchmarks: benchmarks.slice(0, MOST_BENCHMARKS),
    benchmarkCount: benchmarks.length,
  };
}

function bridgeOf(finding: BridgeFinding): ReportSource["bridges"][number] {
  const { package: path, function: name, problem, text, position, check } = finding;
  return {
    rule: "SemanticBridgeBroken",
    package: path,
    function: name,
    problem,
    text,
    ...position,
    ...(check === undefined ? {} : { frames: [...check.frames] }),
  };
}
