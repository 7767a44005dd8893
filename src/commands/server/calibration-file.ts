// The calibration that an operator put there for a repository: a file under its name, for people to
// find. GitHub's renames move it along.
import { existsSync } from "node:fs";
import { rename } from "node:fs/promises";
import { join } from "node:path";

/** `repository` as rows name it: "owner/name", lower case. */
function pathOf(dir: string, repository: string): string {
  return join(dir, `${repository.replace("/", "+")}.json`);
}

/** The repository's calibration.json; undefined where there is none. */
export function calibrationFile(dir: string, repository: string): string | undefined {
  const file = pathOf(dir, repository);
  return existsSync(file) ? file : undefined;
}

/** Gives the file of `from` to `to`, unless an operator was quicker; may be repeated. */
export async function moveCalibration(dir: string, from: string, to: string): Promise<void> {
  const file = calibrationFile(dir, from);
  if (file !== undefined && calibrationFile(dir, to) === undefined) {
    await rename(file, pathOf(dir, to));
  }
}
