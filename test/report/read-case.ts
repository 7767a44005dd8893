// The cases of test/testdata/report: what the stages before the report gave, as JSON. JSON has no
// Infinity, so it is written as a word there.
import { readdirSync, readFileSync } from "node:fs";
import type { Degradation, Finding } from "../../src/analyze/finding.ts";
import type { Verdict } from "../../src/judge/verdict.ts";
import { buildReport, type ReportContext } from "../../src/report/build-report.ts";
import type { Report } from "../../src/report/report-schema.ts";

const FOLDER = new URL("../testdata/report/", import.meta.url);

export type Input = {
  readonly context: ReportContext;
  readonly verdict: Verdict;
  readonly findings: readonly Finding[];
  readonly degraded: readonly Degradation[];
  readonly diff: string;
};

export type Case = Input & { readonly name: string; readonly report: Report };

/** Path of a golden file of a case, for `toMatchFileSnapshot`. */
export function goldenFile(name: string, file: string): string {
  return new URL(`${name}/${file}`, FOLDER).pathname;
}

export function readCase(name: string): Case {
  const text = readFileSync(new URL(`${name}/input.json`, FOLDER), "utf8");
  const input: Input = JSON.parse(text, (_, value) =>
    value === "Infinity" ? Number.POSITIVE_INFINITY : value,
  );
  return { ...input, name, report: buildReport(input) };
}

export const CASES: readonly Case[] = readdirSync(FOLDER).map(readCase);
