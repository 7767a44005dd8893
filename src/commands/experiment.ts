// `tailguard experiment p99-tests`: makes docs/experiments/p99-tests.md and its pictures again.
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { p99Document, quickTables } from "../experiment/p99-document.ts";
import { FULL, QUICK, runP99Tests } from "../experiment/p99-tests.ts";
import type { ExitCode } from "./exit-code.ts";

export type ExperimentOptions = {
  /** Few repetitions, printed and not written. */
  readonly isQuick: boolean;
  /** Folder for the document and its pictures. */
  readonly outDir: string;
};

/** Runs the command; the result is the process's exit code. */
export async function experimentCommand(options: ExperimentOptions): Promise<ExitCode> {
  if (options.isQuick) {
    process.stdout.write(`${quickTables(runP99Tests(QUICK))}\n`);
    return 0;
  }
  const full = runP99Tests(FULL, (text) => process.stderr.write(`${text}\n`));
  await mkdir(options.outDir, { recursive: true });
  const files = p99Document(full, runP99Tests(QUICK));
  for (const [name, text] of Object.entries(files)) {
    await writeFile(join(options.outDir, name), text);
    process.stdout.write(`${join(options.outDir, name)}\n`);
  }
  return 0;
}
