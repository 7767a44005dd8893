// The launchers of the two sides and what each may see of this machine.
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import type { Side } from "../evidence/manifest.ts";
import type { CellRequest } from "./cell-request.ts";
import type { Toolchain } from "./go-toolchain.ts";
import { Launcher } from "./launcher.ts";
import {
  buildTemporaryBytes,
  copyBytes,
  OUTPUT_FOLDER_BYTES,
  processLimits,
  temporaryBytes,
} from "./limits.ts";
import { existingPaths, type SandboxMounts, sandboxArgv } from "./sandbox.ts";

/** Two launchers, so that both sides can build at once; both are gone when `use` ends. */
export async function withLaunchers<T>(
  probePath: string,
  mounts: Readonly<Record<Side, SandboxMounts>>,
  request: CellRequest,
  use: (launchers: Record<Side, Launcher>) => Promise<T>,
): Promise<T> {
  const { sandbox, signal, memoryBytes } = request;
  const limits = processLimits(memoryBytes);
  const open = (side: Side) => {
    const inside = sandbox === undefined ? undefined : { sandbox, mounts: mounts[side] };
    return new Launcher({ probePath, limits, inside, signal });
  };
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
    copied: [],
    temporary: [{ path: "/tmp", bytes: buildTemporaryBytes(request.memoryBytes) }],
  };
}

/** What runs `go list` for code that is not trusted; empty for trusted code, which needs the user's
 * own access to private modules. */
export async function listingPrefix(
  toolchain: Toolchain,
  dir: string,
  { plan, sandbox, checkout, memoryBytes }: CellRequest,
): Promise<string[]> {
  if (plan.trust === "trusted" || sandbox === undefined) return [];
  const { workspace } = checkout;
  const caches = [toolchain.moduleCacheDir, toolchain.buildCacheDir];
  await Promise.all(caches.map((path) => mkdir(path, { recursive: true })));
  return sandboxArgv(sandbox, {
    readOnly: existingPaths([toolchain.goRoot, workspace.baseDir, workspace.headDir]),
    writable: [...caches, workspace.modFilesDir],
    copied: [],
    temporary: [{ path: "/tmp", bytes: temporaryBytes(memoryBytes) }],
    network: { dir },
  });
}

/**
 * Each side has a copy of its own checkout and may write there: many packages' TestMain lays out
 * files in the package's folder. A checkout too large to copy is read-only. Binaries are read-only,
 * and neither side sees the other's checkout: head must not be able to change what base does.
 */
export function runMounts(
  toolchain: Toolchain,
  scratchDirs: Readonly<Record<Side, string>>,
  request: CellRequest,
): Record<Side, SandboxMounts> {
  const { workspace, bytes } = request.checkout;
  const mountsOf = (side: Side, dir: string): SandboxMounts => {
    const room = copyBytes(bytes[side], request.memoryBytes);
    const seen = [toolchain.goRoot, workspace.binariesDir, ...(room === undefined ? [dir] : [])];
    return {
      readOnly: existingPaths(seen),
      writable: [],
      copied: room === undefined ? [] : [{ path: dir, bytes: room }],
      temporary: [
        { path: "/tmp", bytes: temporaryBytes(request.memoryBytes) },
        { path: scratchDirs[side], bytes: OUTPUT_FOLDER_BYTES },
      ],
    };
  };
  return { base: mountsOf("base", workspace.baseDir), head: mountsOf("head", workspace.headDir) };
}

/** A folder for each side's records and profiles; without a sandbox it is one of the host's. */
export async function makeScratchDirs(request: CellRequest): Promise<Record<Side, string>> {
  const { dir } = request.checkout.workspace;
  const scratchDirs = { base: join(dir, "scratch-base"), head: join(dir, "scratch-head") };
  await Promise.all(Object.values(scratchDirs).map((path) => mkdir(path, { recursive: true })));
  return scratchDirs;
}
