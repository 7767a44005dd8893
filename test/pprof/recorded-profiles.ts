// The profiles of test/testdata/profiles, recorded by script/record-profiles.ts.
import { readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";
import { decodeProfile } from "../../src/pprof/decode.ts";
import type { Profile } from "../../src/pprof/profile.ts";

export const PROFILES_DIR = new URL("../testdata/profiles/", import.meta.url).pathname;

export type RecordedProfile = {
  readonly file: string;
  /** Equal for the two profiles of one program, by two versions of Go. */
  readonly pair: string;
  /** "1.24.13" */
  readonly go: string;
  readonly kind: "cpu" | "mem" | "mutex" | "block";
  /** What recorded it, in a copy of test/testdata/go/profiled. */
  readonly command: string;
};

export function recordedProfiles(): readonly RecordedProfile[] {
  return JSON.parse(readFileSync(`${PROFILES_DIR}recorded.json`, "utf8")) as RecordedProfile[];
}

export function readRecorded({ file }: RecordedProfile): Profile {
  const decoded = decodeProfile(gunzipSync(readFileSync(PROFILES_DIR + file)));
  if (decoded.kind === "damaged") throw new Error(`${file}: ${decoded.problem}`);
  return decoded.profile;
}
