// The team's rule for a run: the configuration of the base branch, so that nobody loosens the rule
// they are judged by; where the repository has none, that of the organization; and, where the change
// itself edits it, the one it brings, to be checked and previewed.
import { z } from "zod";
import type { FileText } from "../../github/read-file.ts";
import { policyOf } from "../../judge/policy.ts";
import { readPolicy, type TeamRule } from "../../judge/read-policy.ts";
import { CONFIG_PATH, readConfig } from "../../plan/config.ts";
import type { Config } from "../../plan/config-schema.ts";
import type { ChangedFile } from "../../plan/plan.ts";
import type { Problem } from "../../plan/yaml-source.ts";
import type { Run } from "../../store/schema.ts";
import { MAIN_BRANCH } from "../../webhook/trigger.ts";
import type { MeasureTrigger, ServerContext } from "./context.ts";

/** As it is kept with the run: the analysis reads it again, in a process of its own. */
const keptConfigSchema = z.object({
  /** Where it stands, as people read it; a relative path. */
  fileName: z.string(),
  text: z.string(),
});
export type KeptConfig = z.infer<typeof keptConfigSchema>;

const keptSchema = z.object({
  own: keptConfigSchema.optional(),
  preview: keptConfigSchema.optional(),
  /** Labels that would let the pull request in. */
  awaits: z.array(z.string()).optional(),
});
export type KeptConfiguration = z.infer<typeof keptSchema>;

/** What a run was planned with; nothing for runs that ended before that, or of older versions. */
export function configurationOf(run: Pick<Run, "configuration">): KeptConfiguration {
  return run.configuration === null ? {} : keptSchema.parse(run.configuration);
}

type Mistakes = {
  readonly kind: "mistakes";
  readonly fileName: string;
  /** "head": the change brings them; "base": they are there already. */
  readonly side: "base" | "head";
  readonly problems: readonly Problem[];
};

export type TeamConfiguration =
  | {
      readonly kind: "usable";
      readonly config: Config;
      readonly kept: KeptConfiguration;
      /** What the change brings, where it edits the configuration. */
      readonly brought?: { readonly config: Config; readonly rule: TeamRule };
    }
  | Mistakes;

/** Asks GitHub for the configuration of the base branch and, where it is edited, of head. */
export async function teamConfiguration(
  context: ServerContext,
  trigger: MeasureTrigger,
  change: Change,
): Promise<TeamConfiguration> {
  const base = await findConfig(context, trigger, `refs/heads/${trigger.baseRef}`);
  const head = isEdited(trigger, change)
    ? await findConfig(context, trigger, trigger.headSha)
    : base;
  const brought = textOf(head) === textOf(base) ? undefined : await understand(head, "head");
  if (brought?.kind === "mistakes") return brought;
  const own = await understand(base, "base");
  // Whoever mends the file must get past it: the defaults judge them.
  if (own.kind === "mistakes" && brought === undefined) return own;
  const isOwn = own.kind === "understood" && base !== undefined;
  return {
    kind: "usable",
    config: isOwn ? own.config : {},
    kept: {
      ...(isOwn ? { own: own.kept } : {}),
      ...(brought === undefined ? {} : { preview: brought.kept }),
    },
    ...(brought === undefined ? {} : { brought }),
  };
}

type Change = { readonly changedFiles: readonly ChangedFile[]; readonly truncated: boolean };

/** A push to main has been merged: what it brings is what counts. */
function isEdited({ pullRequest }: MeasureTrigger, change: Change): boolean {
  const isIt = ({ path, previousPath }: ChangedFile) =>
    path === CONFIG_PATH || previousPath === CONFIG_PATH;
  return pullRequest !== MAIN_BRANCH && (change.truncated || change.changedFiles.some(isIt));
}

/** A file that is there, with its text or why it has none. */
type Found = { readonly fileName: string } & ({ readonly text: string } | { readonly why: string });

/** The repository's file at a revision, else the organization's as it is now. */
async function findConfig(
  { github }: ServerContext,
  { repository }: MeasureTrigger,
  ref: string,
): Promise<Found | undefined> {
  const own = await github.readFile(repository, { path: CONFIG_PATH, ref });
  if (own.kind !== "missing") return found(CONFIG_PATH, own);
  if (repository.name === ".github") return undefined;
  const shared = await github.readFile({ ...repository, name: ".github" }, { path: CONFIG_PATH });
  if (shared.kind === "missing") return undefined;
  return found(`${repository.owner}/.github/${CONFIG_PATH}`, shared);
}

function found(fileName: string, file: Exclude<FileText, { kind: "missing" }>): Found {
  return file.kind === "text" ? { fileName, text: file.text } : { fileName, why: file.reason };
}

/** No file says as much as an empty one. */
function textOf(file: Found | undefined): string {
  if (file === undefined) return "";
  return "text" in file ? file.text : file.why;
}

type Understood = {
  readonly kind: "understood";
  readonly config: Config;
  readonly rule: TeamRule;
  readonly kept: KeptConfig;
};

async function understand(
  file: Found | undefined,
  side: Mistakes["side"],
): Promise<Understood | Mistakes> {
  const { fileName } = file ?? { fileName: CONFIG_PATH };
  if (file !== undefined && "why" in file) {
    const problem = { line: 1, column: 1, key: "", message: file.why };
    return { kind: "mistakes", fileName, side, problems: [problem] };
  }
  const text = textOf(file);
  const read = await readPolicy(text, fileName);
  if (read.kind === "problems") {
    return { kind: "mistakes", fileName, side, problems: read.problems };
  }
  return { ...read, kind: "understood", kept: { fileName, text } };
}

/** Whether the team wants a run that could not measure to wait for a person. */
export function holdsUnmeasured(run: Pick<Run, "configuration">): boolean {
  const { own } = configurationOf(run);
  const read = own === undefined ? undefined : readConfig(own.text);
  return read?.kind === "config" && policyOf(read.config, []).gate.unmeasured === "block";
}
