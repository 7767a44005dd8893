// Builds base and head of every package to measure, side by side, and finds out what the change can
// reach; only where it reaches a benchmark are further layouts linked.
import { join } from "node:path";
import type { Side } from "../evidence/manifest.ts";
import { type Affected, findAffected } from "../plan/affected.ts";
import type { ChangedFile } from "../plan/plan.ts";
import { type Selection, selectBenchmarks } from "../plan/select-benchmarks.ts";
import type { Random } from "../stats/random.ts";
import { type BuildResult, buildTestBinary, failureLog } from "./build.ts";
import { type CompilerText, readCompilerText } from "./compiler-text.ts";
import type { BenchmarkPackage } from "./go-packages.ts";
import { hasRandomLayout, type Toolchain } from "./go-toolchain.ts";
import { writeOverlay } from "./instrument.ts";
import type { Launcher } from "./launcher.ts";

/** A package present on both sides. */
export type PackagePair = { readonly base: BenchmarkPackage; readonly head: BenchmarkPackage };

export type BuiltPackage = PackagePair & {
  /** Seed of each layout; [0] alone means the linker's own order. */
  readonly layoutSeeds: readonly number[];
  /** Binary paths, in the order of `layoutSeeds`. */
  readonly binaries: Readonly<Record<Side, readonly string[]>>;
  /** The same with recorded loops; undefined where they could not be made, see `unrecorded`. */
  readonly recorded: Readonly<Record<Side, readonly string[]>> | undefined;
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

export type BuildSetup = {
  readonly toolchain: Toolchain;
  readonly probePath: string;
  readonly rootDirs: Readonly<Record<Side, string>>;
  readonly launchers: Readonly<Record<Side, Launcher>>;
  readonly binariesDir: string;
  /** A folder for overlays, which builds may read. */
  readonly overlaysDir: string;
  /** Time for measuring, of which layouts may take a part. */
  readonly budgetSeconds: number;
  /** Packages to be built in all: more packages get fewer layouts each. */
  readonly packageCount: number;
  /** Benchmark functions that are wanted at all. */
  readonly isWanted: (functionName: string) => boolean;
  readonly changedFiles: readonly ChangedFile[];
  readonly random: Random;
  readonly signal: AbortSignal;
};

const SIDES = ["base", "head"] as const;

/**
 * At best every pair has a layout of its own: then the luck of one layout is noise like any other,
 * and the test over pairs accounts for it. All packages' links together may take a fifth of the
 * budget, and not more than 20 s.
 */
const LAYOUT_PART = 0.2;
const LAYOUT_SECONDS = 20;
const FEWEST_LAYOUTS = 4;
const MOST_LAYOUTS = 12;
/** Beyond so many packages even four links each take minutes: two still show a sign flip. */
const MANY_PACKAGES = 20;

/** Builds one package; `index` keeps its files apart from those of others. */
export async function buildPackage(
  pair: PackagePair,
  index: number,
  setup: BuildSetup,
): Promise<PackageBuild> {
  const shuffled = hasRandomLayout(setup.toolchain.version);
  const first = await buildBoth(pair, { index, seed: shuffled ? 1 : 0, keepsText: true }, setup);
  const texts = await readTexts(first, index, setup);
  const failed = SIDES.filter((side) => first[side].kind === "failed");
  const [side] = failed;
  if (side !== undefined) {
    const log = failureLog(first[side].ending, texts[side].notes);
    return { kind: "failed", side, both: failed.length === 2, log };
  }
  const { affected, selection } = select(pair, texts, setup);
  const seeds = shuffled ? [1] : [0];
  let recording: Recording = { kind: "failed", reason: "nothing is measured" };
  if (selection.measured.size > 0) {
    recording = await buildRecorded(pair, { index, seed: seeds[0] ?? 0 }, setup);
    if (shuffled) {
      seeds.push(...(await linkLayouts(pair, index, recording, setup)));
    }
  }
  const paths = (kind: BinaryKind) => (at: Side) =>
    seeds.map((seed) => binaryPath(setup, { side: at, index, seed, kind }));
  const [plain, recorded] = [paths("plain"), paths("recorded")];
  return {
    kind: "built",
    built: {
      ...pair,
      layoutSeeds: seeds,
      binaries: { base: plain("base"), head: plain("head") },
      recorded:
        recording.kind === "built" ? { base: recorded("base"), head: recorded("head") } : undefined,
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

/** Seeds of the further layouts that both sides could be linked in, while the time for it lasts. */
async function linkLayouts(
  pair: PackagePair,
  index: number,
  recording: Recording,
  setup: BuildSetup,
): Promise<number[]> {
  const seeds: number[] = [];
  const most = setup.packageCount > MANY_PACKAGES ? 2 : MOST_LAYOUTS;
  const seconds = Math.min(LAYOUT_SECONDS, setup.budgetSeconds * LAYOUT_PART) / setup.packageCount;
  const end = performance.now() + seconds * 1000;
  for (let seed = 2; seed <= most; seed++) {
    if (seed > FEWEST_LAYOUTS && performance.now() > end) break;
    const choice = { index, seed, keepsText: false };
    // One after the other: a launcher takes one request at a time.
    const linked = [await buildBoth(pair, choice, setup)];
    if (recording.kind === "built") {
      linked.push(await buildBoth(pair, { ...choice, overlays: recording.overlays }, setup));
    }
    // A relink that fails where the first link did not is not the code's doing: go on with fewer.
    if (linked.some((both) => SIDES.some((side) => both[side].kind === "failed"))) break;
    seeds.push(seed);
  }
  return seeds;
}

type BinaryKind = "plain" | "recorded";

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

type BuildChoice = {
  readonly index: number;
  /** 0 is the linker's own order. */
  readonly seed: number;
  readonly keepsText: boolean;
  /** With recorded loops; absent builds the code as it is. */
  readonly overlays?: Readonly<Record<Side, string>>;
};

async function buildBoth(
  pair: PackagePair,
  { index, seed, keepsText, overlays }: BuildChoice,
  setup: BuildSetup,
): Promise<Record<Side, BuildResult>> {
  const kind = overlays === undefined ? "plain" : "recorded";
  const build = (side: Side) =>
    buildTestBinary(setup.launchers[side], {
      toolchain: setup.toolchain,
      rootDir: setup.rootDirs[side],
      target: pair[side],
      layoutSeed: seed === 0 ? undefined : seed,
      binaryPath: binaryPath(setup, { side, index, seed, kind }),
      overlayPath: overlays?.[side],
      textPath: keepsText ? textPath(setup, side, index) : undefined,
    });
  const [base, head] = await Promise.all([build("base"), build("head")]);
  return { base, head };
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

function textPath(setup: BuildSetup, side: Side, index: number): string {
  return join(setup.binariesDir, `${side}-${index}.compiler`);
}

type BinaryPlace = {
  readonly side: Side;
  readonly index: number;
  readonly seed: number;
  readonly kind: BinaryKind;
};

function binaryPath(setup: BuildSetup, { side, index, seed, kind }: BinaryPlace): string {
  return join(setup.binariesDir, `${side}-${index}-${seed}-${kind}.test`);
}
