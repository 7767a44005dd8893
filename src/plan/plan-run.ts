// Plans the run of a pull request: what to measure, for how long, with how much trust.

import type { Refusal } from "./admit.ts";
import type { ChangedFile, Plan, Planned } from "./plan.ts";
import type { PlanSettings } from "./plan-settings.ts";
import { canAffectBenchmarks } from "./reach.ts";

export type PlanInputs = {
  readonly cloneUrl: string;
  /** The merge base with the base branch, not its tip: others' commits are not this change. */
  readonly mergeBaseSha: string;
  readonly headSha: string;
  readonly changedFiles: readonly ChangedFile[];
  /** True when GitHub listed only a part of the changed files. */
  readonly changedFilesTruncated: boolean;
  /** Code from a fork: runs only inside a sandbox, and only once somebody let it. */
  readonly isFork: boolean;
  /** Set when base is a commit that somebody named: it may be anybody's. Runs in a sandbox only. */
  readonly isForeignBase?: boolean;
  /** Whether a person with write access let this very head run. */
  readonly isApproved: boolean;
  /** Wall time for measuring. */
  readonly budgetSeconds: number;
  readonly seed: number;
  /** What the team's configuration says of what is measured. */
  readonly settings: Pick<PlanSettings, "packages" | "benchmarks" | "cells">;
  /** As `go test -bench`; all when absent. */
  readonly benchPattern?: string;
  /** Base on both sides, every benchmark: what this machine makes of equal code. */
  readonly isCalibration?: boolean;
  /** Why the team does not want it measured; undefined where it does. */
  readonly refusal?: Refusal | undefined;
};

/** A plan, or why there is nothing to measure; decided before any code is fetched. */
export function planRun(inputs: PlanInputs): Planned {
  const { changedFiles, changedFilesTruncated } = inputs;
  // Nothing of head runs, so nobody has to let it.
  if (inputs.isCalibration === true) return { kind: "plan", plan: trialOf(inputs) };
  if (inputs.mergeBaseSha === inputs.headSha) {
    return skip("head holds nothing that its base branch does not have");
  }
  if (!changedFilesTruncated && !changedFiles.some(affects)) {
    return skip("no Go file changed, and no file that a build or a benchmark reads");
  }
  if (inputs.refusal !== undefined) return inputs.refusal;
  if (inputs.isFork && !inputs.isApproved) return held(inputs.headSha);
  return { kind: "plan", plan: planOf(inputs) };
}

function planOf(inputs: PlanInputs): Plan {
  const { packages, benchmarks, cells } = inputs.settings;
  return {
    schema: "tailguard.plan/1",
    source: { kind: "remote", cloneUrl: inputs.cloneUrl },
    trust: inputs.isFork || inputs.isForeignBase === true ? "untrusted" : "trusted",
    base: inputs.mergeBaseSha,
    head: inputs.headSha,
    packages: [...packages],
    benchPattern: inputs.benchPattern ?? ".",
    budgetSeconds: inputs.budgetSeconds,
    seed: inputs.seed,
    cells: [...cells],
    ...(benchmarks === undefined ? {} : { benchmarks }),
    changedFiles: [...inputs.changedFiles],
  };
}

function trialOf(inputs: PlanInputs): Plan {
  const plan = planOf({ ...inputs, isFork: false });
  return { ...plan, head: plan.base, changedFiles: [], trial: { slowHeadBy: 0 } };
}

/** Strangers' code waits for a person, per head: a push asks again. */
function held(head: string): Planned {
  return {
    kind: "hold",
    title: "Waiting: this code comes from a fork",
    reason: `Code from a fork runs on your machine only after a person with write access has looked at it. Read the change, then press "Approve code" on this check, or say \`/tailguard approve ${head.slice(0, 12)}\`: it is measured at this very commit, inside the sandbox. A push asks again.`,
  };
}

function affects(file: ChangedFile): boolean {
  return (
    canAffectBenchmarks(file.path) ||
    (file.previousPath !== undefined && canAffectBenchmarks(file.previousPath))
  );
}

function skip(reason: string): Planned {
  return { kind: "skip", title: "Skipped: no Go code changed", reason };
}
