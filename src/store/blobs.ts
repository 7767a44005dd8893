// Evidence and reports as files named by their content: DATA_DIR/blobs/<aa>/<sha256>.
//
// Not in the database: PGlite takes 8 to 15 s to write 20 MB of bytea. A file is written under
// another name, checked against its digest and renamed, so a name in `blobs/` always has the whole
// content, after kill -9 too, and writing the same content twice changes nothing.
import { createHash, randomUUID } from "node:crypto";
import { createReadStream, createWriteStream, type ReadStream } from "node:fs";
import { mkdir, readFile, rename, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";
import { UserError } from "../errors.ts";

const SHA256 = /^[0-9a-f]{64}$/;

/** True for what may name a blob: lower-case hexadecimal SHA-256. */
export function isDigest(text: string): boolean {
  return SHA256.test(text);
}

export type Blobs = {
  /** Keeps `content` if it has at most `maxBytes` and this digest, else throws UserError TG_EVIDENCE. */
  putStream(
    digest: string,
    content: AsyncIterable<Uint8Array>,
    limits: { readonly maxBytes: number },
  ): Promise<void>;
  /** Keeps `bytes` and returns their digest. */
  put(bytes: Uint8Array | string): Promise<string>;
  /** Size in bytes, or undefined when there is no such blob. */
  size(digest: string): Promise<number | undefined>;
  read(digest: string): Promise<Buffer>;
  stream(digest: string): ReadStream;
  /** Copies a blob to a new file. */
  copyTo(digest: string, file: string): Promise<void>;
};

/** The blobs below `dataDir`; unfinished files of an earlier process are removed. */
export async function openBlobs(dataDir: string): Promise<Blobs> {
  const root = join(dataDir, "blobs");
  const unfinished = join(root, "unfinished");
  await rm(unfinished, { recursive: true, force: true });
  await mkdir(unfinished, { recursive: true, mode: 0o700 });
  const pathOf = (digest: string) => {
    if (!isDigest(digest)) throw new Error(`not a digest: ${digest.slice(0, 80)}`);
    return join(root, digest.slice(0, 2), digest);
  };
  const size = async (digest: string) => {
    const found = await stat(pathOf(digest)).catch(absent);
    return found?.size;
  };
  const keep = async (digest: string, content: AsyncIterable<Uint8Array>, maxBytes: number) => {
    const path = pathOf(digest);
    const temporary = join(unfinished, randomUUID());
    try {
      // O_EXCL: the name is random, so anything already there is not ours.
      const file = createWriteStream(temporary, { flags: "wx", mode: 0o600 });
      await pipeline(content, (chunks) => checked(chunks, digest, maxBytes), file);
      await mkdir(join(root, digest.slice(0, 2)), { recursive: true, mode: 0o700 });
      await rename(temporary, path);
    } finally {
      await rm(temporary, { force: true });
    }
  };
  return {
    putStream: (digest, content, limits) => keep(digest, content, limits.maxBytes),
    put: async (content) => {
      const bytes = Buffer.from(content);
      const digest = createHash("sha256").update(bytes).digest("hex");
      if ((await size(digest)) === undefined) await keep(digest, once(bytes), bytes.length);
      return digest;
    },
    size,
    read: (digest) => readFile(pathOf(digest)),
    stream: (digest) => createReadStream(pathOf(digest)),
    copyTo: async (digest, file) => {
      await pipeline(createReadStream(pathOf(digest)), createWriteStream(file, { flags: "wx" }));
    },
  };
}

async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}

/** Passes the chunks on; throws as soon as they exceed `maxBytes`, or at the end by the digest. */
async function* checked(
  chunks: AsyncIterable<Uint8Array>,
  digest: string,
  maxBytes: number,
): AsyncGenerator<Uint8Array> {
  const hash = createHash("sha256");
  let bytes = 0;
  for await (const chunk of chunks) {
    bytes += chunk.length;
    if (bytes > maxBytes) {
      throw new UserError(
        "TG_EVIDENCE",
        `A file of the evidence has more than ${maxBytes} bytes.`,
        {
          hint: "Measure fewer benchmarks per run; docs/operating.md lists the limits.",
        },
      );
    }
    hash.update(chunk);
    yield chunk;
  }
  if (hash.digest("hex") !== digest) {
    throw new UserError("TG_EVIDENCE", "A file of the evidence does not match its digest.", {
      hint: "It was damaged on its way; the runner sends it again.",
    });
  }
}

function absent(error: NodeJS.ErrnoException): undefined {
  if (error.code === "ENOENT") return undefined;
  throw error;
}
