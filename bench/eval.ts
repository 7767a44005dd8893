// Runs `tailguard compare` over real changes with known effects and says how often it was right.
//
//   script/bench eval --cases FILE --clones DIR [--only ID]... [--budget 60s] [--results FILE]
//                     [--habit] [--whole-package]
//
// Resumable: a case whose result is in the results file is not run again. Clones are only read.
// --habit asks the same of what most people do (bench/eval/habit.ts); its results are in a file of
// their own beside. The last line is one JSON object: the figures, and those of the habit.
import { spawnSync } from "node:child_process";
import { appendFileSync, existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { type Report, reportSchema } from "../src/report/report-schema.ts";
import { type Case, readCases } from "./eval/cases.ts";
import { openHabit } from "./eval/habit.ts";
import { type Score, scoreReport } from "./eval/score.ts";
import { summarize } from "./eval/summary.ts";

const MAIN = fileURLToPath(new URL("../dist/main.js", import.meta.url));

const { values } = parseArgs({
  options: {
    cases: { type: "string" },
    clones: { type: "string" },
    only: { type: "string", multiple: true },
    budget: { type: "string", default: "60s" },
    results: { type: "string", default: "eval-results.jsonl" },
    "whole-package": { type: "boolean", default: false },
    habit: { type: "boolean", default: false },
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

if (values.cases === undefined || values.clones === undefined) {
  console.error(
    "usage: script/bench eval --cases FILE --clones DIR [--only ID] [--budget 60s] [--results FILE] [--habit]",
  );
  process.exit(2);
}
/** Runs `run` on every case that has no result in `file` yet. */
function scoreAll(
  cases: readonly Case[],
  file: string,
  run: (of: Case, cloneDir: string) => Score | string,
): Score[] {
  const done = known(file);
  for (const of of cases) {
    if (done.has(of.id)) continue;
    const cloneDir = cloneOf(of, values.clones ?? "");
    const score = cloneDir === undefined ? "no clone" : run(of, cloneDir);
    if (typeof score === "string") {
      console.log(`${of.id.padEnd(18)}  ${score}`);
      continue;
    }
    done.set(of.id, score);
    appendFileSync(file, `${JSON.stringify(score)}\n`);
    console.log(line(score));
  }
  return [...done.values()];
}

const cases = readCases(values.cases).filter(
  ({ id }) => values.only === undefined || values.only.includes(id),
);
const scores = scoreAll(cases, values.results, runCase);
const sizes = new Map(scores.map((score) => [score.id, score.effect]));
const figures: Record<string, unknown> = summarize(scores, (id) => sizes.get(id));
if (values.habit) {
  console.log("go test -count 10 and benchstat:");
  const habit = openHabit();
  try {
    const file = values.results.replace(/(\.jsonl)?$/, "-habit.jsonl");
    const told = scoreAll(cases, file, (of, dir) => habit.run(of, dir, patternOf(of)));
    figures.habit = summarize(told, (id) => sizes.get(id));
  } finally {
    habit.remove();
  }
}
console.log(JSON.stringify(figures));
