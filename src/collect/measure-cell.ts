// Everything between built packages and their evidence: which benchmarks there are, their binaries in
// several link layouts, the pairs, and the profiles of suspects.
import { availableParallelism } from "node:os";
import { FEWEST_EXACT_PAIRS } from "../evidence/exact-counts.ts";
import type { BenchmarkRecord, Manifest, ProfileRecord, Side } from "../evidence/manifest.ts";
import type { CellPlan } from "../plan/plan.ts";
import { DEFAULT_CAP, WATCHED_FAMILY_ALPHA } from "../stats/settled.ts";
import type { BuiltPackage } from "./build-packages.ts";
import type { CellRequest } from "./cell-request.ts";
import { findBenchmarks } from "./find-benchmarks.ts";
import type { Toolchain } from "./go-toolchain.ts";
import { functionOf, isControl, keepControls } from "./keep-controls.ts";
import type { Launcher } from "./launcher.ts";
import { linkLayouts } from "./link-layouts.ts";
import { lookRank } from "./look-rank.ts";
import { profileSuspects } from "./profile-suspects.ts";
import { recordingGaps } from "./recording-gaps.ts";
import { type Measured, measurePairs } from "./schedule.ts";
import { buildTraceTool, type TraceTool } from "./trace-profiles.ts";

/** Sixteen pairs reach p = 0.05 although four of them disagree, as they do on a busy machine. */
const CONFIRMATION_PAIRS = 16;
/** Part of the budget for the first phase; the rest confirms and profiles suspects. */
const EXPLORE_PART = 0.7;
const CONFIRM_PART = 0.85;

/** Go takes all CPUs it may use unless GOMAXPROCS says otherwise; ours is always said. */
export function gomaxprocsOf(cell: CellPlan): number {
  return Number(cell.env.GOMAXPROCS) || availableParallelism();
}

export type CellMeasurement = {
  readonly measured: readonly Measured[];
  readonly records: readonly BenchmarkRecord[];
  readonly profiles: readonly ProfileRecord[];
  readonly degraded: Manifest["degraded"];
  /** Most layouts that a package was linked in. */
  readonly layouts: number;
  readonly linkSeconds: number;
  readonly measureSeconds: number;
};

export type CellTools = {
  /** Launchers that may write binaries, and those that only run them. */
  readonly builders: Readonly<Record<Side, Launcher>>;
  readonly runners: Readonly<Record<Side, Launcher>>;
  readonly toolchain: Toolchain;
  readonly scratchDirs: Readonly<Record<Side, string>>;
};

/** Finds the benchmarks of built packages, links what they need, measures and profiles them. */
export async function measureCell(
  built: readonly BuiltPackage[],
  { builders, runners, toolchain, scratchDirs }: CellTools,
  request: CellRequest,
): Promise<CellMeasurement> {
  const { plan, cell, checkout, signal, onProgress } = request;
  const { workspace } = checkout;
  const gomaxprocs = gomaxprocsOf(cell);
  const run = {
    env: { ...cell.env, ...runEnvironment(toolchain, gomaxprocs) },
    gomaxprocs,
    scratchDirs,
  };
  const binaries = {
    rootDirs: { base: workspace.baseDir, head: workspace.headDir },
    binariesDir: workspace.binariesDir,
    budgetSeconds: request.budgetSeconds,
  };
  const start = Date.now();
  const options = {
    ...run,
    ...binaries,
    benchPattern: plan.benchPattern,
    benchmarks: plan.benchmarks,
    cell: cell.id,
  };
  const found = await findBenchmarks(built, runners, options);
  const kept = keepControls(found.found, built, { cell: cell.id, random: request.random });
  const linkStart = Date.now();
  const linking = { ...binaries, toolchain, launchers: builders, signal };
  const measurables = await linkLayouts(kept.kept, built, run, linking);
  // The budget is for pairs: a benchmark that hangs while it is found must not starve the others.
  const pairsStart = Date.now();
  const until = (part: number) => pairsStart + part * request.budgetSeconds * 1000;
  const measured = await measurePairs(measurables, {
    launchers: runners,
    random: request.random,
    slowHeadBy: plan.trial?.slowHeadBy ?? 0,
    rule: { familyAlpha: WATCHED_FAMILY_ALPHA, cap: DEFAULT_CAP },
    rankOf: (benchmark) => lookRank(benchmark, built),
    confirmationPairs: CONFIRMATION_PAIRS,
    exploreUntilMs: until(EXPLORE_PART),
    untilMs: until(CONFIRM_PART),
    nowMs: Date.now,
    signal,
    onProgress: (done, total, text) => onProgress({ stage: "measure", done, total, text }),
  });
  const pairsSeconds = (Date.now() - pairsStart) / 1000;
  const profiled = await profileSuspects(withoutControls(measured, built), {
    launchers: runners,
    cell: cell.id,
    scratchDirs,
    outDir: request.outDir,
    random: request.random,
    extra: plan.extraProfiles ?? [],
    traceTool: () => traceToolFor(toolchain, request),
    untilMs: until(1),
    nowMs: Date.now,
    signal,
    onProgress: (done, total, text) => onProgress({ stage: "profile", done, total, text }),
  });
  return {
    measured,
    records: [
      ...found.records,
      ...kept.records,
      ...measured.map((at) => measuredRecord(cell.id, at, built)),
    ],
    profiles: profiled.profiles,
    degraded: [
      ...profiled.problems.map((reason) => ({ strategy: "profile" as const, reason })),
      ...tooWide(measured),
      ...tooFewPairs(measured, pairsSeconds),
      ...recordingGaps(kept.kept, built),
    ],
    layouts: Math.max(1, ...measurables.map(({ layoutSeeds }) => layoutSeeds.length)),
    linkSeconds: (pairsStart - linkStart) / 1000,
    measureSeconds: (Date.now() - start - (pairsStart - linkStart)) / 1000,
  };
}

function tooWide(measured: readonly Measured[]): Manifest["degraded"] {
  const wide = measured.filter(({ latencies }) => Object.values(latencies).includes("too-wide"));
  if (wide.length === 0) return [];
  const names = wide.slice(0, 3).map(({ benchmark }) => benchmark.name);
  const more = wide.length > names.length ? ` and ${wide.length - names.length} more` : "";
  return [
    {
      strategy: "latency",
      reason: `The latencies of ${names.join(", ")}${more} are too many different ones to keep merged: no change by quantile is shown for them.`,
    },
  ];
}

/** As many settle most that do not change. */
const PAIRS_FOR_ALL = 12;

/** Said with what would help: the time that all would have taken. */
function tooFewPairs(measured: readonly Measured[], seconds: number): Manifest["degraded"] {
  const begun = measured.filter(({ pairs }) => pairs > 0);
  const few = begun.filter(
    ({ pairs, stopped }) => pairs < FEWEST_EXACT_PAIRS && stopped === "focus",
  );
  if (few.length === 0) return [];
  const pairs = begun.reduce((sum, at) => sum + at.pairs, 0);
  const minutes = Math.ceil(
    (measured.length * PAIRS_FOR_ALL * (seconds / pairs)) / EXPLORE_PART / 60,
  );
  return [
    {
      strategy: "latency",
      reason: `Fewer than ${FEWEST_EXACT_PAIRS} pairs, too few to tell, for ${few.length} of ${measured.length} benchmarks: the time went to those that seemed to have moved. A budget of about ${minutes}m would be enough for all.`,
    },
  ];
}

/** What a benchmark may know of its surroundings: programs, a home, a place for files. */
export function runEnvironment(toolchain: Toolchain, gomaxprocs: number): Record<string, string> {
  return {
    GOMAXPROCS: String(gomaxprocs),
    PATH: toolchain.env.PATH ?? "/usr/bin:/bin",
    HOME: "/tmp",
    TMPDIR: "/tmp",
    GOROOT: toolchain.goRoot,
  };
}

/** Where a control moved no profile explains it: its code is the same on both sides. */
function withoutControls(
  measured: readonly Measured[],
  built: readonly BuiltPackage[],
): Measured[] {
  return measured.filter((at) => !isControl(at.benchmark, built));
}

function traceToolFor(toolchain: Toolchain, request: CellRequest): Promise<TraceTool | string> {
  const { binariesDir } = request.checkout.workspace;
  return buildTraceTool(toolchain, { cacheDir: request.cacheDir, binariesDir }, request.signal);
}

function measuredRecord(
  cell: string,
  measured: Measured,
  built: readonly BuiltPackage[],
): BenchmarkRecord {
  const { package: importPath, name } = measured.benchmark;
  const shared = { cell, package: importPath, name };
  if (measured.failure !== "") return { ...shared, status: "failed", reason: measured.failure };
  if (measured.pairs === 0) {
    return { ...shared, status: "not-measured", reason: "the budget ended before its turn" };
  }
  const { pairs, stopped } = measured;
  const at = built.find(({ head }) => head.importPath === importPath);
  const reachedBy = at?.affected.reasons.get(functionOf(name))?.slice(0, 1000);
  return {
    ...shared,
    status: "measured",
    reason: "",
    pairs,
    stopped,
    ...(isControl(measured.benchmark, built) ? { control: true } : {}),
    ...(reachedBy === undefined ? {} : { reachedBy }),
  };
}
