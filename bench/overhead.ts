// What recording every operation costs: benchmarks as they are against instrumented ones.
//
//   script/bench overhead [--pairs 40] [--milliseconds 10] [--only PATTERN] [--go PATH] [--seed 1]
//
// Pairs of processes with the same b.N, order drawn inside each pair, all benchmarks in random
// order in every round. A process runs its benchmark five times and its fastest run counts:
// recording costs every run the same, and other work on the machine only ever adds. Each pair is
// linked anew with a layout of functions of its own, because where a loop comes to lie moves it by
// about as much as is looked for here. Reported is the Hodges-Lehmann estimate of
// instrumented / plain - 1 with its 95 % interval. Rows that the recorder itself calls "runs-only" (b.Loop and RunParallel
// of a few ns) are shown, but `median` and `worst` are about those that are used: for the others
// tailguard measures the plain binary.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { mainLoop } from "../src/hdr/latency.ts";
import { parseRecords } from "../src/hdr/record.ts";
import { median } from "../src/stats/quantile.ts";
import { flip, seededRandom, shuffle } from "../src/stats/random.ts";
import { type WalshInterval, walshInterval } from "../src/stats/walsh.ts";
import { type Binaries, buildBinaries, buildProbe, runBenchmarks } from "./binaries.ts";

const { values } = parseArgs({
  options: {
    pairs: { type: "string", default: "40" },
    milliseconds: { type: "string", default: "10" },
    only: { type: "string", default: "." },
    go: { type: "string", default: "go" },
    seed: { type: "string", default: "1" },
  },
});
const PAIRS = Number(values.pairs);
const MODULE = fileURLToPath(new URL("overhead/", import.meta.url));
const PLACE = { moduleDir: MODULE, modulePath: "tailguard.dev/bench/overhead", package: "." };

type Row = {
  readonly name: string;
  readonly iterations: number;
  readonly nsPerOp: number;
  /** Natural logarithm of instrumented / plain, one for each pair. */
  readonly logRatios: number[];
  carries: "operations" | "runs-only";
};

/** Runs in one process; the fastest counts. */
const RUNS = 5;

function run(binary: string, pattern: string, benchTime: string, recordsFile = "") {
  const call = { dir: MODULE, pattern, benchTime, count: RUNS, recordsFile };
  return runBenchmarks(binary, call).map(({ name, values }) => ({
    name,
    seconds: values.get("sec/op") ?? Number.NaN,
  }));
}

/** The same b.N on both sides, such that the timed work takes the wanted time. */
function findRows(binaries: Binaries): Row[] {
  const wanted = Number(values.milliseconds) / 1000;
  const fastest = new Map<string, number>();
  for (const { name, seconds } of run(binaries.plain, values.only, `${values.milliseconds}ms`)) {
    fastest.set(name, Math.min(seconds, fastest.get(name) ?? seconds));
  }
  return [...fastest].map(([name, seconds]) => ({
    name,
    iterations: Math.max(2, Math.round(wanted / seconds)),
    nsPerOp: seconds * 1e9,
    logRatios: [],
    carries: "operations",
  }));
}

function measurePair(row: Row, binaries: Binaries, recordsFile: string, plainFirst: boolean) {
  const pattern = `^${row.name.replace("/", "$/^")}$`;
  const once = (side: keyof Binaries) => {
    const file = side === "recorded" ? recordsFile : "";
    const results = run(binaries[side], pattern, `${row.iterations}x`, file);
    return Math.min(...results.map((result) => result.seconds));
  };
  const order: (keyof Binaries)[] = plainFirst ? ["plain", "recorded"] : ["recorded", "plain"];
  const seconds = Object.fromEntries(order.map((side) => [side, once(side)]));
  const ratio = (seconds.recorded as number) / (seconds.plain as number);
  if (Number.isFinite(ratio) && ratio > 0) row.logRatios.push(Math.log(ratio));
}

/** What the recorder said of the last pair of each row. */
function readCarries(rows: readonly Row[], recordsFile: string): void {
  const { records } = parseRecords(readFileSync(recordsFile, "utf8"));
  for (const row of rows) {
    const record = records.findLast((one) => one.benchmark === row.name && one.n > 1);
    const loop = record && mainLoop(record);
    row.carries = loop?.carries ?? "runs-only";
  }
}

const percent = (logRatio: number) => `${(Math.expm1(logRatio) * 100).toFixed(2)} %`;

function printTable(rows: readonly Row[], intervals: ReadonlyMap<Row, WalshInterval>): void {
  console.log("| benchmark | ns/op | overhead | 95 % interval | used for |\n|---|---|---|---|---|");
  for (const row of rows) {
    const { center, low, high } = intervals.get(row) as WalshInterval;
    const use = row.carries === "operations" ? "distributions" : "nothing: plain binary";
    console.log(
      `| ${row.name} | ${row.nsPerOp.toPrecision(3)} | ${percent(center)} | ${percent(low)} to ${percent(high)} | ${use} |`,
    );
  }
}

const dir = mkdtempSync(join(tmpdir(), "tailguard-overhead-"));
try {
  const random = seededRandom(Number(values.seed));
  const probe = buildProbe(values.go, dir);
  const link = (seed: number) => buildBinaries(values.go, probe, PLACE, dir, seed);
  const rows = findRows(link(1));
  const recordsFile = join(dir, "records.jsonl");
  for (let pair = 0; pair < PAIRS; pair++) {
    writeFileSync(recordsFile, "");
    const binaries = link(pair + 1);
    for (const row of shuffle(random, rows)) {
      measurePair(row, binaries, recordsFile, flip(random));
    }
  }
  readCarries(rows, recordsFile);
  const intervals = new Map(rows.map((row) => [row, walshInterval(row.logRatios)]));
  printTable(rows, intervals);
  const used = rows.filter((row) => row.carries === "operations");
  const overheads = used.map((row) => Math.expm1((intervals.get(row) as WalshInterval).center));
  const answer = { median: median(overheads), worst: Math.max(...overheads) };
  console.log(JSON.stringify({ ...answer, pairs: PAIRS, benchmarks: used.length }));
} finally {
  rmSync(dir, { recursive: true, force: true });
}
