// Comments of ours in a pull request's conversation, each with a hidden mark by which it is found
// again: GitHub has no idempotency keys, so whoever lost an answer looks before writing again.
//
// A mark alone proves nothing, because anybody can copy it into a comment of their own: only what
// came through this App (performed_via_github_app) is taken for ours. That also keeps two Apps of
// Tailguard on one repository apart.
import { COMMENT_MAX } from "../report/limits.ts";
import type { RepositoryRef } from "../webhook/trigger.ts";
import { clip } from "./fit-check-run.ts";
import { statusOf } from "./github-error.ts";
import type { Rest } from "./octokit.ts";

export type NewComment = {
  readonly pullRequest: number;
  /** Tells this comment from all others of ours: letters, digits, spaces and hyphens. */
  readonly mark: string;
  /** Markdown. */
  readonly body: string;
};

export type Access = { readonly octokit: Rest; readonly appId: number };

/** GitHub's pages of 100: a conversation of 10,000 comments is looked through, more is not. */
const PAGE_LIMIT = 100;

/** The HTTP layer must not repeat a write whose answer was lost: our own look first may. */
const SENT_ONCE = { retries: 0 };

/** Text that GitHub shows nobody. */
function markerOf(mark: string): string {
  return `<!-- tailguard ${mark.replace(/[^\w -]/g, "")} -->`;
}

/** The comment as it is sent: its mark, then the text within GitHub's limit. */
export function markedBody({ mark, body }: Pick<NewComment, "mark" | "body">): string {
  return clip(`${markerOf(mark)}\n${body}`, COMMENT_MAX);
}

export function hasMark(body: string | null | undefined, mark: string): boolean {
  return body?.startsWith(markerOf(mark)) === true;
}

/** Id of the comment with this mark, written unless it is there; `since` is when it could begin to be. */
export async function sayOnce(
  access: Access,
  repository: RepositoryRef,
  comment: NewComment & { readonly since: Date },
): Promise<number> {
  const known = await findComment(access, repository, comment);
  return known ?? (await createComment(access, repository, comment));
}

export type Sticky = NewComment & {
  /** Where it was last; undefined when that is not known. */
  readonly id: number | undefined;
  /** False: an existing comment is edited, and none is made. */
  readonly mayCreate: boolean;
};

/** Edits the comment with this mark, or writes it; its id, undefined when there is none. */
export async function showSticky(
  access: Access,
  repository: RepositoryRef,
  sticky: Sticky,
): Promise<number | undefined> {
  const { id } = sticky;
  if (id !== undefined && (await editComment(access, repository, { ...sticky, id }))) return id;
  const found = await findComment(access, repository, sticky);
  if (found !== undefined && (await editComment(access, repository, { ...sticky, id: found }))) {
    return found;
  }
  return sticky.mayCreate ? createComment(access, repository, sticky) : undefined;
}

async function createComment(
  { octokit }: Access,
  { owner, name }: RepositoryRef,
  comment: NewComment,
): Promise<number> {
  const { data } = await octokit.rest.issues.createComment({
    owner,
    repo: name,
    issue_number: comment.pullRequest,
    body: markedBody(comment),
    request: SENT_ONCE,
  });
  return data.id;
}

/** False when somebody deleted it. An edit is the same however often it is made. */
async function editComment(
  { octokit }: Access,
  { owner, name }: RepositoryRef,
  comment: NewComment & { readonly id: number },
): Promise<boolean> {
  try {
    await octokit.rest.issues.updateComment({
      owner,
      repo: name,
      comment_id: comment.id,
      body: markedBody(comment),
    });
    return true;
  } catch (error) {
    if (statusOf(error) === 404) return false;
    throw error;
  }
}

/** Clocks differ: ours may be this far ahead of GitHub's. */
const CLOCK_MS = 3_600_000;

async function findComment(
  { octokit, appId }: Access,
  { owner, name }: RepositoryRef,
  wanted: { readonly pullRequest: number; readonly mark: string; readonly since?: Date },
): Promise<number | undefined> {
  let pages = 0;
  const listed = octokit.paginate.iterator(octokit.rest.issues.listComments, {
    owner,
    repo: name,
    issue_number: wanted.pullRequest,
    per_page: 100,
    ...(wanted.since && { since: new Date(wanted.since.getTime() - CLOCK_MS).toISOString() }),
  });
  for await (const { data } of listed) {
    const ours = data.find(
      ({ body, performed_via_github_app: app }) =>
        app?.id === appId && hasMark(body ?? "", wanted.mark),
    );
    if (ours !== undefined) return ours.id;
    if (++pages >= PAGE_LIMIT) return undefined;
  }
  return undefined;
}
