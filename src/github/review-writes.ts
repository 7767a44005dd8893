// The inline review of a run: one request with all its remarks, pinned to the commit they are about,
// and never an approval or a refusal: a machine has no vote.
//
// GitHub refuses a review as a whole when one anchor is outside of its diff, and does not say which.
// The anchors were proven against the runner's diff; should GitHub see another one, its own list of
// files says which anchors stand, and the remarks that lost theirs go into the body.
import { markdownCode } from "../report/escape.ts";
import type { RepositoryRef } from "../webhook/trigger.ts";
import { hasMark, markedBody, type NewComment } from "./comment-writes.ts";
import { statusOf } from "./github-error.ts";
import type { Rest } from "./octokit.ts";

type Remark = {
  readonly path: string;
  readonly line: number;
  /** Above `line`, in the same hunk: the remark is about all lines from there. */
  readonly firstLine?: number | undefined;
  readonly body: string;
};

export type NewReview = NewComment & {
  readonly headSha: string;
  readonly comments: readonly Remark[];
};

/** `moved` remarks are in the body; "stale": the pull request has another head by now. */
export type ReviewOutcome =
  | { readonly kind: "written" | "present"; readonly moved: number }
  | { readonly kind: "stale" | "refused" };

/** Access as the installation, and the login under which the App writes. */
export type ReviewAccess = { readonly octokit: Rest; readonly login: string };

/** Writes the review unless it is there. */
export async function reviewOnce(
  access: ReviewAccess,
  repository: RepositoryRef,
  review: NewReview,
): Promise<ReviewOutcome> {
  const { octokit } = access;
  if (await isPresent(access, repository, review)) return { kind: "present", moved: 0 };
  if (await isTaken(octokit, repository, review)) return { kind: "written", moved: 0 };
  if (await isStale(octokit, repository, review)) return { kind: "stale" };
  const standing = await standingRemarks(octokit, repository, review);
  const fewer = standing.length < review.comments.length ? [standing, []] : [[]];
  for (const comments of fewer) {
    const lost = review.comments.filter((remark) => !comments.includes(remark));
    const body = [review.body, ...lost.map(asParagraph)].join("\n\n");
    if (await isTaken(octokit, repository, { ...review, body, comments })) {
      return { kind: "written", moved: lost.length };
    }
  }
  return { kind: "refused" };
}

function asParagraph({ path, line, body }: Remark): string {
  return `${markdownCode(`${path}:${line}`)}\n\n${body}`;
}

/** Reviews do not say through which App they came; their author does. */
async function isPresent(
  { octokit, login }: ReviewAccess,
  { owner, name }: RepositoryRef,
  { pullRequest, mark }: NewReview,
): Promise<boolean> {
  const reviews = await octokit.paginate(octokit.rest.pulls.listReviews, {
    owner,
    repo: name,
    pull_number: pullRequest,
    per_page: 100,
  });
  return reviews.some(({ user, body }) => user?.login === login && hasMark(body, mark));
}

/** False when GitHub calls it unprocessable. */
async function isTaken(
  octokit: Rest,
  { owner, name }: RepositoryRef,
  review: NewReview,
): Promise<boolean> {
  try {
    await octokit.rest.pulls.createReview({
      owner,
      repo: name,
      pull_number: review.pullRequest,
      commit_id: review.headSha,
      event: "COMMENT",
      body: markedBody(review),
      comments: review.comments.map(({ path, line, firstLine, body }) => ({
        path,
        line,
        side: "RIGHT",
        ...(firstLine === undefined ? {} : { start_line: firstLine, start_side: "RIGHT" }),
        body,
      })),
      // Our own look first may repeat it, the HTTP layer must not.
      request: { retries: 0 },
    });
    return true;
  } catch (error) {
    if (statusOf(error) === 422) return false;
    throw error;
  }
}

async function isStale(
  octokit: Rest,
  { owner, name }: RepositoryRef,
  { pullRequest, headSha }: NewReview,
): Promise<boolean> {
  const { data } = await octokit.rest.pulls.get({ owner, repo: name, pull_number: pullRequest });
  return data.head.sha !== headSha;
}

async function standingRemarks(
  octokit: Rest,
  { owner, name }: RepositoryRef,
  { pullRequest, comments }: NewReview,
): Promise<readonly Remark[]> {
  const files = await octokit.paginate(octokit.rest.pulls.listFiles, {
    owner,
    repo: name,
    pull_number: pullRequest,
    per_page: 100,
  });
  const patches = new Map(files.map(({ filename, patch }) => [filename, patch ?? ""]));
  return comments.filter((remark) => isShown(patches.get(remark.path) ?? "", remark));
}

/** Whether a hunk of a patch as GitHub gives it, without a header, shows these lines of head. */
function isShown(patch: string, { line, firstLine = line }: Remark): boolean {
  return [...patch.matchAll(/^@@ -\d+(?:,\d+)? \+(\d+)(?:,(\d+))? @@/gm)].some(
    ([, start, count = "1"]) => firstLine >= Number(start) && line < Number(start) + Number(count),
  );
}
