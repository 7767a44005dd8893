// What the matches of one benchmark say to a person: which function was which, and whether it costs
// more now than it did, both names together.
//
// A function's account is what CPU was spent in it and in the standard library and the runtime below
// it, up to the next function of the program: a callee that got slower answers for itself. Accounts
// are tested over the runs as all functions are (compare-runs.ts).

import type { Side } from "../../../evidence/manifest.ts";
import type { ProfileFrame } from "../../../pprof/profile.ts";
import { stacksIn } from "../../../pprof/stack-table.ts";
import { displayName } from "../../../pprof/symbol.ts";
import { sum } from "../../../stats/sum.ts";
import type { MovedCodeFinding } from "../../profile-finding.ts";
import type { BenchmarkId } from "../../subject.ts";
import { compareRows } from "../compare-runs.ts";
import type { ProfiledSides } from "../cpu-moves.ts";
import type { Naming } from "../naming.ts";
import type { FoldedFrame, Folds } from "./fold-stacks.ts";
import type { CodeMatches } from "./match-code.ts";

/** Told of one benchmark, costliest first. */
const TOLD_MAX = 20;
/** Partners of a folded function with less than this part of its cost are not named. */
const PARTNER_MIN = 0.1;

type Pair = {
  readonly how: MovedCodeFinding["how"];
  readonly base: string;
  readonly head: string;
  /** Keys of the accounts that answer for both: a wrapper's own is one beside what it leads to. */
  readonly keys: readonly string[];
};

/** One finding a matched function, from folded stacks and the names that go with them. */
export function movedCode(
  benchmark: BenchmarkId,
  sides: ProfiledSides,
  naming: Naming,
  matches: CodeMatches,
): MovedCodeFinding[] {
  if (matches.renamed.size + matches.folds.size === 0) return [];
  const accounts = accountsOf(sides, naming);
  const names = sideNames(sides, naming, matches);
  const renamed = [...names].map(
    ([key, { base, head }]): Pair => ({ how: "renamed", base, head, keys: [key] }),
  );
  const { folds } = matches;
  const pairs = [...renamed, ...foldedPairs(sides, naming, { folds, names })];
  const rows = pairs.map(({ keys }) => ({
    base: sides.base.map((_, run) => sum(keys.map((key) => accounts.get(key)?.base[run] ?? 0))),
    head: sides.head.map((_, run) => sum(keys.map((key) => accounts.get(key)?.head[run] ?? 0))),
  }));
  const moves = compareRows(rows, sides.totals, sides.shift);
  const { base: baseExposure, head: headExposure } = sides.totals.exposures;
  return pairs
    .map(({ how, base, head }, at): MovedCodeFinding => {
      const baseNs = sum(rows[at]?.base ?? []) / sum(baseExposure);
      const headNs = sum(rows[at]?.head ?? []) / sum(headExposure);
      const isSure = moves[at]?.moved === true || moves[at]?.wholeMoved === true;
      const change = !isSure ? "same" : headNs > baseNs ? "slower" : "faster";
      return { kind: "moved-code", benchmark, how, base, head, baseNs, headNs, change };
    })
    .sort((one, other) => sizeOf(other) - sizeOf(one))
    .slice(0, TOLD_MAX);
}

function sizeOf({ baseNs, headNs }: MovedCodeFinding): number {
  return Math.max(baseNs, headNs);
}

/** Samples in each run by the key of the program's innermost function. */
function accountsOf(sides: ProfiledSides, { keyOf, isOwn }: Naming) {
  const accounts = new Map<string, { base: number[]; head: number[] }>();
  for (const side of ["base", "head"] as const) {
    for (const [run, { stacks }] of sides[side].entries()) {
      for (const { frames, value } of stacksIn(stacks)) {
        const owner = frames.find(isOwn);
        if (owner === undefined) continue;
        const key = keyOf(owner);
        let account = accounts.get(key);
        if (account === undefined) {
          account = { base: sides.base.map(() => 0), head: sides.head.map(() => 0) };
          accounts.set(key, account);
        }
        account[side][run] = (account[side][run] ?? 0) + value;
      }
    }
  }
  return accounts;
}

/** Names on each side, where they differ, by key. */
type SideNames = ReadonlyMap<string, Readonly<Record<Side, string>>>;

function sideNames(sides: ProfiledSides, naming: Naming, { renamed }: CodeMatches): SideNames {
  const wanted = new Set(renamed.values());
  const names = new Map<string, Record<Side, string>>();
  if (wanted.size === 0) return names;
  for (const side of ["head", "base"] as const) {
    for (const frame of sides[side].flatMap(({ stacks }) => stacks.frames)) {
      const key = naming.keyOf(frame);
      if (!wanted.has(key) || names.get(key)?.[side]) continue;
      const name = displayName(naming.symbolOf(frame));
      names.set(key, { base: "", head: "", ...names.get(key), [side]: name });
    }
  }
  return names;
}

type Partner = { readonly pair: Pair; weight: number };

/** Each folded function with the callers it was folded into, or the callees it only leads to. */
function foldedPairs(
  sides: ProfiledSides,
  naming: Naming,
  { folds, names }: { readonly folds: Folds; readonly names: SideNames },
): Pair[] {
  const partners = new Map<string, Map<string, Partner>>();
  for (const side of ["base", "head"] as const) {
    const other = side === "base" ? "head" : "base";
    for (const { frames, value } of sides[side].flatMap(({ stacks }) => stacksIn(stacks))) {
      for (const { frame, partner, owns } of foldedIn(frames, folds, naming)) {
        const [own, key] = [naming.keyOf(frame), naming.keyOf(partner)];
        const known = partners.get(own) ?? new Map<string, Partner>();
        partners.set(own, known);
        const same = known.get(key);
        if (same !== undefined) {
          same.weight += value;
          continue;
        }
        const name = displayName(naming.symbolOf(frame));
        const was = names.get(key)?.[other] ?? displayName(naming.symbolOf(partner));
        const how = (owns ? OWN : THROUGH)[side];
        const keys = owns ? [key] : [key, own];
        const of = side === "head" ? { base: was, head: name } : { base: name, head: was };
        known.set(key, { pair: { how, ...of, keys }, weight: value });
      }
    }
  }
  return [...partners.values()].flatMap((of) => {
    const all = [...of.values()];
    const whole = all.reduce((total, { weight }) => total + weight, 0);
    return all.filter(({ weight }) => weight >= PARTNER_MIN * whole).map(({ pair }) => pair);
  });
}

/** The functions folded on a stack, each with the one that its code was part of, or leads to. */
function foldedIn(
  frames: readonly FoldedFrame[],
  folds: Folds,
  { keyOf, isOwn }: Naming,
): { readonly frame: ProfileFrame; readonly partner: ProfileFrame; readonly owns: boolean }[] {
  return frames.flatMap((caller, at) => {
    const inner = caller.inner ?? [];
    const callee = frames.slice(0, at).findLast(isOwn);
    return inner.flatMap((frame, place) => {
      const owns = folds.get(keyOf(frame))?.own === true;
      const isOwner = place === 0 && callee === undefined;
      const partner = owns ? (isOwner ? caller : undefined) : callee;
      return partner === undefined ? [] : [{ frame, partner, owns }];
    });
  });
}

const OWN = { head: "extracted", base: "inlined" } as const;
const THROUGH = { head: "wrapped", base: "unwrapped" } as const;
