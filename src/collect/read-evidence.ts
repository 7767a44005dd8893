// Reads an evidence bundle into memory: bounded, validated once, trusted afterwards.
//
// A bundle may come from a machine that ran strangers' code. Paths are checked by the manifest's
// schema and stay inside the folder, links are not followed, and compressed profiles may not
// unpack beyond their bound.
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import type { z } from "zod";
import { UserError } from "../errors.ts";
import type { Evidence, PackageEvidence, ProfileEvidence } from "../evidence/evidence.ts";
import { readLatencyLog } from "../evidence/latency-log.ts";
import { type Manifest, manifestSchema, type PackageRecord } from "../evidence/manifest.ts";
import { type Syntax, syntaxSchema } from "../goast/syntax.ts";
import { readUntrustedFile } from "./bundle.ts";

/** A manifest lists benchmarks and packages: 100,000 of them fit. */
const MAX_MANIFEST_BYTES = 64 << 20;
/** As large as collect writes them: compiler text of a thousand packages. */
const MAX_TEXT_BYTES = 256 << 20;
/** A package of ten thousand benchmarks; one takes 4 KB. */
const MAX_LOG_BYTES = 64 << 20;
/** All latencies of a run: 256 MB in memory. A benchmark fills some 2,000 on both sides. */
const MAX_LATENCY_BUCKETS = 16 << 20;
/** A profile of 10 MB has a quarter of a million samples. */
const MAX_PROFILE_BYTES = 64 << 20;
/** All profiles of a run, unpacked: six suspects with 50 profiles of 1 MB each fit. */
const MAX_PROFILES_BYTES = 512 << 20;

/** The bundle in `dir`. Throws UserError TG_EVIDENCE naming the file that is wrong. */
export async function readEvidence(dir: string): Promise<Evidence> {
  const manifest = await readJson(dir, "manifest.json", manifestSchema);
  const packages: PackageEvidence[] = [];
  const profiles: ProfileEvidence[] = [];
  const degraded: Manifest["degraded"] = [];
  let buckets = MAX_LATENCY_BUCKETS;
  for (const record of manifest.packages) {
    const read = await readPackage(dir, record, buckets);
    packages.push(read.package_);
    buckets -= read.buckets;
    degraded.push(...read.degraded);
  }
  let left = MAX_PROFILES_BYTES;
  for (const record of manifest.profiles) {
    const bytes = await unpackProfile(dir, record.file, left);
    left -= typeof bytes === "string" ? 0 : bytes.length;
    if (typeof bytes !== "string") profiles.push({ record, bytes });
    else degraded.push({ strategy: "profile", reason: `${record.file}: ${bytes}` });
  }
  const syntax = manifest.syntax === undefined ? undefined : await readBoth(dir, manifest.syntax);
  return {
    manifest: { ...manifest, degraded: [...manifest.degraded, ...degraded] },
    ...(syntax === undefined ? {} : { syntax }),
    diff: await readText(dir, manifest.diff),
    packages,
    profiles,
    pointerOutputs: await readPointerOutputs(dir, manifest),
  };
}

async function readPointerOutputs(dir: string, manifest: Manifest): Promise<Map<string, string>> {
  const outputs = new Map<string, string>();
  for (const { output } of manifest.pointerChecks ?? []) {
    if (output !== undefined) outputs.set(output, await readText(dir, output));
  }
  return outputs;
}

async function readPackage(
  dir: string,
  record: PackageRecord,
  maxBuckets: number,
): Promise<{ package_: PackageEvidence; buckets: number; degraded: Manifest["degraded"] }> {
  const base = await readLatencies(dir, record.files.baseLatency, maxBuckets);
  const head = await readLatencies(dir, record.files.headLatency, maxBuckets - base.buckets);
  const problems = [...base.problems, ...head.problems];
  const latencies = { base: base.distributions, head: head.distributions };
  const hasBoth = base.distributions.length > 0 && head.distributions.length > 0;
  return {
    package_: {
      record,
      baseBench: await readText(dir, record.files.baseBench),
      headBench: await readText(dir, record.files.headBench),
      baseCompiler: await readText(dir, record.files.baseCompiler),
      headCompiler: await readText(dir, record.files.headCompiler),
      ...(hasBoth && { latencies }),
    },
    buckets: base.buckets + head.buckets,
    degraded: problems.slice(0, 1).map(({ line, message }) => ({
      strategy: "latency",
      reason: `${record.importPath}: unreadable lines in the latency logs: ${problems.length}, the first is line ${line} (${message})`,
    })),
  };
}

async function readLatencies(dir: string, file: string | undefined, maxBuckets: number) {
  return readLatencyLog(await readText(dir, file, MAX_LOG_BYTES), maxBuckets);
}

async function readBoth(
  dir: string,
  files: NonNullable<Manifest["syntax"]>,
): Promise<{ base: Syntax; head: Syntax }> {
  return {
    base: await readJson(dir, files.base, syntaxSchema),
    head: await readJson(dir, files.head, syntaxSchema),
  };
}

/** A damaged profile costs the profile analysis only: the problem is returned, not thrown. */
async function unpackProfile(
  dir: string,
  file: string,
  maxBytes: number,
): Promise<Uint8Array | string> {
  if (maxBytes <= 0) return `not read: the profiles hold more than ${MAX_PROFILES_BYTES} bytes`;
  const packed = await readUntrustedFile(join(dir, file), MAX_PROFILE_BYTES);
  if (typeof packed === "string") return packed;
  const maxOutputLength = Math.min(maxBytes, MAX_PROFILE_BYTES);
  try {
    return gunzipSync(packed, { maxOutputLength });
  } catch (error) {
    const isTooLarge =
      error instanceof Error && "code" in error && error.code === "ERR_BUFFER_TOO_LARGE";
    if (isTooLarge) return `it unpacks to more than the limit of ${maxOutputLength} bytes`;
    return `cannot be unpacked: ${error instanceof Error ? error.message : String(error)}`;
  }
}

async function readText(
  dir: string,
  file: string | undefined,
  maxBytes = MAX_TEXT_BYTES,
): Promise<string> {
  if (file === undefined) return "";
  const bytes = await readUntrustedFile(join(dir, file), maxBytes);
  if (bytes === "is empty") return "";
  if (typeof bytes === "string") throw damaged(dir, `${file} ${bytes}`);
  return Buffer.from(bytes).toString("utf8");
}

async function readJson<T>(dir: string, file: string, schema: z.ZodType<T>): Promise<T> {
  const bytes = await readUntrustedFile(join(dir, file), MAX_MANIFEST_BYTES);
  if (typeof bytes === "string") throw damaged(dir, `${file} ${bytes}`);
  let value: unknown;
  try {
    value = JSON.parse(Buffer.from(bytes).toString("utf8"));
  } catch (cause) {
    throw damaged(dir, `${file} is not JSON`, cause);
  }
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw damaged(dir, `${file}: ${issue?.path.join(".")}: ${issue?.message}`);
}

function damaged(dir: string, problem: string, cause?: unknown): UserError {
  return new UserError("TG_EVIDENCE", `The evidence in ${dir} cannot be used: ${problem}.`, {
    hint: "Collect it again, or use the version of Tailguard that wrote it.",
    cause,
  });
}
