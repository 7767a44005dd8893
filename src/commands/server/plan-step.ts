// Step one of a run: its check run, and the plan of what to measure, or why there is nothing
// to measure, or nothing yet.
import { planRun } from "../../plan/plan-run.ts";
import type { CheckRunDraft } from "../../report/check-run-draft.ts";
import { configMistakesDraft } from "../../report/config-drafts.ts";
import { holdDraft, skippedDraft } from "../../report/status-drafts.ts";
import { endRun, findRun, setPlan } from "../../store/runs.ts";
import type { Run } from "../../store/schema.ts";
import { describeRule } from "../describe-rule.ts";
import { ensureCheckRun } from "./check-run.ts";
import {
  type KeptConfiguration,
  type TeamConfiguration,
  teamConfiguration,
} from "./configuration.ts";
import { type ServerContext, triggerOf } from "./context.ts";
import { reusableDraft } from "./reuse-result.ts";
import { comparedBy, runInputs } from "./run-inputs.ts";

/** queued → ready, or → publishing when there is nothing to measure. */
export async function workPlan(context: ServerContext, runId: string): Promise<void> {
  await context.exclusively(runId, async () => {
    const run = await findRun(context.store.db, runId);
    if (run?.state !== "queued") return;
    await ensureCheckRun(context, run);
    const reused = run.purpose === "group" ? await reusableDraft(context, run) : undefined;
    if (reused !== undefined) {
      await endWith(context, run, { draft: reused });
      context.log.info({ run: runId }, "took over the result of its pull request");
      return;
    }
    await planMeasuring(context, run);
  });
}

async function planMeasuring(context: ServerContext, run: Run): Promise<void> {
  const runId = run.id;
  const trigger = triggerOf(run);
  const compared = await comparedBy(context, trigger);
  const team = await teamConfiguration(context, trigger, compared);
  if (team.kind === "mistakes") {
    await endWith(context, run, { draft: configMistakesDraft(team) });
    context.log.info({ run: runId, file: team.fileName }, "the configuration has mistakes");
    return;
  }
  const planned = planRun(runInputs(context, run, { compared, config: team.config }));
  if (planned.kind === "plan") {
    const { plan } = planned;
    const isReady = await setPlan(context.store.db, runId, { plan, configuration: team.kept });
    if (isReady) context.ready.ring();
    context.log.info({ run: runId, isReady }, "planned");
    return;
  }
  const told = { ...planned, reason: withNote(planned.reason, team) };
  const draft = planned.kind === "skip" ? skippedDraft(told) : holdDraft(told);
  const awaits = [...(planned.awaits ?? [])];
  await endWith(context, run, { draft, configuration: { ...team.kept, awaits } });
  context.log.info({ run: runId, reason: planned.reason }, planned.kind);
}

/** Ends the run before anything is measured, unless it was told of a label meanwhile. */
async function endWith(
  context: ServerContext,
  run: Run,
  end: { readonly draft: CheckRunDraft; readonly configuration?: KeptConfiguration },
): Promise<void> {
  await context.transact(async (tx, send) => {
    const now = await findRun(tx, run.id);
    const isToldMore = JSON.stringify(now?.trigger) !== JSON.stringify(run.trigger);
    if (now?.state === "queued" && isToldMore) return send("plan", run.id);
    if (await endRun(tx, run.id, { from: ["queued"], ...end })) await send("publish", run.id);
  });
}

/** The reason, and a word on the configuration that the change brings. */
function withNote(
  reason: string,
  { brought }: Extract<TeamConfiguration, { kind: "usable" }>,
): string {
  if (brought === undefined) return reason;
  const { config, rule } = brought;
  const ended = reason.endsWith(".") ? reason : `${reason}.`;
  return `${ended} The configuration that this change brings can be used (${describeRule(config, rule)}); it counts from the merge on.`;
}
