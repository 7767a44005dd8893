// The files of a finished bundle with their digests, as the server wants them listed.
import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { readdir } from "node:fs/promises";
import { join, relative, sep } from "node:path";
import { UserError } from "../errors.ts";
import {
  type BundleFile,
  bundleFileSchema,
  MAX_BUNDLE_BYTES,
  MAX_BUNDLE_FILES,
} from "../evidence/runner-protocol.ts";

/** Every regular file below `dir`; links are left out. Throws UserError above the limits. */
export async function listBundle(
  dir: string,
): Promise<(BundleFile & { readonly source: string })[]> {
  const entries = await readdir(dir, { recursive: true, withFileTypes: true });
  const sources = entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
  const files: (BundleFile & { source: string })[] = [];
  let bytes = 0;
  for (const source of sources.slice(0, MAX_BUNDLE_FILES + 1)) {
    const path = relative(dir, source).split(sep).join("/");
    const file = bundleFileSchema.parse({ path, ...(await digestFile(source)) });
    files.push({ ...file, source });
    bytes += file.bytes;
  }
  if (files.length > MAX_BUNDLE_FILES || bytes > MAX_BUNDLE_BYTES) {
    throw new UserError(
      "TG_EVIDENCE",
      `The evidence has more than ${MAX_BUNDLE_FILES} files or ${MAX_BUNDLE_BYTES} bytes.`,
      { hint: "Measure fewer packages or benchmarks per run." },
    );
  }
  return files;
}

async function digestFile(source: string): Promise<{ sha256: string; bytes: number }> {
  const hash = createHash("sha256");
  let bytes = 0;
  for await (const chunk of createReadStream(source) as AsyncIterable<Buffer>) {
    hash.update(chunk);
    bytes += chunk.length;
  }
  return { sha256: hash.digest("hex"), bytes };
}
