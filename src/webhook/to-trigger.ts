// What a webhook delivery asks of Tailguard: payload in, Trigger out, nothing else read or written.
//
// Only the fields that are used are validated, because GitHub adds fields without notice and its
// own examples differ between versions. A payload without them is ignored with the name of the
// missing field, not thrown at: the delivery is recorded either way, and a retry would not help.
//
// Draft pull requests are measured too, unless the server's settings say otherwise: a draft is where
// a regression is cheapest to hear of. `ready_for_review` asks again for the same head, which is
// answered by the run that is there; another base is another comparison. A push to the default branch is measured against what was there
// before; a push of a version tag is a release, from which on drifts count.
import { z } from "zod";
import { common, ignore, read, repositoryRef, repositorySchema, SHA } from "./payload.ts";
import { goneTrigger } from "./to-gone.ts";
import { groupTrigger } from "./to-group.ts";
import { buttonRequest, commentRequest, rerunRequest } from "./to-request.ts";
import { MAIN_BRANCH, type Trigger } from "./trigger.ts";

const repositoryIdSchema = z.object({ id: z.number().int() });

const pullRequestPayload = z.object({
  ...common,
  pull_request: z.object({
    number: z.number().int().positive(),
    updated_at: z.iso.datetime({ offset: true }),
    draft: z.boolean().default(false),
    state: z.string().max(100).default("open"),
    /** GitHub lets a pull request have 100, of 50 characters each. */
    labels: z
      .array(z.object({ name: z.string().max(200) }))
      .max(200)
      .default([]),
    user: z
      .object({ type: z.string().max(100) })
      .nullable()
      .optional(),
    head: z.object({
      sha: SHA,
      /** Null once the fork was deleted. */
      repo: repositoryIdSchema.nullable(),
    }),
    base: z.object({ sha: SHA, ref: z.string().min(1).max(1000), repo: repositoryIdSchema }),
  }),
});

const pushPayload = z.object({
  ...common,
  repository: repositorySchema.extend({
    default_branch: z.string().min(1).max(250),
    /** Seconds since the epoch in this event only. */
    pushed_at: z.number().int().nonnegative().max(1e11),
  }),
  ref: z.string().max(1000),
  before: SHA,
  after: SHA,
  deleted: z.boolean(),
});

const actionPayload = z.object({ action: z.string().max(100) });

/** Of all edits, another base is the one that changes what is compared. */
const editedPayload = pullRequestPayload.extend({
  changes: z.object({ base: z.object({}).optional() }),
});

const MOVING_ACTIONS = new Set(["renamed", "transferred"]);
const MEASURED_ACTIONS = new Set(["opened", "synchronize", "reopened", "ready_for_review"]);

/** Never throws: what is not understood is ignored, with a reason for the log. */
export function toTrigger(event: string, payload: unknown): Trigger {
  if (event === "push") return read(pushPayload, payload, push);
  const parsed = actionPayload.safeParse(payload);
  if (!parsed.success) return ignore(`${event} has no action`);
  const { action } = parsed.data;
  switch (event) {
    case "pull_request":
      if (action === "edited") return read(editedPayload, payload, edited);
      if (MEASURED_ACTIONS.has(action)) return read(pullRequestPayload, payload, measure);
      if (action === "labeled") return read(pullRequestPayload, payload, labeled);
      if (action === "closed") return read(pullRequestPayload, payload, cancel);
      break;
    case "installation":
    case "installation_repositories":
      return goneTrigger(payload, event, action);
    case "repository":
      if (!MOVING_ACTIONS.has(action)) break;
      return read(z.object(common), payload, (valid) => ({
        kind: "moved",
        repository: repositoryRef(valid),
      }));
    case "merge_group":
      if (action !== "checks_requested" && action !== "destroyed") break;
      return groupTrigger(payload, action);
    case "issue_comment":
      if (action === "created") return commentRequest(payload);
      break;
    case "check_run":
      if (action === "rerequested") return rerunRequest(payload, "run");
      if (action === "requested_action") return buttonRequest(payload);
      break;
    case "check_suite":
      if (action === "rerequested") return rerunRequest(payload, "suite");
  }
  return ignore(`${event}.${action} asks nothing of Tailguard`);
}

type PullRequestPayload = z.infer<typeof pullRequestPayload>;

function edited(payload: z.infer<typeof editedPayload>): Trigger {
  if (payload.changes.base !== undefined) return measure(payload);
  return ignore("an edit that leaves the base as it is");
}

function labeled(payload: PullRequestPayload): Trigger {
  if (payload.pull_request.state === "closed") return ignore("a label after the end");
  return { ...measure(payload), isByLabel: true };
}

function measure(payload: PullRequestPayload): Extract<Trigger, { kind: "measure" }> {
  const { head, base, number, labels, updated_at: updatedAt } = payload.pull_request;
  return {
    kind: "measure",
    repository: repositoryRef(payload),
    pullRequest: number,
    headSha: head.sha,
    baseSha: base.sha,
    baseRef: base.ref,
    // Without its repository the head can only have been a fork's.
    isFork: head.repo === null || head.repo.id !== base.repo.id,
    requestedBy: payload.sender.login,
    ...(labels.length === 0 ? {} : { labels: labels.map((label) => label.name) }),
    ...(payload.pull_request.draft ? { isDraft: true } : {}),
    ...(payload.pull_request.user?.type === "Bot" ? { isByBot: true } : {}),
    updatedAt,
  };
}

/** Version tags as Go and semver write them; a branch named like one is not under refs/tags. */
const VERSION_TAG = /^refs\/tags\/((?:[\w.-]+\/)*v\d+\.\d+[\w.+-]*)$/;
/** Git's word for "nothing was there before". */
const NOTHING = /^0+$/;

function push(payload: z.infer<typeof pushPayload>): Trigger {
  const { repository, ref, before, after, deleted, sender } = payload;
  const pushedAt = new Date(repository.pushed_at * 1000).toISOString();
  if (deleted) return ignore(`${ref} was deleted`);
  const version = VERSION_TAG.exec(ref)?.[1];
  if (version !== undefined) {
    return {
      kind: "release",
      repository: repositoryRef(payload),
      name: version.slice(0, 250),
      at: pushedAt,
    };
  }
  if (ref !== `refs/heads/${repository.default_branch}`) {
    return ignore("a push to a branch that is not the default one");
  }
  if (NOTHING.test(before)) return ignore("the default branch is new: nothing to compare with");
  return {
    kind: "measure",
    repository: repositoryRef(payload),
    pullRequest: MAIN_BRANCH,
    headSha: after,
    baseSha: before,
    baseRef: repository.default_branch,
    isFork: false,
    requestedBy: sender.login,
    updatedAt: pushedAt,
  };
}

function cancel(payload: PullRequestPayload): Trigger {
  return {
    kind: "cancel",
    repository: repositoryRef(payload),
    pullRequest: payload.pull_request.number,
    updatedAt: payload.pull_request.updated_at,
  };
}
