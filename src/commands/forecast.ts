// What can be said before any benchmark has run: what changed, and what the compiler decides otherwise
// about it, functions that a benchmark runs first. Deterministic, unlike everything after it.
import { analyzeAst } from "../analyze/ast/analyze-ast.ts";
import { analyzeCompiler } from "../analyze/compiler/analyze-compiler.ts";
import type { SourceEvidence } from "../evidence/evidence.ts";
import { sourceFindings } from "../report/source-findings.ts";
import { bridgeLines, sourceLines } from "../report/source-text.ts";

/** As src/evidence/progress.ts takes them. */
const MOST_LINES = 20;
const LINE_MAX = 500;

/** One line a fact, names between backticks; empty where nothing that ships changed. */
export function forecastLines(source: SourceEvidence): string[] {
  const findings = [...analyzeAst(source).findings, ...analyzeCompiler(source).findings];
  const found = sourceFindings(findings);
  if (found === undefined) return [];
  return [...bridgeLines({ source: found }), ...sourceLines({ source: found })]
    .slice(0, MOST_LINES)
    .map((line) => line.slice(0, LINE_MAX));
}
