// The history of main, between the rows and the process that judges: handed to it as a file before,
// and filled from its report after.
//
// A run of a pull request gets the history of the benchmarks it measured, on the kind of machine
// that it ran on. A run of a push to main adds to it. A control that moved is noted with either, and
// what moved in a trial of equal sides.
import { readFile, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { emptyHistory, metricsToKeep, seriesOf } from "../../baseline/from-rows.ts";
import { type History, WINDOW } from "../../baseline/history.ts";
import { planSchema } from "../../plan/plan.ts";
import { type ReportBenchmark, reportSchema } from "../../report/report-schema.ts";
import {
  addMainValues,
  addMisfires,
  lastMisfires,
  lastRelease,
  mainValues,
} from "../../store/history.ts";
import type { Database } from "../../store/open-store.ts";
import type { Run } from "../../store/schema.ts";
import { MAIN_BRANCH } from "../../webhook/trigger.ts";

/** What is needed of a manifest; the judging process checks all of it. */
const manifestPart = z.object({
  machine: z.object({ cpu: z.string().max(500) }),
  benchmarks: z.array(z.object({ name: z.string().max(1000), status: z.string() })).max(50_000),
});
/** 50,000 benchmarks with their reasons. */
const MAX_MANIFEST_BYTES = 64 * 1024 * 1024;

/** Writes the history that belongs to the evidence; the file, or undefined without a manifest. */
export async function writeHistory(
  db: Database,
  run: Run,
  { evidenceDir, file }: { readonly evidenceDir: string; readonly file: string },
): Promise<string | undefined> {
  const manifestPath = join(evidenceDir, "manifest.json");
  if ((await stat(manifestPath)).size > MAX_MANIFEST_BYTES) return undefined;
  const manifest = manifestPart.safeParse(JSON.parse(await readFile(manifestPath, "utf8"))).data;
  if (manifest === undefined) return undefined;
  const measured = manifest.benchmarks.filter(({ status }) => status === "measured");
  const names = [...new Set(measured.map(({ name }) => name))];
  const history = await readHistory(db, { run, machine: manifest.machine.cpu, names });
  await writeFile(file, JSON.stringify(history));
  return file;
}

async function readHistory(
  db: Database,
  of: { readonly run: Run; readonly machine: string; readonly names: readonly string[] },
): Promise<History> {
  const { repository } = of.run;
  const { machine, names } = of;
  const rows = await mainValues(db, { repository, machine, names, limit: WINDOW });
  const release = await lastRelease(db, repository);
  const misfires = await lastMisfires(db, repository);
  return {
    ...emptyHistory(machine),
    series: seriesOf(
      rows.map(({ commit_sha: commit, measured_at: measuredAt, ...row }) => ({
        ...row,
        commit,
        measuredAt,
      })),
    ),
    misfires: misfires.map(({ at, ...benchmark }) => ({ ...benchmark, at: at.toISOString() })),
    ...(release && { release: { name: release.name, at: release.at.toISOString() } }),
  };
}

/** Keeps what the run's report says of main and of controls. Repeating it changes nothing. */
export async function keepHistory(tx: Database, run: Run, reportJson: Buffer): Promise<void> {
  const report = reportSchema.loose().parse(JSON.parse(reportJson.toString("utf8")));
  const { id: runId, repository } = run;
  const at = run.collected_at ?? new Date();
  const moved = [
    ...report.noise.controls.filter((control) => control.moved),
    ...(isTrialOfEqualSides(run) ? report.benchmarks.filter(hasMovedTime) : []),
  ];
  const misfired = new Map(
    moved.map((control) => [Object.values(keyOf(control)).join("\0"), control]),
  );
  await addMisfires(tx, { runId, repository, at }, [...misfired.values()].map(keyOf));
  const { cpu } = report.noise.machine;
  if (run.pull_request !== MAIN_BRANCH || typeof cpu !== "string") return;
  const values = report.benchmarks
    .filter(({ status }) => status === "measured")
    .map((benchmark) => ({ ...keyOf(benchmark), metrics: metricsToKeep(benchmark.metrics) }));
  await addMainValues(
    tx,
    { runId, repository, machine: cpu, commitSha: run.head_sha, measuredAt: at },
    values,
  );
}

/** What `/tailguard calibrate` asked for: base against itself. */
function isTrialOfEqualSides({ plan }: Run): boolean {
  return planSchema.safeParse(plan).data?.trial?.slowHeadBy === 0;
}

function hasMovedTime({ metrics }: Pick<ReportBenchmark, "metrics">): boolean {
  return metrics.some(
    ({ name, comparison, decision }) =>
      name.endsWith("sec/op") &&
      comparison === "paired" &&
      (decision === "regressed" || decision === "improved"),
  );
}

function keyOf(at: { readonly cell: string; readonly package: string; readonly name: string }) {
  return { cell: at.cell, package: at.package, name: at.name };
}
