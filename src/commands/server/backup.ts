// Copies of the embedded database, because PGlite never asks the disk to keep what it wrote: a
// killed process loses nothing, a power cut may damage the whole directory.
import { mkdir, readdir, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Store } from "../../store/open-store.ts";

/** Six-hourly, so four are a day. */
export const BACKUP_MS = 6 * 3_600_000;
const KEPT = 4;

/** Writes DATA_DIR/backups/database-TIME.tar.gz and removes all but the newest four. */
export async function backUp(
  store: Store,
  dataDir: string,
  now: Date,
): Promise<string | undefined> {
  const bytes = await store.dump();
  if (bytes === undefined) return undefined;
  const dir = join(dataDir, "backups");
  await mkdir(dir, { recursive: true, mode: 0o700 });
  const name = `database-${now.toISOString().replaceAll(":", "-")}.tar.gz`;
  await writeFile(join(dir, `${name}.unfinished`), bytes, { mode: 0o600, flush: true });
  await rename(join(dir, `${name}.unfinished`), join(dir, name));
  const all = (await readdir(dir)).filter((file) => /^database-.*\.tar\.gz$/.test(file)).sort();
  for (const old of all.slice(0, -KEPT)) await rm(join(dir, old));
  return name;
}
