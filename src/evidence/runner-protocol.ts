// What a runner and the server say to each other over HTTP, as schemas both sides check.
//
//   POST /runner/claim                        -> 200 Claim, or 204 when there was nothing to do
//   POST /runner/runs/:id/heartbeat           Heartbeat -> HeartbeatAnswer
//   PUT  /runner/runs/:id/blobs/:sha256       bytes, lease in the header -> 204
//   POST /runner/runs/:id/finish              Finish -> 204
//
// Every request carries `authorization: bearer TOKEN`; 409 means that the lease is lost and the
// run is somebody else's. A runner executes strangers' code, so the server believes nothing here
// that it does not check: sizes, digests and paths are bounded below.
import { z } from "zod";
import { planSchema } from "../plan/plan.ts";
import { bundlePathSchema } from "./manifest.ts";
import { progressSchema } from "./progress.ts";

/** Header of an upload; requests with a JSON body have the lease in it. */
export const LEASE_HEADER = "x-tailguard-lease";
/** Header that names the runner, for people. */
export const RUNNER_HEADER = "x-tailguard-runner";

/** One file of a bundle: the most src/collect/read-evidence.ts reads as one text. */
export const MAX_BLOB_BYTES = 256 * 1024 * 1024;
/** All files of a bundle together: what one run may add to the server's disk. */
export const MAX_BUNDLE_BYTES = 512 * 1024 * 1024;
/** Four texts a package and a few profiles a benchmark: a repository of 1,000 packages fits. */
export const MAX_BUNDLE_FILES = 20_000;
/** Below the 60 s after which proxies cut an idle connection. */
export const CLAIM_SECONDS = 25;
/** Between two heartbeats; a lease lasts six of them. */
export const HEARTBEAT_SECONDS = 5;
/** Characters of a failure's reason, log included. */
export const MAX_REASON = 8_000;

export const claimSchema = z.object({
  runId: z.uuid(),
  lease: z.uuid(),
  leaseSeconds: z.number().positive(),
  plan: planSchema,
  /** Read-only, for this repository, for one hour; absent where the source needs none. */
  cloneToken: z.string().optional(),
});
export type Claim = z.infer<typeof claimSchema>;

export const heartbeatSchema = z.object({
  lease: z.uuid(),
  progress: progressSchema.optional(),
});
export type Heartbeat = z.infer<typeof heartbeatSchema>;

/** `cancelled`: stop working on it, whether the run was cancelled or the lease is lost. */
export const heartbeatAnswerSchema = z.object({ cancelled: z.boolean() });
export type HeartbeatAnswer = z.infer<typeof heartbeatAnswerSchema>;

export const bundleFileSchema = z.object({
  path: bundlePathSchema,
  sha256: z.string().regex(/^[0-9a-f]{64}$/, "a SHA-256 digest"),
  bytes: z.number().int().nonnegative().max(MAX_BLOB_BYTES),
});
export type BundleFile = z.infer<typeof bundleFileSchema>;

export const finishSchema = z.discriminatedUnion("kind", [
  /** All files were uploaded; `manifest.json` is one of them. */
  z.object({
    kind: z.literal("collected"),
    lease: z.uuid(),
    files: z.array(bundleFileSchema).min(1).max(MAX_BUNDLE_FILES),
  }),
  /** It could not be measured, and another runner of this kind could not either. */
  z.object({
    kind: z.literal("failed"),
    lease: z.uuid(),
    reason: z.string().max(MAX_REASON),
  }),
  /** The runner stops before it is done: another one shall have the run. */
  z.object({ kind: z.literal("returned"), lease: z.uuid() }),
]);
export type Finish = z.infer<typeof finishSchema>;
