// Check runs that carry no report: waiting, working, skipped, cancelled, and what went wrong on our
// side, which is neutral and says so: no evidence is neither a regression nor its absence.
import { buttonsOf, HOLD_BUTTONS } from "./buttons.ts";
import { type CheckRunDraft, checkRunDraftSchema } from "./check-run-draft.ts";
import { markdownText, oneLine, shorten } from "./escape.ts";
import { firstLines, OUTPUT_AIM, TITLE_MAX } from "./limits.ts";

/** How far a collection is; total 0 means not known. */
export type ProgressText = {
  readonly stage: "checkout" | "build" | "measure" | "profile" | "analyze";
  readonly done: number;
  readonly total: number;
  readonly text: string;
  /** What source and compiler say, once both sides are built; names between backticks. */
  readonly forecast?: readonly string[] | undefined;
};

const STAGES: readonly (readonly [ProgressText["stage"], string])[] = [
  ["checkout", "Check out base and head"],
  ["build", "Build both sides"],
  ["measure", "Measure pairs"],
  ["profile", "Profile suspects"],
  ["analyze", "Analyze"],
];
const REASON_MAX = 2_000;

function titleText(text: string): string {
  return shorten(oneLine(text), TITLE_MAX) || "Tailguard";
}

function paragraph(text: string): string {
  return markdownText(shorten(oneLine(text), REASON_MAX));
}

/** Created before any work starts: GitHub shows the last conclusion until then. */
export function queuedDraft(): CheckRunDraft {
  return {
    status: "queued",
    output: { title: "Queued", summary: "Waiting for a free runner. Nothing was measured yet." },
  };
}

/** Which stages are done, which one is being worked on, and how far it is. */
export function progressDraft(progress: ProgressText): CheckRunDraft {
  const at = STAGES.findIndex(([stage]) => stage === progress.stage);
  const count = progress.total > 0 ? ` (${progress.done} of ${progress.total})` : "";
  const lines = STAGES.map(([, words], index) => {
    if (index < at) return `- [x] ${words}`;
    return index === at ? `- [ ] **${words}**${count}` : `- [ ] ${words}`;
  });
  const current = progress.text === "" ? "" : `\n\nNow: ${paragraph(progress.text)}`;
  return checkRunDraftSchema.parse({
    status: "in_progress",
    output: {
      title: `${STAGES[at]?.[1] ?? progress.stage}${count}`,
      summary: firstLines(`${lines.join("\n")}${current}${forecastText(progress)}`, OUTPUT_AIM),
    },
  });
}

/** Deterministic, and no verdict: which of it costs time is what the benchmarks will tell. */
function forecastText({ forecast = [] }: ProgressText): string {
  if (forecast.length === 0) return "";
  const lines = forecast.map((line) => `- ${paragraph(line)}`).join("\n");
  return `\n\n### Before any benchmark has run, source and compiler say\n\n${lines}`;
}

/** Nothing to measure, as planning found before anything ran. */
export function skippedDraft(skip: {
  readonly title: string;
  readonly reason: string;
}): CheckRunDraft {
  const title = titleText(skip.title);
  return checkRunDraftSchema.parse({
    status: "completed",
    conclusion: "skipped",
    actions: buttonsOf("skipped"),
    output: {
      title: /^skipped\b/i.test(title) ? title : titleText(`Skipped: ${skip.title}`),
      summary: `${paragraph(skip.reason)}\n\nNothing was measured, so nothing is said about speed.`,
    },
  });
}

/** A person must act before anything is measured. */
export function holdDraft(hold: {
  readonly title: string;
  readonly reason: string;
}): CheckRunDraft {
  return checkRunDraftSchema.parse({
    status: "completed",
    conclusion: "action_required",
    actions: HOLD_BUTTONS,
    output: {
      title: titleText(hold.title),
      summary: `${paragraph(hold.reason)}\n\nNothing was measured, so nothing is said about speed.`,
    },
  });
}

/**
 * `id` is what an operator finds in the log; `reason` is for everyone and holds no secret. `isHeld`:
 * the team wants a person to look before such a run lets a merge pass.
 */
export function failureOfOursDraft(failure: {
  readonly reason: string;
  readonly id: string;
  readonly isHeld?: boolean;
}): CheckRunDraft {
  const conclusion = failure.isHeld === true ? "action_required" : "neutral";
  return checkRunDraftSchema.parse({
    status: "completed",
    conclusion,
    actions: buttonsOf(conclusion),
    output: {
      title: "Could not measure",
      summary: [
        paragraph(failure.reason),
        "This is a failure of Tailguard or of its machine, not of the change: it says nothing about speed. Re-run the check; if it stays, an operator finds the cause in the log.",
        ...(failure.isHeld === true
          ? ["Under the team's rule a run that could not measure holds the merge."]
          : []),
        `Id for the log: ${markdownText(shorten(failure.id, 100))}`,
      ].join("\n\n"),
    },
  });
}

/** The result of a pull request for its group in the merge queue; without annotations and buttons. */
export function reusedDraft(
  draft: CheckRunDraft,
  of: { readonly pullRequest: number; readonly head: string },
): CheckRunDraft {
  const { annotations: _, ...output } = draft.output;
  const note = `Taken over from pull request ${of.pullRequest} at ${markdownText(of.head.slice(0, 12))}: nothing that a benchmark can reach has changed on the base since, and the group brings the same files.`;
  return checkRunDraftSchema.parse({
    ...draft,
    actions: [],
    output: { ...output, summary: firstLines(`${note}\n\n${output.summary}`, OUTPUT_AIM) },
  });
}

/** The pull request was closed, a newer head took this one's place, or `by` wanted it. */
export function cancelledDraft(by?: string): CheckRunDraft {
  return checkRunDraftSchema.parse({
    status: "completed",
    conclusion: "cancelled",
    actions: buttonsOf("cancelled"),
    output: {
      title: "Cancelled",
      summary:
        by === undefined
          ? "A newer push took the place of this one, or the pull request was closed."
          : `${paragraph(by)} cancelled this run.`,
    },
  });
}
