// Branches and commits behind the simulated pull requests, made with real git.
import { join } from "node:path";
import { applyPatch, commitOnto, git, tip } from "./git.ts";
import type { Model, PullRequest, Repository } from "./model.ts";

/** Where the files of a new repository or the change of a commit come from. */
export type Change =
  | { readonly patchFile: string }
  | { readonly files: (tree: string) => Promise<unknown> };

export type NewPullRequest = {
  readonly title: string;
  readonly branch: string;
  readonly change: Change;
  readonly body?: string;
  readonly author?: string;
  readonly draft?: boolean;
  /** Opens it from a fork of the author's. */
  readonly fromFork?: boolean;
};

/** A record of a repository whose git directory is yet to be made. */
export function newRepository(
  model: Model,
  of: { readonly folder: string; readonly fullName: string; readonly parent?: Repository },
): Repository {
  const { folder, fullName, ...parent } = of;
  const [owner = "", name = ""] = fullName.split("/");
  const id = model.nextId();
  const gitDir = join(folder, `${id}.git`);
  return { id, owner, name, gitDir, updatedAt: "2026-01-01T00:00:00Z", ...parent };
}

export async function mustFind(repository: Repository, revision: string): Promise<string> {
  const sha = await tip(repository.gitDir, revision);
  if (sha === undefined) throw new Error(`${repository.name} has no ${revision}`);
  return sha;
}

export async function commitChange(
  repository: Repository,
  branch: string,
  { title, change }: { readonly title: string; readonly change: Change },
  start: string,
): Promise<string> {
  return commitOnto(repository.gitDir, {
    branch,
    start,
    message: title,
    change: "patchFile" in change ? applyPatch(change.patchFile) : change.files,
  });
}

/** GitHub keeps every pull request's head in the base repository, a fork's too. */
export async function publishHead({ repository, headRepository, branch, number }: PullRequest) {
  const refs = `+refs/heads/${branch}:refs/pull/${number}/head`;
  await git(repository.gitDir, "fetch", "--quiet", headRepository.gitDir, refs);
}
