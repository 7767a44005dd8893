// What a person's wish needs of GitHub: may they, which commit do they mean, and the receipt.
import type { RepositoryRef } from "../webhook/trigger.ts";
import { statusOf } from "./github-error.ts";
import type { Rest } from "./octokit.ts";

/** What GitHub calls write includes maintain; read includes triage. */
export type Permission = "admin" | "write" | "read" | "none";

/** What `login` may do in the repository; none for who is not known there. */
export async function permissionOf(
  octokit: Rest,
  { owner, name }: RepositoryRef,
  login: string,
): Promise<Permission> {
  try {
    const { data } = await octokit.rest.repos.getCollaboratorPermissionLevel({
      owner,
      repo: name,
      username: login,
    });
    const known = (["admin", "write", "read"] as const).find((level) => level === data.permission);
    return known ?? "none";
  } catch (error) {
    if (statusOf(error) === 404) return "none";
    throw error;
  }
}

/** The commit a branch, tag or id names; undefined when it names none. */
export async function commitOf(
  octokit: Rest,
  { owner, name }: RepositoryRef,
  revision: string,
): Promise<string | undefined> {
  try {
    const { data } = await octokit.rest.repos.getCommit({
      owner,
      repo: name,
      ref: revision,
      per_page: 1,
    });
    return data.sha;
  } catch (error) {
    const status = statusOf(error);
    // GitHub answers 422 to what could be an id and is none, 404 to other names.
    if (status === 404 || status === 422) return undefined;
    throw error;
  }
}

export type Reaction = "eyes" | "+1" | "confused";

/** A reaction is there once however often it is given; a deleted comment gets none. */
export async function react(
  octokit: Rest,
  { owner, name }: RepositoryRef,
  comment: { readonly id: number; readonly reaction: Reaction },
): Promise<void> {
  try {
    await octokit.rest.reactions.createForIssueComment({
      owner,
      repo: name,
      comment_id: comment.id,
      content: comment.reaction,
    });
  } catch (error) {
    if (statusOf(error) !== 404) throw error;
  }
}

/** A pull request as it is now. */
export type PullRequestFacts = {
  readonly headSha: string;
  readonly baseSha: string;
  readonly baseRef: string;
  readonly isFork: boolean;
  readonly isOpen: boolean;
  /** ISO 8601. */
  readonly updatedAt: string;
};

export async function pullRequestFacts(
  octokit: Rest,
  { owner, name }: RepositoryRef,
  number: number,
): Promise<PullRequestFacts> {
  const { data } = await octokit.rest.pulls.get({ owner, repo: name, pull_number: number });
  return {
    headSha: data.head.sha,
    baseSha: data.base.sha,
    baseRef: data.base.ref,
    isFork: data.head.repo?.id !== data.base.repo.id,
    isOpen: data.state === "open",
    updatedAt: data.updated_at,
  };
}
