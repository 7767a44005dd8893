// The team's file as the judge uses it: thresholds, the compiled gate, waivers. What the schema
// cannot see, such as a rule that names no metric there is, is found here and has its place in the
// file like everything else.
import { z } from "zod";
import { configError, inOrder, readConfig } from "../plan/config.ts";
import { type Config, MOST_ITEMS, ruleSchema } from "../plan/config-schema.ts";
import type { Path, Problem, YamlSource } from "../plan/yaml-source.ts";
import { compileRule } from "./compile-rule.ts";
import { DEFAULT_POLICY, type GateRule, type Policy, policyOf } from "./policy.ts";
import { RuleError } from "./rule-tokens.ts";
import type { Waiver } from "./waivers.ts";

/** What a verdict is judged by, and where it comes from. */
export type TeamRule = {
  readonly policy: Policy;
  readonly waivers: readonly Waiver[];
  /** Name of the file; empty for the default rule. */
  readonly fileName: string;
};

/** The rule of a team that has written none. */
export const DEFAULT_RULE: TeamRule = { policy: DEFAULT_POLICY, waivers: [], fileName: "" };

export type ReadPolicy =
  | { readonly kind: "rule"; readonly config: Config; readonly rule: TeamRule }
  | { readonly kind: "problems"; readonly problems: readonly Problem[] };

/** Reads a configuration; every problem of it comes back with its place. */
export async function readPolicy(text: string, fileName: string): Promise<ReadPolicy> {
  const read = readConfig(text);
  if (read.kind === "problems") {
    const { problems, source } = read;
    const more = source === undefined ? [] : (await compileRules(source)).problems;
    return { kind: "problems", problems: inOrder([...problems, ...more]) };
  }
  const { config, source } = read;
  const { rules, problems } = await compileRules(source);
  if (problems.length > 0) return { kind: "problems", problems };
  const waivers = (config.waivers ?? []).map(waiverOf);
  return { kind: "rule", config, rule: { policy: policyOf(config, rules), waivers, fileName } };
}

/** As `readPolicy`; throws UserError TG_CONFIG that lists the problems. */
export async function requirePolicy(
  text: string,
  fileName: string,
): Promise<Extract<ReadPolicy, { kind: "rule" }>> {
  const read = await readPolicy(text, fileName);
  if (read.kind === "problems") throw configError(read.problems, fileName);
  return read;
}

/** Where a file has its rules, whatever else is wrong with it. */
const listSchema = z.object({ gate: z.object({ rules: z.array(z.unknown()) }) });

async function compileRules(
  source: YamlSource,
): Promise<{ rules: GateRule[]; problems: Problem[] }> {
  const listed = listSchema.safeParse(source.value).data?.gate.rules ?? [];
  const rules: GateRule[] = [];
  const problems: Problem[] = [];
  for (const [at, item] of listed.slice(0, MOST_ITEMS).entries()) {
    const rule = ruleSchema.safeParse(item).data;
    if (rule === undefined) continue;
    const isText = typeof rule === "string";
    const text = isText ? rule : rule.block;
    const name = isText ? undefined : rule.name;
    const path: Path = ["gate", "rules", at, ...(isText ? [] : ["block"])];
    try {
      rules.push({ ...(await compileRule(text)), text, name: name ?? `rule ${at + 1}` });
    } catch (error) {
      if (!(error instanceof RuleError)) throw error;
      problems.push(source.innerProblem(path, error.offset, error.message));
    }
  }
  return { rules, problems };
}

function waiverOf({ metric, ...waiver }: NonNullable<Config["waivers"]>[number]): Waiver {
  return { ...waiver, metrics: metric === "any" ? metric : [metric].flat() };
}
