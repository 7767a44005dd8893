// What Tailguard asks of GitHub, and nothing more: one function a question, each scoped to one
// repository. GitHub's paths, pages and limits stay behind this type.
//
// Writes that GitHub does not make idempotent (creating a check run, adding annotations) are never
// repeated by the HTTP layer, because a 502 may come after the write. The caller's queue repeats
// the whole question, and the question looks at what is already there first.
import type { RepositoryRef } from "../webhook/trigger.ts";
import {
  type AppState,
  type InstallationState,
  installationOf,
  type RequiredChecks,
  readAppState,
  readInstallations,
  readRequiredChecks,
} from "./app-state.ts";
import {
  type CheckRunUpdate,
  type CheckRunUpdated,
  createCheckRun,
  type NewCheckRun,
  updateCheckRun,
} from "./check-run-writes.ts";
import { type NewComment, type Sticky, sayOnce, showSticky } from "./comment-writes.ts";
import { asOurError, statusOf } from "./github-error.ts";
import type { Rest } from "./octokit.ts";
import {
  commitOf,
  type Permission,
  type PullRequestFacts,
  permissionOf,
  pullRequestFacts,
  type Reaction,
  react,
} from "./people.ts";
import {
  type CommitRange,
  type ComparedRange,
  compareRange,
  type PlanInputs,
  planInputs,
} from "./plan-inputs.ts";
import { type FileAt, type FileText, readFileAt } from "./read-file.ts";
import { redeliverFailed } from "./redeliver.ts";
import { type NewReview, type ReviewOutcome, reviewOnce } from "./review-writes.ts";

/** Every function throws UserError (access lost), TransientError (try again), or a bug. */
export type GitHubClient = {
  /** Merge base and files of `baseSha...headSha`; one request, both from the same snapshot. */
  planInputs(repository: RepositoryRef, range: CommitRange): Promise<PlanInputs>;
  /** As `planInputs`, with the git object of each file. */
  compare(repository: RepositoryRef, range: CommitRange): Promise<ComparedRange>;
  /**
   * The check run with this name and external id on that head, created when there is none.
   * One that was there already is returned as it is, with `created: false`.
   */
  createCheckRun(
    repository: RepositoryRef,
    run: NewCheckRun,
  ): Promise<{ readonly id: number; readonly created: boolean }>;
  /**
   * Shows the draft on the run; annotations go in chunks, the PATCH that completes it last.
   * Annotations that GitHub refuses are left out and counted, so that the conclusion arrives.
   */
  updateCheckRun(
    repository: RepositoryRef,
    id: number,
    update: CheckRunUpdate,
  ): Promise<CheckRunUpdated>;
  /** Id of the comment with this mark, which is written unless it is there. */
  sayOnce(
    repository: RepositoryRef,
    comment: NewComment & { readonly since: Date },
  ): Promise<number>;
  /** Edits the comment with this mark, or writes it where it may; undefined when there is none. */
  showSticky(repository: RepositoryRef, sticky: Sticky): Promise<number | undefined>;
  /** Writes the review unless it is there; remarks that GitHub has no line for go into its body. */
  reviewOnce(repository: RepositoryRef, review: NewReview): Promise<ReviewOutcome>;
  pullRequest(repository: RepositoryRef, number: number): Promise<PullRequestFacts>;
  /** What a person may do in the repository. */
  permission(repository: RepositoryRef, login: string): Promise<Permission>;
  /** The commit that a branch, a tag or an id names; undefined when it names none. */
  commit(repository: RepositoryRef, revision: string): Promise<string | undefined>;
  /** A file at a revision; of a repository that the installation can see, also another one. */
  readFile(repository: RepositoryRef, file: FileAt): Promise<FileText>;
  react(
    repository: RepositoryRef,
    comment: { readonly id: number; readonly reaction: Reaction },
  ): Promise<void>;
  /** The App as GitHub has it. */
  appState(): Promise<AppState>;
  installations(): Promise<readonly InstallationState[]>;
  /** What the default branch requires; undefined when the App is not installed there. */
  requiredChecks(repository: {
    readonly owner: string;
    readonly name: string;
  }): Promise<RequiredChecks | undefined>;
  /** A token for `git clone` of this repository alone: contents read, valid for one hour. */
  cloneToken(repository: RepositoryRef): Promise<string>;
  /**
   * Asks GitHub to send again what failed to arrive since then (epoch milliseconds); how many.
   * They come back as webhooks with the id they had.
   */
  redeliverFailed(sinceMs: number): Promise<number>;
};

/** How the client reaches GitHub: as the App itself, and as one of its installations. */
export type GitHubAccess = {
  readonly appId: number;
  asApp(): Promise<Rest>;
  asInstallation(installationId: number): Promise<Rest>;
  /** Forgets the token of the installation that is kept, and takes a new one. */
  renewToken(installationId: number): Promise<void>;
};

/** The client over a given access; errors of GitHub leave it as ours, with a person's text. */
export function createGitHubClient(access: GitHubAccess): GitHubClient {
  const ask = <T>(repository: RepositoryRef, question: (octokit: Rest) => Promise<T>) =>
    inOurWords(nameOf(repository), async () => {
      const octokit = await access.asInstallation(repository.installationId);
      try {
        return await question(octokit);
      } catch (error) {
        if (statusOf(error) !== 401) throw error;
        // A token may end before its hour (revoked, permissions changed): one with a new one.
        await access.renewToken(repository.installationId);
        return question(await access.asInstallation(repository.installationId));
      }
    });
  const login = createLoginReader(access);
  return {
    planInputs: (repository, range) =>
      ask(repository, (octokit) => planInputs(octokit, repository, range)),
    compare: (repository, range) =>
      ask(repository, (octokit) => compareRange(octokit, repository, range)),
    createCheckRun: (repository, run) =>
      ask(repository, (octokit) =>
        createCheckRun({ octokit, appId: access.appId }, repository, run),
      ),
    updateCheckRun: (repository, id, update) =>
      ask(repository, (octokit) => updateCheckRun(octokit, repository, id, update)),
    sayOnce: (repository, comment) =>
      ask(repository, (octokit) => sayOnce({ octokit, appId: access.appId }, repository, comment)),
    showSticky: (repository, sticky) =>
      ask(repository, (octokit) =>
        showSticky({ octokit, appId: access.appId }, repository, sticky),
      ),
    reviewOnce: (repository, review) =>
      ask(repository, async (octokit) =>
        reviewOnce({ octokit, login: await login() }, repository, review),
      ),
    pullRequest: (repository, number) =>
      ask(repository, (octokit) => pullRequestFacts(octokit, repository, number)),
    permission: (repository, login) =>
      ask(repository, (octokit) => permissionOf(octokit, repository, login)),
    commit: (repository, revision) =>
      ask(repository, (octokit) => commitOf(octokit, repository, revision)),
    readFile: (repository, file) =>
      ask(repository, (octokit) => readFileAt(octokit, repository, file)),
    react: (repository, comment) =>
      ask(repository, (octokit) => react(octokit, repository, comment)),
    appState: () => inOurWords("the App", async () => readAppState(await access.asApp())),
    installations: () => inOurWords("the App", async () => readInstallations(await access.asApp())),
    requiredChecks: (repository) =>
      inOurWords(`${repository.owner}/${repository.name}`, async () => {
        const id = await installationOf(await access.asApp(), repository);
        if (id === undefined) return undefined;
        return readRequiredChecks(await access.asInstallation(id), repository);
      }),
    cloneToken: (repository) =>
      inOurWords(nameOf(repository), async () => cloneToken(await access.asApp(), repository)),
    redeliverFailed: (sinceMs) =>
      inOurWords("the App", async () => redeliverFailed(await access.asApp(), sinceMs)),
  };
}

/** The login under which the App comments, asked for once. */
function createLoginReader(access: GitHubAccess): () => Promise<string> {
  let known: string | undefined;
  return async () => {
    if (known === undefined) {
      const { data } = await (await access.asApp()).rest.apps.getAuthenticated();
      known = `${data?.slug}[bot]`;
    }
    return known;
  };
}

function nameOf({ owner, name }: RepositoryRef): string {
  return `${owner}/${name}`;
}

async function inOurWords<T>(name: string, question: () => Promise<T>): Promise<T> {
  try {
    return await question();
  } catch (error) {
    throw asOurError(error, name);
  }
}

async function cloneToken(octokit: Rest, repository: RepositoryRef): Promise<string> {
  const { data } = await octokit.rest.apps.createInstallationAccessToken({
    installation_id: repository.installationId,
    repositories: [repository.name],
    permissions: { contents: "read" },
  });
  return data.token;
}
