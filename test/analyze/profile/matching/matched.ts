// What the analysis says of two drawn programs, four runs a side, in lines of text.
import type { ProfileFinding } from "../../../../src/analyze/profile/analyze-profile.ts";
import type { SourceNames } from "../../../../src/analyze/source-names.ts";
import type { Side } from "../../../../src/evidence/manifest.ts";
import { analyzed, drawn } from "../profiled.ts";

const RUNS = [0, 1, 2, 3];

/** Samples of a run by the functions of package m on the stack: "skip Parse" is skip in Parse. */
export type Program = Readonly<Record<string, number>>;

/** One column a stack, all in BenchmarkParse; runtime functions keep their package. */
export function columnsOf(program: Program): string {
  const stacks = Object.entries(program).filter(([, count]) => count > 0);
  const depth = Math.max(...stacks.map(([stack]) => stack.split(" ").length));
  const columns = stacks.map(([stack, count]) => {
    const frames = stack.split(" ").map((name) => (name.includes(".") ? name : `m.${name}`));
    const gap = Array.from({ length: depth - frames.length }, () => ".");
    return [String(count), ...gap, ...frames, "m.BenchmarkParse"];
  });
  const rows = Array.from({ length: depth + 2 }, (_, row) => columns.map((column) => column[row]));
  return rows.map((row, at) => `${at === 0 ? "# " : ""}${row.join(" ")}`).join("\n");
}

/** A sample is 10 ms of a million operations, so 10 ns of one. */
export function findingsOf(
  base: Program,
  head: Program,
  source?: SourceNames,
): readonly ProfileFinding[] {
  const runsOf = (side: Side, program: Program) =>
    RUNS.map((run) => drawn({ side, text: columnsOf(program), run }));
  return analyzed([...runsOf("base", base), ...runsOf("head", head)], source).findings;
}

/** "renamed old fresh 10>11 slower" in samples a run, costliest first. */
export function movedCodeIn(findings: readonly ProfileFinding[]): string[] {
  return findings.flatMap((finding) => {
    if (finding.kind !== "moved-code") return [];
    const { how, base, head, baseNs, headNs, change } = finding;
    const samples = [baseNs, headNs].map((ns) => (ns / 10).toFixed(0)).join(">");
    return [`${how} ${short(base)} ${short(head)} ${samples} ${change}`];
  });
}

/** "skip +3": functions that moved, with the change at and below them in samples a run. */
export function moversIn(findings: readonly ProfileFinding[], base: Program): string[] {
  const all = Object.values(base).reduce((sum, count) => sum + count, 0);
  return findings.flatMap((finding) => {
    if (finding.kind !== "function-share" || !finding.moved) return [];
    const change = (finding.costChange * all).toFixed(0);
    return [`${short(finding.function)} ${change.startsWith("-") ? "" : "+"}${change}`];
  });
}

/** "+ skip Parse": paths that grew or fell. */
export function pathsIn(findings: readonly ProfileFinding[]): string[] {
  return findings.flatMap((finding) => {
    if (finding.kind !== "stack") return [];
    const frames = finding.frames.slice(0, -1).map((at) => short(at.function));
    return [`${finding.headShare > finding.baseShare ? "+" : "-"} ${frames.join(" ")}`];
  });
}

function short(name: string): string {
  return name.replace(/^m\./, "");
}
