// How far do two measurements of the very same binary differ? The floor under every verdict.
//
//   script/bench noise [--benchmarks 12] [--pairs 10] [--go PATH] [--seed 1]
//
// Real benchmarks of public modules, each a binary against itself: pairs of processes, benchmarks
// shuffled in every round. Recorded processes give p10, p50 and CPU time an operation as a run
// does; plain ones with -benchtime=100ms give ns/op as `go test -bench` prints it, once in the same
// pairs and once as the habit is, all runs of one side and then all of the other. A row's numbers
// are the final answer's error, |median of the pairs' ratios - 1| (of the medians for blocks), and
// the last line their means.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { exactPattern } from "../src/bench/name.ts";
import { readRecorded } from "../src/collect/recorded-values.ts";
import { firstSize } from "../src/collect/size-benchmark.ts";
import { median } from "../src/stats/quantile.ts";
import { seededRandom, shuffle } from "../src/stats/random.ts";
import { type Binaries, buildBinaries, buildProbe, runBenchmarks } from "./binaries.ts";
import { benchmarkPackages, fetchModule, PUBLIC_MODULES } from "./public-modules.ts";

const { values } = parseArgs({
  options: {
    benchmarks: { type: "string", default: "12" },
    pairs: { type: "string", default: "10" },
    go: { type: "string", default: "go" },
    seed: { type: "string", default: "1" },
  },
});
const PAIRS = Number(values.pairs);
const METRICS = ["p10", "p50", "cpu", "nsPerOp", "blocks"] as const;
type Metric = (typeof METRICS)[number];
const RECORDED = { p10: "p10-sec/op", p50: "p50-sec/op", cpu: "cpu-sec/op" } as const;

type Subject = {
  readonly name: string;
  readonly title: string;
  readonly dir: string;
  readonly binaries: Binaries;
  readonly iterations: number;
  /** Seconds by metric, the two sides of each pair. */
  readonly pairs: Record<Metric, [number, number][]>;
};

/** A few recorded benchmarks of each module, up to the wanted number in all. */
function findSubjects(probe: string, dir: string, recordsFile: string): Subject[] {
  const wanted = Number(values.benchmarks);
  const modules = PUBLIC_MODULES.slice(0, 6);
  return modules.flatMap((module, index) => {
    const moduleDir = fetchModule(values.go, module, dir);
    const [package_] = benchmarkPackages(moduleDir);
    if (package_ === undefined) return [];
    const place = { moduleDir, modulePath: module.path, package: package_ };
    const binaries = buildBinaries(values.go, probe, place, mkdtempSync(join(dir, "bin-")));
    const packageDir = join(moduleDir, package_);
    const call = { dir: packageDir, pattern: ".", benchTime: "2ms", recordsFile };
    writeFileSync(recordsFile, "");
    const results = runBenchmarks(binaries.recorded, call);
    const records = readFileSync(recordsFile, "utf8");
    const usable = results.filter(({ name }) => readRecorded(records, name) !== undefined);
    const share = Math.ceil(wanted / modules.length);
    return shuffle(seededRandom(Number(values.seed) + index), usable)
      .slice(0, share)
      .map(({ name, values: printed }) => ({
        name,
        title: `${module.path.replace(/^github.com\//, "")} ${name.replace(/^Benchmark/, "")}`,
        dir: packageDir,
        binaries,
        iterations: firstSize(printed.get("sec/op") ?? 1e-3, true).iterations,
        pairs: { p10: [], p50: [], cpu: [], nsPerOp: [], blocks: [] },
      }));
  });
}

function measureRecorded(subject: Subject, recordsFile: string): Map<string, number> {
  writeFileSync(recordsFile, "");
  runBenchmarks(subject.binaries.recorded, {
    dir: subject.dir,
    pattern: exactPattern(subject.name),
    benchTime: `${subject.iterations}x`,
    recordsFile,
  });
  const recorded = readRecorded(readFileSync(recordsFile, "utf8"), subject.name);
  return new Map(recorded?.values.map(({ unit, value }) => [unit, value]));
}

function measurePlain(subject: Subject): number {
  const call = { dir: subject.dir, pattern: exactPattern(subject.name), benchTime: "100ms" };
  const results = runBenchmarks(subject.binaries.plain, call);
  return results.find(({ name }) => name === subject.name)?.values.get("sec/op") ?? Number.NaN;
}

function measurePair(subject: Subject, recordsFile: string): void {
  const one = measureRecorded(subject, recordsFile);
  const other = measureRecorded(subject, recordsFile);
  for (const metric of ["p10", "p50", "cpu"] as const) {
    const unit = RECORDED[metric];
    subject.pairs[metric].push([one.get(unit) ?? Number.NaN, other.get(unit) ?? Number.NaN]);
  }
  subject.pairs.nsPerOp.push([measurePlain(subject), measurePlain(subject)]);
}

function measureBlocks(subject: Subject): void {
  const block = () => Array.from({ length: PAIRS }, () => measurePlain(subject));
  const [one, other] = [block(), block()];
  for (const [at, seconds] of one.entries()) {
    subject.pairs.blocks.push([seconds, other[at] ?? Number.NaN]);
  }
}

function errorOf(subject: Subject, metric: Metric): number {
  const pairs = subject.pairs[metric].filter(([one, other]) => one > 0 && other > 0);
  if (metric === "blocks") {
    return Math.abs(median(pairs.map(([, other]) => other)) / median(pairs.map(([at]) => at)) - 1);
  }
  return Math.abs(Math.expm1(median(pairs.map(([one, other]) => Math.log(other / one)))));
}

const percent = (fraction: number) => `${(fraction * 100).toFixed(2)} %`;
const dir = mkdtempSync(join(tmpdir(), "tailguard-noise-"));
try {
  const recordsFile = join(dir, "records.jsonl");
  const subjects = findSubjects(buildProbe(values.go, dir), dir, recordsFile);
  const random = seededRandom(Number(values.seed));
  for (let pair = 0; pair < PAIRS; pair++) {
    for (const subject of shuffle(random, subjects)) measurePair(subject, recordsFile);
  }
  for (const subject of subjects) measureBlocks(subject);
  console.log("| benchmark | p10 | p50 | cpu/op | ns/op, in pairs | ns/op, in blocks |");
  console.log("|---|---|---|---|---|---|");
  for (const subject of subjects) {
    const cells = METRICS.map((metric) => percent(errorOf(subject, metric)));
    console.log(`| ${subject.title} | ${cells.join(" | ")} |`);
  }
  const means = METRICS.map((metric) => {
    const errors = subjects.map((subject) => errorOf(subject, metric)).filter(Number.isFinite);
    return [metric, errors.reduce((sum, error) => sum + error, 0) / errors.length];
  });
  console.log(
    JSON.stringify({ ...Object.fromEntries(means), pairs: PAIRS, benchmarks: subjects.length }),
  );
} finally {
  rmSync(dir, { recursive: true, force: true });
}
