// `tailguard report EVIDENCE`: judges a bundle again, without measuring anything.
//
// The server runs it as a child process too, so that evidence from runners is never read in the
// server's own event loop.
import { readEvidence } from "../collect/read-evidence.ts";
import { judgeEvidence, type Ruling } from "../pipeline.ts";
import { changedSettings } from "../plan/plan-settings.ts";
import { readTemplates } from "../templates.ts";
import { exitCodeOf } from "./exit-code.ts";
import { type OutputFormat, printReport } from "./print-report.ts";
import { readCalibration, readHistory, readWaivers } from "./read-known.ts";
import { dayOf, readTeamRule } from "./team-rule.ts";
import { writeReport } from "./write-report.ts";

export type ReportCommandOptions = {
  readonly evidenceDir: string;
  readonly format: OutputFormat;
  /** Folder for report.json, report.md, report.html and check-run.json; none are written without. */
  readonly outDir?: string | undefined;
  readonly detailsUrl?: string | undefined;
  /** The team's rule; the default one without. */
  readonly configPath?: string | undefined;
  /** The rule that the change itself brings: shown beside, decides nothing. */
  readonly previewPath?: string | undefined;
  /** What is remembered of the main branch; nothing without. */
  readonly historyPath?: string | undefined;
  /** Which benchmarks have earned to block; all may without. */
  readonly calibrationPath?: string | undefined;
  /** Waivers that were given by commands, beside those of the rule. */
  readonly waiversPath?: string | undefined;
  /** The day that waivers are held against; today when absent. */
  readonly today?: string | undefined;
};

/** Runs the command; the result is the process's exit code. */
export async function reportCommand(options: ReportCommandOptions): Promise<number> {
  const evidence = await readEvidence(options.evidenceDir);
  const judged = judgeEvidence(evidence, await rulingOf(options), () => performance.now());
  const templates = readTemplates();
  if (options.outDir !== undefined) {
    const { outDir: dir, detailsUrl } = options;
    await writeReport(judged, { dir, evidence, templates, detailsUrl });
  }
  printReport(judged.report, options.format, templates);
  return exitCodeOf(judged.report);
}

async function rulingOf(options: ReportCommandOptions): Promise<Ruling> {
  const { config, rule: own } = await readTeamRule(options.configPath);
  const given = await readWaivers(options.waiversPath);
  const rule = { ...own, waivers: [...own.waivers, ...given] };
  const today = options.today ?? dayOf(new Date());
  const history = await readHistory(options.historyPath);
  const calibration = await readCalibration(options.calibrationPath);
  if (options.previewPath === undefined) return { rule, today, history, calibration };
  const head = await readTeamRule(options.previewPath);
  return {
    rule,
    today,
    history,
    calibration,
    preview: { rule: head.rule, settings: changedSettings(config, head.config) },
  };
}
