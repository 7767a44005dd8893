// Which code of base is which code of head, where a refactoring gave it another name or place?
//
// By name first; then by the renames that the syntax trees show; then, of the functions that only one
// side's profiles have and that cost something, by the stacks they stand on: renamed ones are looked
// for by similarity (renamed-functions.ts), and what is left may be part of its caller
// (folded-functions.ts). Every step only says under which name samples are counted: none is lost, and
// what a matched function gained is tested as any other's. Only the program's own code is matched:
// the runtime's functions are the same on both sides. Swapping base and head swaps the result.

import type { Side } from "../../../evidence/manifest.ts";
import { functionCosts, mergeStacks, type Stack } from "../../../pprof/stacks.ts";
import { sum } from "../../../stats/sum.ts";
import type { SourceNames } from "../../source-names.ts";
import type { RunTotals } from "../compare-runs.ts";
import type { Naming } from "../naming.ts";
import type { BothRuns, ProfiledRun } from "../read-runs.ts";
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
  runs: BothRuns,
  naming: Naming,
  totals: RunTotals,
  source: SourceNames | undefined,
): CodeMatches {
  const keys = { base: keysOf(runs.base, naming), head: keysOf(runs.head, naming) };
  const renamed = new Map<string, string>();
  for (const key of keys.base) {
    if (source === undefined || keys.head.has(key)) continue;
    const to = headKeyOf(key, source.renamed);
    if (to !== undefined && keys.head.has(to) && !keys.base.has(to)) renamed.set(key, to);
  }
  const withKnown = renamedNaming(naming, renamed);
  const known = {
    base: new Set([...keys.base].map((key) => renamed.get(key) ?? key)),
    head: keys.head,
  };
  const onlyIn = (side: Side) => {
    const other = known[side === "base" ? "head" : "base"];
    return unmatchedOf(runs[side], { naming: withKnown, totals, side, other });
  };
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

/** The runs with their stacks as they would be had the refactoring been made on both sides. */
export function foldedRuns(
  runs: readonly ProfiledRun[],
  folds: Folds,
  naming: Naming,
): readonly ProfiledRun[] {
  if (folds.size === 0) return runs;
  return runs.map((run) => ({ ...run, stacks: foldStacks(run.stacks, folds, naming) }));
}

function stacksOf(runs: readonly ProfiledRun[]): Stack[] {
  return runs.flatMap(({ stacks }) => stacks);
}

function keysOf(runs: readonly ProfiledRun[], { keyOf }: Naming): ReadonlySet<string> {
  const keys = new Set<string>();
  for (const { frames } of stacksOf(runs)) for (const frame of frames) keys.add(keyOf(frame));
  return keys;
}

/** What only this side has of the program, as far as it costs something. */
function unmatchedOf(
  runs: readonly ProfiledRun[],
  options: {
    readonly naming: Naming;
    readonly totals: RunTotals;
    readonly side: Side;
    readonly other: ReadonlySet<string>;
  },
): Unmatched {
  const { naming, totals, side, other } = options;
  const { keyOf, isOwn } = naming;
  const stacks = stacksOf(runs);
  const own = new Set<string>();
  for (const { frames } of stacks) {
    for (const frame of frames) {
      if (isOwn(frame) && !other.has(keyOf(frame))) own.add(keyOf(frame));
    }
  }
  if (own.size === 0) return { functions: new Map(), stacks: [] };
  const exposure = sum(totals.exposures[side]);
  const samplesMin = Math.max(SAMPLES_MIN, SHARE_MIN * sum(totals.samples[side]));
  const costs = [...functionCosts(stacks, keyOf)]
    .filter(([key, { cum }]) => own.has(key) && cum >= samplesMin)
    .sort(([, one], [, two]) => two.cum - one.cum)
    .slice(0, FUNCTIONS_MAX);
  const functions = new Map(costs.map(([key, { cum }]) => [key, cum / exposure]));
  const through = stacks.filter(({ frames }) => frames.some((at) => functions.has(keyOf(at))));
  return {
    functions,
    stacks: mergeStacks(through, keyOf).map(({ frames, value }) => ({
      keys: frames.map(keyOf),
      costNs: value / exposure,
    })),
  };
}
