// The step between the runner and GitHub: evidence in, report and check run draft out.
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { z } from "zod";
import { bundleFileSchema } from "../../evidence/runner-protocol.ts";
import type { CheckRunDraft } from "../../report/check-run-draft.ts";
import { findRun, setReport } from "../../store/runs.ts";
import type { Run } from "../../store/schema.ts";
import { waiversOf } from "../../store/waivers.ts";
import { MAIN_BRANCH } from "../../webhook/trigger.ts";
import { dayOf } from "../team-rule.ts";
import { calibrationFile } from "./calibration-file.ts";
import { configurationOf, type KeptConfig } from "./configuration.ts";
import type { ServerContext } from "./context.ts";
import { keepHistory, writeHistory } from "./main-history.ts";
import { analyzeInChild } from "./report-process.ts";

/** collected → publishing. */
export async function workAnalyze(
  context: ServerContext,
  runId: string,
  signal: AbortSignal,
): Promise<void> {
  await context.exclusively(runId, async () => {
    const run = await findRun(context.store.db, runId);
    if (run?.state !== "collected" || run.evidence_digest === null) return;
    context.log.debug({ run: runId }, "analyzing");
    const dir = await mkdtemp(join(context.temporaryDir, "analyze-"));
    try {
      const evidenceDir = join(dir, "evidence");
      await layOut(context, run.evidence_digest, evidenceDir);
      const detailsUrl = context.detailsUrl(runId);
      const outDir = join(dir, "report");
      const files = await analyzeInChild({
        evidenceDir,
        outDir,
        detailsUrl,
        signal,
        historyFile: await writeHistory(context.store.db, run, {
          evidenceDir,
          file: join(dir, "history.json"),
        }),
        calibrationFile: calibrationFile(context.calibrationsDir, run.repository),
        waiversFile: await writeWaivers(context, run, join(dir, "waivers.json")),
        ...(await writeConfigurations(run, join(dir, "rule"))),
        today: dayOf(new Date()),
      });
      const report = {
        reportDigest: await context.blobs.put(files.reportJson),
        pageDigest: await context.blobs.put(files.reportHtml),
        draft: decidesNothing(run) ? withoutFailure(files.draft) : files.draft,
        conversation: files.conversation,
      };
      await context.transact(async (tx, send) => {
        if (!(await setReport(tx, runId, report))) return;
        // It may have been renamed since the run was read.
        await keepHistory(tx, (await findRun(tx, runId)) ?? run, files.reportJson);
        await send("publish", runId);
      });
      context.log.info({ run: runId, title: files.draft.output.title }, "analyzed");
    } finally {
      await rm(dir, { recursive: true, force: true });
    }
  });
}

/** The configurations that the run was planned with, under the names that people know. */
async function writeConfigurations(run: Run, workDir: string) {
  const { own, preview } = configurationOf(run);
  const place = async (kept: KeptConfig | undefined, folder: string) => {
    if (kept === undefined) return undefined;
    const file = join(folder, kept.fileName);
    await mkdir(dirname(join(workDir, file)), { recursive: true });
    await writeFile(join(workDir, file), kept.text);
    return file;
  };
  await mkdir(workDir);
  return {
    workDir,
    configFile: await place(own, "."),
    previewFile: await place(preview, "head"),
  };
}

/** What people accepted by commands in the pull request; undefined when nothing was. */
async function writeWaivers(
  context: ServerContext,
  { repository, pull_request: number }: Run,
  file: string,
): Promise<string | undefined> {
  const kept = await waiversOf(context.store.db, { repository, number });
  if (kept.length === 0) return undefined;
  const waivers = kept.map(
    ({
      benchmark,
      package: path,
      metric,
      author,
      reason,
      until_day: until,
      limit_change: limit,
    }) => ({
      benchmark,
      package: path,
      metrics: [metric],
      author,
      reason,
      until,
      ...(limit === null ? {} : { limit }),
    }),
  );
  await writeFile(file, JSON.stringify(waivers));
  return file;
}

/** Main is merged already, and a run that somebody asked for is beside the gate. */
function decidesNothing(run: Run): boolean {
  return run.pull_request === MAIN_BRANCH || run.purpose === "asked";
}

/** What is merged cannot be stopped: on main a regression is told, and fails nothing. */
function withoutFailure(draft: CheckRunDraft): CheckRunDraft {
  const isFailure = draft.status === "completed" && draft.conclusion === "failure";
  return isFailure ? { ...draft, conclusion: "neutral" } : draft;
}

/** Copies the bundle's files to their paths, which were validated when the runner listed them. */
async function layOut(context: ServerContext, digest: string, dir: string): Promise<void> {
  const listed: unknown = JSON.parse((await context.blobs.read(digest)).toString("utf8"));
  for (const file of z.array(bundleFileSchema).parse(listed)) {
    const target = join(dir, file.path);
    await mkdir(dirname(target), { recursive: true });
    await context.blobs.copyTo(file.sha256, target);
  }
}
