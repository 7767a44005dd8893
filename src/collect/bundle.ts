// Writes an evidence bundle: files first, the manifest last, so that a bundle without a manifest
// is known to be unfinished.
import { constants } from "node:fs";
import { mkdir, open, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { type Manifest, manifestSchema } from "../evidence/manifest.ts";

/** Writes one file of the bundle and gives back its path inside it. */
export async function writeBundleFile(
  outDir: string,
  path: string,
  content: string | Uint8Array,
): Promise<string> {
  const target = join(outDir, path);
  await mkdir(dirname(target), { recursive: true });
  await writeFile(target, content);
  return path;
}

/** Writes manifest.json after checking it against the schema that its readers use. */
export async function writeManifest(outDir: string, manifest: Manifest): Promise<void> {
  const checked = manifestSchema.parse(manifest);
  await writeBundleFile(outDir, "manifest.json", `${JSON.stringify(checked, null, 2)}\n`);
}

/**
 * A folder name for an import path or a benchmark: letters and inner dots kept, everything else
 * encoded. Never as "=": `benchstat A=B` reads the file B and calls it A.
 */
export function bundleName(text: string): string {
  const encoded = [...text]
    .map((c) => (/[A-Za-z0-9._-]/.test(c) ? c : c === "/" ? "+" : "@"))
    .join("");
  return encoded.slice(0, 120).replace(/^[.-]/, "@") || "_";
}

/**
 * A file that repository code wrote: a plain, non-empty file within the bound, or what is wrong
 * with it. Links are not followed, because one could point at a file of this host.
 */
export async function readUntrustedFile(
  path: string,
  maxBytes: number,
): Promise<Uint8Array | string> {
  const flags = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK;
  const file = await open(path, flags).catch((error: Error) => error);
  if (file instanceof Error) return `cannot be read: ${file.message}`;
  try {
    const entry = await file.stat();
    if (!entry.isFile()) return "is not a plain file";
    if (entry.size === 0) return "is empty";
    if (entry.size > maxBytes) return `has ${entry.size} bytes, more than ${maxBytes}`;
    return await file.readFile();
  } finally {
    await file.close();
  }
}
