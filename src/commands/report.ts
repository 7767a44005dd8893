// `tailguard report EVIDENCE`: judges a bundle again, without measuring anything.
//
// The server runs it as a child process too, so that evidence from runners is never read in the
// server's own event loop.
import { readEvidence } from "../collect/read-evidence.ts";
import { DEFAULT_POLICY } from "../judge/policy.ts";
import { judgeEvidence } from "../pipeline.ts";
import { readTemplates } from "../templates.ts";
import { exitCodeOf } from "./exit-code.ts";
import { type OutputFormat, printReport } from "./print-report.ts";
import { writeReport } from "./write-report.ts";

export type ReportCommandOptions = {
  readonly evidenceDir: string;
  readonly format: OutputFormat;
  /** Folder for report.json, report.md, report.html and check-run.json; none are written without. */
  readonly outDir?: string | undefined;
  readonly detailsUrl?: string | undefined;
};

/** Runs the command; the result is the process's exit code. */
export async function reportCommand(options: ReportCommandOptions): Promise<number> {
  const evidence = await readEvidence(options.evidenceDir);
  const judged = judgeEvidence(evidence, DEFAULT_POLICY, () => performance.now());
  const templates = readTemplates();
  if (options.outDir !== undefined) {
    const { outDir: dir, detailsUrl } = options;
    await writeReport(judged, { dir, diff: evidence.diff, templates, detailsUrl });
  }
  printReport(judged.report, options.format, templates);
  return exitCodeOf(judged.report);
}
