// Builds the probe with the user's own toolchain, once per toolchain and probe source, and runs it.
//
// The probe is Go (standard library only) because the toolchain's own parser knows every new syntax
// and because only a parent process learns what its child used. It is ours, so it is built outside
// the sandbox; what it reads is not.
import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdir, readdir, readFile, rename } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Side } from "../evidence/manifest.ts";
import { type Syntax, type SyntaxFile, syntaxLineSchema, unpackFile } from "../goast/syntax.ts";
import type { Toolchain } from "./go-toolchain.ts";
import { runHostCommand } from "./host-command.ts";

const PROBE_DIR = fileURLToPath(new URL("../../probe", import.meta.url));

/** Path of a probe that this toolchain built; built now when there is none in the cache. */
export async function buildProbe(
  toolchain: Toolchain,
  cacheDir: string,
  signal: AbortSignal,
): Promise<string> {
  const dir = join(cacheDir, "probe", await probeKey(toolchain));
  const path = join(dir, "probe");
  if (existsSync(path)) return path;
  await mkdir(dir, { recursive: true });
  const fresh = join(dir, `probe.${process.pid}`);
  const result = await runHostCommand({
    argv: [toolchain.goPath, "build", "-trimpath", "-buildvcs=false", "-o", fresh, "."],
    dir: PROBE_DIR,
    env: { ...toolchain.env, GOFLAGS: "", GOWORK: "off", GOPROXY: "off", CGO_ENABLED: "0" },
    timeoutMs: 10 * 60_000,
    signal,
  });
  if (result.exitCode !== 0) {
    throw new Error(
      `building the probe with ${toolchain.version}: ${result.stderr.slice(0, 2000)}`,
    );
  }
  await rename(fresh, path); // Another run may do the same: the last one wins, both are equal.
  return path;
}

/** Changes with the toolchain and with every Go file the probe is made of, embedded ones too. */
async function probeKey(toolchain: Toolchain): Promise<string> {
  const hash = createHash("sha256").update(`${toolchain.version}\0${toolchain.goRoot}\0`);
  for (const dir of [PROBE_DIR, join(PROBE_DIR, "recorder")]) {
    for (const name of (await readdir(dir)).sort()) {
      if (!/^go\.mod$|(?<!_test)\.go$/.test(name)) continue;
      hash.update(`${name}\0`).update(await readFile(join(dir, name)));
    }
  }
  return hash.digest("hex").slice(0, 32);
}

/** A Go file of one side; `blob` is its git object where it is known. */
export type SourceFile = {
  readonly side: Side;
  readonly path: string;
  readonly blob: string | undefined;
};

/**
 * Declarations of Go files of both sides with their hashes, and the trees of those that differ.
 * What an unchanged file declares is kept beside the probe, by git object; it is one value for both sides.
 * @param files those that have no git object and do not exist in their folder are left out.
 */
export async function readSyntax(
  probePath: string,
  rootDirs: Readonly<Record<Side, string>>,
  files: readonly SourceFile[],
  signal: AbortSignal,
): Promise<Record<Side, Syntax>> {
  // What git knows was checked out.
  const present = files.filter(
    ({ side, path, blob }) => blob !== undefined || existsSync(join(rootDirs[side], path)),
  );
  const snapshotsDir = join(dirname(probePath), "snapshots");
  const sides = ["-base", rootDirs.base, "-head", rootDirs.head];
  const read: Record<Side, SyntaxFile[]> = { base: [], head: [] };
  const result = await runHostCommand({
    argv: [probePath, "syntax", ...sides, "-snapshots", snapshotsDir],
    dir: rootDirs.head,
    env: {},
    timeoutMs: 120_000,
    signal,
    stdin: present.map(({ side, blob, path }) => `${side} ${blob ?? "-"} ${path}\0`).join(""),
    onLine: (line) => {
      const { side, file } = syntaxLineSchema.parse(JSON.parse(line));
      const unpacked = unpackFile(file);
      if (side !== "head") read.base.push(unpacked);
      if (side !== "base") read.head.push(unpacked);
    },
  });
  if (result.exitCode !== 0) {
    throw new Error(`reading Go syntax: ${result.outcome} ${result.stderr.slice(0, 2000)}`);
  }
  // Directories come as they were read.
  const sideOf = (side: Side): Syntax => ({
    schema: "tailguard.syntax/1",
    files: read[side].sort((a, b) => (a.path < b.path ? -1 : 1)),
  });
  return { base: sideOf("base"), head: sideOf("head") };
}
