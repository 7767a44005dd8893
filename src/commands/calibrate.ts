// `tailguard calibrate`: trials with a known answer, on this machine and this repository.
//
// First base against base, the same commit on both sides, in the very same way as a comparison:
// whatever moves there moves falsely. Then base against itself slowed down by a known part of its
// time: what is not found there is not found in a pull request either. The file that comes of it
// says what each benchmark scatters, how often it alarmed falsely and what it can see, and with
// `compare --calibration` a benchmark blocks only where it has earned it. Trials are added to those
// that the file has already.
import { randomInt } from "node:crypto";
import { existsSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { availableParallelism } from "node:os";
import { addTrial } from "../baseline/add-trial.ts";
import type { Calibration } from "../baseline/calibration.ts";
import { openRepository, resolveCommit } from "../collect/git.ts";
import { UserError } from "../errors.ts";
import type { Evidence } from "../evidence/evidence.ts";
import type { TeamRule } from "../judge/read-policy.ts";
import { judgeEvidence } from "../pipeline.ts";
import type { Config } from "../plan/config-schema.ts";
import type { Plan } from "../plan/plan.ts";
import { planSettings } from "../plan/plan-settings.ts";
import { calibrationTable } from "./calibration-table.ts";
import type { ExitCode } from "./exit-code.ts";
import { runLocally } from "./local-run.ts";
import { readCalibration } from "./read-known.ts";
import { dayOf, readTeamRule } from "./team-rule.ts";

export type CalibrateOptions = {
  readonly repositoryDir: string;
  readonly revision: string;
  /** undefined, here and below: what the configuration says, else the default. */
  readonly packages: readonly string[] | undefined;
  readonly benchPattern: string | undefined;
  readonly configPath: string | undefined;
  readonly go: string | undefined;
  /** Time for measuring, all trials together. */
  readonly budgetSeconds: number;
  /** Three quiet ones earn the right to block (src/baseline/right-to-block.ts). */
  readonly equalTrials: number;
  /** Parts of its time that head burns, one trial each. */
  readonly slowDowns: readonly number[];
  readonly seed: number | undefined;
  /** The calibration, read where it is there and written after each trial. */
  readonly file: string;
  readonly format: "text" | "json";
  readonly useSandbox: boolean;
};

/** Runs the command; the result is the process's exit code: never 1, nothing can regress. */
export async function calibrateCommand(options: CalibrateOptions): Promise<ExitCode> {
  const { config, rule } = await readTeamRule(options.configPath);
  const known = existsSync(options.file) ? await readCalibration(options.file) : undefined;
  const sizes = [...new Array<number>(options.equalTrials).fill(0), ...options.slowDowns];
  const seed = options.seed ?? randomInt(2 ** 32);
  let calibration = known;
  let step = "";
  await runLocally({ useSandbox: options.useSandbox, label: () => step }, async (run) => {
    for (const [index, slowedBy] of sizes.entries()) {
      step = `trial ${index + 1} of ${sizes.length}: `;
      const plan = await trialPlan(options, config, {
        slowedBy,
        seed: (seed + index) % 2 ** 32,
        budgetSeconds: options.budgetSeconds / sizes.length,
      });
      const evidence = await run.collect(plan);
      calibration = withTrial(calibration, { evidence, plan, rule });
      await writeFile(options.file, `${JSON.stringify(calibration, null, 1)}\n`);
    }
  });
  if (calibration === undefined) return 3;
  const text =
    options.format === "json"
      ? JSON.stringify(calibration, null, 1)
      : calibrationTable(calibration);
  process.stdout.write(`${text}\n`);
  return calibration.benchmarks.length > 0 ? 0 : 3;
}

async function trialPlan(
  options: CalibrateOptions,
  config: Config,
  trial: { readonly slowedBy: number; readonly seed: number; readonly budgetSeconds: number },
): Promise<Plan> {
  const repositoryDir = await openRepository(options.repositoryDir);
  const commit = await resolveCommit(repositoryDir, options.revision);
  const { budgetSeconds: _, ...settings } = planSettings(config);
  return {
    ...settings,
    schema: "tailguard.plan/1",
    source: { kind: "local", repositoryDir },
    trust: "trusted",
    base: commit,
    head: commit,
    packages: [...(options.packages ?? settings.packages)],
    benchPattern: options.benchPattern ?? ".",
    budgetSeconds: trial.budgetSeconds,
    seed: trial.seed,
    cells: options.go === undefined ? settings.cells : [{ id: "default", go: options.go, env: {} }],
    changedFiles: [],
    trial: { slowHeadBy: trial.slowedBy },
  };
}

/** Adds what the trial shows; a calibration of another machine is begun anew. */
function withTrial(
  known: Calibration | undefined,
  done: { readonly evidence: Evidence; readonly plan: Plan; readonly rule: TeamRule },
): Calibration {
  const { evidence, plan, rule } = done;
  const { outcome, machine } = evidence.manifest;
  if (outcome.kind === "build-failed") {
    throw new UserError("TG_USAGE", `${outcome.package} does not build.`, {
      hint: "Calibrate a commit that builds.",
      log: outcome.log,
    });
  }
  const now = new Date();
  const ruling = { rule, today: dayOf(now) };
  const { report } = judgeEvidence(evidence, ruling, () => performance.now());
  const isOfHere = known?.machine === machine.cpu;
  const before: Calibration =
    known !== undefined && isOfHere
      ? known
      : {
          schema: "tailguard.calibration/1",
          machine: machine.cpu,
          cores: availableParallelism(),
          trials: [],
          benchmarks: [],
        };
  const trial = {
    at: now.toISOString(),
    commit: plan.head,
    slowedBy: plan.trial?.slowHeadBy ?? 0,
    seed: plan.seed,
  };
  return addTrial(before, trial, report);
}
