// An evidence bundle in memory: the manifest and the files it names, read and bounded by the edge.
// Analyzers take this value and nothing else.
import type { Syntax } from "../goast/syntax.ts";
import type { Plan } from "../plan/plan.ts";
import type { LatencyDistribution } from "./latency-log.ts";
import type { Manifest, PackageRecord, ProfileRecord, Side } from "./manifest.ts";

/** The texts of one package; an empty string where that side has no such evidence. */
export type PackageEvidence = {
  readonly record: PackageRecord;
  readonly baseBench: string;
  readonly headBench: string;
  readonly baseCompiler: string;
  readonly headCompiler: string;
  /** Merged latencies of recorded benchmarks; absent where a bundle has none. */
  readonly latencies?: Readonly<Record<Side, readonly LatencyDistribution[]>>;
};

export type ProfileEvidence = {
  readonly record: ProfileRecord;
  /** profile.proto, already unpacked from gzip. */
  readonly bytes: Uint8Array;
};

/** What is known once both sides are built, before anything has run. */
export type SourceEvidence = {
  readonly manifest: Pick<Manifest, "packages" | "pointerChecks"> & {
    readonly plan: Pick<Plan, "changedFiles">;
  };
  readonly syntax?: { readonly base: Syntax; readonly head: Syntax };
  readonly packages: readonly Pick<PackageEvidence, "record" | "baseCompiler" | "headCompiler">[];
  readonly pointerOutputs?: ReadonlyMap<string, string>;
};

export type Evidence = {
  readonly manifest: Manifest;
  readonly syntax?: { readonly base: Syntax; readonly head: Syntax };
  /** Unified diff of base and head; empty when there is none. */
  readonly diff: string;
  readonly packages: readonly PackageEvidence[];
  readonly profiles: readonly ProfileEvidence[];
  /** What failed checks of pointers printed, by bundle path. */
  readonly pointerOutputs?: ReadonlyMap<string, string>;
};
