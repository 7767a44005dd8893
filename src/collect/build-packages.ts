// Builds base and head of every package to measure, side by side, and finds out what the change can
// reach; only where it reaches a benchmark are loops recorded.
import type { Side } from "../evidence/manifest.ts";
import { type Affected, findAffected } from "../plan/affected.ts";
import type { ChangedFile } from "../plan/plan.ts";
import { type Selection, selectBenchmarks } from "../plan/select-benchmarks.ts";
import type { Random } from "../stats/random.ts";
import { failureLog } from "./build.ts";
import { buildBoth, type PackagePair, readTexts, SIDES } from "./build-sides.ts";
import type { CompilerText } from "./compiler-text.ts";
import { hasRandomLayout } from "./go-toolchain.ts";
import { buildRecorded, type Recording, type RecordSetup } from "./record-loops.ts";

export type BuiltPackage = PackagePair & {
  /** Keeps its files apart from those of other packages. */
  readonly index: number;
  /** Seed of the first layout; 0 means the linker's own order. */
  readonly firstSeed: number;
  /** Overlays of the binaries with recorded loops; undefined where they could not be made. */
  readonly overlays: Readonly<Record<Side, string>> | undefined;
  /** For people: why loops are not recorded, in all files or in some; empty when they are. */
  readonly unrecorded: string;
  /** By benchmark function: why it has no loop that is recorded. */
  readonly uncovered: ReadonlyMap<string, string>;
  /** `-m=2` text and bounds checks of the build. */
  readonly optimizations: Readonly<Record<Side, string>>;
  readonly affected: Affected;
  readonly selection: Selection;
};

export type PackageBuild =
  | { readonly kind: "built"; readonly built: BuiltPackage }
  | { readonly kind: "failed"; readonly side: Side; readonly both: boolean; readonly log: string };

export type BuildSetup = RecordSetup & {
  /** Benchmark functions that are wanted at all. */
  readonly isWanted: (functionName: string) => boolean;
  readonly changedFiles: readonly ChangedFile[];
  /** Whether also what the change cannot reach is measured, and is no control. */
  readonly measuresAll: boolean;
  readonly random: Random;
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
      unrecorded: recording.reason,
      uncovered: recording.kind === "built" ? recording.uncovered : new Map(),
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
  const selection = setup.measuresAll
    ? { measured: new Set(functions), controls: new Set<string>(), skipped: [] }
    : selectBenchmarks(functions, affected, setup.random);
  return { affected, selection };
}
