// One cell: everything between the checkout and the evidence files, for one toolchain.
import { availableParallelism } from "node:os";
import { join } from "node:path";
import { UserError } from "../errors.ts";
import type {
  BenchmarkRecord,
  Manifest,
  Outcome,
  PackageRecord,
  ProfileRecord,
  Side,
} from "../evidence/manifest.ts";
import { type ModuleTarget, moduleTargets } from "../plan/module-targets.ts";
import type { CellPlan } from "../plan/plan.ts";
import { DEFAULT_CAP, WATCHED_FAMILY_ALPHA } from "../stats/settled.ts";
import { buildAll } from "./build-all.ts";
import type { BuiltPackage } from "./build-packages.ts";
import type { CellRequest } from "./cell-request.ts";
import { findBenchmarks } from "./find-benchmarks.ts";
import { settleToolchain, type Toolchain } from "./go-toolchain.ts";
import { functionOf, isControl, keepControls } from "./keep-controls.ts";
import type { Launcher } from "./launcher.ts";
import { matchPackages } from "./match-packages.ts";
import { buildProbe } from "./probe.ts";
import { profileSuspects } from "./profile-suspects.ts";
import { type Measured, measurePairs } from "./schedule.ts";
import { buildMounts, makeScratchDirs, runMounts, withLaunchers } from "./side-launchers.ts";
import { buildTraceTool, type TraceTool } from "./trace-profiles.ts";
import { collectSyntax, writePackageFiles } from "./write-evidence.ts";

export type CellEvidence = {
  readonly cell: Manifest["cells"][number];
  readonly outcome: Outcome;
  readonly packages: readonly PackageRecord[];
  readonly benchmarks: readonly BenchmarkRecord[];
  readonly profiles: readonly ProfileRecord[];
  readonly syntax: Manifest["syntax"];
  readonly degraded: Manifest["degraded"];
  readonly buildSeconds: number;
  readonly measureSeconds: number;
};

/** Sixteen pairs reach p = 0.05 although four of them disagree, as they do on a busy machine. */
const CONFIRMATION_PAIRS = 16;
/** Part of the budget for the first phase; the rest confirms and profiles suspects. */
const EXPLORE_PART = 0.7;
const CONFIRM_PART = 0.85;

/** Builds, finds, measures and profiles; ends early with an outcome where there is nothing more. */
export async function collectCell(request: CellRequest): Promise<CellEvidence> {
  const targets = targetsOf(request);
  const moduleDir = join(request.checkout.workspace.headDir, targets[0]?.dir ?? ".");
  const toolchain = await settleToolchain(request.cell.go, request.cell.env, moduleDir);
  const probePath = await buildProbe(toolchain, request.cacheDir, request.signal);
  const buildStart = performance.now();
  const matched = await matchPackages(targets, toolchain, request);
  const forBuilds = buildMounts(toolchain, request);
  const mounts = { base: forBuilds, head: forBuilds };
  const built = await withLaunchers(probePath, mounts, request, (both) =>
    buildAll(matched.reached, { toolchain, probePath, launchers: both }, request),
  );
  const shared = {
    cell: describeCell(request.cell, toolchain, built.packages),
    buildSeconds: (performance.now() - buildStart) / 1000,
  };
  if (built.packages.length === 0) {
    return {
      ...shared,
      outcome: built.ending ?? { kind: "nothing-to-measure", reason: matched.nothingReason },
      packages: [],
      benchmarks: [...matched.records, ...built.records],
      profiles: [],
      syntax: undefined,
      degraded: [],
      measureSeconds: 0,
    };
  }
  // Read before anything of the repository runs: a benchmark may write into its own checkout.
  const syntax = await collectSyntax(probePath, built.packages, request);
  const scratchDirs = await makeScratchDirs(request);
  const sides = runMounts(toolchain, scratchDirs, request);
  const measured = await withLaunchers(probePath, sides, request, (both) =>
    measureCell(built.packages, both, { toolchain, scratchDirs }, request),
  );
  return {
    ...shared,
    outcome: { kind: "collected" },
    packages: await writePackageFiles(built.packages, measured.measured, request),
    benchmarks: [...matched.records, ...built.records, ...measured.records],
    profiles: measured.profiles,
    syntax: syntax.syntax,
    degraded: [...measured.degraded, ...syntax.degraded],
    measureSeconds: measured.measureSeconds,
  };
}

function targetsOf(request: CellRequest): ModuleTarget[] {
  const { plan, checkout } = request;
  const changed = plan.changedFiles.map((file) => file.path);
  const targets = moduleTargets(checkout.moduleFiles.head, plan.packages, changed);
  if (targets.length > 0) return targets;
  throw new UserError("TG_NO_GO_MODULE", `No Go module holds ${plan.packages.join(" ")}.`, {
    hint: "Tailguard measures modules: a go.mod must be at or above the packages.",
  });
}

function describeCell(
  cell: CellPlan,
  toolchain: Toolchain,
  built: readonly BuiltPackage[],
): CellEvidence["cell"] {
  return {
    id: cell.id,
    go: toolchain.version,
    env: cell.env,
    gomaxprocs: gomaxprocsOf(cell),
    layoutSeeds: Math.max(1, ...built.map((at) => at.layoutSeeds.length)),
  };
}

/** Go takes all CPUs it may use unless GOMAXPROCS says otherwise; ours is always said. */
function gomaxprocsOf(cell: CellPlan): number {
  return Number(cell.env.GOMAXPROCS) || availableParallelism();
}

type CellMeasurement = {
  readonly measured: readonly Measured[];
  readonly records: readonly BenchmarkRecord[];
  readonly profiles: readonly ProfileRecord[];
  readonly degraded: Manifest["degraded"];
  readonly measureSeconds: number;
};

async function measureCell(
  built: readonly BuiltPackage[],
  launchers: Record<Side, Launcher>,
  tools: {
    readonly toolchain: Toolchain;
    readonly scratchDirs: Readonly<Record<Side, string>>;
  },
  request: CellRequest,
): Promise<CellMeasurement> {
  const { plan, cell, checkout, signal, onProgress } = request;
  const start = Date.now();
  const found = await findBenchmarks(built, launchers, {
    benchPattern: plan.benchPattern,
    budgetSeconds: request.budgetSeconds,
    cell: cell.id,
    env: { ...cell.env, ...runEnvironment(tools.toolchain, gomaxprocsOf(cell)) },
    gomaxprocs: gomaxprocsOf(cell),
    rootDirs: { base: checkout.workspace.baseDir, head: checkout.workspace.headDir },
    scratchDirs: tools.scratchDirs,
  });
  const kept = keepControls(found.measurables, built, { cell: cell.id, random: request.random });
  // The budget is for pairs: a benchmark that hangs while it is found must not starve the others.
  const pairsStart = Date.now();
  const until = (part: number) => pairsStart + part * request.budgetSeconds * 1000;
  const measured = await measurePairs(kept.measurables, {
    launchers,
    random: request.random,
    rule: { familyAlpha: WATCHED_FAMILY_ALPHA, cap: DEFAULT_CAP },
    confirmationPairs: CONFIRMATION_PAIRS,
    exploreUntilMs: until(EXPLORE_PART),
    untilMs: until(CONFIRM_PART),
    nowMs: Date.now,
    signal,
    onProgress: (done, total, text) => onProgress({ stage: "measure", done, total, text }),
  });
  const profiled = await profileSuspects(withoutControls(measured, built), {
    launchers,
    cell: cell.id,
    scratchDirs: tools.scratchDirs,
    outDir: request.outDir,
    random: request.random,
    extra: plan.extraProfiles ?? [],
    traceTool: () => traceToolFor(tools.toolchain, request),
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
      ...built.flatMap(({ head, unrecorded }) =>
        unrecorded === ""
          ? []
          : [{ strategy: "latency" as const, reason: `${head.importPath}: ${unrecorded}` }],
      ),
    ],
    measureSeconds: (Date.now() - start) / 1000,
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

/** What a benchmark may know of its surroundings: programs, a home, a place for files. */
function runEnvironment(toolchain: Toolchain, gomaxprocs: number): Record<string, string> {
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
