// Where does the program wait more? Mutex and block profiles, and the four of an execution trace.
//
// Their values are nanoseconds of waiting, all goroutines together. Two questions must both say yes
// in the same direction, with the runs re-labeled to hold chance (stats/max-t.ts): waiting per
// operation, and waiting per wall time. The second is for goroutines that idle all the time: they
// wait longer per operation as soon as operations take longer, and explain nothing.
import type { ProfileFrame } from "../../pprof/profile.ts";
import { displayName } from "../../pprof/symbol.ts";
import { type LabeledRow, labelMaxT } from "../../stats/max-t.ts";
import { mean } from "../../stats/mean.ts";
import { seededRandom } from "../../stats/random.ts";
import type { WaitFinding } from "../profile-finding.ts";
import { type BothRuns, type ProfiledBenchmark, type ProfiledRun, readRuns } from "./read-runs.ts";

const SOURCES = [
  "mutex",
  "block",
  "trace-net",
  "trace-sync",
  "trace-syscall",
  "trace-sched",
] as const satisfies readonly WaitFinding["source"][];

const ALPHA = 0.05;
/** Two percent of the time of an operation, and a tenth of the place itself. */
const WALL_PART_MIN = 0.02;
const RATIO_MIN = 1.1;
const PLACES_MAX = 5;
/** All re-labelings of eight runs a side are 12,870: none is ever drawn. */
const LABELINGS = 20_000;

/** Waiting in nanoseconds, in each run: per operation, and as a part of the wall time. */
type Place = {
  readonly perOperation: { readonly base: number[]; readonly head: number[] };
  readonly perWall: { readonly base: number[]; readonly head: number[] };
  /** The stack of the longest wait of each side; head's is told where there is one. */
  readonly longest: { base?: Wait; head?: Wait };
};

type Wait = {
  readonly value: number;
  readonly frames: readonly ProfileFrame[];
  /** The program's own frame nearest to the wait. */
  readonly frame: ProfileFrame;
};

/** Places whose waiting moved, by source, largest change first. */
export function waits(
  subject: ProfiledBenchmark,
  report: (problem: string) => void,
): WaitFinding[] {
  return SOURCES.flatMap((source) => {
    const own = subject.profiles.filter(({ record }) => record.kind === source);
    const side = (name: "base" | "head") => {
      const of = own.filter(({ record }) => record.side === name);
      const { runs, problems } = readRuns(of, "delay", subject.budget);
      for (const problem of problems) report(`${source}, ${name}: ${problem}`);
      return runs;
    };
    const runs = { base: side("base"), head: side("head") };
    // Two runs a side have six labelings: none is rare enough to say something.
    return Math.min(runs.base.length, runs.head.length) < 3 ? [] : moved(source, runs, subject);
  });
}

function moved(
  source: WaitFinding["source"],
  runs: BothRuns,
  { benchmark, naming }: ProfiledBenchmark,
): WaitFinding[] {
  const places = placesOf(runs, naming);
  const perOperation = pValues(places.map((place) => place.perOperation));
  const perWall = pValues(places.map((place) => place.perWall));
  const wallNs = Math.max(wallPerOperation(runs.base), wallPerOperation(runs.head));
  const found = places.flatMap((place, at): WaitFinding[] => {
    const p = Math.max(perOperation[at] ?? 1, perWall[at] ?? 1);
    const [baseNs, headNs] = [mean(place.perOperation.base), mean(place.perOperation.head)];
    const sameWay =
      Math.sign(headNs - baseNs) === Math.sign(mean(place.perWall.head) - mean(place.perWall.base));
    const isLarge =
      Math.abs(headNs - baseNs) >= WALL_PART_MIN * wallNs &&
      Math.max(headNs / baseNs, baseNs / headNs) >= RATIO_MIN;
    const longest = place.longest.head ?? place.longest.base;
    if (p > ALPHA || !sameWay || !isLarge || longest === undefined) return [];
    return [
      {
        kind: "wait",
        benchmark,
        source,
        function: displayName(naming.symbolOf(longest.frame)),
        file: naming.pathOf(longest.frame.function.file),
        line: longest.frame.line,
        baseNs,
        headNs,
        runs: Math.min(runs.base.length, runs.head.length),
        frames: naming.framesOf(longest.frames),
      },
    ];
  });
  const size = (at: WaitFinding) => Math.abs(at.headNs - at.baseNs);
  return found.sort((one, other) => size(other) - size(one)).slice(0, PLACES_MAX);
}

/** By the program's function nearest to the wait; the runtime's own goroutines wait for nobody. */
function placesOf(runs: BothRuns, naming: ProfiledBenchmark["naming"]): Place[] {
  const places = new Map<string, Place>();
  const zeros = () => ({ base: runs.base.map(() => 0), head: runs.head.map(() => 0) });
  for (const side of ["base", "head"] as const) {
    for (const [run, { stacks, record }] of runs[side].entries()) {
      for (const { frames, value } of stacks) {
        const frame = frames.find(naming.isOwn);
        if (frame === undefined) continue;
        const key = naming.keyOf(frame);
        let place = places.get(key);
        if (place === undefined) {
          place = { perOperation: zeros(), perWall: zeros(), longest: {} };
          places.set(key, place);
        }
        add(place.perOperation[side], run, value / record.operations);
        add(place.perWall[side], run, value / (record.wallNs ?? record.operations));
        if (value > (place.longest[side]?.value ?? 0))
          place.longest[side] = { value, frames, frame };
      }
    }
  }
  return [...places.values()];
}

function pValues(rows: readonly LabeledRow[]): number[] {
  if (rows.length === 0) return [];
  return labelMaxT(rows, { random: seededRandom(0), rounds: LABELINGS });
}

function wallPerOperation(runs: readonly ProfiledRun[]): number {
  return mean(runs.map(({ record }) => (record.wallNs ?? 0) / record.operations));
}

function add(values: number[], at: number, value: number): void {
  values[at] = (values[at] ?? 0) + value;
}
