// Pull requests, their files, comments and reviews, and what of a repository belongs to them.
import { asFields, textOr } from "./fields.ts";
import { type Comparison, compare, mergeBase, tip } from "./git.ts";
import { pullRequestJson, reviewJson, userJson } from "./json.ts";
import type { PullRequest, ReviewComment } from "./model.ts";
import { type Answer, type Call, notFound, type Route, unprocessable } from "./routes.ts";

/** The name under which the App comments. */
export const BOT = "tailguard[bot]";

export const pullRoutes: Readonly<Record<string, Route>> = {
  "repos/get-collaborator-permission-level": ({ model, params }) => {
    const permission = model.permissions.get((params.username ?? "").toLowerCase());
    if (permission === undefined) return notFound(`${params.username} is not a user`);
    const user = userJson(params.username ?? "");
    return { status: 200, body: { permission, role_name: permission, user: { ...user } } };
  },

  "repos/compare-commits-with-basehead": compareRoute,

  "pulls/get": (call) =>
    withPull(call, (pull) => ({ status: 200, body: pullRequestJson(call.place, pull) })),

  "pulls/list-files": (call) =>
    withPull(call, async (pull) => {
      const found = await compare(pull.repository.gitDir, pull.baseSha, pull.headSha);
      return { status: 200, body: call.page((found?.files ?? []).slice(0, 3000)) };
    }),

  "pulls/create-review": (call) => withPull(call, (pull) => createReview(call, pull)),

  "pulls/list-reviews": (call) =>
    withPull(call, (pull) => {
      const all = call.model.reviews.filter((review) => review.pullRequest === pull);
      const shown = call.page(all).map((review) => reviewJson(call.place, review));
      return { status: 200, body: shown };
    }),

  "pulls/list-review-comments": (call) =>
    withPull(call, (pull) => {
      const reviews = call.model.reviews.filter((review) => review.pullRequest === pull);
      const all = reviews.flatMap(({ comments, author }) =>
        comments.map((comment) => ({ ...comment, user: userJson(author) })),
      );
      return { status: 200, body: call.page(all) };
    }),
};

export function withPull(
  call: Call,
  answer: (pull: PullRequest) => Answer | Promise<Answer>,
): Answer | Promise<Answer> {
  const number = Number(call.params.pull_number ?? call.params.issue_number);
  const pull = call.model.pullRequest(call.repository, number);
  return pull === undefined ? notFound() : answer(pull);
}

async function compareRoute({ params, repository }: Call): Promise<Answer> {
  const [base = "", head = ""] = (params.basehead ?? "").split("...");
  const { gitDir } = repository;
  if (!(await tip(gitDir, base)) || !(await tip(gitDir, head))) return notFound();
  const found = await compare(gitDir, base, head);
  if (found === undefined) return notFound(`No common ancestor between ${base} and ${head}.`);
  return {
    status: 200,
    body: {
      merge_base_commit: { sha: found.mergeBase },
      base_commit: { sha: base },
      status: "diverged",
      commits: [],
      // GitHub lists 300 files of a comparison and no more.
      files: found.files.slice(0, 300),
    },
  };
}

/** One anchor outside the diff loses the whole review, as at GitHub. */
async function createReview(call: Call, pullRequest: PullRequest): Promise<Answer> {
  const body = asFields(call.body);
  const { gitDir } = pullRequest.repository;
  const commit = textOr(body.commit_id, pullRequest.headSha);
  // After a force push the old head is no part of the pull request any more.
  if ((await mergeBase(gitDir, commit, pullRequest.headSha)) !== commit) {
    return unprocessable("Unprocessable Entity: commit_id is not part of the pull request");
  }
  const diff = await compare(gitDir, pullRequest.baseSha, commit);
  const asked = (body.comments ?? []) as Omit<ReviewComment, "id">[];
  // GitHub does not say which of them it is.
  if (!asked.every((comment) => isInDiff(diff, comment))) {
    return unprocessable("Unprocessable Entity: Line could not be resolved");
  }
  const review = {
    id: call.model.nextId(),
    pullRequest,
    author: BOT,
    body: textOr(body.body, ""),
    commitId: commit,
    comments: asked.map((comment) => ({
      id: call.model.nextId(),
      path: comment.path,
      line: comment.line,
      side: comment.side ?? "RIGHT",
      ...(comment.start_line === undefined ? {} : { start_line: comment.start_line }),
      body: comment.body,
    })),
  };
  call.model.reviews.push(review);
  call.model.changed();
  return { status: 200, body: reviewJson(call.place, review) };
}

function isInDiff(diff: Comparison | undefined, comment: Omit<ReviewComment, "id">): boolean {
  const file = diff?.files.find(({ filename }) => filename === comment.path);
  const hunks = [...(file?.patch ?? "").matchAll(/^@@ -(\d+)(?:,(\d+))? \+(\d+)(?:,(\d+))? @@/gm)];
  return hunks.some(([, baseStart, baseCount = "1", headStart, headCount = "1"]) => {
    const isLeft = comment.side === "LEFT";
    const start = Number(isLeft ? baseStart : headStart);
    const count = Number(isLeft ? baseCount : headCount);
    const { line, start_line: first = line } = comment;
    return first >= start && line < start + count;
  });
}
