// `tailguard compare`: the whole engine on this machine, for any Go repository.
import { randomInt } from "node:crypto";
import { join } from "node:path";
import { changedFiles, defaultBase, openRepository, resolveCommit } from "../collect/git.ts";
import { judgeEvidence } from "../pipeline.ts";
import type { Config } from "../plan/config-schema.ts";
import type { ExtraProfile } from "../plan/extra-profile.ts";
import type { Plan } from "../plan/plan.ts";
import { planSettings } from "../plan/plan-settings.ts";
import { readTemplates } from "../templates.ts";
import { exitCodeOf } from "./exit-code.ts";
import { DEFAULT_BUDGET_SECONDS, runLocally } from "./local-run.ts";
import { type OutputFormat, printReport } from "./print-report.ts";
import { readCalibration } from "./read-known.ts";
import { dayOf, readTeamRule } from "./team-rule.ts";
import { writeReport } from "./write-report.ts";

export type CompareOptions = {
  readonly repositoryDir: string;
  /** undefined: where head left the default branch. */
  readonly base: string | undefined;
  readonly head: string;
  /** undefined, here and below: what the configuration says, else the default. */
  readonly packages: readonly string[] | undefined;
  readonly benchPattern: string | undefined;
  readonly budgetSeconds: number | undefined;
  readonly configPath: string | undefined;
  readonly go: string | undefined;
  /** undefined: drawn at random and recorded. */
  readonly seed: number | undefined;
  /** Of suspects, beside those of CPU and allocations. */
  readonly extraProfiles: readonly ExtraProfile[];
  /** Which benchmarks have earned to block on this machine; undefined: all may. */
  readonly calibrationPath: string | undefined;
  readonly outDir: string | undefined;
  readonly format: OutputFormat;
  readonly useSandbox: boolean;
};

/** Runs the command; the result is the process's exit code. */
export async function compareCommand(options: CompareOptions): Promise<number> {
  const { config, rule } = await readTeamRule(options.configPath);
  const calibration = await readCalibration(options.calibrationPath);
  const plan = await planOf(options, config);
  const evidenceDir = options.outDir === undefined ? undefined : join(options.outDir, "evidence");
  return runLocally({ useSandbox: options.useSandbox }, async (run) => {
    const evidence = await run.collect(plan, evidenceDir);
    run.clear();
    const ruling = { rule, calibration, today: dayOf(new Date()) };
    const judged = judgeEvidence(evidence, ruling, () => performance.now());
    const templates = readTemplates();
    if (options.outDir !== undefined) {
      await writeReport(judged, { dir: options.outDir, evidence, templates });
    }
    printReport(judged.report, options.format, templates);
    return exitCodeOf(judged.report);
  });
}

async function planOf(options: CompareOptions, config: Config): Promise<Plan> {
  const repositoryDir = await openRepository(options.repositoryDir);
  const head = await resolveCommit(repositoryDir, options.head);
  const base =
    options.base === undefined
      ? await defaultBase(repositoryDir, head)
      : await resolveCommit(repositoryDir, options.base);
  const { budgetSeconds, ...settings } = planSettings(config);
  return {
    ...settings,
    schema: "tailguard.plan/1",
    source: { kind: "local", repositoryDir },
    // The caller's own clone, on the caller's own machine.
    trust: "trusted",
    base,
    head,
    packages: [...(options.packages ?? settings.packages)],
    benchPattern: options.benchPattern ?? ".",
    budgetSeconds: options.budgetSeconds ?? budgetSeconds ?? DEFAULT_BUDGET_SECONDS,
    seed: options.seed ?? randomInt(2 ** 32),
    cells: options.go === undefined ? settings.cells : [{ id: "default", go: options.go, env: {} }],
    changedFiles: await changedFiles(repositoryDir, base, head),
    ...(options.extraProfiles.length === 0 ? {} : { extraProfiles: [...options.extraProfiles] }),
  };
}
