// Builds both sides of a package with recorded loops, file by file where need be.
//
// A file that does not compile once its loops are rewritten is left alone, on both sides, and the
// build is tried again: one odd file costs the latencies of its own benchmarks and no more. The
// compiler names the files; what it cannot lay to one file (the linker's words) costs the package.
import { basename, join, relative } from "node:path";
import type { Side } from "../evidence/manifest.ts";
import { failureLog } from "./build.ts";
import { buildBoth, type PackagePair, readTexts, SIDES, type TextSetup } from "./build-sides.ts";
import { type RewrittenFile, writeOverlay } from "./instrument.ts";

export type Recording =
  | {
      readonly kind: "built";
      readonly overlays: Readonly<Record<Side, string>>;
      /** For people: files whose loops are not recorded; empty when there are none. */
      readonly reason: string;
      /** By benchmark function, on either side: why it has no loop that is recorded. */
      readonly uncovered: ReadonlyMap<string, string>;
    }
  | { readonly kind: "failed"; readonly reason: string };

export type RecordSetup = TextSetup & {
  /** A folder for overlays, which builds may read. */
  readonly overlaysDir: string;
};

/** The compiler stops after ten errors of a package, so each try may show new files. */
const MOST_TRIES = 4;

/** Which build: `index` keeps its files apart from those of other packages. */
type Place = { readonly index: number; readonly seed: number };

/** Builds both sides with recorded loops; where that fails the plain ones are to be measured. */
export async function buildRecorded(
  pair: PackagePair,
  place: Place,
  setup: RecordSetup,
): Promise<Recording> {
  const without = new Map<string, string>();
  for (let tries = 0; ; tries++) {
    const written = await writeOverlays(pair, place.index, [...without.keys()], setup);
    if (written.kind === "failed") return written;
    const { overlays, files, uncovered } = written;
    const built = await buildBoth(pair, { ...place, keepsText: false, overlays }, setup);
    const failed = SIDES.filter((side) => built[side].kind === "failed");
    if (failed.length === 0) {
      return { kind: "built", overlays, uncovered, reason: leftAlone(without) };
    }
    const logs = await failureLogs(pair, place, overlays, setup);
    const culprits = failed.flatMap((side) => culpritsIn(logs[side], files[side]));
    const [side] = failed;
    if (culprits.length === 0 || tries + 1 === MOST_TRIES || side === undefined) {
      const words = firstLine(logs[side ?? "base"]);
      return { kind: "failed", reason: `with recorded loops ${side} does not build: ${words}` };
    }
    for (const { path, message } of culprits) without.set(path, message);
  }
}

async function writeOverlays(
  pair: PackagePair,
  index: number,
  without: readonly string[],
  setup: RecordSetup,
) {
  const overlays: Record<Side, string> = { base: "", head: "" };
  const files: Record<Side, readonly RewrittenFile[]> = { base: [], head: [] };
  const uncovered = new Map<string, string>();
  for (const side of SIDES) {
    const outDir = join(setup.overlaysDir, `${side}-${index}`);
    const target = { rootDir: setup.rootDirs[side], target: pair[side], outDir, without };
    const overlay = await writeOverlay(setup.probePath, target, setup.signal);
    if (overlay.kind === "failed") return overlay;
    overlays[side] = overlay.path;
    for (const [name, reason] of overlay.uncovered) uncovered.set(name, reason);
    files[side] = overlay.files.map((file) => ({
      ...file,
      pathInModule: relative(pair[side].moduleDir, file.path),
    }));
  }
  return { kind: "written", overlays, files, uncovered } as const;
}

/** The failing build once more, for its words: only what fails is compiled again. */
async function failureLogs(
  pair: PackagePair,
  place: Place,
  overlays: Readonly<Record<Side, string>>,
  setup: RecordSetup,
): Promise<Record<Side, string>> {
  const built = await buildBoth(pair, { ...place, keepsText: true, overlays }, setup);
  const texts = await readTexts(built, place.index, setup);
  const log = (side: Side) => failureLog(built[side].ending, texts[side].notes);
  return { base: log("base"), head: log("head") };
}

/**
 * Rewritten files that a log blames. The compiler names the rewritten copy, or the file it stands
 * for: absolute, from the module's folder, or, by -trimpath, from the module's path.
 */
export function culpritsIn(
  log: string,
  files: readonly RewrittenFile[],
): { readonly path: string; readonly message: string }[] {
  const found = new Map<string, string>();
  for (const line of log.split("\n")) {
    const [, place, message] = /^(?:vet: )?(\S+\.go):\d+(?::\d+)?: (.*)$/.exec(line) ?? [];
    if (place === undefined || message === undefined) continue;
    const file = blamed(place, files);
    if (file !== undefined && !found.has(file.path)) found.set(file.path, message.slice(0, 200));
  }
  return [...found].map(([path, message]) => ({ path, message }));
}

function blamed(place: string, files: readonly RewrittenFile[]): RewrittenFile | undefined {
  const copied = files.find(({ copy }) => basename(copy) === basename(place));
  if (copied !== undefined) return copied;
  // The longest end: "m/b/a_test.go" is b/a_test.go and not a_test.go.
  return files
    .filter(({ pathInModule }) => `/${place}`.endsWith(`/${pathInModule}`))
    .sort((a, b) => b.pathInModule.length - a.pathInModule.length)[0];
}

function leftAlone(without: ReadonlyMap<string, string>): string {
  if (without.size === 0) return "";
  const files = [...without].map(([path, message]) => `${path} (${message})`);
  return `single operations are not recorded in files that do not compile when they are: ${files.join("; ")}`;
}

function firstLine(log: string): string {
  return (log.split("\n").find((line) => line !== "" && !line.startsWith("# ")) ?? "").slice(
    0,
    300,
  );
}
