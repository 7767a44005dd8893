// Comments in the conversation of a pull request, and reactions to them.
import { asFields, textOr } from "./fields.ts";
import { commentJson, userJson } from "./json.ts";
import type { Comment } from "./model.ts";
import { type Call, notFound, type Route } from "./routes.ts";
import { BOT, withPull } from "./routes-pulls.ts";

export const commentRoutes: Readonly<Record<string, Route>> = {
  "issues/create-comment": (call) =>
    withPull(call, (pullRequest) => {
      const body = textOr(asFields(call.body).body, "");
      const comment: Comment = {
        id: call.model.nextId(),
        pullRequest,
        author: BOT,
        appId: call.place.appId,
        body,
        updatedAt: new Date().toISOString(),
        reactions: [],
        history: [body],
      };
      call.model.comments.set(comment.id, comment);
      call.model.changed();
      return { status: 201, body: commentJson(call.place, comment) };
    }),

  "issues/update-comment": (call) => {
    const comment = find(call);
    if (comment === undefined) return notFound();
    comment.body = textOr(asFields(call.body).body, comment.body);
    comment.updatedAt = new Date().toISOString();
    comment.history.push(comment.body);
    call.model.changed();
    return { status: 200, body: commentJson(call.place, comment) };
  },

  "issues/list-comments": (call) =>
    withPull(call, (pull) => {
      const since = call.query.since ?? "";
      const all = call.model.commentsOf(pull).filter(({ updatedAt }) => updatedAt >= since);
      const shown = call.page(all).map((comment) => commentJson(call.place, comment));
      return { status: 200, body: shown };
    }),

  "reactions/create-for-issue-comment": (call) => {
    const comment = find(call);
    if (comment === undefined) return notFound();
    const content = textOr(asFields(call.body).content, "");
    const isKnown = comment.reactions.some((at) => at.content === content && at.author === BOT);
    if (!isKnown) comment.reactions.push({ content, author: BOT });
    call.model.changed();
    const body = { id: call.model.nextId(), user: userJson(BOT), content };
    return { status: isKnown ? 200 : 201, body };
  },
};

function find(call: Call): Comment | undefined {
  const comment = call.model.comments.get(Number(call.params.comment_id));
  return comment?.pullRequest.repository === call.repository ? comment : undefined;
}
