// Which functions got dearer, and through which path: CPU profiles of base and head compared, one
// benchmark at a time.
//
// Profiles are taken of suspects only, in runs of their own, so what is said here explains a change
// and never proves one. Functions are matched by name; see pprof/symbol.ts for what a name leaves
// out, move.ts for what counts as moved, and benchmark-stacks.ts for whose cost it is.
import type { Evidence, ProfileEvidence } from "../../evidence/evidence.ts";
import type { ProfileFrame } from "../../pprof/decode.ts";
import { functionCosts } from "../../pprof/stacks.ts";
import { displayName } from "../../pprof/symbol.ts";
import type {
  Analysis,
  BenchmarkId,
  Degradation,
  Frame,
  FunctionShareFinding,
  StackFinding,
} from "../finding.ts";
import { heaviestPaths } from "./call-tree.ts";
import { compareCounts, type Sides } from "./move.ts";
import { createNaming, type Naming } from "./naming.ts";
import { repositoryPaths } from "./repository-path.ts";
import { runtimeWork } from "./runtime-work.ts";
import { readSide, type SideCost } from "./side-cost.ts";

/** Functions and paths told of one benchmark, largest change of cost first; a table to be read. */
const FUNCTIONS_MAX = 60;
const STACKS_MAX = 3;
/** A function below this part of the profile cannot be told from the neighbors it is sampled with. */
const CONSIDERABLE_SHARE = 0.02;

/**
 * Shares that moved and the heaviest paths, by benchmark in the order of the evidence. A profile
 * that is empty, damaged or missing on one side gives a degradation that names it.
 */
export function analyzeProfile(
  evidence: Pick<Evidence, "packages" | "profiles">,
): Analysis<FunctionShareFinding | StackFinding> {
  const findings: (FunctionShareFinding | StackFinding)[] = [];
  const degraded: Degradation[] = [];
  const naming = createNaming(repositoryPaths(evidence.packages.map(({ record }) => record)));
  for (const { benchmark, profiles } of byBenchmark(evidence.profiles)) {
    const sides = { base: readSide(profiles, "base"), head: readSide(profiles, "head") };
    for (const side of ["base", "head"] as const) {
      for (const problem of sides[side].problems) {
        const name = `${benchmark.package} ${benchmark.name}`;
        const reason = `CPU profile of ${name}, ${side}: ${problem}`;
        degraded.push({ strategy: "profile", reason });
      }
    }
    if (sides.base.cost === undefined || sides.head.cost === undefined) continue;
    const both = { base: sides.base.cost, head: sides.head.cost };
    findings.push(
      ...functionShares(benchmark, both, naming),
      ...movedStacks(benchmark, both, naming),
    );
  }
  return { findings, degraded };
}

function byBenchmark(
  profiles: readonly ProfileEvidence[],
): { readonly benchmark: BenchmarkId; readonly profiles: readonly ProfileEvidence[] }[] {
  const groups = new Map<string, { benchmark: BenchmarkId; profiles: ProfileEvidence[] }>();
  for (const profile of profiles) {
    const { cell, package: importPath, benchmark: name } = profile.record;
    const key = JSON.stringify([cell, importPath, name]);
    const group = groups.get(key);
    if (group !== undefined) group.profiles.push(profile);
    else groups.set(key, { benchmark: { cell, package: importPath, name }, profiles: [profile] });
  }
  return [...groups.values()];
}

type BothCosts = { readonly base: SideCost; readonly head: SideCost };

function exposures(both: BothCosts): Sides {
  return { base: both.base.exposure, head: both.head.exposure };
}

function functionShares(
  benchmark: BenchmarkId,
  both: BothCosts,
  naming: Naming,
): FunctionShareFinding[] {
  const sides = exposures(both);
  const base = functionCosts(both.base.stacks, naming.keyOf);
  const head = functionCosts(both.head.stacks, naming.keyOf);
  const frames = framesByKey(both, naming);
  const none = { flat: 0, cum: 0 };
  const found: { readonly finding: FunctionShareFinding; readonly costChangeNs: number }[] = [];
  for (const [key, frame] of frames) {
    const inBase = base.get(key) ?? none;
    const inHead = head.get(key) ?? none;
    const flat = compareCounts({ base: inBase.flat, head: inHead.flat }, sides);
    const cum = compareCounts({ base: inBase.cum, head: inHead.cum }, sides);
    // Cum counts only by its share: that of a benchmark function is everything, whatever moved.
    const moved = flat.moved || flat.wholeMoved || cum.moved;
    if (!moved && Math.max(cum.baseShare, cum.headShare) < CONSIDERABLE_SHARE) continue;
    found.push({
      costChangeNs: Math.abs((cum.moved ? cum : flat).costChangeNs),
      finding: {
        kind: "function-share",
        benchmark,
        function: displayName(naming.symbolOf(frame)),
        file: naming.pathOf(frame.function.file),
        line: frame.function.startLine,
        baseFlat: flat.baseShare,
        headFlat: flat.headShare,
        baseCum: cum.baseShare,
        headCum: cum.headShare,
        baseSamples: sides.base.samples,
        headSamples: sides.head.samples,
        moved,
        costChange: cum.costChangeNs / (sides.base.samples / sides.base.exposure),
      },
    });
  }
  const rank = (at: (typeof found)[number]) => (at.finding.moved ? 0 : 1);
  found.sort((one, other) => rank(one) - rank(other) || other.costChangeNs - one.costChangeNs);
  return found.slice(0, FUNCTIONS_MAX).map(({ finding }) => finding);
}

/** A frame of every function, from head where it is there. */
function framesByKey(both: BothCosts, naming: Naming): Map<string, ProfileFrame> {
  const frames = new Map<string, ProfileFrame>();
  for (const { stacks } of [both.head, both.base]) {
    for (const stack of stacks) {
      for (const frame of stack.frames) {
        const key = naming.keyOf(frame);
        if (!frames.has(key)) frames.set(key, frame);
      }
    }
  }
  return frames;
}

/** What got dearer; where nothing did, what got cheaper. */
function movedStacks(benchmark: BenchmarkId, both: BothCosts, naming: Naming): StackFinding[] {
  const stacks = { base: both.base.stacks, head: both.head.stacks };
  const options = { sides: exposures(both), keyOf: naming.keyOf, limit: STACKS_MAX };
  let paths = heaviestPaths(stacks, { ...options, slower: true });
  if (paths.length === 0) paths = heaviestPaths(stacks, { ...options, slower: false });
  return paths.map(({ frames, move }) => {
    const named = frames.map(
      (frame): Frame => ({
        function: displayName(naming.symbolOf(frame)),
        file: naming.pathOf(frame.function.file),
        line: frame.line,
      }),
    );
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
