// Which functions that only one side has are part of what another function was? Taken out of it,
// put back into it, or standing between it and its caller.
//
// Without them the stacks of both sides run through the same functions, and then something must be
// missing: a function is folded into its caller only where what is left of the caller's paths fell
// (compare-runs.ts, beyond chance) by at least a third of what the function costs. New work next to
// an unchanged caller is not folded, and never hides in it. What a wrapper itself costs is such work.

import type { Side } from "../../../evidence/manifest.ts";
import { stacksIn } from "../../../pprof/stack-table.ts";
import type { GroupCounts } from "../../../stats/quasi-poisson.ts";
import { sum } from "../../../stats/sum.ts";
import { compareRows, type RunTotals } from "../compare-runs.ts";
import type { BothRuns, CpuRun } from "../read-runs.ts";
import { type Fold, type FoldedFrame, type FoldNaming, foldFrames } from "./fold-stacks.ts";

/** Frames of a path that are told apart: the runtime records 64 of a CPU stack, inlining aside. */
const PATH_MAX = 64;

/** What is missing must be a third of what the function costs: it may have become three times slower. */
const GAIN_MAX = 3;

type Mode = keyof Fold;

/** Samples of one path of the program in each run: as it was recorded, and after folding. */
type PathRow = {
  readonly raw: { readonly base: number[]; readonly head: number[] };
  readonly via: { readonly base: number[]; readonly head: number[] };
};

type Candidate = {
  readonly key: string;
  readonly mode: Mode;
  readonly side: Side;
  readonly paths: Set<PathRow>;
};

type Only = { readonly base: ReadonlySet<string>; readonly head: ReadonlySet<string> };

/** Folds by key, of the functions that only base or only head has. */
export function foldedFunctions(
  runs: BothRuns<CpuRun>,
  only: Only,
  naming: FoldNaming,
  totals: RunTotals,
): ReadonlyMap<string, Fold> {
  let folds: ReadonlyMap<string, Fold> = new Map(
    [...only.base, ...only.head].map((key) => [key, { own: true, through: true }]),
  );
  // What is folded on one side may be all that speaks for a fold on the other: until none falls.
  for (let count = foldCount(folds); count > 0; ) {
    folds = supported(candidatesOf(runs, folds, naming), totals);
    const left = foldCount(folds);
    if (left === count) break;
    count = left;
  }
  return folds;
}

function supported(candidates: readonly Candidate[], totals: RunTotals): Map<string, Fold> {
  const folds = new Map<string, Fold>();
  for (const [at, move] of compareRows(candidates.map(rowOf), totals, undefined).entries()) {
    const { key, mode, side, paths } = candidates[at] as Candidate;
    const lossNs = side === "head" ? -move.costChangeNs : move.costChangeNs;
    const gain = [...paths].reduce((all, { via }) => all + sum(via[side]), 0);
    const gainNs = gain / sum(totals.exposures[side]);
    if (!(move.moved || move.wholeMoved) || !(lossNs * GAIN_MAX >= gainNs)) continue;
    folds.set(key, { ...(folds.get(key) ?? { own: false, through: false }), [mode]: true });
  }
  return folds;
}

function foldCount(folds: ReadonlyMap<string, Fold>): number {
  let count = 0;
  for (const { own, through } of folds.values()) count += Number(own) + Number(through);
  return count;
}

/** Each function in each mode, with the paths that its stacks have without it. */
function candidatesOf(
  runs: BothRuns<CpuRun>,
  folds: ReadonlyMap<string, Fold>,
  naming: FoldNaming,
): Candidate[] {
  const paths = new Map<string, PathRow>();
  const pathOf = createPaths(naming);
  const candidates = new Map<string, Candidate>();
  const zeros = () => ({ base: runs.base.map(() => 0), head: runs.head.map(() => 0) });
  for (const side of ["base", "head"] as const) {
    for (const [run, { stacks }] of runs[side].entries()) {
      for (const { frames, value } of stacksIn(stacks)) {
        const folded = foldFrames(frames, folds, naming);
        const path = pathOf(folded);
        let row = paths.get(path);
        if (row === undefined) {
          row = { raw: zeros(), via: zeros() };
          paths.set(path, row);
        }
        const counts = (folded === frames ? row.raw : row.via)[side];
        counts[run] = (counts[run] ?? 0) + value;
        for (const [key, mode] of foldedOn(frames, folded, naming)) {
          const name = `${mode} ${key}`;
          const known = candidates.get(name);
          if (known === undefined) candidates.set(name, { key, mode, side, paths: new Set([row]) });
          else known.paths.add(row);
        }
      }
    }
  }
  return [...candidates.values()];
}

/** The functions that were folded on a stack, each as it was. */
function foldedOn(
  frames: FoldedFrame["inner"] & object,
  folded: readonly FoldedFrame[],
  { keyOf, isOwn }: FoldNaming,
): (readonly [string, Mode])[] {
  if (folded === frames) return [];
  const innermost = frames.find(isOwn);
  return folded.flatMap(({ inner = [] }) =>
    inner.map((frame) => [keyOf(frame), frame === innermost ? "own" : "through"] as const),
  );
}

/** What head's (or base's) own stacks have against all there was. */
function rowOf({ side, paths }: Candidate): GroupCounts {
  const countsOf = (of: Side): number[] => {
    const counts: number[] = [];
    for (const { raw, via } of paths) {
      for (const [run, value] of raw[of].entries()) {
        counts[run] = (counts[run] ?? 0) + value + (of === side ? 0 : (via[of][run] ?? 0));
      }
    }
    return counts;
  };
  return { base: countsOf("base"), head: countsOf("head") };
}

/** Names the way from the root to the program's innermost function. */
function createPaths({ keyOf, isOwn }: FoldNaming) {
  const numbers = new Map<string, number>();
  return (frames: readonly FoldedFrame[]): string => {
    const innermost = frames.findIndex(isOwn);
    const way = frames.slice(Math.max(0, innermost), Math.max(0, innermost) + PATH_MAX);
    return way
      .map((frame) => {
        const key = keyOf(frame);
        let number = numbers.get(key);
        if (number === undefined) {
          number = numbers.size;
          numbers.set(key, number);
        }
        return number;
      })
      .join(" ");
  };
}
