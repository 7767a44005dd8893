// What the plan of a run is made from: GitHub's word on the range, the team's configuration, the
// operator's bounds, and what somebody asked to be done otherwise.
import { randomInt } from "node:crypto";
import type { PlanInputs as Compared } from "../../github/plan-inputs.ts";
import { type Refusal, whyNotAdmitted } from "../../plan/admit.ts";
import type { Config } from "../../plan/config-schema.ts";
import type { PlanInputs } from "../../plan/plan-run.ts";
import { planSettings } from "../../plan/plan-settings.ts";
import type { Run } from "../../store/schema.ts";
import { MAIN_BRANCH } from "../../webhook/trigger.ts";
import { type MeasureTrigger, type ServerContext, triggerOf } from "./context.ts";

/** Main has each commit's context to gain and nobody waits for it. */
const MAIN_PART = 1 / 3;

/**
 * What GitHub says of the range. Another commit than the base may be on any branch, so its
 * difference to head is left to the runner, and it runs like code that nobody here has written.
 */
export async function comparedBy(
  context: ServerContext,
  trigger: MeasureTrigger,
): Promise<Compared> {
  const { repository, baseSha, headSha, options = {} } = trigger;
  return options.vs === undefined
    ? context.github.planInputs(repository, { baseSha, headSha })
    : { mergeBaseSha: baseSha, changedFiles: [], truncated: true };
}

/** What the configuration says, and what somebody asked to be done otherwise. */
export function runInputs(
  context: ServerContext,
  run: Run,
  { compared, config }: { readonly compared: Compared; readonly config: Config },
): PlanInputs {
  const trigger = triggerOf(run);
  const { options = {} } = trigger;
  const { budgetSeconds, benchmarks, ...settings } = planSettings(config);
  return {
    cloneUrl: trigger.repository.cloneUrl,
    mergeBaseSha: compared.mergeBaseSha,
    headSha: trigger.headSha,
    changedFiles: compared.changedFiles,
    changedFilesTruncated: compared.truncated,
    isFork: trigger.isFork,
    isForeignBase: options.vs !== undefined,
    isCalibration: trigger.isCalibration === true,
    refusal: refusalOf(context, run, { compared, config }),
    isApproved: trigger.approvedBy !== undefined,
    budgetSeconds: budgetOf(context, run, budgetSeconds),
    seed: randomInt(2 ** 32),
    settings: {
      ...settings,
      ...(options.packages === undefined ? {} : { packages: [...options.packages] }),
      ...(benchmarks === undefined || options.bench !== undefined ? {} : { benchmarks }),
    },
    ...(options.bench === undefined ? {} : { benchPattern: options.bench }),
  };
}

/** The operator bounds what a repository may take; a run that decides gets the usual at least. */
function budgetOf(context: ServerContext, run: Run, configured: number | undefined): number {
  const { pullRequest, options = {} } = triggerOf(run);
  const most = Math.max(context.budgetSeconds, context.maxBudgetSeconds);
  const usual = Math.min(configured ?? context.budgetSeconds, most);
  if (pullRequest === MAIN_BRANCH) return usual * MAIN_PART;
  if (options.budgetSeconds === undefined) return usual;
  return run.purpose === "asked" ? options.budgetSeconds : Math.max(options.budgetSeconds, usual);
}

function refusalOf(
  context: ServerContext,
  run: Run,
  { compared, config }: { readonly compared: Compared; readonly config: Config },
): Refusal | undefined {
  const trigger = triggerOf(run);
  return whyNotAdmitted({
    config,
    changedFiles: compared.changedFiles,
    changedFilesTruncated: compared.truncated,
    labels: trigger.labels ?? [],
    isDraft: trigger.isDraft === true,
    isByBot: trigger.isByBot === true,
    // A group's code was let in by whoever queued it.
    isFork: trigger.isFork && run.purpose !== "group",
    isAsked: trigger.isAsked === true || trigger.pullRequest === MAIN_BRANCH,
    leavesOut: context.leavesOut,
  });
}
