// Profiles that are taken of suspects on request. A file without schemas, so that `--help` is quick.

/** Locks that were contended, waits of goroutines, and an execution trace. */
export const EXTRA_PROFILES = ["mutex", "block", "trace"] as const;
export type ExtraProfile = (typeof EXTRA_PROFILES)[number];

/** "mutex,block" as a list without doubles; undefined where a word is none of them. */
export function parseExtraProfiles(text: string): ExtraProfile[] | undefined {
  const words = [...new Set(text.split(","))];
  const known = words.flatMap((word) => EXTRA_PROFILES.filter((kind) => kind === word));
  return known.length === words.length ? known : undefined;
}
