// Builds base and head of every package to measure, side by side, in each link layout.
import { join } from "node:path";
import type { Side } from "../evidence/manifest.ts";
import { type BuildResult, buildTestBinary } from "./build.ts";
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
  /** `-m=2` text of the build. */
  readonly optimizations: Readonly<Record<Side, string>>;
};

export type PackageBuild =
  | { readonly kind: "built"; readonly built: BuiltPackage }
  | { readonly kind: "failed"; readonly side: Side; readonly both: boolean; readonly log: string };

export type BuildSetup = {
  readonly toolchain: Toolchain;
  readonly rootDirs: Readonly<Record<Side, string>>;
  readonly launchers: Readonly<Record<Side, Launcher>>;
  readonly binariesDir: string;
  /** Packages to be built in all: more packages get fewer layouts each. */
  readonly packageCount: number;
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
  const first = await buildBoth(pair, index, shuffled ? 1 : 0, setup);
  const failed = SIDES.filter((side) => first[side].kind === "failed");
  const [side] = failed;
  if (side !== undefined) {
    const result = first[side];
    const log = result.kind === "failed" ? result.log : "";
    return { kind: "failed", side, both: failed.length === 2, log };
  }
  const seconds = first.base.kind === "built" ? first.base.seconds : 0;
  const seeds = shuffled ? [1] : [0];
  for (let seed = 2; shuffled && seed <= layoutCount(seconds, setup.packageCount); seed++) {
    const again = await buildBoth(pair, index, seed, setup);
    // A relink that fails where the first link did not is not the code's doing: go on with fewer.
    if (SIDES.some((at) => again[at].kind === "failed")) break;
    seeds.push(seed);
  }
  const paths = (at: Side) => seeds.map((seed) => binaryPath(setup, at, index, seed));
  const text = (at: Side) => (first[at].kind === "built" ? first[at].optimizations : "");
  return {
    kind: "built",
    built: {
      ...pair,
      layoutSeeds: seeds,
      binaries: { base: paths("base"), head: paths("head") },
      optimizations: { base: text("base"), head: text("head") },
    },
  };
}

/** The first build also compiles, so its time overstates a link: a careful bound. */
function layoutCount(firstBuildSeconds: number, packageCount: number): number {
  if (packageCount > MANY_PACKAGES) return 2;
  const affordable = Math.floor(LAYOUT_SECONDS / packageCount / Math.max(firstBuildSeconds, 0.2));
  return Math.max(FEWEST_LAYOUTS, Math.min(MOST_LAYOUTS, affordable));
}

async function buildBoth(
  pair: PackagePair,
  index: number,
  seed: number,
  setup: BuildSetup,
): Promise<Record<Side, BuildResult>> {
  const build = (side: Side) =>
    buildTestBinary(setup.launchers[side], {
      toolchain: setup.toolchain,
      rootDir: setup.rootDirs[side],
      target: pair[side],
      layoutSeed: seed === 0 ? undefined : seed,
      binaryPath: binaryPath(setup, side, index, seed),
    });
  const [base, head] = await Promise.all([build("base"), build("head")]);
  return { base, head };
}

function binaryPath(setup: BuildSetup, side: Side, index: number, seed: number): string {
  return join(setup.binariesDir, `${side}-${index}-${seed}.test`);
}
