// Profiles of one benchmark drawn as text, as the evidence holds them.
import { analyzeProfile } from "../../../src/analyze/profile/analyze-profile.ts";
import type { SourceNames } from "../../../src/analyze/source-names.ts";
import type { ProfileEvidence } from "../../../src/evidence/evidence.ts";
import type { ProfileKind, ProfileRecord, Side } from "../../../src/evidence/manifest.ts";
import { type TextProfileOptions, textProfileBytes } from "../../text-profile.ts";

const BENCHMARK = { cell: "default", package: "example.com/m", name: "BenchmarkParse" };

export type Drawn = {
  readonly side: Side;
  readonly text: string;
  readonly kind?: ProfileKind;
  readonly run?: number;
  readonly record?: Partial<ProfileRecord>;
  readonly options?: TextProfileOptions;
};

/** A million operations that took a second, unless the record says otherwise. */
export function drawn({
  side,
  text,
  kind = "cpu",
  run = 0,
  record,
  options,
}: Drawn): ProfileEvidence {
  const { cell, package: importPath, name: benchmark } = BENCHMARK;
  return {
    record: {
      cell,
      package: importPath,
      benchmark,
      side,
      kind,
      run,
      operations: 1_000_000,
      wallNs: 1e9,
      file: `profiles/${side}-${run}.${kind}.pb.gz`,
      ...record,
    },
    bytes: textProfileBytes(text, options),
  };
}

/** What the profile analysis says of a module "m" at the repository's root. */
export function analyzed(profiles: readonly ProfileEvidence[], source?: SourceNames) {
  const record = { cell: "default", importPath: "m", dir: ".", files: {} };
  const texts = { baseBench: "", headBench: "", baseCompiler: "", headCompiler: "" };
  return analyzeProfile({ packages: [{ record, ...texts }], profiles }, source);
}
