// How often does a comparison of equal sides accuse somebody, on a busy machine?
//
//   script/bench equal [--comparisons 60] [--budget 15s] [--modules 12] [--load] [--seed 1] [--go go]
//
// `tailguard calibrate` with equal sides on real public modules: the very pipeline of a comparison,
// the same commit as base and head, one package of benchmarks each. --load keeps a busy loop of the
// lowest priority on every processor all the time. Flagged is a comparison in which any metric of
// any benchmark was said to have moved; blocked is one that would have stopped a merge.
import { execFileSync, spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { availableParallelism, loadavg, tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { type Calibration, calibrationSchema, ratesOf } from "../src/baseline/calibration.ts";
import { durationSeconds } from "../src/plan/duration.ts";
import { benchmarkPackages, fetchModule, PUBLIC_MODULES } from "./public-modules.ts";

const MAIN = fileURLToPath(new URL("../dist/main.js", import.meta.url));

const { values } = parseArgs({
  options: {
    comparisons: { type: "string", default: "60" },
    budget: { type: "string", default: "15s" },
    modules: { type: "string", default: "12" },
    load: { type: "boolean", default: false },
    seed: { type: "string", default: "1" },
    go: { type: "string", default: "go" },
  },
});

/** A repository with one commit, and the package to measure. */
function asRepository(
  path: string,
  dir: string,
): { readonly dir: string; readonly package: string } {
  const module = PUBLIC_MODULES.find((at) => at.path === path);
  if (module === undefined) throw new Error(`no module ${path}`);
  const moduleDir = fetchModule(values.go, module, dir);
  const git = (...args: string[]) =>
    execFileSync("git", [
      "-C",
      moduleDir,
      "-c",
      "user.name=bench",
      "-c",
      "user.email=b@example.com",
      ...args,
    ]);
  git("init", "--quiet");
  git("add", "--all", "--force");
  git("commit", "--quiet", "--message", "as fetched");
  return { dir: moduleDir, package: benchmarkPackages(moduleDir)[0] ?? "." };
}

/** Busy loops of the lowest priority, one a processor; ended with this process. */
function makeLoad(): () => void {
  const loop = ["-n", "19", "sh", "-c", "while :; do :; done"];
  const loops = Array.from({ length: availableParallelism() }, () => spawn("nice", loop));
  return () => {
    for (const one of loops) one.kill("SIGKILL");
  };
}

function calibrate(
  repository: { readonly dir: string; readonly package: string },
  trials: number,
  file: string,
): Calibration {
  const args = ["calibrate", "--repo", repository.dir, "--package", repository.package];
  const text = execFileSync(
    process.execPath,
    [
      MAIN,
      ...args,
      ...["--equal", String(trials), "--no-slow-down", "--seed", values.seed],
      ...[
        "--budget",
        `${durationSeconds(values.budget) * trials}s`,
        "--out",
        file,
        "--format",
        "json",
      ],
    ],
    { encoding: "utf8", stdio: ["ignore", "pipe", "ignore"], maxBuffer: 1 << 28 },
  );
  return calibrationSchema.parse(JSON.parse(text));
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
