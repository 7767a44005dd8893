// How long does comparing two CPU profiles take beside `go tool pprof -top -diff_base`, and how
// much memory?
//
//   script/bench pprof [--rounds 15] [--seed 1]
//
// Profiles of 100 KB, 3 MB and 30 MB as gzip packs them (bench/pprof/make-profiles.ts: real stacks,
// made into those of larger programs). Ours is the work of a report: unpack, decode, align, test
// which functions moved, find the paths, keep the ledger. Both are whole processes, node's start and
// the go command included, by turns in random order; a ratio is of one round. Beside it stand the
// tool without the go command in front, and our work alone, in a process that has its modules loaded
// and does it for the first time, or again: a run compares profiles in the process that it is judged
// in, so that is what a user waits for.
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import type { Launcher } from "../src/collect/launcher.ts";
import { median, nearestRank } from "../src/stats/quantile.ts";
import { type Random, seededRandom, shuffle } from "../src/stats/random.ts";
import { makeProfiles } from "./pprof/make-profiles.ts";
import { type Cost, cost, openLauncher } from "./process-cost.ts";

const ONCE = fileURLToPath(new URL("pprof/once.mjs", import.meta.url));

const { values } = parseArgs({
  options: {
    rounds: { type: "string", default: "15" },
    seed: { type: "string", default: "1" },
  },
});

const SIZES = [
  { name: "Small", text: "100 KB", bytes: 100_000, part: 1, repetitions: 20 },
  { name: "Large", text: "3 MB", bytes: 3_000_000, part: 0.5, repetitions: 5 },
  { name: "Huge", text: "30 MB", bytes: 30_000_000, part: 0.1, repetitions: 1 },
] as const;

type Size = (typeof SIZES)[number];
type Contender = "ours" | "go tool pprof" | "the tool alone";
type Costs = Readonly<Record<Contender, readonly Cost[]>>;

/** The last line of once.mjs. */
type Answer = {
  readonly milliseconds: readonly number[];
  readonly paths: number;
  readonly refusal: string;
};

type Measured = {
  /** Paths that were told; none where nothing moved beyond chance. */
  readonly paths: number;
  readonly costs: Costs;
  /** Seconds of a comparison within a process: of its first one, and of one that follows. */
  readonly inProcess: { readonly first: number; readonly warm: number };
  /** Why the profiles were not compared; empty where they were. */
  readonly refusal: string;
};

const toolPath = execFileSync("go", ["tool", "-n", "pprof"], { encoding: "utf8" }).trim();

async function measure(
  launcher: Launcher,
  dir: string,
  size: Size,
  random: Random,
): Promise<Measured> {
  const [base, head] = [join(dir, `${size.name}-base.pb.gz`), join(dir, `${size.name}-head.pb.gz`)];
  const made = makeProfiles(size.bytes, Number(values.seed));
  writeFileSync(base, made.base);
  writeFileSync(head, made.head);
  console.log(
    `\n${size.text}: ${made.samples} samples a side, ${made.frames} frames, ${made.unpackedBytes} bytes unpacked`,
  );
  const ours: [string, ...string[]] = [process.execPath, ONCE, base, head];
  const diff = ["-top", `-diff_base=${base}`, head];
  const commands: Readonly<Record<Contender, [string, ...string[]]>> = {
    ours,
    "go tool pprof": ["go", "tool", "pprof", ...diff],
    "the tool alone": [toolPath, ...diff],
  };
  const contenders = Object.keys(commands) as Contender[];
  const costs: Record<Contender, Cost[]> = {
    ours: [],
    "go tool pprof": [],
    "the tool alone": [],
  };
  const rounds = Math.ceil(Number(values.rounds) * size.part);
  for (let round = 0; round < rounds; round++) {
    for (const contender of shuffle(random, contenders)) {
      costs[contender].push(await cost(launcher, commands[contender], dir));
    }
  }
  const warm = await cost(launcher, [...ours, String(size.repetitions)], dir);
  const { milliseconds, paths, refusal } = answerOf(warm);
  const warmMs = milliseconds.length === 1 ? milliseconds : milliseconds.slice(1);
  const firstMs = costs.ours.map((one) => answerOf(one).milliseconds[0] as number);
  const seconds = { first: median(firstMs) / 1000, warm: median(warmMs) / 1000 };
  return { costs, inProcess: seconds, paths, refusal };
}

function answerOf({ output }: Cost): Answer {
  return JSON.parse(output.trimEnd().split("\n").at(-1) ?? "") as Answer;
}

/** Median, and the quartiles behind it. */
function spread(figures: readonly number[], unit = ""): string {
  const sorted = [...figures].sort((one, other) => one - other);
  const [mid, low, high] = [0.5, 0.25, 0.75].map((part) => nearestRank(sorted, part).toFixed(3));
  return `${mid}${unit} (${low} to ${high})`;
}

function ratios({ ours, ...peers }: Costs, peer: Exclude<Contender, "ours">): number[] {
  return ours.map(({ seconds }, round) => seconds / (peers[peer][round] as Cost).seconds);
}

function megabytesOf(costs: readonly Cost[]): number {
  return Math.max(...costs.map(({ megabytes }) => megabytes));
}

function print({ costs, inProcess, paths, refusal }: Measured): void {
  for (const [contender, own] of Object.entries(costs)) {
    const seconds = spread(
      own.map((one) => one.seconds),
      " s",
    );
    const ratio = contender === "ours" ? "" : spread(ratios(costs, contender as "go tool pprof"));
    const memory = `${megabytesOf(own).toFixed(0)} MB`;
    console.log(`${contender.padEnd(18)}${seconds.padEnd(28)}${memory.padStart(8)}  ${ratio}`);
  }
  console.log(`${"ours, loaded".padEnd(18)}${inProcess.first.toFixed(3)} s`);
  console.log(`${"ours, warm".padEnd(18)}${inProcess.warm.toFixed(3)} s  (paths told: ${paths})`);
  if (refusal !== "") console.log(`not compared: ${refusal}`);
}

const dir = mkdtempSync(join(tmpdir(), "tailguard-bench-pprof-"));
const { launcher } = openLauncher(dir);
try {
  console.log("Median (quartiles), peak memory, and ours divided by it.");
  const random = seededRandom(Number(values.seed));
  const answer: Record<string, number | string> = {};
  for (const size of SIZES) {
    const measured = await measure(launcher, dir, size, random);
    const { costs, inProcess } = measured;
    print(measured);
    answer[`megabytes${size.name}`] = megabytesOf(costs.ours);
    answer[`goMegabytes${size.name}`] = megabytesOf(costs["go tool pprof"]);
    if (size.name === "Huge") answer.refusalHuge = measured.refusal;
    else if (measured.refusal !== "") throw new Error(`${size.text}: ${measured.refusal}`);
    if (size.name === "Huge") continue;
    answer[`ratio${size.name}`] = median(ratios(costs, "go tool pprof"));
    answer[`ratio${size.name}ToolAlone`] = median(ratios(costs, "the tool alone"));
    const goSeconds = median(costs["go tool pprof"].map(({ seconds }) => seconds));
    answer[`ratio${size.name}Loaded`] = inProcess.first / goSeconds;
    answer[`ratio${size.name}Warm`] = inProcess.warm / goSeconds;
  }
  console.log(JSON.stringify(answer));
} finally {
  await launcher.close();
  rmSync(dir, { recursive: true, force: true });
}
