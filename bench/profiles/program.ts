// A real program to plant changes in: a benchmark of a public module, one of the module's functions
// that takes a considerable part of it, and how many turns of a loop slow that function by how much.
//
// Turns are calibrated by the time of a typical operation: what a long loop in the function adds, by
// its turns, and what the loop costs before its first turn. A function called so often that a fifth
// of its time is less than that cannot be slowed by a fifth, and another one is taken.
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { readRecorded } from "../../src/collect/recorded-values.ts";
import { CPU_HZ } from "../../src/collect/run-benchmark.ts";
import { firstSize } from "../../src/collect/size-benchmark.ts";
import { type Random, shuffle } from "../../src/stats/random.ts";
import { buildRecorded, type Place, runBenchmarks } from "../binaries.ts";
import { benchmarkPackages, fetchModule, type PublicModule } from "../public-modules.ts";
import { declarationsFile, plant, type Statement, type Target } from "./plant.ts";
import { namedStacks, readProfile, samplesOf } from "./samples.ts";
import { operationsOf, type Recorder, type Subject, take, typicalTime } from "./take.ts";

export type Program = {
  readonly title: string;
  readonly base: Subject;
  readonly target: Target;
  readonly planted: Readonly<Record<Statement, PlantedBinary>>;
  readonly loop: LoopCost;
};

/** Seconds that the planted loop adds to an operation: with no turn, and with each of its turns. */
export type LoopCost = { readonly emptySeconds: number; readonly turnSeconds: number };

export type PlantedBinary = { readonly binary: string; readonly line: number };

export type Workshop = {
  readonly go: string;
  readonly probe: string;
  readonly dir: string;
  readonly recorder: Recorder;
  readonly random: Random;
};

/** Of the function itself. */
const SHARE_LEAST = 0.05;
const SHARE_MOST = 0.4;
const BENCHMARKS_TRIED = 12;
const TARGETS_TRIED = 3;
/** Fewer turns cannot be set to a fifth more of the function's time. */
const FEWEST_TURNS = 2;
const LOOK_SECONDS = 1;

/** A program of the module; undefined where none of those tried has a function to change. */
export async function findProgram(
  module: PublicModule,
  workshop: Workshop,
): Promise<Program | undefined> {
  const { go, probe, dir, recorder, random } = workshop;
  const moduleDir = fetchModule(go, module, dir);
  for (const package_ of benchmarkPackages(moduleDir).slice(0, 2)) {
    const place = { moduleDir, modulePath: module.path, package: package_ };
    const binary = buildRecorded(go, probe, place, mkdtempSync(join(dir, "base-")));
    const subjects = shuffle(random, benchmarksOf(place, binary, recorder));
    for (const subject of subjects.slice(0, BENCHMARKS_TRIED)) {
      const { base, targets } = await look(place, subject, recorder);
      for (const target of shuffle(random, targets).slice(0, TARGETS_TRIED)) {
        const program = plantIn(target, base, place, workshop);
        if (program !== undefined) return program;
      }
    }
  }
  return undefined;
}

/** Those whose operations are recorded one by one. */
function benchmarksOf(place: Place, binary: string, recorder: Recorder): Subject[] {
  const packageDir = join(place.moduleDir, place.package);
  const recordsFile = recorder.recordPath;
  writeFileSync(recordsFile, "");
  const call = { dir: packageDir, pattern: ".", benchTime: "2ms", recordsFile };
  const results = runBenchmarks(binary, call);
  const records = readFileSync(recordsFile, "utf8");
  return results
    .filter(({ name }) => readRecorded(records, name) !== undefined)
    .map(({ name, values }) => ({
      binary,
      dir: packageDir,
      package: join(place.modulePath, place.package),
      name,
      secondsPerOperation: values.get("sec/op") ?? Number.NaN,
      turns: 0,
    }))
    .filter(({ secondsPerOperation }) => firstSize(secondsPerOperation, true).iterations > 1);
}

/** CPU time of an operation and functions of the module with the wanted share, by a profile. */
async function look(
  place: Place,
  subject: Subject,
  recorder: Recorder,
): Promise<{ readonly base: Subject; readonly targets: readonly Target[] }> {
  const operations = operationsOf(recorder, subject, LOOK_SECONDS);
  const record = await take(recorder, subject, { side: "base", run: 0, number: 98, operations });
  const stacks = namedStacks(readProfile(recorder.options.outDir, record));
  const all = samplesOf(stacks, () => true);
  const leaves = new Map(
    stacks.flatMap(({ frames }) => frames.slice(0, 1)).map((at) => [at.function, at]),
  );
  const targets = [...leaves.values()].flatMap((leaf) => {
    const flat = samplesOf(stacks, ({ frames }) => frames[0]?.function === leaf.function);
    const flatShare = flat / all;
    const file = leaf.file.startsWith(`${place.modulePath}/`)
      ? leaf.file.slice(place.modulePath.length + 1)
      : "";
    const isSource = /(?<!_test)\.go$/.test(file) && existsSync(join(place.moduleDir, file));
    if (!isSource || flatShare < SHARE_LEAST || flatShare > SHARE_MOST) return [];
    return [{ function: leaf.function, file, startLine: leaf.startLine, flatShare }];
  });
  return { base: { ...subject, secondsPerOperation: all / CPU_HZ / record.operations }, targets };
}

/** Builds the changed binaries and calibrates the loop; undefined where it cannot be done. */
function plantIn(
  target: Target,
  base: Subject,
  place: Place,
  { go, probe, dir, recorder }: Workshop,
): Program | undefined {
  const build = (statement: Statement): PlantedBinary | undefined => {
    const path = join(place.moduleDir, target.file);
    const text = readFileSync(path, "utf8");
    const changed = plant(text, target, statement);
    if (changed === undefined) return undefined;
    const declarations = declarationsFile(target, text);
    const beside = join(place.moduleDir, declarations.path);
    writeFileSync(path, changed.text);
    writeFileSync(beside, declarations.text);
    try {
      const binary = buildRecorded(go, probe, place, mkdtempSync(join(dir, `${statement}-`)));
      return { binary, line: changed.line };
    } finally {
      writeFileSync(path, text);
      rmSync(beside);
    }
  };
  const planted = build("loop");
  if (planted === undefined) return undefined;
  const loop = calibrate(recorder, base, planted.binary);
  if (!(turnsFor(1.2, { base, target, loop }) >= FEWEST_TURNS)) return undefined;
  const [allocation, lock] = [build("allocation"), build("lock")];
  if (allocation === undefined || lock === undefined) return undefined;
  const short = place.modulePath.replace(/^github.com\//, "");
  const title = `${short} ${base.name.replace(/^Benchmark/, "")}`;
  return { title, base, target, planted: { loop: planted, allocation, lock }, loop };
}

const FIRST_TURNS = 32;
const MOST_TURNS = 1e7;

function calibrate(recorder: Recorder, base: Subject, binary: string): LoopCost {
  const empty = typicalTime(recorder, { ...base, binary });
  const emptySeconds = Math.max(0, empty - typicalTime(recorder, base));
  for (let turns = FIRST_TURNS; turns <= MOST_TURNS; turns *= 8) {
    const slow = typicalTime(recorder, { ...base, binary, turns });
    if (slow > 1.5 * empty) return { emptySeconds, turnSeconds: (slow - empty) / turns };
  }
  return { emptySeconds, turnSeconds: Number.NaN };
}

/** Turns of the loop that make the function's own time so many times as long. */
export function turnsFor(
  factor: number,
  { base, target, loop }: Pick<Program, "base" | "target" | "loop">,
): number {
  const wanted = (factor - 1) * target.flatShare * base.secondsPerOperation;
  return Math.round((wanted - loop.emptySeconds) / loop.turnSeconds);
}
