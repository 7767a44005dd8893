// One run that is over, judged by another rule: from its evidence where that is there, because then
// everything is decided anew, else from its report.
import { readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { readEvidence } from "../../collect/read-evidence.ts";
import { UserError } from "../../errors.ts";
import type { TeamRule } from "../../judge/read-policy.ts";
import { rejudge } from "../../judge/rejudge.ts";
import type { JudgedMetric, Verdict } from "../../judge/verdict.ts";
import { judgeEvidence } from "../../pipeline.ts";
import { type Report, reportSchema } from "../../report/report-schema.ts";
import { storedVerdict } from "../../report/stored-verdict.ts";
import { type ExitCode, exitCodeOf } from "../exit-code.ts";

export type ReplayedMetric = {
  readonly package: string;
  readonly benchmark: string;
  readonly metric: string;
  /** A fraction; null from nothing to something. */
  readonly change: number | null;
  /** The rule that stops it, or who accepted it, until when and why. */
  readonly by: string;
};

export type Replay = {
  readonly run: string;
  readonly head: string;
  readonly conclusion: string;
  /** What the run concluded; absent where only its evidence is known. */
  readonly was?: string;
  readonly title: string;
  readonly blocking: readonly ReplayedMetric[];
  readonly accepted: readonly ReplayedMetric[];
  /** Rules about the run as a whole that hold it. */
  readonly held: readonly string[];
  readonly notes: readonly string[];
  readonly exitCode: ExitCode;
};

/** A report has 20 MB with 10,000 benchmarks. */
const MAX_REPORT_BYTES = 64 * 1024 * 1024;

/** @param run a report.json, an evidence folder, or a folder that `compare --out` wrote. */
export async function replayRun(run: string, rule: TeamRule, today: string): Promise<Replay> {
  const place = await placeOf(run);
  const stored = place.report === undefined ? undefined : await readReport(place.report);
  const was = stored === undefined ? {} : { was: stored.conclusion };
  if (place.evidence !== undefined) {
    const evidence = await readEvidence(place.evidence);
    const { report, verdict } = judgeEvidence(evidence, { rule, today }, () => 0);
    const exitCode = exitCodeOf(report);
    return { run, head: report.head, ...was, ...partsOf(verdict), notes: [], exitCode };
  }
  if (stored === undefined) throw notARun(run, "it holds neither a report.json nor evidence");
  const { verdict, undecided } = rejudge(storedVerdict(stored), rule, today);
  const exitCode = exitCodeOf({
    conclusion: verdict.conclusion,
    outcome: stored.outcome,
    benchmarks: verdict.benchmarks,
    policy: { held: verdict.firedRules },
  });
  const notes = undecided === 0 ? [] : [undecidedNote(undecided)];
  return { run, head: stored.head, ...was, ...partsOf(verdict), notes, exitCode };
}

function undecidedNote(count: number): string {
  return `${count} of its metrics lie between the threshold they were judged by and a finer one of this file: only the evidence of the run tells`;
}

function partsOf(verdict: Verdict) {
  const { conclusion, title, benchmarks, firedRules } = verdict;
  const metrics = benchmarks.flatMap((at) => at.metrics);
  const accepted = metrics.filter(({ waiver }) => waiver?.state === "accepted");
  return {
    conclusion,
    title,
    blocking: metrics
      .filter(({ blocks }) => blocks)
      .map((metric) => replayed(metric, metric.rule ?? "")),
    accepted: accepted.map((metric) => replayed(metric, acceptance(metric))),
    held: firedRules.map(({ name, text }) => `${name}: ${text}`),
  };
}

function replayed({ benchmark, metric, change }: JudgedMetric, by: string): ReplayedMetric {
  const { package: importPath, name } = benchmark;
  const finite = Number.isFinite(change) ? change : null;
  return { package: importPath, benchmark: name, metric, change: finite, by };
}

function acceptance({ waiver }: JudgedMetric): string {
  return waiver === undefined ? "" : `${waiver.author} until ${waiver.until}: ${waiver.reason}`;
}

/** Where the run's report and its evidence are, as far as they are there. */
async function placeOf(run: string): Promise<{ report?: string; evidence?: string }> {
  const found = await stat(run).catch((cause: Error) => {
    throw notARun(run, cause.message);
  });
  if (!found.isDirectory()) return { report: run };
  const has = async (...path: string[]) => {
    const file = await stat(join(run, ...path)).catch(() => undefined);
    return file?.isFile() === true;
  };
  return {
    ...((await has("report.json")) ? { report: join(run, "report.json") } : {}),
    ...((await has("manifest.json")) ? { evidence: run } : {}),
    ...((await has("evidence", "manifest.json")) ? { evidence: join(run, "evidence") } : {}),
  };
}

async function readReport(path: string): Promise<Report> {
  const { size } = await stat(path);
  if (size > MAX_REPORT_BYTES) throw notARun(path, `it has ${size} bytes`);
  let value: unknown;
  try {
    value = JSON.parse(await readFile(path, "utf8"));
  } catch {
    throw notARun(path, "it is not JSON");
  }
  const parsed = reportSchema.safeParse(value);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw notARun(path, `${issue?.path.join(".")}: ${issue?.message}`);
}

function notARun(path: string, why: string): UserError {
  return new UserError("TG_EVIDENCE", `${path} is not a run that can be judged again: ${why}.`, {
    hint: "Give a report.json, an evidence folder, or a folder that compare --out wrote.",
  });
}
