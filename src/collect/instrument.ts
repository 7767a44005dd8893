// Writes the overlay under which a package's benchmark loops are recorded operation by operation.
//
// The probe rewrites copies of the Go files; the checkout is not touched. Where that does not work
// the plain binary is measured, and the report says why.
import { posix } from "node:path";
import { z } from "zod";
import type { BenchmarkPackage } from "./go-packages.ts";
import { runHostCommand } from "./host-command.ts";

/** Of the probe's answer what is used here; probe/instrument.go has all of it. */
const answerSchema = z.object({
  schema: z.literal("tailguard.instrument/1"),
  overlay: z.string().min(1),
  files: z.array(
    z.object({
      path: z.string(),
      rewritten: z.boolean(),
      copy: z.string().default(""),
      benchmarks: z.array(z.object({ name: z.string(), reason: z.string().default("") })),
    }),
  ),
});

/** A file whose loops are recorded. */
export type RewrittenFile = {
  /** Relative to the repository's root, and to the module's folder. */
  readonly path: string;
  readonly pathInModule: string;
  /** What is compiled in its place. */
  readonly copy: string;
};

export type Overlay =
  | {
      readonly kind: "written";
      readonly path: string;
      readonly files: readonly Omit<RewrittenFile, "pathInModule">[];
      /** By benchmark function of the package: why it has no loop that is recorded. */
      readonly uncovered: ReadonlyMap<string, string>;
    }
  | { readonly kind: "failed"; readonly reason: string };

/** Reading the Go files of a module with a thousand packages takes some seconds. */
const TIMEOUT_MS = 120_000;

/** Writes the overlay of one side's package into `outDir`, a folder of ours. */
export async function writeOverlay(
  probePath: string,
  side: {
    readonly rootDir: string;
    readonly target: Pick<BenchmarkPackage, "modulePath" | "moduleDir" | "dir">;
    readonly outDir: string;
    /** Files to leave alone, relative to the root. */
    readonly without: readonly string[];
  },
  signal: AbortSignal,
): Promise<Overlay> {
  const { rootDir, target, outDir } = side;
  const result = await runHostCommand({
    argv: [
      probePath,
      "instrument",
      "-root",
      rootDir,
      "-module-path",
      target.modulePath,
      "-module-dir",
      target.moduleDir,
      "-out",
      outDir,
      ...side.without.flatMap((path) => ["-without", path]),
    ],
    dir: rootDir,
    env: {},
    timeoutMs: TIMEOUT_MS,
    signal,
    stdin: `${target.dir}\n`,
  });
  signal.throwIfAborted();
  if (result.exitCode !== 0) {
    return {
      kind: "failed",
      reason: `its loops could not be rewritten: ${firstLine(result.stderr)}`,
    };
  }
  const parsed = answerSchema.safeParse(JSON.parse(result.stdout));
  if (!parsed.success) {
    return { kind: "failed", reason: "the probe's answer about its loops is not as expected" };
  }
  const files = parsed.data.files.filter(({ rewritten }) => rewritten);
  const uncovered = parsed.data.files
    .filter(({ path }) => posix.dirname(path) === target.dir)
    .flatMap(({ benchmarks }) => benchmarks.filter(({ reason }) => reason !== ""))
    .map(({ name, reason }) => [name, reason] as const);
  return { kind: "written", path: parsed.data.overlay, files, uncovered: new Map(uncovered) };
}

function firstLine(text: string): string {
  return (text.trim().split("\n")[0] ?? "").slice(0, 300);
}
