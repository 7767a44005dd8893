// Builds base and head of every package to measure, side by side, and finds out what the change can
// reach; only where it reaches a benchmark are loops recorded.
import { join } from "node:path";
import type { Side } from "../evidence/manifest.ts";
import { type Affected, findAffected } from "../plan/affected.ts";
import type { ChangedFile } from "../plan/plan.ts";
import { type Selection, selectBenchmarks } from "../plan/select-benchmarks.ts";
import type { Random } from "../stats/random.ts";
import { type BuildResult, failureLog } from "./build.ts";
import { buildBoth, type PackagePair, SIDES, type SidesSetup, textPath } from "./build-sides.ts";
import { type CompilerText, readCompilerText } from "./compiler-text.ts";
import { hasRandomLayout } from "./go-toolchain.ts";
import { writeOverlay } from "./instrument.ts";

export type BuiltPackage = PackagePair & {
  /** Keeps its files apart from those of other packages. */
  readonly index: number;
  /** Seed of the first layout; 0 means the linker's own order. */
  readonly firstSeed: number;
  /** Overlays of the binaries with recorded loops; undefined where they could not be made. */
  readonly overlays: Readonly<Record<Side, string>> | undefined;
  /** For people: why there are no recorded binaries; empty when there are. */
  readonly unrecorded: string;
  /** `-m=2` text and bounds checks of the build. */
  readonly optimizations: Readonly<Record<Side, string>>;
  readonly affected: Affected;
  readonly selection: Selection;
};

export type PackageBuild =
  | { readonly kind: "built"; readonly built: BuiltPackage }
  | { readonly kind: "failed"; readonly side: Side; readonly both: boolean; readonly log: string };

export type BuildSetup = SidesSetup & {
  readonly probePath: string;
  /** A folder for overlays, which builds may read. */
  readonly overlaysDir: string;
  /** Benchmark functions that are wanted at all. */
  readonly isWanted: (functionName: string) => boolean;
  readonly changedFiles: readonly ChangedFile[];
  readonly random: Random;
  readonly signal: AbortSignal;
};

/** Builds one package; `index` keeps its files apart from those of others. */
export async function buildPackage(
  pair: PackagePair,
  index: number,
  setup: BuildSetup,
): Promise<PackageBuild> {
  const firstSeed = hasRandomLayout(setup.toolchain.version) ? 1 : 0;
  const first = await buildBoth(pair, { index, seed: firstSeed, keepsText: true }, setup);
  const texts = await readTexts(first, index, setup);
  const failed = SIDES.filter((side) => first[side].kind === "failed");
  const [side] = failed;
  if (side !== undefined) {
    const log = failureLog(first[side].ending, texts[side].notes);
    return { kind: "failed", side, both: failed.length === 2, log };
  }
  const { affected, selection } = select(pair, texts, setup);
  let recording: Recording = { kind: "failed", reason: "nothing is measured" };
  if (selection.measured.size > 0) {
    recording = await buildRecorded(pair, { index, seed: firstSeed }, setup);
  }
  return {
    kind: "built",
    built: {
      ...pair,
      index,
      firstSeed,
      overlays: recording.kind === "built" ? recording.overlays : undefined,
      unrecorded: recording.kind === "built" ? "" : recording.reason,
      optimizations: { base: texts.base.notes, head: texts.head.notes },
      affected,
      selection,
    },
  };
}

function select(
  pair: PackagePair,
  texts: Readonly<Record<Side, CompilerText>>,
  setup: BuildSetup,
): { affected: Affected; selection: Selection } {
  const functions = [...new Set([...pair.base.functions, ...pair.head.functions])].filter((name) =>
    setup.isWanted(name),
  );
  const affected = findAffected({
    importPath: pair.head.importPath,
    functions,
    changedFiles: setup.changedFiles,
    linked: { base: pair.base.linked, head: pair.head.linked },
    symbols: { base: texts.base.symbols, head: texts.head.symbols },
  });
  return { affected, selection: selectBenchmarks(functions, affected, setup.random) };
}

type Recording =
  | { readonly kind: "built"; readonly overlays: Readonly<Record<Side, string>> }
  | { readonly kind: "failed"; readonly reason: string };

/** Builds both sides with recorded loops; where that fails the plain ones are measured. */
async function buildRecorded(
  pair: PackagePair,
  { index, seed }: { readonly index: number; readonly seed: number },
  setup: BuildSetup,
): Promise<Recording> {
  const overlays: Record<Side, string> = { base: "", head: "" };
  for (const side of SIDES) {
    const outDir = join(setup.overlaysDir, `${side}-${index}`);
    const target = { rootDir: setup.rootDirs[side], target: pair[side], outDir };
    const overlay = await writeOverlay(setup.probePath, target, setup.signal);
    if (overlay.kind === "failed") return overlay;
    overlays[side] = overlay.path;
  }
  const built = await buildBoth(pair, { index, seed, keepsText: false, overlays }, setup);
  const failed = SIDES.find((side) => built[side].kind === "failed");
  return failed === undefined
    ? { kind: "built", overlays }
    : { kind: "failed", reason: `with recorded loops ${failed} does not build` };
}

/** One side after the other: each may take some 100 MB of memory for a moment. */
async function readTexts(
  builds: Readonly<Record<Side, BuildResult>>,
  index: number,
  setup: BuildSetup,
): Promise<Record<Side, CompilerText>> {
  const read = (side: Side) => {
    const file = { path: textPath(setup, side, index), isWhole: builds[side].isTextWhole };
    return readCompilerText(setup.probePath, file, setup.signal);
  };
  const base = await read("base");
  return { base, head: await read("head") };
}
