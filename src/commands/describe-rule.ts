// What a configuration sets, in one line.
import type { TeamRule } from "../judge/read-policy.ts";
import type { Config } from "../plan/config-schema.ts";
import { planSettings } from "../plan/plan-settings.ts";

/** "preset careful, 2 rules, 1 waiver, 1 cell". */
export function describeRule(config: Config, rule: TeamRule): string {
  const { preset, rules } = rule.policy.gate;
  return [
    `preset ${preset}`,
    plural(rules.length, "rule"),
    plural(rule.waivers.length, "waiver"),
    plural(planSettings(config).cells.length, "cell"),
  ].join(", ");
}

function plural(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? "" : "s"}`;
}
