// Functions and paths of a benchmark whose CPU moved between base and head.

import { type NumberedCosts, numberedCosts } from "../../pprof/stack-table.ts";
import { displayName } from "../../pprof/symbol.ts";
import type { GroupCounts } from "../../stats/quasi-poisson.ts";
import { sum } from "../../stats/sum.ts";
import type { FunctionShareFinding, StackFinding } from "../profile-finding.ts";
import type { BenchmarkId } from "../subject.ts";
import { countCalls } from "./call-counts.ts";
import { heaviestPaths } from "./call-tree.ts";
import { commonShift, compareRows, type RunTotals } from "./compare-runs.ts";
import type { Move } from "./move.ts";
import type { Naming } from "./naming.ts";
import type { NumberedRun, NumberedRuns } from "./numbered-runs.ts";
import type { BothRuns, CpuRun } from "./read-runs.ts";
import { withoutRecursion } from "./recursion.ts";
import { runtimeWork } from "./runtime-work.ts";

/** Functions and paths told of one benchmark, largest change of cost first; a table to be read. */
const FUNCTIONS_MAX = 60;
const STACKS_MAX = 3;
/** A function below this part of the profile cannot be told from the neighbors it is sampled with. */
const CONSIDERABLE_SHARE = 0.02;

/** The CPU profiles of a benchmark, run by run. */
export type ProfiledSides = NumberedRuns & {
  readonly totals: RunTotals;
  readonly functions: FunctionRows;
  /** How the flat samples of every function moved. */
  readonly flatMoves: readonly Move[];
  /** What all functions have in common; see compare-runs.ts. */
  readonly shift: number | undefined;
};

/** Samples of every function in every run, by the function's number. */
type FunctionRows = {
  readonly flat: readonly GroupCounts[];
  readonly cum: readonly GroupCounts[];
};

export function profiledSides(runs: NumberedRuns): ProfiledSides {
  const totals = runTotals(runs);
  const functions = functionRows(runs);
  const shift = commonShift(functions.flat, totals);
  return {
    ...runs,
    totals,
    functions,
    shift,
    flatMoves: compareRows(functions.flat, totals, shift),
  };
}

export function runTotals(runs: BothRuns<CpuRun>): RunTotals {
  const samples = (of: readonly CpuRun[]) => of.map((run) => run.total);
  const exposures = (of: readonly CpuRun[]) =>
    of.map(({ record, periodNs }) => record.operations / periodNs);
  return {
    samples: { base: samples(runs.base), head: samples(runs.head) },
    exposures: { base: exposures(runs.base), head: exposures(runs.head) },
  };
}

function functionRows({ keys, base, head }: NumberedRuns): FunctionRows {
  const costsOf = ({ stacks, functionOf }: NumberedRun): NumberedCosts =>
    numberedCosts(stacks, functionOf, keys.length);
  const costs = { base: base.map(costsOf), head: head.map(costsOf) };
  const rows = (value: "flat" | "cum") =>
    keys.map((_, at) => ({
      base: costs.base.map((run) => run[value][at] as number),
      head: costs.head.map((run) => run[value][at] as number),
    }));
  return { flat: rows("flat"), cum: rows("cum") };
}

/** Functions that moved, and those that are a considerable part of the profile. */
export function movedFunctions(
  benchmark: BenchmarkId,
  sides: ProfiledSides,
  naming: Naming,
): FunctionShareFinding[] {
  const { totals, functions, shift, flatMoves } = sides;
  // Cumulative counts are larger and tested by themselves: what is below a function shows first.
  const cums = compareRows(functions.cum, totals, shift);
  const baseSamples = sum(totals.samples.base);
  const headSamples = sum(totals.samples.head);
  const baseNs = baseSamples / sum(totals.exposures.base);
  const found = sides.frames.flatMap((frame, at) => {
    const [flat, cum] = [flatMoves[at], cums[at]];
    if (flat === undefined || cum === undefined) return [];
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

/** Numbers of the functions that cost more by themselves (flat), or less where not `slower`. */
function ownMoves({ flatMoves }: ProfiledSides, slower: boolean): Set<number> {
  const numbers = flatMoves.flatMap((move, at) =>
    move.costChangeNs > 0 === slower && (move.moved || move.wholeMoved) ? [at] : [],
  );
  return new Set(numbers);
}

/** What got dearer; where nothing did, what got cheaper. */
export function movedStacks(
  benchmark: BenchmarkId,
  sides: ProfiledSides,
  naming: Naming,
): StackFinding[] {
  const { totals, shift } = sides;
  const ofRuns = (runs: readonly NumberedRun[]): NumberedRun[] =>
    runs.map((run) => ({ ...run, stacks: withoutRecursion(run.stacks) }));
  const calls = countCalls({ base: ofRuns(sides.base), head: ofRuns(sides.head) });
  const options = { totals, shift, limit: STACKS_MAX };
  const inDirection = (slower: boolean) =>
    heaviestPaths(calls, { ...options, slower, own: ownMoves(sides, slower) });
  let paths = inDirection(true);
  if (paths.length === 0) paths = inDirection(false);
  return paths.map(({ frames, move, ways }) => {
    const named = naming.framesOf(frames);
    return {
      kind: "stack",
      benchmark,
      frames: named,
      baseShare: move.baseShare,
      headShare: move.headShare,
      ...(ways > 1 ? { ways } : {}),
      work: runtimeWork(named.map((frame) => frame.function)),
    };
  });
}
