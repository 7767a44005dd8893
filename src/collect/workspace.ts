// One run's folders: made fresh, and gone at its end whatever happens.
//
// A run that died by SIGKILL leaves its folder behind; the next run on this machine removes it. A
// folder says whose it is by a pid file, and counts as left behind when that process is gone.
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";

const PREFIX = "run-";

export type Workspace = {
  readonly dir: string;
  readonly baseDir: string;
  readonly headDir: string;
  readonly binariesDir: string;
  readonly modFilesDir: string;
  readonly overlaysDir: string;
};

/** Makes the folders of a run below `workDir`, after removing what dead runs left there. */
export async function openWorkspace(workDir: string): Promise<Workspace> {
  await mkdir(workDir, { recursive: true });
  await removeLeftovers(workDir);
  const dir = await mkdtemp(join(workDir, PREFIX));
  await writeFile(join(dir, "pid"), String(process.pid));
  const workspace = {
    dir,
    baseDir: join(dir, "base"),
    headDir: join(dir, "head"),
    binariesDir: join(dir, "binaries"),
    modFilesDir: join(dir, "modfiles"),
    overlaysDir: join(dir, "overlays"),
  };
  await mkdir(workspace.binariesDir);
  await mkdir(workspace.modFilesDir);
  await mkdir(workspace.overlaysDir);
  return workspace;
}

/** Removes a run's folders. */
export async function closeWorkspace(workspace: Workspace): Promise<void> {
  // Retries: a process that is being killed may still write for a moment.
  await rm(workspace.dir, { recursive: true, force: true, maxRetries: 5, retryDelay: 50 });
}

async function removeLeftovers(workDir: string): Promise<void> {
  for (const name of await readdir(workDir)) {
    if (!name.startsWith(PREFIX)) continue;
    const dir = join(workDir, name);
    const pid = Number(await readFile(join(dir, "pid"), "utf8").catch(() => "0"));
    if (pid === 0 || isAlive(pid)) continue;
    await rm(dir, { recursive: true, force: true });
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
