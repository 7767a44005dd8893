// The profiles of each benchmark, base against head, in the forms that other tools read: a profile
// of the difference for `go tool pprof`, folded stacks of both sides, a flame graph, a table.
//
// They hold what the analysis looked at (analyze/profile/benchmark-stacks.ts): the benchmark's own
// samples, all runs of a side together, preemption taken out. They decide nothing. A function that
// the analysis found renamed is one in the picture and the table; the files for other tools keep the
// names of the profiles. One benchmark is made at a time, under a budget of its own, so that memory
// does not add up.

import type { Finding } from "../analyze/finding.ts";
import { renamedNaming } from "../analyze/profile/matching/match-code.ts";
import { createNaming } from "../analyze/profile/naming.ts";
import { newBudget, type ProfiledRun, readRuns } from "../analyze/profile/read-runs.ts";
import { repositoryPaths } from "../analyze/profile/repository-path.ts";
import type { Evidence, ProfileEvidence } from "../evidence/evidence.ts";
import type { ProfileKind, ProfileRecord, Side } from "../evidence/manifest.ts";
import { deltaProfile, mergeProfiles } from "../pprof/combine.ts";
import { encodeProfile } from "../pprof/encode.ts";
import { type FlameGraph, flameGraph } from "../pprof/flame-graph.ts";
import { foldedText } from "../pprof/folded.ts";
import type { Profile, ProfileFrame } from "../pprof/profile.ts";
import { functionCosts, type Stack, stacksOf, withoutPreemption } from "../pprof/stacks.ts";
import { displayName } from "../pprof/symbol.ts";
import { visible } from "../report/escape.ts";
import { movedKeys, renamedFunctions } from "./findings-of-profile.ts";
import { flameSvg } from "./flame-svg.ts";
import { moversMarkdown, topMovers } from "./movers.ts";

export type ComparedProfile = {
  readonly cell: string;
  readonly package: string;
  readonly benchmark: string;
  readonly kind: ProfileKind;
  /** profile.proto, not packed: head less base, base scaled to the operations of head. */
  readonly delta: Uint8Array;
  readonly folded: Readonly<Record<Side, string>>;
  readonly svg: string;
  readonly moversMarkdown: string;
};

/** What a kind is counted in, as the benchmarks' own units name it. */
type Measure = { readonly type: string; readonly metric: string; readonly scale: number };

const NANOSECONDS = { metric: "sec/op", scale: 1e-9 } as const;

function measureOf(kind: ProfileKind): Measure {
  if (kind === "cpu") return { type: "cpu", ...NANOSECONDS };
  if (kind === "alloc") return { type: "alloc_space", metric: "B/op", scale: 1 };
  return { type: "delay", ...NANOSECONDS };
}

/** One a benchmark and kind, in the order of the evidence; none where a side cannot be read. */
export function* comparedProfiles(
  evidence: Pick<Evidence, "packages" | "profiles">,
  findings: readonly Finding[],
): Generator<ComparedProfile> {
  const pathOf = repositoryPaths(evidence.packages.map(({ record }) => record));
  for (const profiles of groups(evidence.profiles)) {
    const compared = comparedProfile(profiles, findings, pathOf);
    if (compared !== undefined) yield compared;
  }
}

function groups(profiles: readonly ProfileEvidence[]): ProfileEvidence[][] {
  const found = new Map<string, ProfileEvidence[]>();
  for (const profile of profiles) {
    const { cell, package: importPath, benchmark, kind } = profile.record;
    const key = JSON.stringify([cell, importPath, benchmark, kind]);
    const group = found.get(key);
    if (group === undefined) found.set(key, [profile]);
    else group.push(profile);
  }
  return [...found.values()];
}

type ReadSide = {
  readonly profile: Profile;
  readonly stacks: readonly Stack[];
  readonly operations: number;
};

function comparedProfile(
  profiles: readonly ProfileEvidence[],
  findings: readonly Finding[],
  pathOf: (file: string) => string,
): ComparedProfile | undefined {
  const { record } = profiles[0] as ProfileEvidence;
  const measure = measureOf(record.kind);
  const budget = newBudget("objects");
  const runsOf = (side: Side) => {
    const own = profiles.filter((profile) => profile.record.side === side);
    return readRuns(own, measure.type, budget).runs;
  };
  const base = sideOf(runsOf("base"), measure);
  const head = base && sideOf(runsOf("head"), measure);
  if (base === undefined || head === undefined || !isSameKind(base, head)) return undefined;
  const sides = { base, head };
  // What a function belongs to plays no part in its name.
  const naming = createNaming(pathOf, () => false);
  const { symbolOf } = naming;
  const renamed = renamedFunctions(record, findings);
  const { keyOf } = renamedNaming(naming, renamed.keys);
  const names = new Map(renamed.names);
  const namedKeyOf = (frame: ProfileFrame) => {
    const key = keyOf(frame);
    if (!names.has(key)) names.set(key, displayName(symbolOf(frame)));
    return key;
  };
  const graph = flameGraph(sides, namedKeyOf);
  const nameOf = (key: string) => names.get(key) ?? key;
  const { cell, package: importPath, benchmark, kind } = record;
  const named = { cell, package: importPath, benchmark, kind };
  return {
    ...named,
    delta: deltaBytes(sides, measure),
    folded: {
      base: foldedText(base.stacks, (frame) => displayName(symbolOf(frame))),
      head: foldedText(head.stacks, (frame) => displayName(symbolOf(frame))),
    },
    svg: svgOf(graph, { record, measure, nameOf }),
    moversMarkdown: moversOf(sides, { keyOf: namedKeyOf, nameOf, record, measure, findings }),
  };
}

/** All runs together; undefined where none could be read. */
function sideOf(runs: readonly ProfiledRun[], { type }: Measure): ReadSide | undefined {
  const first = runs[0]?.profile;
  if (first === undefined) return undefined;
  const types = JSON.stringify(first.sampleTypes);
  const alike = runs.filter(({ profile }) => JSON.stringify(profile.sampleTypes) === types);
  const merged = mergeProfiles(
    alike.map(({ profile }) => ({
      ...profile,
      samples: profile.samples
        .map((sample) => ({ ...sample, frames: withoutPreemption(sample.frames), labels: [] }))
        .filter(({ frames }) => frames.length > 0),
    })),
  );
  const at = merged.sampleTypes.findIndex((sampleType) => sampleType.type === type);
  const operations = alike.reduce((sum, { record }) => sum + record.operations, 0);
  return { profile: merged, stacks: stacksOf([merged], at), operations };
}

function isSameKind({ profile: base }: ReadSide, { profile: head }: ReadSide): boolean {
  return JSON.stringify(base.sampleTypes) === JSON.stringify(head.sampleTypes);
}

type Sides = { readonly base: ReadSide; readonly head: ReadSide };

function deltaBytes({ base, head }: Sides, { type }: Measure): Uint8Array {
  const factor = head.operations / base.operations;
  const delta = deltaProfile(base.profile, head.profile, factor);
  const comments = [
    `Head less base. ${head.operations} operations of head; base did ${base.operations} and is scaled by ${Number(factor.toPrecision(6))}.`,
    "Divide by the operations of head for the change an operation. Percentages are of base.",
  ];
  return encodeProfile(delta, { comments, defaultType: type });
}

type Naming = {
  readonly record: ProfileRecord;
  readonly measure: Measure;
  readonly nameOf: (key: string) => string;
};

function svgOf(graph: FlameGraph, { record, measure, nameOf }: Naming): string {
  const title = `${visible(record.benchmark)}: ${record.kind} an operation, head against base`;
  return flameSvg(graph, { title, metric: measure.metric, scale: measure.scale, nameOf });
}

function moversOf(
  { base, head }: Sides,
  options: Naming & {
    readonly keyOf: (frame: ProfileFrame) => string;
    readonly findings: readonly Finding[];
  },
): string {
  const costsOf = ({ stacks, operations }: ReadSide) => ({
    costs: functionCosts(stacks, options.keyOf),
    operations,
  });
  const movers = topMovers({ base: costsOf(base), head: costsOf(head) }, options.nameOf);
  const moved = movedKeys(options.record, options.findings);
  return moversMarkdown(movers, {
    metric: options.measure.metric,
    scale: options.measure.scale,
    isSignificant: moved && ((key) => moved.has(key)),
  });
}
