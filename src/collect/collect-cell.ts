// One cell: everything between the checkout and the evidence files, for one toolchain.
import { join } from "node:path";
import { UserError } from "../errors.ts";
import type { SourceEvidence } from "../evidence/evidence.ts";
import type {
  BenchmarkRecord,
  Manifest,
  Outcome,
  PackageRecord,
  PointerCheck,
  ProfileRecord,
  Side,
} from "../evidence/manifest.ts";
import { type ModuleTarget, moduleTargets } from "../plan/module-targets.ts";
import type { CellPlan } from "../plan/plan.ts";
import { buildAll } from "./build-all.ts";
import type { BuiltPackage } from "./build-packages.ts";
import type { CellRequest } from "./cell-request.ts";
import { checkPointers } from "./check-pointers.ts";
import { compileUnmeasured } from "./compile-unmeasured.ts";
import { settleToolchain, type Toolchain } from "./go-toolchain.ts";
import type { Launcher } from "./launcher.ts";
import { matchPackages } from "./match-packages.ts";
import { gomaxprocsOf, measureCell } from "./measure-cell.ts";
import { buildProbe } from "./probe.ts";
import { buildMounts, makeScratchDirs, runMounts, withLaunchers } from "./side-launchers.ts";
import {
  sourceEvidence,
  textOfBuilt,
  textOfModule,
  writeCompilerTexts,
} from "./source-evidence.ts";
import { collectSyntax, readChanged, writePackageFiles } from "./write-evidence.ts";

export type CellEvidence = {
  readonly cell: Manifest["cells"][number];
  readonly outcome: Outcome;
  readonly packages: readonly PackageRecord[];
  readonly benchmarks: readonly BenchmarkRecord[];
  readonly profiles: readonly ProfileRecord[];
  readonly syntax: Manifest["syntax"];
  readonly pointerChecks: readonly PointerCheck[];
  readonly degraded: Manifest["degraded"];
  readonly buildSeconds: number;
  readonly measureSeconds: number;
};

const NOTHING_LEFT = { kind: "nothing-to-measure", reason: "no benchmark is left" } as const;

const NOTHING_MEASURED = {
  packages: [],
  profiles: [],
  syntax: undefined,
  pointerChecks: [],
  degraded: [],
  measureSeconds: 0,
} as const satisfies Partial<CellEvidence>;

/** Builds, finds, measures and profiles; ends early with an outcome where there is nothing more. */
export async function collectCell(request: CellRequest): Promise<CellEvidence> {
  const targets = targetsOf(request);
  const moduleDir = join(request.checkout.workspace.headDir, targets[0]?.dir ?? ".");
  const toolchain = await settleToolchain(request.cell.go, request.cell.env, moduleDir);
  const probePath = await buildProbe(toolchain, request.cacheDir, request.signal);
  if (request.onRead !== undefined) await tellChanges(probePath, request.onRead, request);
  const buildStart = performance.now();
  const matched = await matchPackages(targets, toolchain, request);
  const forBuilds = buildMounts(toolchain, request);
  const mounts = { base: forBuilds, head: forBuilds };
  // Builders stay open: in which kinds of binaries to link is known when the benchmarks were found.
  return await withLaunchers(probePath, mounts, request, async (builders) => {
    const built = await buildAll(
      matched.reached,
      { toolchain, probePath, launchers: builders },
      request,
    );
    const buildSeconds = (performance.now() - buildStart) / 1000;
    const records = [...matched.records, ...built.records];
    if (built.packages.length === 0) {
      const outcome = matched.ending ?? built.ending ?? NOTHING_LEFT;
      const tools = { toolchain, builders, probePath };
      const source = await collectUnmeasured(
        outcome,
        built.unmeasured,
        { targets, ...tools },
        request,
      );
      return {
        ...NOTHING_MEASURED,
        ...source,
        cell: describeCell(request.cell, toolchain, 1),
        outcome,
        benchmarks: records,
        buildSeconds: (performance.now() - buildStart) / 1000,
      };
    }
    // Read before anything of the repository runs: a benchmark may write into its own checkout.
    const syntax = await collectSyntax(probePath, linkedDirs(built.packages), request);
    request.onBuilt(sourceEvidence(built.packages.map(textOfBuilt), syntax.read, request));
    const scratchDirs = await makeScratchDirs(request);
    const sides = runMounts(toolchain, scratchDirs, request);
    const measured = await withLaunchers(probePath, sides, request, async (runners) => {
      const tools = { builders, runners, toolchain, scratchDirs };
      const measurement = await measureCell(built.packages, tools, request);
      const pointerChecks = syntax.touchesUnsafe
        ? await checkPointers(built.packages, tools, request)
        : [];
      return { ...measurement, pointerChecks };
    });
    return {
      cell: describeCell(request.cell, toolchain, measured.layouts),
      outcome: { kind: "collected" },
      packages: await writePackageFiles(built.packages, measured.measured, request),
      benchmarks: [...records, ...measured.records],
      profiles: measured.profiles,
      syntax: syntax.syntax,
      pointerChecks: measured.pointerChecks,
      degraded: [...measured.degraded, ...syntax.degraded],
      buildSeconds: buildSeconds + measured.linkSeconds,
      measureSeconds: measured.measureSeconds,
    };
  });
}

/** What changed in the source is known in a second, and a build may take minutes. */
async function tellChanges(
  probePath: string,
  tell: (source: SourceEvidence) => void,
  request: CellRequest,
): Promise<void> {
  const read = await readChanged(probePath, request);
  if (read !== undefined) tell(sourceEvidence([], read, request));
}

function linkedDirs(built: readonly BuiltPackage[]): Record<Side, string[]> {
  const of = (side: Side) => built.flatMap((at) => [...at[side].linkedDirs]);
  return { base: of("base"), head: of("head") };
}

type UnmeasuredTools = {
  readonly targets: readonly ModuleTarget[];
  readonly toolchain: Toolchain;
  readonly builders: Readonly<Record<Side, Launcher>>;
  readonly probePath: string;
};

/** Where nothing is measured, source and compiler are all there is to go by. */
async function collectUnmeasured(
  outcome: Outcome,
  built: readonly BuiltPackage[],
  { targets, probePath, ...tools }: UnmeasuredTools,
  request: CellRequest,
): Promise<Pick<CellEvidence, "packages" | "syntax" | "degraded">> {
  if (outcome.kind !== "nothing-to-measure" || outcome.unchanged === true) return NOTHING_MEASURED;
  const compiled =
    built.length > 0
      ? { texts: built.map(textOfBuilt), dirs: linkedDirs(built), problems: [] }
      : await compiledModules(targets, tools, request);
  if (compiled.texts.length === 0) return { ...NOTHING_MEASURED, degraded: compiled.problems };
  const syntax = await collectSyntax(probePath, compiled.dirs, request);
  request.onBuilt(sourceEvidence(compiled.texts, syntax.read, request));
  return {
    packages: await writeCompilerTexts(compiled.texts, request),
    syntax: syntax.syntax,
    degraded: [...compiled.problems, ...syntax.degraded],
  };
}

async function compiledModules(
  targets: readonly ModuleTarget[],
  tools: Pick<UnmeasuredTools, "toolchain" | "builders">,
  request: CellRequest,
) {
  const { modules, problems } = await compileUnmeasured(targets, tools, request);
  const dirs = modules.flatMap((module) => module.dirs);
  return {
    texts: modules.map(textOfModule),
    dirs: { base: dirs, head: dirs },
    problems: problems.map((reason) => ({ strategy: "compiler" as const, reason })),
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
  layoutSeeds: number,
): CellEvidence["cell"] {
  return {
    id: cell.id,
    go: toolchain.version,
    env: cell.env,
    gomaxprocs: gomaxprocsOf(cell),
    layoutSeeds,
  };
}
