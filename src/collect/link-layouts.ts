// Links the packages with benchmarks to measure in further layouts, and makes the benchmarks ready.
//
// At best every pair has a layout of its own: then the luck of one layout is noise like any other,
// and the test over pairs accounts for it. Only the kind of binary that a benchmark is measured in
// is linked, which is known once the benchmarks were found; all links together may take a fifth of
// the budget, and not more than 20 s.
import { join } from "node:path";
import type { Side } from "../evidence/manifest.ts";
import type { BuiltPackage } from "./build-packages.ts";
import { type BinaryKind, binaryPath, buildBoth, SIDES, type SidesSetup } from "./build-sides.ts";
import type { FoundBenchmark } from "./find-benchmarks.ts";
import { type RunSetup, recordPathOf, testBinary } from "./run-setup.ts";
import type { Measurable } from "./track.ts";

const LAYOUT_PART = 0.2;
const LAYOUT_SECONDS = 20;
const FEWEST_LAYOUTS = 4;
const MOST_LAYOUTS = 12;
/** Beyond so many packages even four links each take minutes: two still show a sign flip. */
const MANY_PACKAGES = 20;

/** The benchmarks with their binaries in every layout that there was time for, in their order. */
export async function linkLayouts(
  found: readonly FoundBenchmark[],
  built: readonly BuiltPackage[],
  run: RunSetup,
  setup: SidesSetup & { readonly budgetSeconds: number; readonly signal: AbortSignal },
): Promise<Measurable[]> {
  const used = built.filter((at) => found.some((one) => one.package === at.head.importPath));
  const seconds = Math.min(LAYOUT_SECONDS, setup.budgetSeconds * LAYOUT_PART);
  const seedsByPackage = new Map<string, readonly number[]>();
  for (const at of used) {
    const own = found.filter((one) => one.package === at.head.importPath);
    const kinds = [...new Set(own.map(kindOf))];
    const most = used.length > MANY_PACKAGES ? 2 : MOST_LAYOUTS;
    const untilMs = performance.now() + (seconds * 1000) / used.length;
    seedsByPackage.set(
      at.head.importPath,
      at.firstSeed === 0 ? [0] : await linkPackage(at, kinds, { most, untilMs }, setup),
    );
  }
  return found.flatMap((one) => {
    const at = used.find(({ head }) => head.importPath === one.package);
    if (at === undefined) return [];
    const layoutSeeds = seedsByPackage.get(one.package) ?? [at.firstSeed];
    const kind = kindOf(one);
    const binaries = (side: Side) =>
      layoutSeeds.map((seed) => {
        const path = binaryPath(setup, { side, index: at.index, seed, kind });
        const dir = join(setup.rootDirs[side], at[side].dir);
        const recordPath = kind === "recorded" ? recordPathOf(run, side) : undefined;
        return testBinary(run, { path, dir, recordPath });
      });
    return [{ ...one, base: binaries("base"), head: binaries("head"), layoutSeeds }];
  });
}

function kindOf({ isRecorded }: FoundBenchmark): BinaryKind {
  return isRecorded ? "recorded" : "plain";
}

/** Seeds of the layouts that both sides are linked in, the first one included. */
async function linkPackage(
  at: BuiltPackage,
  kinds: readonly BinaryKind[],
  { most, untilMs }: { readonly most: number; readonly untilMs: number },
  setup: SidesSetup & { readonly signal: AbortSignal },
): Promise<number[]> {
  const seeds = [at.firstSeed];
  while (seeds.length < most) {
    const seed = at.firstSeed + seeds.length;
    if (seeds.length >= FEWEST_LAYOUTS && performance.now() > untilMs) break;
    const isLinked = await linkSeed(at, seed, kinds, setup);
    setup.signal.throwIfAborted();
    // A relink that fails where the first link did not is not the code's doing: go on with fewer.
    if (!isLinked) break;
    seeds.push(seed);
  }
  return seeds;
}

async function linkSeed(
  at: BuiltPackage,
  seed: number,
  kinds: readonly BinaryKind[],
  setup: SidesSetup,
): Promise<boolean> {
  for (const kind of kinds) {
    const overlays = kind === "recorded" ? at.overlays : undefined;
    const choice = { index: at.index, seed, keepsText: false };
    // One kind after the other: a launcher takes one request at a time.
    const both = await buildBoth(at, overlays ? { ...choice, overlays } : choice, setup);
    if (SIDES.some((side) => both[side].kind === "failed")) return false;
  }
  return true;
}
