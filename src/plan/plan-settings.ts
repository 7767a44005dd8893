// What of a configuration decides what is measured, in the words of the plan. What is judged
// afterwards (thresholds, gate, waivers) is the judge's to read.
import type { Config } from "./config-schema.ts";
import type { CellPlan, Plan } from "./plan.ts";

export type PlanSettings = Pick<Plan, "packages" | "cells"> &
  Partial<Pick<Plan, "benchmarks">> & {
    /** undefined: the configuration leaves it to whoever runs it. */
    readonly budgetSeconds: number | undefined;
  };

/** The settings of a configuration, with defaults where it says nothing. */
export function planSettings(config: Config): PlanSettings {
  const { packages = ["./..."], benchmarks, budget } = config;
  return {
    packages,
    cells: cellsOf(config),
    budgetSeconds: budget,
    ...(benchmarks === undefined ? {} : { benchmarks }),
  };
}

/** Every toolchain in every environment, in the order of the file. */
function cellsOf({ cells = {} }: Config): CellPlan[] {
  const { go: toolchains = ["local"], env: environments = [{}] } = cells;
  const pairs = toolchains.flatMap((go) => environments.map((env) => ({ go, env })));
  const [only] = pairs;
  if (pairs.length === 1 && only !== undefined) return [{ id: "default", ...only }];
  const seen = new Map<string, number>();
  return pairs.map((pair) => {
    const id = nameOf(pair);
    // Folders of the evidence are named after cells, with signs replaced: these must differ too.
    const key = id.replace(/[^A-Za-z0-9]/g, "");
    const count = (seen.get(key) ?? 0) + 1;
    seen.set(key, count);
    return { id: count === 1 ? id : `${id} no. ${count}`, ...pair };
  });
}

/** Check runs and tables show it; a plan takes 100 characters. */
const NAME_MAX = 90;

function nameOf({ go, env }: { readonly go: string; readonly env: CellPlan["env"] }): string {
  const settings = Object.entries(env).map(([name, value]) => `${name}=${value}`);
  return [go, ...settings].join(" ").slice(0, NAME_MAX);
}

/** Keys of a configuration that decide what is measured, and when. */
const MEASURING_KEYS = [
  "paths",
  "packages",
  "benchmarks",
  "budget",
  "cells",
  "triggers",
  "drafts",
  "forks",
] as const satisfies readonly (keyof Config)[];

/** Those of these keys whose values differ. */
export function changedSettings(base: Config, head: Config): string[] {
  return MEASURING_KEYS.filter((key) => JSON.stringify(base[key]) !== JSON.stringify(head[key]));
}
