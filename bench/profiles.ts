// Do profiles show what was changed, and nothing where nothing was?
//
//   script/bench profiles [--programs 10] [--runs 8] [--seconds 0.5] [--splits 100] [--seed 1]
//                         [--changes slow-1.2,slow-1.5,slow-2,allocation,lock] [--go go]
//                         [--only REGEXP] [--keep DIR | --again DIR]
//
// Benchmarks of public modules, one a module: a function with 5 to 40 % of its samples is slowed, or
// gets an allocation or a lock more (bench/profiles/plant.ts), and both sides are recorded and
// compared by the product's own code. In every round a program runs four times as it is and once with
// each change, in random order, so that all sides are neighbors; the changes of a program share
// base's runs. The four unchanged sides are two pairs of equal sides. The runs of a pair are then
// dealt to two sides anew, many times, at no cost: such splits are not independent of each other and
// see no difference between neighbors, but tell the rate far finer than two pairs a program.
//
// The yardstick is what was simulated for eight runs a side of 2,000 samples (docs/statistics.md):
// functions of 1 % that grow by half are found in 59 %, those that double in 77 % with five runs. Half
// a second has 125 samples; "expected" is the chance that the same test has with the samples that
// were planted (bench/profiles/expected.ts). --seconds 8 has the yardstick's number.
// --keep keeps the profiles in a folder, --again judges kept ones.
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import type { ProfileRecord } from "../src/evidence/manifest.ts";
import { median } from "../src/stats/quantile.ts";
import { type Random, seededRandom, shuffle } from "../src/stats/random.ts";
import { buildProbe } from "./binaries.ts";
import { deal, judge, judgeEqual, type Outcome, type Recording } from "./profiles/judge.ts";
import { type Change, factorOf, statementOf } from "./profiles/plant.ts";
import { findProgram, type Program, turnsFor } from "./profiles/program.ts";
import { readProfile } from "./profiles/samples.ts";
import { operationsOf, type Recorder, startRecorder, take } from "./profiles/take.ts";
import { PUBLIC_MODULES, type PublicModule } from "./public-modules.ts";

const { values } = parseArgs({
  options: {
    programs: { type: "string", default: "10" },
    runs: { type: "string", default: "8" },
    seconds: { type: "string", default: "0.5" },
    splits: { type: "string", default: "100" },
    changes: { type: "string", default: "slow-1.2,slow-1.5,slow-2,allocation,lock" },
    seed: { type: "string", default: "1" },
    go: { type: "string", default: "go" },
    only: { type: "string", default: "" },
    keep: { type: "string" },
    again: { type: "string" },
  },
});
const CHANGES = values.changes.split(",").filter((at) => at !== "") as Change[];
const SEED = Number(values.seed);
/** Besides those the other measurements use: every third has no function that can be changed. */
const MODULES: readonly PublicModule[] = [
  ...PUBLIC_MODULES,
  { path: "github.com/russross/blackfriday/v2", version: "v2.1.0" },
  { path: "github.com/gorilla/mux", version: "v1.8.1" },
  { path: "github.com/go-chi/chi/v5", version: "v5.5.0" },
  { path: "github.com/rs/zerolog", version: "v1.33.0" },
];

/** Records a program as it is, four times, and with every change, round by round. */
async function record(program: Program, recorder: Recorder, random: Random): Promise<Recording[]> {
  const { base, target, planted } = program;
  const operations = operationsOf(recorder, base, Number(values.seconds));
  const equal = { change: "none" as Recording["change"], subject: base, line: 0 };
  // `against` is the place of the side to compare with: two pairs of equal sides, and the changes.
  const sides = [
    { ...equal, against: undefined },
    { ...equal, against: 0 },
    { ...equal, against: undefined },
    { ...equal, against: 2 },
    ...CHANGES.map((change) => {
      const { binary, line } = planted[statementOf(change)];
      const factor = factorOf(change);
      const turns = factor === undefined ? 0 : turnsFor(factor, program);
      return { change, subject: { ...base, binary, turns }, line, against: 0 };
    }),
  ].map((at, number) => ({ ...at, number, records: [] as ProfileRecord[] }));
  for (let run = 0; run < Number(values.runs); run++) {
    for (const { against, subject, number, records } of shuffle(random, sides)) {
      const side = against === undefined ? "base" : "head";
      records.push(await take(recorder, subject, { side, run, number, operations }));
    }
  }
  return sides.flatMap(({ against, change, line, records }) => {
    if (against === undefined) return [];
    const all = [...(sides[against]?.records ?? []), ...records];
    return [{ program: program.title, target, change, line, records: all }];
  });
}

async function recordAll(outDir: string): Promise<Recording[]> {
  const dir = mkdtempSync(join(tmpdir(), "tailguard-profiles-"));
  const probe = buildProbe(values.go, dir);
  const recorder = startRecorder(probe, dir, outDir);
  const recordings: Recording[] = [];
  try {
    let programs = 0;
    for (const [at, module] of MODULES.entries()) {
      if (programs === Number(values.programs)) break;
      if (!new RegExp(values.only).test(module.path)) continue;
      const random = seededRandom(SEED + at);
      const program = await findProgram(module, { go: values.go, probe, dir, recorder, random });
      if (program === undefined) {
        console.error(`${module.path}: no function to change in the benchmarks tried`);
        continue;
      }
      programs++;
      console.error(`${program.title}: ${program.target.function}`);
      recordings.push(...(await record(program, recorder, random)));
      writeFileSync(join(outDir, "recordings.json"), JSON.stringify(recordings));
    }
    return recordings;
  } finally {
    await recorder.close();
    rmSync(dir, { recursive: true, force: true });
  }
}

const percent = (part: number) => `${(100 * part).toFixed(1)} %`;
const expectedText = (part: number | undefined) => (part === undefined ? "" : percent(part));
const mean = (numbers: readonly number[]) =>
  numbers.reduce((sum, at) => sum + at, 0) / Math.max(1, numbers.length);

/** Equal sides: the pairs as recorded, and their runs dealt anew. */
function printEqual(recordings: readonly Recording[], outDir: string) {
  const random = seededRandom(SEED);
  console.log("| equal sides | paths | functions moved | splits with a path | with a function |");
  console.log("|---|---|---|---|---|");
  const rows = recordings.map(({ program, records }) => {
    const profiles = records.map((at) => readProfile(outDir, at));
    const pair = judgeEqual(profiles);
    const splits = Array.from({ length: Number(values.splits) }, () =>
      judgeEqual(deal(profiles, random)),
    );
    const paths = mean(splits.map((at) => (at.paths > 0 ? 1 : 0)));
    const functions = mean(splits.map((at) => (at.moved > 0 ? 1 : 0)));
    console.log(
      `| ${program} | ${pair.paths} | ${pair.moved} | ${percent(paths)} | ${percent(functions)} |`,
    );
    return { pair, paths, functions };
  });
  return {
    equalPairs: rows.length,
    equalPairsWithPath: rows.filter(({ pair }) => pair.paths > 0).length,
    equalPairsWithMove: rows.filter(({ pair }) => pair.moved > 0).length,
    splits: rows.length * Number(values.splits),
    splitsWithPath: mean(rows.map((row) => row.paths)),
    splitsWithMove: mean(rows.map((row) => row.functions)),
  };
}

type Judged = Recording & { readonly outcome: Outcome };

function printCases(judged: readonly Judged[]): void {
  console.log(
    "\n| program | function | own share | change | planted | expected | found | path | leaf | first | others moved |",
  );
  console.log("|---|---|---|---|---|---|---|---|---|---|---|");
  for (const { program, target, change, outcome } of judged) {
    const { found, path, leaf, first, planted, expected, wrong } = outcome;
    const marks = [found, path, leaf, first].map((at) => (at ? "yes" : "no"));
    console.log(
      `| ${program} | ${target.function.split("/").at(-1)} | ${percent(target.flatShare)} | ${change} | ${percent(planted)} | ${expectedText(expected)} | ${marks.join(" | ")} | ${wrong.join(", ")} |`,
    );
  }
}

function expectedRate(outcomes: readonly Outcome[]): number | undefined {
  const parts = outcomes.flatMap(({ expected }) => (expected === undefined ? [] : [expected]));
  return parts.length === 0 ? undefined : mean(parts);
}

function printRates(judged: readonly Judged[]) {
  console.log(
    "\n| change | cases | planted, median | expected | found | path | leaf | first | false among moved |",
  );
  console.log("|---|---|---|---|---|---|---|---|---|");
  const rows = [...new Set(judged.map(({ change }) => change))].map((change) => {
    const outcomes = judged.filter((at) => at.change === change).map(({ outcome }) => outcome);
    const rate = (key: "found" | "path" | "leaf" | "first") =>
      mean(outcomes.map((at) => (at[key] ? 1 : 0)));
    const row = {
      cases: outcomes.length,
      planted: median(outcomes.map(({ planted }) => planted)),
      expected: expectedRate(outcomes),
      found: rate("found"),
      path: rate("path"),
      leaf: rate("leaf"),
      first: rate("first"),
      falsePart: mean(outcomes.map((at) => at.wrong.length / Math.max(1, at.moved))),
    };
    const { cases, ...rates } = row;
    console.log(`| ${change} | ${cases} | ${Object.values(rates).map(expectedText).join(" | ")} |`);
    return [change, row] as const;
  });
  return Object.fromEntries(rows);
}

const kept = values.again ?? values.keep;
const outDir =
  kept === undefined ? mkdtempSync(join(tmpdir(), "tailguard-profiles-out-")) : resolve(kept);
try {
  mkdirSync(outDir, { recursive: true });
  const recordings =
    values.again === undefined
      ? await recordAll(outDir)
      : (JSON.parse(readFileSync(join(outDir, "recordings.json"), "utf8")) as Recording[]);
  const equal = printEqual(
    recordings.filter(({ change }) => change === "none"),
    outDir,
  );
  const judged = recordings
    .filter(({ change }) => change !== "none")
    .map((at) => {
      const profiles = at.records.map((record) => readProfile(outDir, record));
      return { ...at, outcome: judge(at, profiles) };
    });
  printCases(judged);
  console.log(JSON.stringify({ ...equal, changes: printRates(judged) }));
} finally {
  if (kept === undefined) rmSync(outDir, { recursive: true, force: true });
}
