// Check runs about the configuration itself: its mistakes at their lines, before anything runs.
import { buttonsOf } from "./buttons.ts";
import { type CheckRunDraft, checkRunDraftSchema } from "./check-run-draft.ts";
import { markdownCode, markdownText, oneLine, plainProse, shorten } from "./escape.ts";
import { formatCount } from "./format.ts";
import { ANNOTATION_TITLE_MAX, ANNOTATIONS_AIM } from "./limits.ts";

export type ConfigMistakes = {
  readonly fileName: string;
  /** "head": the change brings them; "base": they are there already. */
  readonly side: "base" | "head";
  /** Lines and columns count from 1. */
  readonly problems: readonly {
    readonly line: number;
    readonly column: number;
    readonly key: string;
    readonly message: string;
  }[];
};

const MESSAGE_MAX = 500;

/** A person must mend the file: `action_required`, with remarks on the lines that a change brings. */
export function configMistakesDraft({ fileName, side, problems }: ConfigMistakes): CheckRunDraft {
  const count = formatCount(problems.length, "mistake");
  const where = side === "base" ? " on the base branch" : "";
  const lines = problems.map(
    ({ line, column, key, message }) =>
      `- line ${line}, column ${column}${key === "" ? "" : `, ${markdownCode(key)}`}: ${markdownText(shorten(oneLine(message), MESSAGE_MAX))}`,
  );
  return checkRunDraftSchema.parse({
    status: "completed",
    conclusion: "action_required",
    actions: buttonsOf("action_required"),
    output: {
      title: `Configuration: ${count} in ${shorten(oneLine(fileName), 120)}${where}`,
      summary: [
        `${markdownCode(fileName)}${where} is no configuration that can be used:`,
        lines.join("\n"),
        side === "head" ? OF_HEAD : OF_BASE,
      ].join("\n\n"),
      ...(side === "head" ? { annotations: annotations(fileName, problems) } : {}),
    },
  });
}

const OF_HEAD =
  "Nothing was measured: merged as it is, the file would hold every pull request. Correct these lines and push; `tailguard policy check FILE` says the same before.";
const OF_BASE =
  "Nothing was measured: which rule counts is not known. Correct the file in a pull request, which is judged by the default rule, and run this check again.";

function annotations(fileName: string, problems: ConfigMistakes["problems"]) {
  return problems.slice(0, ANNOTATIONS_AIM).map(({ line, key, message }) => ({
    path: fileName,
    start_line: line,
    end_line: line,
    annotation_level: "failure",
    title: shorten(oneLine(key), ANNOTATION_TITLE_MAX) || "Configuration",
    message: shorten(plainProse(message), MESSAGE_MAX) || "This is a mistake.",
  }));
}
