// The records of the model as GitHub's API words them.
import type { CheckRun, Comment, PullRequest, Repository, Review } from "./model.ts";

/** Where the simulation is reached, without a trailing slash. */
export type Place = { readonly url: string; readonly appId: number };

const EPOCH = "2026-01-01T00:00:00Z";

export function userJson(login: string) {
  return { login, id: 1 + login.length, type: login.endsWith("[bot]") ? "Bot" : "User" };
}

export function repositoryJson({ url }: Place, repository: Repository) {
  const fullName = `${repository.owner}/${repository.name}`;
  return {
    id: repository.id,
    name: repository.name,
    full_name: fullName,
    private: true,
    owner: userJson(repository.owner),
    html_url: `${url}/${fullName}`,
    clone_url: `${url}/${fullName}.git`,
    fork: repository.parent !== undefined,
    default_branch: "main",
    updated_at: repository.updatedAt,
  };
}

export function checkRunJson(place: Place, run: CheckRun) {
  const repository = `repos/${run.repository.owner}/${run.repository.name}`;
  return {
    id: run.id,
    node_id: `CR_${run.id}`,
    name: run.name,
    head_sha: run.headSha,
    external_id: run.externalId,
    url: `${place.url}/api/v3/${repository}/check-runs/${run.id}`,
    html_url: `${place.url}/${run.repository.owner}/${run.repository.name}/runs/${run.id}`,
    details_url: run.detailsUrl,
    status: run.status,
    conclusion: run.conclusion,
    started_at: run.startedAt,
    completed_at: run.completedAt,
    output: {
      title: run.title,
      summary: run.summary,
      text: run.text,
      annotations_count: run.annotations.length,
      annotations_url: `${place.url}/api/v3/${repository}/check-runs/${run.id}/annotations`,
    },
    check_suite: { id: run.suiteId },
    app: { id: place.appId, slug: "tailguard", name: "Tailguard" },
    // Empty for forks at GitHub; empty for all here, so that nobody comes to rely on it.
    pull_requests: [],
  };
}

export function pullRequestJson(place: Place, pull: PullRequest) {
  const end = (ref: string, sha: string, repository: Repository) => ({
    label: `${repository.owner}:${ref}`,
    ref,
    sha,
    user: userJson(repository.owner),
    repo: repositoryJson(place, repository),
  });
  const { owner, name } = pull.repository;
  return {
    id: pull.id,
    number: pull.number,
    state: pull.state,
    title: pull.title,
    body: pull.body,
    draft: pull.draft,
    labels: pull.labels.map(labelJson),
    user: userJson(pull.author),
    html_url: `${place.url}/${owner}/${name}/pull/${pull.number}`,
    head: end(pull.branch, pull.headSha, pull.headRepository),
    base: end(pull.baseRef, pull.baseSha, pull.repository),
    created_at: EPOCH,
    updated_at: new Date(Date.parse(EPOCH) + pull.changes * 1000).toISOString(),
  };
}

function labelJson(name: string) {
  return { id: 1, node_id: "", url: "", name, description: null, color: "cfd3d7", default: false };
}

/** The App under test, or another one of the same make. */
function appJson(id: number, isOurs: boolean) {
  return { id, slug: isOurs ? "tailguard" : "tailguard-staging", name: "Tailguard" };
}

export function commentJson({ url, appId }: Place, comment: Comment) {
  const { owner, name } = comment.pullRequest.repository;
  return {
    id: comment.id,
    body: comment.body,
    user: userJson(comment.author),
    html_url: `${url}/${owner}/${name}/pull/${comment.pullRequest.number}#issuecomment-${comment.id}`,
    created_at: EPOCH,
    updated_at: comment.updatedAt,
    performed_via_github_app:
      comment.appId === undefined ? null : appJson(comment.appId, comment.appId === appId),
  };
}

export function reviewJson({ url }: Place, review: Review) {
  const { owner, name } = review.pullRequest.repository;
  return {
    id: review.id,
    user: userJson(review.author),
    body: review.body,
    state: "COMMENTED",
    commit_id: review.commitId,
    html_url: `${url}/${owner}/${name}/pull/${review.pullRequest.number}`,
  };
}
