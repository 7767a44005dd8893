// Runs `tailguard compare` over real changes with known effects and says how often it was right.
//
//   script/bench eval --cases FILE --clones DIR [--only ID]... [--budget 60s] [--results FILE]
//
// Resumable: a case whose result is in the results file is not run again. Clones are only read.
import { spawnSync } from "node:child_process";
import { appendFileSync, existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { type Report, reportSchema } from "../src/report/report-schema.ts";
import { type Case, readCases } from "./eval/cases.ts";
import { type Score, scoreReport } from "./eval/score.ts";

const MAIN = fileURLToPath(new URL("../dist/main.js", import.meta.url));

const { values } = parseArgs({
  options: {
    cases: { type: "string" },
    clones: { type: "string" },
    only: { type: "string", multiple: true },
    budget: { type: "string", default: "60s" },
    results: { type: "string", default: "eval-results.jsonl" },
    "whole-package": { type: "boolean", default: false },
  },
});

function cloneOf(of: Case, clonesDir: string): string | undefined {
  const folder = join(clonesDir, of.repo.replace("/", "+"));
  return [join(folder, "repo"), folder].find((path) => existsSync(path));
}

/** -test.bench pattern for the benchmarks of the case, unanchored at the leaf. */
function patternOf(of: Case): string {
  if (values["whole-package"]) return ".";
  return of.benchmarks.map((name) => `^Benchmark${name.replaceAll("/", "$/^")}$`).join("|");
}

function runCase(of: Case, cloneDir: string): Score | string {
  const outDir = mkdtempSync(join(tmpdir(), "tailguard-eval-"));
  const start = performance.now();
  try {
    const args = ["compare", "--repo", cloneDir, "--base", of.base, "--head", of.head];
    const run = spawnSync(
      process.execPath,
      [
        MAIN,
        ...args,
        "--package",
        `./${of.dir}`,
        "--bench",
        patternOf(of),
        "--budget",
        values.budget,
        "--out",
        outDir,
      ],
      { encoding: "utf8", maxBuffer: 64 << 20 },
    );
    const path = join(outDir, "report.json");
    if (!existsSync(path)) return `exit code ${run.status}: ${run.stderr.slice(0, 500)}`;
    const report: Report = reportSchema.parse(JSON.parse(readFileSync(path, "utf8")));
    return scoreReport(of, report, (performance.now() - start) / 60_000);
  } finally {
    rmSync(outDir, { recursive: true, force: true });
  }
}

function known(path: string): Map<string, Score> {
  if (!existsSync(path)) return new Map();
  const lines = readFileSync(path, "utf8").split("\n").filter(Boolean);
  return new Map(lines.map((line) => JSON.parse(line) as Score).map((score) => [score.id, score]));
}

function line(score: Score): string {
  const change = score.change === null ? "-" : `${(score.change * 100).toFixed(1)} %`;
  const cause = score.causeRank === 0 ? "-" : `#${score.causeRank}`;
  return [
    score.id.padEnd(18),
    `expect ${score.expect}`.padEnd(17),
    `said ${score.said}`.padEnd(18),
    score.conclusion.padEnd(9),
    change.padStart(9),
    `cause ${cause}`.padEnd(9),
    `${score.minutes.toFixed(1)} min`,
    score.others.length === 0 ? "" : `others: ${score.others.join(" ")}`,
    score.title,
  ].join("  ");
}

function summarize(scores: readonly Score[]): Record<string, number> {
  const changed = scores.filter((score) => score.expect !== "same");
  const harmless = scores.filter((score) => score.expect === "same");
  const right = changed.filter((score) =>
    score.expect === "mixed"
      ? score.said !== "same" && score.said !== "unknown"
      : score.said === score.expect,
  );
  const withCause = right.filter((score) => score.causeRank > 0);
  return {
    cases: scores.length,
    changed: changed.length,
    found: right.length,
    unknown: changed.filter((score) => score.said === "unknown").length,
    harmless: harmless.length,
    falseFlags: harmless.filter((score) => score.others.length > 0).length,
    falseBlocks: harmless.filter((score) => score.conclusion === "failure").length,
    causeFirst: withCause.filter((score) => score.causeRank === 1).length,
    causeInThree: withCause.filter((score) => score.causeRank <= 3).length,
    minutesPerCase:
      scores.reduce((sum, score) => sum + score.minutes, 0) / Math.max(1, scores.length),
  };
}

if (values.cases === undefined || values.clones === undefined) {
  console.error(
    "usage: script/bench eval --cases FILE --clones DIR [--only ID] [--budget 60s] [--results FILE]",
  );
  process.exit(2);
}
const done = known(values.results);
for (const of of readCases(values.cases)) {
  if (values.only !== undefined && !values.only.includes(of.id)) continue;
  if (done.has(of.id)) continue;
  const cloneDir = cloneOf(of, values.clones);
  const score = cloneDir === undefined ? "no clone" : runCase(of, cloneDir);
  if (typeof score === "string") {
    console.log(`${of.id.padEnd(18)}  ${score}`);
    continue;
  }
  done.set(of.id, score);
  appendFileSync(values.results, `${JSON.stringify(score)}\n`);
  console.log(line(score));
}
console.log(JSON.stringify(summarize([...done.values()])));
