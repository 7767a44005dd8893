// Reads the team's configuration file: what to measure, from which size on a change is relevant,
// what stops a merge. Every problem is listed, each with its line, its column and the nearest right
// word, because a file that is mended one error at a time is a file that people give up on.
import { UserError } from "../errors.ts";
import { problemsOf } from "./config-problems.ts";
import { type Config, configSchema } from "./config-schema.ts";
import { type Problem, readYaml, type YamlSource } from "./yaml-source.ts";

export type ReadConfig =
  | {
      readonly kind: "config";
      readonly config: Config;
      /** For problems that only another room can see, such as those of a rule. */
      readonly source: YamlSource;
    }
  | {
      readonly kind: "problems";
      readonly problems: readonly Problem[];
      /** Where the text is YAML at all. */
      readonly source?: YamlSource;
    };

/** Where the App reads it: in a repository, and in the organization's repository `.github`. */
export const CONFIG_PATH = ".github/tailguard.yml";

/** More are noise: they have one cause. */
const MOST_PROBLEMS = 20;

/** The configuration in `text`, or everything that is wrong with it; never throws. */
export function readConfig(text: string): ReadConfig {
  const read = readYaml(text);
  if ("problems" in read) return { kind: "problems", problems: read.problems };
  const parsed = configSchema.safeParse(read.source.value);
  if (parsed.success) return { kind: "config", config: parsed.data, source: read.source };
  const problems = parsed.error.issues.flatMap((issue) => problemsOf(issue, [], read.source));
  return { kind: "problems", problems: inOrder(problems), source: read.source };
}

/** The first of them as they stand in the file. */
export function inOrder(problems: readonly Problem[]): readonly Problem[] {
  return [...problems]
    .sort((one, other) => one.line - other.line || one.column - other.column)
    .slice(0, MOST_PROBLEMS);
}

/** The error a person gets of problems in `fileName`, a line each. */
export function configError(problems: readonly Problem[], fileName: string): UserError {
  const lines = problems.map((problem) => `${fileName}:${problemText(problem)}`);
  return new UserError("TG_CONFIG", `The configuration has problems:\n${lines.join("\n")}`, {
    hint: "docs/configuration.md lists every key.",
  });
}

/** "4:12 thresholds.sec/op: must be at most 1000%". */
export function problemText({ line, column, key, message }: Problem): string {
  return `${line}:${column} ${key === "" ? "" : `${key}: `}${message}`;
}
