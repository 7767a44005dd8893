// What source and compiler say by themselves, for the report: which declarations changed and how,
// what the compiler decides otherwise about them and their callers, and which conversions through
// unsafe.Pointer broke. Deterministic, and true whether or not a benchmark ran.
import type {
  BridgeFinding,
  DecisionFinding,
  DeclarationFinding,
  Finding,
} from "../analyze/finding.ts";
import type { ReportSource } from "./source-schema.ts";

/** Of each kind: a person reads a dozen, a machine that wants all of 500 files has the evidence. */
const MOST_KEPT = 100;
const MOST_TEXTS = 5;

/** Undefined where nothing of it was found. Test code is left out: it is not what ships. */
export function sourceFindings(findings: readonly Finding[]): ReportSource | undefined {
  const declarations = findings.filter((at): at is DeclarationFinding => at.kind === "declaration");
  const decisions = findings.filter((at): at is DecisionFinding => at.kind === "decision");
  const bridges = findings.filter((at): at is BridgeFinding => at.kind === "bridge");
  const product = declarations.filter((at) => !isTest((at.head ?? at.base)?.file ?? ""));
  const changed = new Set(product.map((at) => `${at.package}.${at.function}`));
  const flips = decisions.filter((at) => at.direction !== "neutral" && !isTest(at.position.file));
  if (product.length + flips.length + bridges.length === 0) return undefined;
  const isChanged = (at: DecisionFinding) => changed.has(`${at.package}.${at.function}`);
  const ordered = [...flips].sort((a, b) => rank(a, isChanged(a)) - rank(b, isChanged(b)));
  return {
    changes: product.slice(0, MOST_KEPT).map(changeOf),
    decisions: ordered.slice(0, MOST_KEPT).map((at) => decisionOf(at, isChanged(at))),
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

/** What costs comes first, and of that what stands in a function that changed. */
function rank(finding: DecisionFinding, isChanged: boolean): number {
  return (finding.direction === "worse" ? 0 : 2) + (isChanged ? 0 : 1);
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
  changed: boolean,
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
