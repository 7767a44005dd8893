// One package built on both sides at once, in one link layout, plain or with recorded loops.
import { join } from "node:path";
import type { Side } from "../evidence/manifest.ts";
import { type BuildResult, buildTestBinary } from "./build.ts";
import { type CompilerText, readCompilerText } from "./compiler-text.ts";
import type { BenchmarkPackage } from "./go-packages.ts";
import type { Toolchain } from "./go-toolchain.ts";
import type { Launcher } from "./launcher.ts";

export const SIDES = ["base", "head"] as const;

/** A package present on both sides. */
export type PackagePair = { readonly base: BenchmarkPackage; readonly head: BenchmarkPackage };

export type SidesSetup = {
  readonly toolchain: Toolchain;
  readonly rootDirs: Readonly<Record<Side, string>>;
  readonly launchers: Readonly<Record<Side, Launcher>>;
  readonly binariesDir: string;
};

export type TextSetup = SidesSetup & { readonly probePath: string; readonly signal: AbortSignal };

export type BinaryKind = "plain" | "recorded";

export type BuildChoice = {
  readonly index: number;
  /** 0 is the linker's own order. */
  readonly seed: number;
  readonly keepsText: boolean;
  /** With recorded loops; absent builds the code as it is. */
  readonly overlays?: Readonly<Record<Side, string>>;
};

/** Builds both sides; each result says for itself whether it is there. */
export async function buildBoth(
  pair: PackagePair,
  { index, seed, keepsText, overlays }: BuildChoice,
  setup: SidesSetup,
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
export async function readTexts(
  builds: Readonly<Record<Side, BuildResult>>,
  index: number,
  setup: TextSetup,
): Promise<Record<Side, CompilerText>> {
  const read = (side: Side) => {
    const file = { path: textPath(setup, side, index), isWhole: builds[side].isTextWhole };
    return readCompilerText(setup.probePath, file, setup.signal);
  };
  const base = await read("base");
  return { base, head: await read("head") };
}

function textPath(place: Pick<SidesSetup, "binariesDir">, side: Side, index: number) {
  return join(place.binariesDir, `${side}-${index}.compiler`);
}

type BinaryPlace = {
  readonly side: Side;
  readonly index: number;
  readonly seed: number;
  readonly kind: BinaryKind;
};

/** Where a binary lies; `index` keeps packages apart. */
export function binaryPath(
  { binariesDir }: Pick<SidesSetup, "binariesDir">,
  { side, index, seed, kind }: BinaryPlace,
): string {
  return join(binariesDir, `${side}-${index}-${seed}-${kind}.test`);
}
