// How often does a comparison of equal sides accuse somebody, on a busy machine?
//
//   script/bench equal [--comparisons 60] [--budget 10s] [--benchmarks 6] [--modules 12] [--load]
//                      [--seed 1] [--go go]
//
// `tailguard calibrate` with equal sides on real public modules: the very pipeline of a comparison,
// the same commit as base and head, some benchmarks of one package each. --load keeps a busy loop of the
// lowest priority on every processor all the time. Flagged is a comparison in which any metric of
// any benchmark was said to have moved; blocked is one that would have stopped a merge.
import { execFileSync, spawn, spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { availableParallelism, loadavg, tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { type Calibration, calibrationSchema, ratesOf } from "../src/baseline/calibration.ts";
import { durationSeconds } from "../src/plan/duration.ts";
import { seededRandom, shuffle } from "../src/stats/random.ts";
import { benchmarkPackages, fetchModule, PUBLIC_MODULES } from "./public-modules.ts";

const MAIN = fileURLToPath(new URL("../dist/main.js", import.meta.url));

const { values } = parseArgs({
  options: {
    comparisons: { type: "string", default: "60" },
    budget: { type: "string", default: "10s" },
    benchmarks: { type: "string", default: "6" },
    modules: { type: "string", default: "12" },
    load: { type: "boolean", default: false },
    seed: { type: "string", default: "1" },
    go: { type: "string", default: "go" },
  },
});

type Subject = { readonly dir: string; readonly package: string; readonly bench: string };

/** A repository with one commit, the package to measure, and a pattern of some of its benchmarks. */
function asRepository(path: string, dir: string): Subject {
  const module = PUBLIC_MODULES.find((at) => at.path === path);
  if (module === undefined) throw new Error(`no module ${path}`);
  const moduleDir = fetchModule(values.go, module, dir);
  const author = ["-c", "user.name=bench", "-c", "user.email=bench@example.com"];
  const git = (...args: string[]) => execFileSync("git", ["-C", moduleDir, ...author, ...args]);
  git("init", "--quiet");
  git("add", "--all", "--force");
  git("commit", "--quiet", "--message", "as fetched");
  const package_ = benchmarkPackages(moduleDir)[0] ?? ".";
  const packageDir = join(moduleDir, package_);
  const texts = readdirSync(packageDir)
    .filter((name) => name.endsWith("_test.go"))
    .map((name) => readFileSync(join(packageDir, name), "utf8"));
  const names = texts.flatMap((text) =>
    [...text.matchAll(/^func (Benchmark\w+)\(\w+ \*testing\.B\)/gm)].map((at) => at[1] ?? ""),
  );
  const some = shuffle(seededRandom(Number(values.seed)), names).slice(
    0,
    Number(values.benchmarks),
  );
  return { dir: moduleDir, package: package_, bench: `^(${some.join("|")})$` };
}

/** Busy loops of the lowest priority, one a processor; ended with this process. */
function makeLoad(): () => void {
  const loop = ["-n", "19", "sh", "-c", "while :; do :; done"];
  const loops = Array.from({ length: availableParallelism() }, () => spawn("nice", loop));
  return () => {
    for (const one of loops) one.kill("SIGKILL");
  };
}

function calibrate(subject: Subject, trials: number, file: string): Calibration {
  const seconds = durationSeconds(values.budget) * trials;
  const what = ["--repo", subject.dir, "--package", subject.package, "--bench", subject.bench];
  const how = ["--equal", String(trials), "--no-slow-down", "--seed", values.seed];
  const run = spawnSync(
    process.execPath,
    [MAIN, "calibrate", ...what, ...how, "--budget", `${seconds}s`, "--out", file],
    { encoding: "utf8", maxBuffer: 1 << 28 },
  );
  // 3: no benchmark had pairs enough to be judged; what was tried stands in the file.
  if (run.status !== 0 && run.status !== 3) throw new Error(run.stderr);
  return calibrationSchema.parse(JSON.parse(readFileSync(file, "utf8")));
}

const dir = mkdtempSync(join(tmpdir(), "tailguard-equal-"));
const endLoad = values.load ? makeLoad() : () => undefined;
try {
  const modules = PUBLIC_MODULES.slice(0, Number(values.modules));
  const each = Math.ceil(Number(values.comparisons) / modules.length);
  const sum = { comparisons: 0, benchmarks: 0, flaggedBenchmarks: 0, flagged: 0, blocked: 0 };
  console.log("| module | comparisons | benchmarks judged | flagged | blocked | load |");
  console.log("|---|---|---|---|---|---|");
  for (const { path } of modules) {
    const calibration = calibrate(asRepository(path, dir), each, join(dir, "calibration.json"));
    rmSync(join(dir, "calibration.json"), { force: true });
    const rates = ratesOf(calibration, calibration.benchmarks);
    sum.comparisons += each;
    sum.benchmarks += rates.equalOutcomes;
    sum.flaggedBenchmarks += Math.round(rates.falseAlarmRate * rates.equalOutcomes);
    sum.flagged += rates.alarmedTrials;
    sum.blocked += rates.blockedTrials;
    const load = loadavg()[0]?.toFixed(1);
    console.log(
      `| ${path.replace(/^github.com\//, "")} | ${each} | ${rates.equalOutcomes} | ${rates.alarmedTrials} | ${rates.blockedTrials} | ${load} |`,
    );
    for (const { name, outcomes } of calibration.benchmarks) {
      const alarms = outcomes.filter(({ falseAlarms }) => falseAlarms.length > 0);
      for (const at of alarms) {
        console.log(`  ${name}: ${at.falseAlarms.join(", ")}, p10 ${at.change}, ${at.pairs} pairs`);
      }
    }
  }
  console.log(JSON.stringify(sum));
} finally {
  endLoad();
  rmSync(dir, { recursive: true, force: true });
}
