// Functions and paths of a benchmark whose CPU moved between base and head.

import type { ProfileFrame } from "../../pprof/profile.ts";
import { functionCosts, type Stack } from "../../pprof/stacks.ts";
import { displayName } from "../../pprof/symbol.ts";
import type { GroupCounts } from "../../stats/quasi-poisson.ts";
import { sum } from "../../stats/sum.ts";
import type { BenchmarkId, FunctionShareFinding, StackFinding } from "../finding.ts";
import { heaviestPaths } from "./call-tree.ts";
import { commonShift, compareRows, type RunTotals } from "./compare-runs.ts";
import type { Naming } from "./naming.ts";
import type { BothRuns, ProfiledRun } from "./read-runs.ts";
import { withoutRecursion } from "./recursion.ts";
import { runtimeWork } from "./runtime-work.ts";

/** Functions and paths told of one benchmark, largest change of cost first; a table to be read. */
const FUNCTIONS_MAX = 60;
const STACKS_MAX = 3;
/** A function below this part of the profile cannot be told from the neighbors it is sampled with. */
const CONSIDERABLE_SHARE = 0.02;

/** The CPU profiles of a benchmark, run by run. */
export type ProfiledSides = BothRuns & {
  readonly totals: RunTotals;
  readonly functions: FunctionRows;
  /** What all functions have in common; see compare-runs.ts. */
  readonly shift: number | undefined;
};

/** Samples of every function in every run, by the function's key. */
type FunctionRows = {
  readonly keys: readonly string[];
  readonly flat: readonly GroupCounts[];
  readonly cum: readonly GroupCounts[];
};

export function profiledSides(
  base: readonly ProfiledRun[],
  head: readonly ProfiledRun[],
  naming: Naming,
): ProfiledSides {
  const totals = runTotals({ base, head });
  const functions = functionRows(base, head, naming);
  return { base, head, totals, functions, shift: commonShift(functions.flat, totals) };
}

export function runTotals(runs: BothRuns): RunTotals {
  const samples = (of: readonly ProfiledRun[]) => of.map((run) => run.total);
  const exposures = (of: readonly ProfiledRun[]) =>
    of.map(({ record, profile }) => record.operations / profile.period);
  return {
    samples: { base: samples(runs.base), head: samples(runs.head) },
    exposures: { base: exposures(runs.base), head: exposures(runs.head) },
  };
}

function functionRows(
  base: readonly ProfiledRun[],
  head: readonly ProfiledRun[],
  naming: Naming,
): FunctionRows {
  const costs = {
    base: base.map(({ stacks }) => functionCosts(stacks, naming.keyOf)),
    head: head.map(({ stacks }) => functionCosts(stacks, naming.keyOf)),
  };
  const keys = [...new Set([...costs.head, ...costs.base].flatMap((run) => [...run.keys()]))];
  const rows = (value: "flat" | "cum") =>
    keys.map((key) => ({
      base: costs.base.map((run) => run.get(key)?.[value] ?? 0),
      head: costs.head.map((run) => run.get(key)?.[value] ?? 0),
    }));
  return { keys, flat: rows("flat"), cum: rows("cum") };
}

/** Functions that moved, and those that are a considerable part of the profile. */
export function movedFunctions(
  benchmark: BenchmarkId,
  sides: ProfiledSides,
  naming: Naming,
): FunctionShareFinding[] {
  const { totals, functions, shift } = sides;
  // Cumulative counts are larger and tested by themselves: what is below a function shows first.
  const cums = compareRows(functions.cum, totals, shift);
  const flats = compareRows(functions.flat, totals, shift);
  const frames = framesByKey(sides, naming);
  const baseSamples = sum(totals.samples.base);
  const headSamples = sum(totals.samples.head);
  const baseNs = baseSamples / sum(totals.exposures.base);
  const found = functions.keys.flatMap((key, at) => {
    const [flat, cum, frame] = [flats[at], cums[at], frames.get(key)];
    if (flat === undefined || cum === undefined || frame === undefined) return [];
    const moved = flat.moved || flat.wholeMoved || cum.moved;
    if (!moved && Math.max(cum.baseShare, cum.headShare) < CONSIDERABLE_SHARE) return [];
    const finding: FunctionShareFinding = {
      kind: "function-share",
      benchmark,
      function: displayName(naming.symbolOf(frame)),
      file: naming.pathOf(frame.function.file),
      line: frame.function.startLine,
      baseFlat: flat.baseShare,
      headFlat: flat.headShare,
      baseCum: cum.baseShare,
      headCum: cum.headShare,
      baseSamples,
      headSamples,
      moved,
      costChange: cum.costChangeNs / baseNs,
    };
    return [{ finding, costChangeNs: Math.abs((cum.moved ? cum : flat).costChangeNs) }];
  });
  const rank = (at: (typeof found)[number]) => (at.finding.moved ? 0 : 1);
  found.sort((one, other) => rank(one) - rank(other) || other.costChangeNs - one.costChangeNs);
  return found.slice(0, FUNCTIONS_MAX).map(({ finding }) => finding);
}

/** A frame of every function, from head where it is there. */
function framesByKey(sides: ProfiledSides, naming: Naming): Map<string, ProfileFrame> {
  const frames = new Map<string, ProfileFrame>();
  for (const { stacks } of [...sides.head, ...sides.base]) {
    for (const stack of stacks) {
      for (const frame of stack.frames) {
        const key = naming.keyOf(frame);
        if (!frames.has(key)) frames.set(key, frame);
      }
    }
  }
  return frames;
}

/** Keys of the functions that cost more by themselves (flat), or less where not `slower`. */
function ownMoves({ functions, totals, shift }: ProfiledSides, slower: boolean): Set<string> {
  const moves = compareRows(functions.flat, totals, shift);
  const keys = functions.keys.filter((_, at) => {
    const move = moves[at];
    if (move === undefined || move.costChangeNs > 0 !== slower) return false;
    return move.moved || move.wholeMoved;
  });
  return new Set(keys);
}

/** What got dearer; where nothing did, what got cheaper. */
export function movedStacks(
  benchmark: BenchmarkId,
  sides: ProfiledSides,
  naming: Naming,
): StackFinding[] {
  const ofRuns = (runs: readonly ProfiledRun[]): (readonly Stack[])[] =>
    runs.map(({ stacks }) => withoutRecursion(stacks));
  const stacks = { base: ofRuns(sides.base), head: ofRuns(sides.head) };
  const options = {
    totals: sides.totals,
    shift: sides.shift,
    keyOf: naming.keyOf,
    limit: STACKS_MAX,
  };
  const inDirection = (slower: boolean) =>
    heaviestPaths(stacks, { ...options, slower, own: ownMoves(sides, slower) });
  let paths = inDirection(true);
  if (paths.length === 0) paths = inDirection(false);
  return paths.map(({ frames, move }) => {
    const named = naming.framesOf(frames);
    return {
      kind: "stack",
      benchmark,
      frames: named,
      baseShare: move.baseShare,
      headShare: move.headShare,
      work: runtimeWork(named.map((frame) => frame.function)),
    };
  });
}
