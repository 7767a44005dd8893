// Webhooks as GitHub sends them: one of its own example payloads with the facts of the model put
// in, signed, delivered once, and recorded with the App's answer. GitHub never tries again by
// itself, so neither does this; a failed delivery waits to be asked for.
import { createHmac, randomUUID } from "node:crypto";
import { webhookExamples } from "./examples.ts";
import { asFields, type Fields } from "./fields.ts";
import {
  checkRunJson,
  commentJson,
  type Place,
  pullRequestJson,
  repositoryJson,
  userJson,
} from "./json.ts";
import type { CheckRun, Comment, Delivery, PullRequest, Repository } from "./model.ts";
import { INSTALLATION_ID } from "./routes-app.ts";

/** GitHub gives the App ten seconds. */
const ANSWER_LIMIT_MS = 10_000;

export type Event = { readonly event: string; readonly payload: Fields };

export function pullRequestEvent(
  place: Place,
  pull: PullRequest,
  action:
    | "opened"
    | "synchronize"
    | "reopened"
    | "closed"
    | "ready_for_review"
    | "edited"
    | "labeled",
  changes: Fields = {},
): Event {
  const pullRequest = pullRequestJson(place, pull);
  return event("pull_request", action, {
    number: pull.number,
    pull_request: pullRequest,
    ...(action === "synchronize" ? { after: pull.headSha } : {}),
    ...(action === "edited" ? { changes } : {}),
    ...common(place, pull.repository, pull.author),
  });
}

export function checkRunEvent(
  place: Place,
  run: CheckRun,
  told: { readonly action: "created" | "completed" | "rerequested"; readonly sender: string },
): Event {
  return event("check_run", told.action, {
    check_run: checkRunJson(place, run),
    ...common(place, run.repository, told.sender),
  });
}

export function mergeGroupEvent(
  place: Place,
  group: {
    readonly pull: PullRequest;
    readonly headSha: string;
    readonly baseSha: string;
    readonly action: "checks_requested" | "destroyed";
  },
): Event {
  const { pull, headSha, baseSha, action } = group;
  return event("merge_group", action, {
    merge_group: {
      head_sha: headSha,
      head_ref: `refs/heads/gh-readonly-queue/${pull.baseRef}/pr-${pull.number}-${baseSha}`,
      base_sha: baseSha,
      base_ref: `refs/heads/${pull.baseRef}`,
    },
    ...common(place, pull.repository, "gopher"),
  });
}

export function installationEvent(action: "suspend" | "unsuspend" | "deleted"): Event {
  return event("installation", action, { installation: { id: INSTALLATION_ID } });
}

export function removedEvent(repository: Repository): Event {
  const { id, owner, name } = repository;
  return event("installation_repositories", "removed", {
    installation: { id: INSTALLATION_ID },
    repositories_removed: [{ id, name, full_name: `${owner}/${name}` }],
  });
}

/** `was`: what it was called; another owner is a transfer. */
export function movedEvent(
  place: Place,
  repository: Repository,
  was: { readonly owner: string; readonly name: string },
): Event {
  const isTransfer = was.owner !== repository.owner;
  const changes = isTransfer
    ? { owner: { from: { user: { login: was.owner } } } }
    : { repository: { name: { from: was.name } } };
  return event("repository", isTransfer ? "transferred" : "renamed", {
    changes,
    ...common(place, repository, "gopher"),
  });
}

/** A button of the App's own on a check run. */
export function requestedActionEvent(
  place: Place,
  run: CheckRun,
  pressed: { readonly identifier: string; readonly sender: string },
): Event {
  return event("check_run", "requested_action", {
    check_run: checkRunJson(place, run),
    requested_action: { identifier: pressed.identifier },
    ...common(place, run.repository, pressed.sender),
  });
}

export function issueCommentEvent(
  place: Place,
  comment: Comment,
  action: "created" | "edited",
): Event {
  const { pullRequest: pull, author } = comment;
  const { owner, name } = pull.repository;
  const html_url = `${place.url}/${owner}/${name}/pull/${pull.number}`;
  return event("issue_comment", action, {
    issue: {
      number: pull.number,
      state: pull.state,
      title: pull.title,
      user: userJson(pull.author),
      pull_request: {
        url: `${place.url}/api/v3/repos/${owner}/${name}/pulls/${pull.number}`,
        html_url,
      },
    },
    comment: commentJson(place, comment),
    ...common(place, pull.repository, author),
  });
}

export function checkSuiteEvent(
  place: Place,
  of: { readonly repository: Repository; readonly headSha: string; readonly sender: string },
  action: "requested" | "rerequested",
): Event {
  return event("check_suite", action, {
    check_suite: { head_sha: of.headSha, pull_requests: [] },
    ...common(place, of.repository, of.sender),
  });
}

/** A push of a branch or a tag; this event has no action, and tells the time in seconds. */
export function pushEvent(
  place: Place,
  of: {
    readonly repository: Repository;
    readonly ref: string;
    readonly before: string;
    readonly after: string;
    readonly sender: string;
  },
): Event {
  const { repository, ref, before, after, sender } = of;
  const facts = common(place, repository, sender);
  const { action: _, ...payload } = event("push", "", {
    ...facts,
    ref,
    before,
    after,
    deleted: false,
    repository: { ...facts.repository, pushed_at: Math.floor(Date.now() / 1000) },
  }).payload;
  return { event: "push", payload };
}

function common(place: Place, repository: Repository, sender: string) {
  // A fork's events are of the repository the pull request is made against.
  return {
    repository: repositoryJson(place, repository.parent ?? repository),
    installation: { id: INSTALLATION_ID },
    sender: userJson(sender),
  };
}

function event(name: string, action: string, facts: Fields): Event {
  const examples = webhookExamples.find((known) => known.name === name)?.examples ?? [];
  const example = examples.find((each) => each.action === action) ?? examples[0] ?? {};
  return { event: name, payload: merged(example, { ...facts, action }) };
}

/** The example with the facts put over it, field by field; lists and nulls are replaced. */
function merged(example: Fields, facts: Fields): Fields {
  const result: Record<string, unknown> = { ...example };
  for (const [key, value] of Object.entries(facts)) {
    const isObject = typeof value === "object" && value !== null && !Array.isArray(value);
    result[key] = isObject ? merged(asFields(example[key]), asFields(value)) : value;
  }
  return result;
}

export type Target = { readonly url: string; readonly secret: string };

/** Sends once and gives the record of it; a refused or missing answer is in the record. */
export async function deliver(
  target: Target,
  { event, payload }: Event,
  record: { readonly id: number; readonly guid?: string },
): Promise<Delivery> {
  const guid = record.guid ?? randomUUID();
  const body = JSON.stringify(payload);
  const signature = createHmac("sha256", target.secret).update(body).digest("hex");
  return {
    id: record.id,
    guid,
    event,
    action: typeof payload.action === "string" ? payload.action : null,
    payload,
    redelivery: record.guid !== undefined,
    deliveredAt: new Date().toISOString(),
    statusCode: await post(target.url, body, {
      "content-type": "application/json",
      "user-agent": "GitHub-Hookshot/1234567",
      "x-github-delivery": guid,
      "x-github-event": event,
      "x-github-hook-id": "1",
      "x-hub-signature-256": `sha256=${signature}`,
    }),
  };
}

async function post(url: string, body: string, headers: Record<string, string>): Promise<number> {
  try {
    const signal = AbortSignal.timeout(ANSWER_LIMIT_MS);
    const response = await fetch(url, { method: "POST", body, headers, signal });
    await response.arrayBuffer();
    return response.status;
  } catch {
    // Nobody listens or nobody answers: GitHub records the delivery as failed and moves on.
    return 0;
  }
}
