// The stacks of recorded profiles, leaf first, by the names and lines that findings use.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { benchmarkSamples } from "../../src/analyze/profile/benchmark-stacks.ts";
import type { ProfileEvidence } from "../../src/evidence/evidence.ts";
import type { ProfileRecord } from "../../src/evidence/manifest.ts";
import { decodeProfile } from "../../src/pprof/decode.ts";
import { valueIndex } from "../../src/pprof/profile.ts";
import { stacksOf } from "../../src/pprof/stacks.ts";
import { displayName, parseSymbol } from "../../src/pprof/symbol.ts";

export type NamedFrame = {
  readonly function: string;
  readonly file: string;
  readonly line: number;
  readonly startLine: number;
  /** Whether its code is part of the next frame's. */
  readonly inlined: boolean;
};

export type NamedStack = { readonly frames: readonly NamedFrame[]; readonly samples: number };

export function readProfile(dir: string, record: ProfileRecord): ProfileEvidence {
  return { record, bytes: gunzipSync(readFileSync(join(dir, record.file))) };
}

export function namedStacks({ bytes }: ProfileEvidence): NamedStack[] {
  const decoded = decodeProfile(bytes);
  if (decoded.kind === "damaged") throw new Error(decoded.problem);
  const { profile } = decoded;
  const own = { ...profile, samples: benchmarkSamples(profile) };
  return stacksOf([own], valueIndex(profile, "samples")).map(({ frames, value }) => ({
    samples: value,
    frames: frames.map((frame) => ({
      function: displayName(parseSymbol(frame.function.name)),
      file: frame.function.file,
      line: frame.line,
      startLine: frame.function.startLine,
      inlined: frame.inlined,
    })),
  }));
}

export function samplesOf(
  stacks: readonly NamedStack[],
  matches: (stack: NamedStack) => boolean,
): number {
  return stacks.reduce((sum, stack) => sum + (matches(stack) ? stack.samples : 0), 0);
}
