// The measured evidence of one package and side, as text: one process after the other.
//
// A process is a header that benchstat ignores because it starts with "#", a configuration line
// with the phase, so that benchstat keeps exploring, confirming and noise runs in tables of
// their own, and the result lines the process printed:
//
//   # pair=12 phase=explore first=head layout=2 wall-sec=0.0412 cpu-sec=0.0391 involuntary-switches=3
//   phase: explore
//   BenchmarkParse/large-2	100	1012 ns/op	48 B/op	2 allocs/op
//
// Several lines of one benchmark are batches of one process (-test.count). In phase "noise" both
// processes of a pair ran the base binary; one stands in each file, so that the same join gives
// the noise floor. Phase "starved" are pairs of which a process waited for a processor (starved.ts)
// and that were measured again: kept to be looked at, judged by nobody. Only results are kept, never other output: a benchmark that prints a header
// cannot make up a process. `benchstat base.txt head.txt` works on such files.
import assert from "node:assert/strict";
import { formatBenchmarkLine } from "../bench/format.ts";
import { withoutGomaxprocs } from "../bench/name.ts";
import { type BenchmarkResult, type LineProblem, linesOf, parseLine } from "../bench/parse.ts";
import type { Side } from "./manifest.ts";

type Phase = "explore" | "confirm" | "noise" | "starved";

/** One benchmark process: where it stands in the schedule and what it cost. */
export type MeasuredProcess = {
  /** Counts up within a benchmark and phase; base and head of a pair share it. */
  readonly pair: number;
  readonly phase: Phase;
  /** The side that ran first in this pair. */
  readonly first: Side;
  /** Seed of the link layout; 0 is the toolchain's default. */
  readonly layout: number;
  readonly wallSec: number;
  /** User and system time. Far below wall time means that the process was kept waiting. */
  readonly cpuSec: number;
  readonly involuntarySwitches: number;
};

export type ProcessRecord = MeasuredProcess & {
  readonly results: readonly BenchmarkResult[];
  /** Of the header, counting from 1. */
  readonly line: number;
};

/** Both processes of a pair, each with the batches of one benchmark. */
export type Pair = {
  readonly base: ProcessRecord;
  readonly head: ProcessRecord;
};

/** The pairs of one benchmark in one phase, by ascending pair number. */
export type BenchmarkPairs = {
  /** Without the GOMAXPROCS suffix, as the manifest names it. */
  readonly name: string;
  readonly phase: Phase;
  readonly pairs: readonly Pair[];
  /** Pairs of which only one side has results. */
  readonly incomplete: number;
};

// 30 pairs of 1,000 benchmarks and their confirmations; more is not our collector's file.
const MAX_PROCESSES = 100_000;
// A made-up file may count its problems, not list a million of them.
const MAX_PROBLEMS = 100;

const HEADER =
  /^# pair=(\d{1,9}) phase=(explore|confirm|noise|starved) first=(base|head) layout=(\d{1,9}) wall-sec=(\d{1,9}(?:\.\d{1,12})?) cpu-sec=(\d{1,9}(?:\.\d{1,12})?) involuntary-switches=(\d{1,12})$/;

/** The lines of one process, each with its line break, to be appended to the side's file. */
export function formatProcess(
  process: MeasuredProcess,
  results: readonly BenchmarkResult[],
): string {
  const { pair, phase, first, layout, wallSec, cpuSec, involuntarySwitches } = process;
  assert(Number.isFinite(wallSec) && Number.isFinite(cpuSec), "times of a process");
  const header =
    `# pair=${pair} phase=${phase} first=${first} layout=${layout} wall-sec=${wallSec.toFixed(6)}` +
    ` cpu-sec=${cpuSec.toFixed(6)} involuntary-switches=${involuntarySwitches}`;
  const lines = [header, `phase: ${phase}`, ...results.map(formatBenchmarkLine)];
  return `${lines.join("\n")}\n`;
}

/** Reads a side's file. Bad lines become problems, at most 100 of them; nothing throws. */
export function readProcesses(text: string): {
  readonly processes: readonly ProcessRecord[];
  readonly problems: readonly LineProblem[];
} {
  const processes: (MeasuredProcess & { line: number; results: BenchmarkResult[] })[] = [];
  const problems: LineProblem[] = [];
  const report = (line: number, message: string) => {
    if (problems.length < MAX_PROBLEMS) problems.push({ line, message });
  };
  // After a bad header results belong to nobody until the next good one.
  let current: BenchmarkResult[] | undefined;
  for (const { line, content } of linesOf(text)) {
    if (content.startsWith("# pair=")) {
      const process = readHeader(content);
      current = undefined;
      if (process === undefined) {
        report(line, "not a process header");
      } else if (processes.length === MAX_PROCESSES) {
        report(line, `more than ${MAX_PROCESSES} processes; the rest is not read`);
        break;
      } else {
        current = [];
        processes.push({ ...process, line, results: current });
      }
      continue;
    }
    const parsed = parseLine(content);
    if (parsed.kind === "problem") report(line, parsed.message);
    if (parsed.kind !== "result") continue;
    if (current === undefined) report(line, "result outside a process");
    else current.push(parsed.result);
  }
  return { processes, problems };
}

/**
 * Joins the two files of a package to pairs, per phase and benchmark, in the order the names
 * first appear. A side that appears twice in a pair counts once, with its first process.
 */
export function joinPairs(
  sides: Readonly<Record<Side, readonly ProcessRecord[]>>,
  gomaxprocs: number,
): BenchmarkPairs[] {
  const groups = new Map<
    string,
    { name: string; phase: Phase; pairs: Map<number, Partial<Pair>> }
  >();
  for (const side of ["base", "head"] as const) {
    for (const process of sides[side]) {
      for (const [name, results] of resultsByName(process.results, gomaxprocs)) {
        const key = `${process.phase} ${name}`;
        const group = groups.get(key) ?? { name, phase: process.phase, pairs: new Map() };
        groups.set(key, group);
        const pair = group.pairs.get(process.pair) ?? {};
        group.pairs.set(process.pair, { [side]: { ...process, results }, ...pair });
      }
    }
  }
  return [...groups.values()].map(({ name, phase, pairs }) => {
    const numbers = [...pairs.keys()].sort((one, other) => one - other);
    const complete = numbers.flatMap((number) => {
      const { base, head } = pairs.get(number) as Partial<Pair>;
      return base === undefined || head === undefined ? [] : [{ base, head }];
    });
    return { name, phase, pairs: complete, incomplete: numbers.length - complete.length };
  });
}

function resultsByName(
  results: readonly BenchmarkResult[],
  gomaxprocs: number,
): Map<string, BenchmarkResult[]> {
  const byName = new Map<string, BenchmarkResult[]>();
  for (const result of results) {
    const name = withoutGomaxprocs(result.name, gomaxprocs);
    const batches = byName.get(name);
    if (batches === undefined) byName.set(name, [result]);
    else batches.push(result);
  }
  return byName;
}

function readHeader(content: string): MeasuredProcess | undefined {
  const match = HEADER.exec(content);
  if (match === null) return undefined;
  const [, pair, phase, first, layout, wallSec, cpuSec, involuntarySwitches] = match;
  return {
    pair: Number(pair),
    phase: phase as Phase,
    first: first as Side,
    layout: Number(layout),
    wallSec: Number(wallSec),
    cpuSec: Number(cpuSec),
    involuntarySwitches: Number(involuntarySwitches),
  };
}
