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
  const lines = [...bridgeLines({ source: found }), ...sourceLines({ source: found })];
  // A line that had to be cut would end inside a name between backticks.
  const whole = lines.filter((line) => line.length <= LINE_MAX);
  const shown = whole.slice(0, lines.length > MOST_LINES ? MOST_LINES - 1 : MOST_LINES);
  const left = lines.length - shown.length;
  return left === 0 ? shown : [...shown, `and ${left} more, in the report`];
}
