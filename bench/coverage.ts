// Of which benchmarks can single operations be recorded, and does recording show in their counts?
//
//   script/bench coverage [--go PATH] [--only PATTERN] [--static]
//
// Public modules are run: every benchmark of theirs once in a recorded binary, and three times each
// with the same b.N in both, to compare B/op and allocs/op. Of the standard library the loops are
// looked for and not run: its packages import each other in ways that an overlay may not add to.
// Every miss is listed with its reason.
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { exactPattern } from "../src/bench/name.ts";
import { readRecorded } from "../src/collect/recorded-values.ts";
import {
  type Binaries,
  buildBinaries,
  buildProbe,
  type InstrumentAnswer,
  instrument,
  runBenchmarks,
} from "./binaries.ts";
import { benchmarkPackages, fetchModule, PUBLIC_MODULES } from "./public-modules.ts";

const { values } = parseArgs({
  options: {
    go: { type: "string", default: "go" },
    only: { type: "string", default: "." },
    static: { type: "boolean", default: false },
  },
});

type Tally = { benchmarks: number; covered: number; counted: number; equal: number };
type Miss = { readonly name: string; readonly reason: string };

const COUNTS = ["B/op", "allocs/op"] as const;
/** Runs of each binary: a pool or a growing table gives one benchmark several counts. */
const RUNS = 3;
/** A benchmark whose operation is longer than this is not run again for its counts. */
const LONG_SECONDS = 0.2;

/** The range of a count over some runs of a benchmark with the same b.N. */
function countsOf(binary: string, dir: string, name: string, iterations: number) {
  const call = { dir, pattern: exactPattern(name), benchTime: `${iterations}x`, count: RUNS };
  const own = runBenchmarks(binary, call).filter((result) => result.name === name);
  return COUNTS.map((unit) => own.map((result) => result.values.get(unit) ?? 0));
}

/** Whether the ranges meet, to 1 %: runs of one binary differ by themselves where there is a pool. */
function areAlike(plain: readonly number[], recorded: readonly number[]): boolean {
  const margin = 0.01 * Math.max(...plain, ...recorded);
  return (
    Math.max(...recorded) >= Math.min(...plain) - margin &&
    Math.max(...plain) >= Math.min(...recorded) - margin
  );
}

function runPackage(dir: string, binaries: Binaries, recordsFile: string, misses: Miss[]): Tally {
  const tally = { benchmarks: 0, covered: 0, counted: 0, equal: 0 };
  writeFileSync(recordsFile, "");
  const call = { dir, pattern: ".", benchTime: "2ms", recordsFile };
  const results = runBenchmarks(binaries.recorded, call);
  const records = readFileSync(recordsFile, "utf8");
  for (const { name, values: printed } of results) {
    tally.benchmarks++;
    const recorded = readRecorded(records, name);
    if (recorded === undefined) misses.push({ name, reason: "no operation was recorded" });
    else tally.covered++;
    const seconds = printed.get("sec/op") ?? 0;
    if (seconds > LONG_SECONDS) continue;
    const iterations = Math.max(1, Math.round(0.002 / Math.max(seconds, 1e-9)));
    tally.counted++;
    const plain = countsOf(binaries.plain, dir, name, iterations);
    const instrumented = countsOf(binaries.recorded, dir, name, iterations);
    const differing = COUNTS.filter(
      (_, index) => !areAlike(plain[index] ?? [], instrumented[index] ?? []),
    );
    if (differing.length === 0) tally.equal++;
    else
      misses.push({ name, reason: `${differing.join(" and ")}: ${plain} against ${instrumented}` });
  }
  return tally;
}

function runModule(module: (typeof PUBLIC_MODULES)[number], probe: string, dir: string): Tally {
  const moduleDir = fetchModule(values.go, module, dir);
  const sum = { benchmarks: 0, covered: 0, counted: 0, equal: 0 };
  const misses: Miss[] = [];
  for (const package_ of benchmarkPackages(moduleDir)) {
    const place = { moduleDir, modulePath: module.path, package: package_ };
    try {
      const binaries = buildBinaries(values.go, probe, place, mkdtempSync(join(dir, "bin-")));
      const records = join(dir, "records.jsonl");
      const tally = runPackage(join(moduleDir, package_), binaries, records, misses);
      for (const key of Object.keys(sum) as (keyof Tally)[]) sum[key] += tally[key];
    } catch (error) {
      const { stderr } = error as { stderr?: Buffer };
      misses.push({ name: package_, reason: `not run: ${stderr ?? error}`.slice(0, 300) });
    }
  }
  printRow(`${module.path} ${module.version}`, sum);
  for (const { name, reason } of misses) console.log(`|   ${name}: ${reason.trim()} | | | |`);
  return sum;
}

function printRow(title: string, { benchmarks, covered, counted, equal }: Tally): void {
  console.log(`| ${title} | ${benchmarks} | ${covered} | ${equal} of ${counted} |`);
}

/** Top-level benchmark functions of the standard library with loops that could be rewritten. */
function lookAtStandardLibrary(probe: string, dir: string): Tally {
  const root = execFileSync(values.go, ["env", "GOROOT"], { encoding: "utf8" }).trim();
  const place = { moduleDir: join(root, "src"), modulePath: "std" };
  const packages = benchmarkPackages(place.moduleDir);
  const answer: InstrumentAnswer = instrument(probe, place, packages, join(dir, "std"));
  const found = answer.files.flatMap((file) =>
    (file.benchmarks ?? []).map((benchmark) => ({ ...benchmark, problem: file.problem })),
  );
  const missed = found.filter(({ coverage }) => coverage === "none");
  const tally = {
    benchmarks: found.length,
    covered: found.length - missed.length,
    counted: 0,
    equal: 0,
  };
  printRow("standard library (functions, loops found)", tally);
  for (const { name, reason, problem } of missed) {
    console.log(`|   ${name}: ${reason ?? problem ?? ""} | | | |`);
  }
  return tally;
}

const dir = mkdtempSync(join(tmpdir(), "tailguard-coverage-"));
try {
  const probe = buildProbe(values.go, dir);
  console.log(
    "| module | benchmarks | recorded | B/op and allocs/op as without |\n|---|---|---|---|",
  );
  const wanted = values.static
    ? []
    : PUBLIC_MODULES.filter(({ path }) => new RegExp(values.only).test(path));
  const tallies = wanted.map((module) => runModule(module, probe, dir));
  const standard = lookAtStandardLibrary(probe, dir);
  const sum = (key: keyof Tally) => tallies.reduce((total, tally) => total + tally[key], 0);
  const answer = {
    benchmarks: sum("benchmarks"),
    recorded: sum("covered"),
    counted: sum("counted"),
    equal: sum("equal"),
    standardLibrary: standard.benchmarks,
    standardLibraryFound: standard.covered,
  };
  console.log(JSON.stringify(answer));
} finally {
  rmSync(dir, { recursive: true, force: true });
}
