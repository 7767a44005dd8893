// Runs what the change reaches once under -d=checkptr=2, which ends the program at a conversion
// through unsafe.Pointer that points outside of its object or is misaligned.
//
// Only where a declaration that differs uses package unsafe: the build takes as long as the first
// one. Benchmarks with one iteration, then the short tests; base only where head fails, to know
// whether that is news. Never timed, after everything that is.
import { join } from "node:path";
import type { PointerCheck, Side } from "../evidence/manifest.ts";
import { buildTestBinary } from "./build.ts";
import type { BuiltPackage } from "./build-packages.ts";
import { bundleName, writeBundleFile } from "./bundle.ts";
import type { CellRequest } from "./cell-request.ts";
import { hasSucceeded, type LaunchResult } from "./launcher.ts";
import { type CellTools, gomaxprocsOf, runEnvironment } from "./measure-cell.ts";

/** A package each time is built anew; what uses unsafe is seldom reached from more. */
const MOST_PACKAGES = 5;
/** One iteration of each benchmark; tests that take longer are not short. */
const RUN_TIMEOUT_MS = 60_000;
/** A stack of 100 frames is 10 KB; what else it prints is cut. */
const MAX_OUTPUT_BYTES = 256 << 10;

type Ran = PointerCheck["ran"];

/** Checks the packages whose benchmarks the change reaches; failures keep what they printed. */
export async function checkPointers(
  built: readonly BuiltPackage[],
  tools: CellTools,
  request: CellRequest,
): Promise<PointerCheck[]> {
  const checks: PointerCheck[] = [];
  for (const [index, at] of built.slice(0, MOST_PACKAGES).entries()) {
    const build = binaryBuilder(at, index, tools, request);
    for (const ran of ["benchmarks", "tests"] as const) {
      request.signal.throwIfAborted();
      const head = await checkOne({ at, side: "head", ran, build }, tools, request);
      checks.push(head);
      if (head.outcome !== "failed") continue;
      checks.push(await checkOne({ at, side: "base", ran, build }, tools, request));
    }
  }
  return checks;
}

type Build = (side: Side) => Promise<string | undefined>;

/** Builds each side at most once; undefined where it does not build. */
function binaryBuilder(
  at: BuiltPackage,
  index: number,
  { builders, toolchain }: CellTools,
  { checkout: { workspace } }: CellRequest,
): Build {
  const started: Partial<Record<Side, Promise<string | undefined>>> = {};
  const rootDirs = { base: workspace.baseDir, head: workspace.headDir };
  const buildNow = async (side: Side) => {
    const binaryPath = join(workspace.binariesDir, `${side}-${index}-pointers.test`);
    const result = await buildTestBinary(builders[side], {
      toolchain,
      rootDir: rootDirs[side],
      target: at[side],
      layoutSeed: undefined,
      binaryPath,
      overlayPath: undefined,
      textPath: undefined,
      checksPointers: true,
    });
    return result.kind === "built" ? binaryPath : undefined;
  };
  return (side) => {
    started[side] ??= buildNow(side);
    return started[side];
  };
}

type Check = {
  readonly at: BuiltPackage;
  readonly side: Side;
  readonly ran: Ran;
  readonly build: Build;
};

async function checkOne(
  { at, side, ran, build }: Check,
  { runners, toolchain }: CellTools,
  request: CellRequest,
): Promise<PointerCheck> {
  const { cell, checkout, outDir } = request;
  const shared = { cell: cell.id, package: at.head.importPath, side, ran };
  const binary = await build(side);
  if (binary === undefined) return { ...shared, outcome: "other", reason: "it does not build" };
  const rootDir = side === "base" ? checkout.workspace.baseDir : checkout.workspace.headDir;
  const result = await runners[side].run({
    argv: [binary, ...argumentsFor(ran, at), "-test.v", "-test.paniconexit0"],
    dir: join(rootDir, at[side].dir),
    env: { ...cell.env, ...runEnvironment(toolchain, gomaxprocsOf(cell)) },
    timeoutMs: RUN_TIMEOUT_MS,
    maxStdoutBytes: 8 << 20,
    maxStderrBytes: 8 << 20,
  });
  if (hasSucceeded(result)) return { ...shared, outcome: "passed", reason: "" };
  const output = checkptrOutput(result);
  if (output === undefined) return { ...shared, outcome: "other", reason: endingOf(result) };
  const folder = `pointers/${bundleName(cell.id)}/${bundleName(at.head.importPath)}`;
  const file = await writeBundleFile(outDir, `${folder}/${ran}-${side}.txt`, output);
  return { ...shared, outcome: "failed", reason: "", output: file };
}

function argumentsFor(ran: Ran, at: BuiltPackage): string[] {
  if (ran === "tests") return ["-test.run=.", "-test.short"];
  const names = [...at.selection.measured].filter((name) => !at.selection.controls.has(name));
  return ["-test.run=^$", `-test.bench=^(${names.join("|")})$`, "-test.benchtime=1x"];
}

/** From the check's own words on; undefined when the run ended by something else. */
function checkptrOutput({ stdout, stderr }: LaunchResult): string | undefined {
  const start = /^fatal error: checkptr: /m.exec(stderr);
  if (start !== null) return stderr.slice(start.index).slice(0, MAX_OUTPUT_BYTES);
  const printed = /^fatal error: checkptr: /m.exec(stdout);
  return printed === null ? undefined : stdout.slice(printed.index).slice(0, MAX_OUTPUT_BYTES);
}

function endingOf(result: LaunchResult): string {
  if (result.outcome !== "exited") return `it was ended: ${result.outcome}`;
  return `it exits with status ${result.exitCode}`;
}
