// The launchers of the two sides and what each may see of this machine.
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import type { Side } from "../evidence/manifest.ts";
import type { CellRequest } from "./cell-request.ts";
import type { Toolchain } from "./go-toolchain.ts";
import { Launcher } from "./launcher.ts";
import { existingPaths, type SandboxMounts } from "./sandbox.ts";

/** Two launchers, so that both sides can build at once; both are gone when `use` ends. */
export async function withLaunchers<T>(
  probePath: string,
  mounts: Readonly<Record<Side, SandboxMounts>>,
  request: CellRequest,
  use: (launchers: Record<Side, Launcher>) => Promise<T>,
): Promise<T> {
  const open = (side: Side) =>
    new Launcher(probePath, request.useSandbox ? mounts[side] : undefined, request.signal);
  const base = open("base");
  const head = open("head");
  try {
    return await use({ base, head });
  } finally {
    await Promise.all([base.close(), head.close()]);
  }
}

/** What a build may see: sources read-only, the build cache and the binaries' folder writable. */
export function buildMounts(toolchain: Toolchain, request: CellRequest): SandboxMounts {
  const { workspace } = request.checkout;
  return {
    readOnly: existingPaths([
      toolchain.goRoot,
      toolchain.moduleCacheDir,
      workspace.baseDir,
      workspace.headDir,
      workspace.modFilesDir,
      workspace.overlaysDir,
    ]),
    writable: existingPaths([toolchain.buildCacheDir, workspace.binariesDir]),
  };
}

/**
 * Each side sees its own checkout, which is a throwaway copy, and may write there: many packages'
 * TestMain lays out files in the package's folder. Binaries are read-only, and neither side sees
 * the other's checkout: head must not be able to change what base does.
 */
export function runMounts(
  toolchain: Toolchain,
  scratchDirs: Readonly<Record<Side, string>>,
  request: CellRequest,
): Record<Side, SandboxMounts> {
  const { workspace } = request.checkout;
  const readOnly = existingPaths([toolchain.goRoot, workspace.binariesDir]);
  return {
    base: { readOnly, writable: [workspace.baseDir, scratchDirs.base] },
    head: { readOnly, writable: [workspace.headDir, scratchDirs.head] },
  };
}

/** A folder for each side's profiles, which its sandbox may write to. */
export async function makeScratchDirs(request: CellRequest): Promise<Record<Side, string>> {
  const { dir } = request.checkout.workspace;
  const scratchDirs = { base: join(dir, "scratch-base"), head: join(dir, "scratch-head") };
  await Promise.all(Object.values(scratchDirs).map((path) => mkdir(path, { recursive: true })));
  return scratchDirs;
}
