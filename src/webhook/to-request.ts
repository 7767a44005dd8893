// What a person asks for: by a comment on a pull request, or by a button of a check run.
//
// Edits of comments are not looked at, because a command that was carried out would be given again
// with every corrected letter. Bots are not answered: two of them would talk for ever. Whether the
// person may ask is not in the payload; src/commands/server/ asks GitHub.
import { z } from "zod";
import { BUTTONS, type Command } from "./command.ts";
import { parseCommand } from "./parse-command.ts";
import { common, ignore, read, repositoryRef, SHA } from "./payload.ts";
import type { Trigger } from "./trigger.ts";

const userSchema = z.object({ login: z.string().min(1).max(100), type: z.string().max(100) });

const commentPayload = z.object({
  ...common,
  sender: userSchema,
  issue: z.object({
    number: z.number().int().positive(),
    state: z.enum(["open", "closed"]),
    /** Only of issues that are pull requests. */
    pull_request: z.object({}).optional(),
  }),
  comment: z.object({
    id: z.number().int().positive(),
    body: z.string().max(100_000),
    user: userSchema,
  }),
});

const checkRunPayload = z.object({
  ...common,
  check_run: z.object({ head_sha: SHA, external_id: z.string().max(100).nullable().optional() }),
});
const checkSuitePayload = z.object({ ...common, check_suite: z.object({ head_sha: SHA }) });
const actionPayload = checkRunPayload.extend({
  requested_action: z.object({ identifier: z.string().max(100) }),
});

/** A comment was made. */
export function commentRequest(payload: unknown): Trigger {
  return read(commentPayload, payload, (valid) => {
    const { issue, comment, sender } = valid;
    if (issue.pull_request === undefined) return ignore("a comment on an issue");
    if (comment.user.type === "Bot" || sender.type === "Bot") return ignore("a bot's comment");
    const command = parseCommand(comment.body);
    if (command === undefined) return ignore("a comment without a command");
    return {
      kind: "request",
      repository: repositoryRef(valid),
      requestedBy: comment.user.login,
      command,
      by: {
        kind: "comment",
        commentId: comment.id,
        pullRequest: issue.number,
        isOpen: issue.state === "open",
      },
    };
  });
}

/** "Re-run" was pressed, of one check run or of all of a head. */
export function rerunRequest(payload: unknown, of: "run" | "suite"): Trigger {
  if (of === "suite") {
    return read(checkSuitePayload, payload, (valid) =>
      pressed(valid, { command: { kind: "rerun" }, headSha: valid.check_suite.head_sha }),
    );
  }
  return read(checkRunPayload, payload, (valid) =>
    pressed(valid, { command: { kind: "rerun" }, ...runOf(valid) }),
  );
}

/** One of our own buttons was pressed. */
export function buttonRequest(payload: unknown): Trigger {
  return read(actionPayload, payload, (valid) => {
    const { identifier } = valid.requested_action;
    const command = commandOf(identifier, valid.check_run.head_sha);
    if (command === undefined) return ignore("a button that is not ours");
    return pressed(valid, { command, ...runOf(valid) });
  });
}

function commandOf(button: string, headSha: string): Command | undefined {
  switch (button) {
    case BUTTONS.rerun:
      return { kind: "rerun" };
    case BUTTONS.accept:
      return { kind: "accept-all" };
    case BUTTONS.approve:
      return { kind: "approve", sha: headSha };
    default:
      return undefined;
  }
}

function runOf({ check_run: run }: z.infer<typeof checkRunPayload>) {
  return { headSha: run.head_sha, ...(run.external_id ? { runId: run.external_id } : {}) };
}

type Pressed = { readonly command: Command; readonly headSha: string; readonly runId?: string };

function pressed(
  valid: Parameters<typeof repositoryRef>[0] & { readonly sender: { readonly login: string } },
  { command, ...by }: Pressed,
): Trigger {
  return {
    kind: "request",
    repository: repositoryRef(valid),
    requestedBy: valid.sender.login,
    command,
    by: { kind: "button", ...by },
  };
}
