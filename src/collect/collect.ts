// Collects the evidence for a plan: check out, build, find the benchmarks, measure, profile.
//
// This is what a runner does. It knows the plan and nothing else: no verdict, no token beyond the
// one for the checkout, no database. Whatever the repository's code does, the outcome is a
// manifest with a named ending; only our own faults throw.

import { rm } from "node:fs/promises";
import { join } from "node:path";
import { UserError } from "../errors.ts";
import type { SourceEvidence } from "../evidence/evidence.ts";
import type { Manifest } from "../evidence/manifest.ts";
import type { Progress } from "../evidence/progress.ts";
import type { Plan } from "../plan/plan.ts";
import { seededRandom } from "../stats/random.ts";
import { sum } from "../stats/sum.ts";
import { TAILGUARD_VERSION } from "../version.ts";
import { writeBundleFile, writeManifest } from "./bundle.ts";
import { type Checkout, checkOut } from "./check-out.ts";
import { type CellEvidence, collectCell } from "./collect-cell.ts";
import { copyBytes, machineMemoryBytes } from "./limits.ts";
import { describeMachine, finishMachine } from "./machine.ts";
import { checkSandbox, type Sandbox } from "./sandbox.ts";
import { closeWorkspace, openWorkspace } from "./workspace.ts";

export type CollectOptions = {
  /** Where the bundle goes; made when missing, emptied when not. */
  readonly outDir: string;
  /** Temporary folders and caches of this machine's runs. */
  readonly workDir: string;
  /** Read-only token for the checkout; forgotten after it. */
  readonly cloneToken?: string | undefined;
  readonly signal: AbortSignal;
  readonly onProgress: (progress: Progress) => void;
  /** Told what the source of the changed files says, once, before anything is built. */
  readonly onRead?: ((source: SourceEvidence) => void) | undefined;
  /** Told what source and compiler say, once a cell is built and before anything of it runs. */
  readonly onBuilt?: ((source: SourceEvidence) => void) | undefined;
  /** "preferred" runs without one where none works, and says so; untrusted code never does. */
  readonly sandbox: "required" | "preferred" | "off";
  /** Memory that the run may reckon with; undefined: all of this machine's, or this container's. */
  readonly memoryBytes?: number | undefined;
};

/** Carries out the plan; the manifest is also written to `outDir`/manifest.json. */
export async function collect(planned: Plan, options: CollectOptions): Promise<Manifest> {
  const sandbox = await chooseSandbox(planned, options);
  await rm(options.outDir, { recursive: true, force: true });
  const machine = describeMachine(sandbox.inside === undefined ? "none" : "bubblewrap");
  const warnings = [...sandbox.warnings];
  const workspace = await openWorkspace(options.workDir);
  try {
    const checkout = await checkOut(planned, workspace, options);
    // What both sides differ in is read from git: GitHub lists 300 files of a comparison.
    const plan = { ...planned, changedFiles: [...checkout.changedFiles] };
    warnings.push(...linkWarnings(checkout));
    const diff = await writeBundleFile(options.outDir, "diff.patch", checkout.diff);
    const cells = await collectCells(plan, checkout, options, sandbox.inside);
    if (sandbox.inside !== undefined)
      warnings.push(...copyWarnings(checkout, options.memoryBytes ?? machineMemoryBytes()));
    const manifest: Manifest = {
      schema: "tailguard.evidence/1",
      tailguard: TAILGUARD_VERSION,
      plan,
      outcome: overallOutcome(cells),
      cells: cells.map((cell) => cell.cell),
      packages: cells.flatMap((cell) => cell.packages),
      benchmarks: cells.flatMap((cell) => cell.benchmarks),
      profiles: cells.flatMap((cell) => cell.profiles),
      ...pointerChecksOf(cells),
      ...(cells[0]?.syntax === undefined ? {} : { syntax: cells[0].syntax }),
      diff,
      machine: withWarnings(finishMachine(machine), warnings),
      seconds: {
        checkout: checkout.seconds,
        build: sum(cells.map((cell) => cell.buildSeconds)),
        measure: sum(cells.map((cell) => cell.measureSeconds)),
      },
      degraded: cells.flatMap((cell) => cell.degraded),
    };
    options.signal.throwIfAborted();
    await writeManifest(options.outDir, manifest);
    return manifest;
  } finally {
    await closeWorkspace(workspace);
  }
}

function withWarnings(
  machine: Manifest["machine"],
  warnings: readonly string[],
): Manifest["machine"] {
  return { ...machine, warnings: [...machine.warnings, ...warnings] };
}

function pointerChecksOf(cells: readonly CellEvidence[]): Pick<Manifest, "pointerChecks"> {
  const pointerChecks = cells.flatMap((cell) => [...cell.pointerChecks]);
  return pointerChecks.length === 0 ? {} : { pointerChecks };
}

async function collectCells(
  plan: Plan,
  checkout: Checkout,
  options: CollectOptions,
  sandbox: Sandbox | undefined,
): Promise<CellEvidence[]> {
  const random = seededRandom(plan.seed);
  const cells: CellEvidence[] = [];
  for (const cell of plan.cells) {
    cells.push(
      await collectCell({
        plan,
        cell,
        checkout,
        random,
        // Cells share the budget evenly; what one leaves over is not carried on.
        budgetSeconds: plan.budgetSeconds / plan.cells.length,
        outDir: options.outDir,
        cacheDir: join(options.workDir, "cache"),
        sandbox,
        memoryBytes: options.memoryBytes ?? machineMemoryBytes(),
        signal: options.signal,
        onProgress: options.onProgress,
        // The source is the same in all cells.
        onRead: cells.length === 0 ? options.onRead : undefined,
        onBuilt: options.onBuilt ?? (() => undefined),
      }),
    );
  }
  return cells;
}

/**
 * A cell that could not go on speaks for the run: base and head are the same in all. Nothing to
 * measure is no such case, because toolchains differ in what a change does to the machine code.
 */
function overallOutcome(cells: readonly CellEvidence[]): Manifest["outcome"] {
  const outcomes = cells.map((cell) => cell.outcome);
  const by = (is: (outcome: Manifest["outcome"]) => boolean) => outcomes.find(is);
  return (
    by(({ kind }) => kind !== "collected" && kind !== "nothing-to-measure") ??
    by(({ kind }) => kind === "collected") ??
    by((outcome) => outcome.kind === "nothing-to-measure" && outcome.unchanged !== true) ??
    outcomes[0] ?? { kind: "collected" }
  );
}

async function chooseSandbox(
  plan: Plan,
  options: CollectOptions,
): Promise<{ inside: Sandbox | undefined; warnings: readonly string[] }> {
  const required = options.sandbox === "required" || plan.trust === "untrusted";
  if (options.sandbox === "off" && !required) return { inside: undefined, warnings: [UNLIMITED] };
  const checked = await checkSandbox();
  if (checked.works) return { inside: checked.sandbox, warnings: checked.warnings };
  if (required) {
    throw new UserError(
      "TG_SANDBOX_MISSING",
      `Untrusted code needs a sandbox: ${checked.reason}.`,
      {
        hint: "Install it: apt-get install bubblewrap. Where user namespaces are forbidden, allow them.",
      },
    );
  }
  return {
    inside: undefined,
    warnings: [`no sandbox: ${checked.reason}; the benchmarks run with your rights`, UNLIMITED],
  };
}

/** What needs file systems and namespaces of one's own. */
const UNLIMITED =
  "without a sandbox nothing limits what benchmarks write to the disk, and they have the network";

function linkWarnings({ removedLinks }: Checkout): string[] {
  const [first] = removedLinks;
  if (first === undefined) return [];
  const more = removedLinks.length > 1 ? ` and ${removedLinks.length - 1} more` : "";
  return [`links that lead out of the repository were left out: ${first.slice(0, 200)}${more}`];
}

function copyWarnings({ bytes }: Checkout, memoryBytes: number): string[] {
  const sides = (["base", "head"] as const).filter(
    (side) => copyBytes(bytes[side], memoryBytes) === undefined,
  );
  if (sides.length === 0) return [];
  const mib = Math.round(Math.max(...sides.map((side) => bytes[side])) / (1 << 20));
  return [`the repository has ${mib} MiB, too much to copy: benchmarks could only read it`];
}
