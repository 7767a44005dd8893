// Which code of base is which code of head, where a refactoring gave it another name or place?
//
// By name first; then by the renames that the syntax trees show; then, of the functions that only one
// side's profiles have and that cost something, by the stacks they stand on: renamed ones are looked
// for by similarity (renamed-functions.ts), and what is left may be part of its caller
// (folded-functions.ts). Every step only says under which name samples are counted: none is lost, and
// what a matched function gained is tested as any other's. Only the program's own code is matched:
// the runtime's functions are the same on both sides. Swapping base and head swaps the result.

import type { Side } from "../../../evidence/manifest.ts";
import type { ProfileFrame } from "../../../pprof/profile.ts";
import { numberedCosts, stackAt, stacksIn, tableOf } from "../../../pprof/stack-table.ts";
import { mergeStacks, type Stack } from "../../../pprof/stacks.ts";
import { sum } from "../../../stats/sum.ts";
import type { SourceNames } from "../../source-names.ts";
import type { RunTotals } from "../compare-runs.ts";
import type { Naming } from "../naming.ts";
import { type NumberedRuns, numberRuns } from "../numbered-runs.ts";
import type { CpuRun } from "../read-runs.ts";
import { type Folds, foldStacks } from "./fold-stacks.ts";
import { foldedFunctions } from "./folded-functions.ts";
import { headKeyOf, isPartOf } from "./name-keys.ts";
import { renamedFunctions, type Unmatched } from "./renamed-functions.ts";

export type CodeMatches = {
  /** Keys of base by the key that their function has on head; neither is on the other side. */
  readonly renamed: ReadonlyMap<string, string>;
  /** Functions of one side alone that count for their caller. */
  readonly folds: Folds;
};

export const NO_MATCHES: CodeMatches = { renamed: new Map(), folds: new Map() };

/** Half a percent of a side's CPU and twenty samples: a function seen less may be there unseen. */
const SHARE_MIN = 0.005;
const SAMPLES_MIN = 20;
/** Functions a side, costliest first; a rewrite of more is no refactoring. */
const FUNCTIONS_MAX = 100;

/**
 * What matches between the CPU profiles of one benchmark, beyond equal names.
 * @param source what the syntax trees know, as keys.
 */
export function matchCode(
  runs: NumberedRuns,
  naming: Naming,
  totals: RunTotals,
  source: SourceNames | undefined,
): CodeMatches {
  const renamed = knownRenames(runs, source);
  const withKnown = renamedNaming(naming, renamed);
  const known = renamed.size === 0 ? runs : numberRuns(runs, withKnown.keyOf);
  const onlyIn = (side: Side) => unmatchedOf(known, { naming: withKnown, totals, side });
  const unmatched = {
    base: among(onlyIn("base"), source?.removed),
    head: among(onlyIn("head"), source?.added),
  };
  for (const [from, to] of renamedFunctions(unmatched.base, unmatched.head)) renamed.set(from, to);
  const functionsLeft = (side: Side) => {
    const taken = new Set(side === "base" ? renamed.keys() : renamed.values());
    return new Set([...unmatched[side].functions.keys()].filter((key) => !taken.has(key)));
  };
  const left = { base: functionsLeft("base"), head: functionsLeft("head") };
  const folds = foldedFunctions(runs, left, renamedNaming(naming, renamed), totals);
  return { renamed, folds };
}

/** Keys of head by those of base, for renames that the source shows and the profiles bear out. */
function knownRenames(runs: NumberedRuns, source: SourceNames | undefined): Map<string, string> {
  const renamed = new Map<string, string>();
  if (source === undefined) return renamed;
  const keysOf = (side: Side): ReadonlySet<string> =>
    new Set(
      runs[side].flatMap(({ functionOf }) =>
        Array.from(functionOf, (at) => runs.keys[at] as string),
      ),
    );
  const keys = { base: keysOf("base"), head: keysOf("head") };
  for (const key of keys.base) {
    if (keys.head.has(key)) continue;
    const to = headKeyOf(key, source.renamed);
    if (to !== undefined && keys.head.has(to) && !keys.base.has(to)) renamed.set(key, to);
  }
  return renamed;
}

/** Of the functions those that the source says so of; all where it is not known. */
function among(unmatched: Unmatched, functions: ReadonlySet<string> | undefined): Unmatched {
  if (functions === undefined) return unmatched;
  const own = [...unmatched.functions].filter(([key]) => isPartOf(key, functions));
  return { ...unmatched, functions: new Map(own) };
}

/** The same names, but that a renamed function of base has head's key. */
export function renamedNaming<N extends Pick<Naming, "keyOf">>(
  naming: N,
  renamed: CodeMatches["renamed"],
): N {
  if (renamed.size === 0) return naming;
  return {
    ...naming,
    keyOf: (frame) => {
      const key = naming.keyOf(frame);
      return renamed.get(key) ?? key;
    },
  };
}

/**
 * The runs with their stacks as they would be had the refactoring been made on both sides.
 * @param matched the names with the matches.
 */
export function renumbered(
  runs: NumberedRuns,
  { renamed, folds }: CodeMatches,
  matched: Naming,
): NumberedRuns {
  if (renamed.size + folds.size === 0) return runs;
  const folded = ({ stacks, ...run }: CpuRun): CpuRun => {
    if (folds.size === 0) return { ...run, stacks };
    return { ...run, stacks: tableOf(foldStacks(stacksIn(stacks), folds, matched)) };
  };
  return numberRuns({ base: runs.base.map(folded), head: runs.head.map(folded) }, matched.keyOf);
}

/** What only this side has of the program, as far as it costs something. */
function unmatchedOf(
  runs: NumberedRuns,
  options: {
    readonly naming: Naming;
    readonly totals: RunTotals;
    readonly side: Side;
  },
): Unmatched {
  const { naming, totals, side } = options;
  const own = functionsOnlyIn(runs, side).filter((at) =>
    naming.isOwn(runs.frames[at] as ProfileFrame),
  );
  const cum = new Float64Array(runs.keys.length);
  for (const { stacks, functionOf } of own.length === 0 ? [] : runs[side]) {
    numberedCosts(stacks, functionOf, cum.length).cum.forEach((value, at) => {
      cum[at] = (cum[at] as number) + value;
    });
  }
  const exposure = sum(totals.exposures[side]);
  const samplesMin = Math.max(SAMPLES_MIN, SHARE_MIN * sum(totals.samples[side]));
  const costly = own
    .filter((at) => (cum[at] as number) >= samplesMin)
    .sort((one, two) => (cum[two] as number) - (cum[one] as number))
    .slice(0, FUNCTIONS_MAX);
  return {
    functions: new Map(
      costly.map((at) => [runs.keys[at] as string, (cum[at] as number) / exposure]),
    ),
    stacks: mergeStacks(stacksThrough(costly, runs, side), naming.keyOf).map((stack) => ({
      keys: stack.frames.map(naming.keyOf),
      costNs: stack.value / exposure,
    })),
  };
}

/** Numbers of the functions that no run of the other side has, in the order of this side's stacks. */
function functionsOnlyIn({ keys, ...runs }: NumberedRuns, side: Side): number[] {
  /** 1 for functions of the other side, and for those that were told. */
  const known = new Uint8Array(keys.length);
  for (const { functionOf } of runs[side === "base" ? "head" : "base"]) {
    for (let at = 0; at < functionOf.length; at++) known[functionOf[at] as number] = 1;
  }
  const own: number[] = [];
  for (const { functionOf } of runs[side]) {
    for (let at = 0; at < functionOf.length; at++) {
      const number = functionOf[at] as number;
      if (known[number] === 0) own.push(number);
      known[number] = 1;
    }
  }
  return own;
}

/** The stacks of a side that one of the functions stands on. */
function stacksThrough(wanted: readonly number[], runs: NumberedRuns, side: Side): Stack[] {
  if (wanted.length === 0) return [];
  const isWanted = new Uint8Array(runs.keys.length);
  for (const at of wanted) isWanted[at] = 1;
  return runs[side].flatMap(({ stacks, functionOf }) => {
    const through: Stack[] = [];
    for (let stack = 0, at = 0; stack < stacks.ends.length; stack++) {
      const end = stacks.ends[stack] as number;
      while (at < end && isWanted[functionOf[stacks.places[at] as number] as number] === 0) at++;
      if (at < end) through.push(stackAt(stacks, stack));
      at = end;
    }
    return through;
  });
}
