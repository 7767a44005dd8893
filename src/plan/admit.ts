// Is a pull request measured by itself? The team's rule on files, triggers, drafts and forks; where
// it says no, the check says what it waits for. Whoever asks for it (a button, a command) is served
// without these questions, except that code from forks is never run where the team forbids it.
import type { Config } from "./config-schema.ts";
import { matchesPath } from "./glob.ts";
import type { ChangedFile, Planned } from "./plan.ts";

export type Admission = {
  readonly config: Pick<Config, "paths" | "triggers" | "drafts" | "forks">;
  readonly changedFiles: readonly ChangedFile[];
  /** True when there may be more changed files than listed: then any may have changed. */
  readonly changedFilesTruncated: boolean;
  readonly labels: readonly string[];
  readonly isDraft: boolean;
  readonly isByBot: boolean;
  readonly isFork: boolean;
  /** Somebody asked for this run. */
  readonly isAsked: boolean;
  /** Of the server, where the configuration says nothing. */
  readonly leavesOut: { readonly drafts: boolean; readonly bots: boolean };
};

export type Refusal = Extract<Planned, { kind: "skip" | "hold" }>;

/** Why it is not measured; undefined when it is. */
export function whyNotAdmitted(of: Admission): Refusal | undefined {
  const { config, isAsked } = of;
  if (of.isFork && config.forks === "skip") return FORK;
  if (isAsked) return undefined;
  if (config.paths !== undefined && !touches(of, config.paths)) return PATHS;
  if (of.isDraft && (config.drafts === undefined ? of.leavesOut.drafts : !config.drafts)) {
    return DRAFT;
  }
  if (of.isByBot && of.leavesOut.bots) return BOT;
  return whyNotTriggered(of);
}

function whyNotTriggered(of: Admission): Refusal | undefined {
  const { triggers = "all" } = of.config;
  if (triggers === "all") return undefined;
  if (triggers === "command") return waits([]);
  const { labels = [], paths = [] } = triggers;
  const isLabelled = of.labels.some((label) => labels.includes(label));
  if (isLabelled || (paths.length > 0 && touches(of, paths))) return undefined;
  const ways = [
    ...(labels.length === 0 ? [] : [`one of the labels ${quoted(labels)}`]),
    ...(paths.length === 0 ? [] : [`a change of ${quoted(paths)}`]),
  ];
  return waits(ways, labels);
}

function touches(of: Admission, patterns: readonly string[]): boolean {
  return (
    of.changedFilesTruncated ||
    of.changedFiles.some(
      ({ path, previousPath = path }) =>
        matchesPath(patterns, path) || matchesPath(patterns, previousPath),
    )
  );
}

function quoted(words: readonly string[]): string {
  const shown = words.slice(0, 5).map((word) => `\`${word.replaceAll("`", "'")}\``);
  return [...shown, ...(words.length > 5 ? ["…"] : [])].join(", ");
}

function waits(ways: readonly string[], labels: readonly string[] = []): Refusal {
  const first = ways.length === 0 ? "" : ` Here it takes ${ways.join(", or ")}.`;
  return {
    kind: "skip",
    title:
      labels.length === 0 ? "Skipped: waits for somebody to ask" : "Skipped: waits for a label",
    awaits: labels,
    reason: `The configuration does not let every pull request be measured by itself.${first} \`/tailguard run\` measures this one.`,
  };
}

const PATHS: Refusal = {
  kind: "skip",
  title: "Skipped: no file that the configuration names changed",
  reason:
    "None of the changed files fits `paths` of the configuration. `/tailguard run` measures this pull request all the same.",
};

/** `ready_for_review` and the command begin a run that is measured. */
const DRAFT: Refusal = {
  kind: "skip",
  title: "Skipped: a draft",
  reason:
    "Drafts are not measured by themselves here. The run begins when the pull request is ready for review, or with `/tailguard run`.",
};

const BOT: Refusal = {
  kind: "skip",
  title: "Skipped: opened by a bot",
  reason:
    "Pull requests of bots are not measured by themselves here. `/tailguard run` measures this one.",
};

const FORK: Refusal = {
  kind: "skip",
  title: "Skipped: code from a fork is not run here",
  reason: "The configuration has `forks: skip`: code from forks is never run.",
};
