// The buttons of a check run: at most three, and only such as do something at that conclusion.
// GitHub shows them to people with write access and sends back the identifier.
import type { CheckRunDraft } from "./check-run-draft.ts";

type Button = NonNullable<CheckRunDraft["actions"]>[number];

/** The words are bound by GitHub: 20 characters a label, 40 a description, 20 an identifier. */
const AGAIN: Button = {
  label: "Run again",
  description: "Measure this commit once more",
  identifier: "rerun",
};
const ACCEPT: Button = {
  label: "Accept",
  description: "What regressed may be merged as it is",
  identifier: "accept",
};
const APPROVE: Button = {
  label: "Approve code",
  description: "Run this fork's code, at this commit",
  identifier: "approve",
};

export function buttonsOf(
  conclusion: (CheckRunDraft & { status: "completed" })["conclusion"],
): readonly Button[] {
  return conclusion === "failure" ? [AGAIN, ACCEPT] : [AGAIN];
}

/** Of a check run that waits for somebody to look at a fork's code. */
export const HOLD_BUTTONS: readonly Button[] = [APPROVE];
