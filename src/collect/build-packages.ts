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
import type { Launcher } from "./launcher.ts";

/** A package present on both sides. */
export type PackagePair = { readonly base: BenchmarkPackage; readonly head: BenchmarkPackage };

export type BuiltPackage = PackagePair & {
  /** Seed of each layout; [0] alone means the linker's own order. */
  readonly layoutSeeds: readonly number[];
  /** Binary paths, in the order of `layoutSeeds`. */
  readonly binaries: Readonly<Record<Side, readonly string[]>>;
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
 * and the test over pairs accounts for it. Links share this much time a side.
 */
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
  if (shuffled && selection.measured.size > 0) {
    seeds.push(...(await linkLayouts(pair, index, first.base.seconds, setup)));
  }
  const paths = (at: Side) => seeds.map((seed) => binaryPath(setup, at, index, seed));
  return {
    kind: "built",
    built: {
      ...pair,
      layoutSeeds: seeds,
      binaries: { base: paths("base"), head: paths("head") },
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

/** Seeds of the further layouts that both sides could be linked in. */
async function linkLayouts(
  pair: PackagePair,
  index: number,
  firstSeconds: number,
  setup: BuildSetup,
): Promise<number[]> {
  const seeds: number[] = [];
  for (let seed = 2; seed <= layoutCount(firstSeconds, setup.packageCount); seed++) {
    const again = await buildBoth(pair, { index, seed, keepsText: false }, setup);
    // A relink that fails where the first link did not is not the code's doing: go on with fewer.
    if (SIDES.some((at) => again[at].kind === "failed")) break;
    seeds.push(seed);
  }
  return seeds;
}

/** The first build also compiles, so its time overstates a link: a careful bound. */
function layoutCount(firstBuildSeconds: number, packageCount: number): number {
  if (packageCount > MANY_PACKAGES) return 2;
  const affordable = Math.floor(LAYOUT_SECONDS / packageCount / Math.max(firstBuildSeconds, 0.2));
  return Math.max(FEWEST_LAYOUTS, Math.min(MOST_LAYOUTS, affordable));
}

type BuildChoice = {
  readonly index: number;
  /** 0 is the linker's own order. */
  readonly seed: number;
  readonly keepsText: boolean;
};

async function buildBoth(
  pair: PackagePair,
  { index, seed, keepsText }: BuildChoice,
  setup: BuildSetup,
): Promise<Record<Side, BuildResult>> {
  const build = (side: Side) =>
    buildTestBinary(setup.launchers[side], {
      toolchain: setup.toolchain,
      rootDir: setup.rootDirs[side],
      target: pair[side],
      layoutSeed: seed === 0 ? undefined : seed,
      binaryPath: binaryPath(setup, side, index, seed),
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

function binaryPath(setup: BuildSetup, side: Side, index: number, seed: number): string {
  return join(setup.binariesDir, `${side}-${index}-${seed}.test`);
}
