// The configuration that a command was given, and the day its waivers are held against.
import { readFile } from "node:fs/promises";
import { UserError } from "../errors.ts";
import { DEFAULT_RULE, requirePolicy, type TeamRule } from "../judge/read-policy.ts";
import type { Config } from "../plan/config-schema.ts";

/** Twice what the schema's own bound lets pass: larger files are not even read. */
const MAX_BYTES = 256 * 1024;

/** The configuration in a file; the default rule without one. Throws UserError TG_CONFIG. */
export async function readTeamRule(
  path: string | undefined,
): Promise<{ readonly config: Config; readonly rule: TeamRule }> {
  if (path === undefined) return { config: {}, rule: DEFAULT_RULE };
  return requirePolicy(await readConfigFile(path), path);
}

async function readConfigFile(path: string): Promise<string> {
  const bytes = await readFile(path).catch((cause: Error) => {
    throw new UserError("TG_CONFIG", `The configuration ${path} cannot be read: ${cause.message}`, {
      hint: "Give the path of a YAML file with --config.",
    });
  });
  if (bytes.length <= MAX_BYTES) return bytes.toString("utf8");
  throw new UserError("TG_CONFIG", `The configuration ${path} has ${bytes.length} bytes.`, {
    hint: "A configuration has at most 64 KB; docs/configuration.md shows one.",
  });
}

/** The day in UTC, as waivers name it. */
export function dayOf(time: Date): string {
  return time.toISOString().slice(0, 10);
}
