// What the profile analysis says of recorded profiles, beside what was planted.
//
// Found: the function is among those that moved, with more cost, or a path through it is shown. The
// path is right when it passes the function, and the leaf is right when that path ends where the
// cost is: in the function itself for a slow-down, in the allocator's or the lock's work for the
// others. Functions that can have moved by the change are the function, its callers, what the compiler
// put into it (one machine function: the samples of an inlined call's first instruction become the
// statement's), and what the runtime does on account of an allocation or a lock; any other that moved
// is false.

import { analyzeProfile } from "../../src/analyze/profile/analyze-profile.ts";
import type { FunctionShareFinding, StackFinding } from "../../src/analyze/profile-finding.ts";
import type { ProfileEvidence } from "../../src/evidence/evidence.ts";
import type { ProfileRecord, Side } from "../../src/evidence/manifest.ts";
import { type Random, shuffle } from "../../src/stats/random.ts";
import { chanceToFind, testOf } from "./expected.ts";
import { type Change, statementOf, type Target } from "./plant.ts";
import { type NamedStack, namedStacks, samplesOf } from "./samples.ts";

/** Profiles of one program and change, base and head of a run number side by side. */
export type Recording = {
  readonly program: string;
  readonly target: Target;
  /** "none": head is base's own binary. */
  readonly change: Change | "none";
  /** Of the planted statement, from 1. */
  readonly line: number;
  readonly records: readonly ProfileRecord[];
};

export type Outcome = {
  readonly found: boolean;
  readonly path: boolean;
  readonly leaf: boolean;
  /** Whether the first path shown is the right one. */
  readonly first: boolean;
  /** Functions that moved, and those of them that the change cannot have moved. */
  readonly moved: number;
  readonly wrong: readonly string[];
  /** What the statement itself takes, as a part of the rest of head's samples. */
  readonly planted: number;
  /** Chance to find a slow-down of so many samples; undefined for other changes. */
  readonly expected: number | undefined;
};

function analyze(profiles: readonly ProfileEvidence[]) {
  const first = profiles[0]?.record;
  if (first === undefined) throw new Error("no profiles");
  const record = { cell: first.cell, importPath: first.package, dir: ".", files: {} };
  const texts = { baseBench: "", headBench: "", baseCompiler: "", headCompiler: "" };
  const { findings } = analyzeProfile({ packages: [{ record, ...texts }], profiles });
  const moved = findings.filter(
    (at): at is FunctionShareFinding => at.kind === "function-share" && at.moved,
  );
  return { moved, paths: findings.filter((at): at is StackFinding => at.kind === "stack") };
}

/** Of equal sides: how many functions moved and how many paths are shown. */
export function judgeEqual(profiles: readonly ProfileEvidence[]): { moved: number; paths: number } {
  const { moved, paths } = analyze(profiles);
  return { moved: moved.length, paths: paths.length };
}

/** The runs dealt anew to two sides, each half of them. */
export function deal(profiles: readonly ProfileEvidence[], random: Random): ProfileEvidence[] {
  const half = Math.floor(profiles.length / 2);
  return shuffle(random, profiles)
    .slice(0, 2 * half)
    .map(({ record, bytes }, at) => {
      const side: Side = at < half ? "base" : "head";
      return { record: { ...record, side, run: at % half }, bytes };
    });
}

const WORK = { allocation: ["allocation", "gc-mark"], lock: ["lock"] } as const;
const RUNTIME = {
  loop: /^$/,
  // The write barrier is assembly and has no package in its name.
  allocation: /^((internal\/)?runtime[./]|gcWriteBarrier)/,
  lock: /^((internal\/)?(sync|runtime))[./]/,
} as const;

export function judge(
  { target, change, line }: Recording,
  profiles: readonly ProfileEvidence[],
): Outcome {
  const statement = statementOf(change as Change);
  const { moved, paths } = analyze(profiles);
  const grown = paths.filter(
    ({ frames, baseShare, headShare }) =>
      headShare > baseShare && frames.some((frame) => frame.function === target.function),
  );
  const isRightLeaf = ({ frames, work }: StackFinding): boolean =>
    statement === "loop"
      ? frames[0]?.function === target.function
      : (work ?? []).some(({ family }) => (WORK[statement] as readonly string[]).includes(family));
  const sides = { base: [] as ProfileEvidence[], head: [] as ProfileEvidence[] };
  for (const profile of profiles) sides[profile.record.side].push(profile);
  const runs = { base: sides.base.map(namedStacks), head: sides.head.map(namedStacks) };
  const [base, head] = [runs.base.flat(), runs.head.flat()];
  const touched = touchedFunctions(target, [...base, ...head]);
  const own = moved.some((at) => at.function === target.function && at.costChange > 0);
  const statementSamples = samplesOf(head, ({ frames }) =>
    frames.some((frame) => frame.function === target.function && frame.line === line),
  );
  return {
    found: own || grown.length > 0,
    path: grown.length > 0,
    leaf: grown.some(isRightLeaf),
    first: paths[0] !== undefined && paths[0] === grown[0],
    moved: moved.length,
    wrong: moved
      .map((at) => at.function)
      .filter((name) => !touched.has(name) && !RUNTIME[statement].test(name)),
    planted: statementSamples / (samplesOf(head, () => true) - statementSamples),
    expected:
      statement === "loop"
        ? chanceToFind({
            own: samplesOf(base, ({ frames }) => frames[0]?.function === target.function),
            added: statementSamples,
            all: samplesOf(base, () => true),
            ...testOf(target.function, runs),
          })
        : undefined,
  };
}

/** The function, its callers, and what is inlined into it, at any depth. */
function touchedFunctions(target: Target, stacks: readonly NamedStack[]): Set<string> {
  const touched = new Set<string>([target.function]);
  for (const { frames } of stacks) {
    const at = frames.findIndex((frame) => frame.function === target.function);
    if (at < 0) continue;
    const called = frames.slice(0, at).findLastIndex(({ inlined }) => !inlined);
    for (const frame of frames.slice(called + 1)) touched.add(frame.function);
  }
  return touched;
}
