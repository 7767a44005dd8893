// What people ask for, by comments and buttons: looked into, carried out, answered, each once.
//
//   received → decided → done
//
// Deciding asks GitHub first (may they, which head is it), then does everything in one transaction
// with the word that it is decided and the answer. Answering repeats safely: a reaction is there
// once however often it is given, and a comment carries the request's id as its mark.
import type { Transaction } from "kysely";
import { messageChain, TransientError, UserError } from "../../errors.ts";
import {
  addRequest,
  answersWithinHour,
  closeRequest,
  decideRequest,
  findRequest,
} from "../../store/requests.ts";
import type { RequestRow, Tables } from "../../store/schema.ts";
import type { Answer, RequestTrigger } from "./answer.ts";
import { nameOf } from "./begin-runs.ts";
import type { Send, ServerContext } from "./context.ts";
import { decide } from "./decide.ts";

/** Strangers may ask too, and our words reach everybody who watches: so many an hour are enough. */
const ANSWERS_AN_HOUR = 20;

/** In the delivery's transaction: the request and its job. Its note for the delivery. */
export async function recordRequest(
  tx: Transaction<Tables>,
  send: Send,
  { trigger, deliveryId }: { readonly trigger: RequestTrigger; readonly deliveryId: string },
): Promise<string> {
  const { by } = trigger;
  const id = by.kind === "comment" ? `comment ${by.commentId}` : `delivery ${deliveryId}`;
  const pullRequest = by.kind === "comment" ? by.pullRequest : null;
  const repository = nameOf(trigger.repository);
  const isNew = await addRequest(tx, { id, repository, pullRequest, request: trigger });
  if (isNew) await send("request", id);
  return `${trigger.command.kind} was asked for (${id})`;
}

/** The job. */
export async function workRequest(context: ServerContext, id: string): Promise<void> {
  await context.exclusively(id, async () => {
    const row = await findRequest(context.store.db, id);
    if (row === undefined || row.state === "done") return;
    if (row.state === "received") await decideNow(context, row);
    const decided = await findRequest(context.store.db, id);
    if (decided?.state === "decided") await answer(context, decided);
    await closeRequest(context.store.db, id);
  });
}

async function decideNow(context: ServerContext, row: RequestRow): Promise<void> {
  const request = row.request as RequestTrigger;
  await receipt(context, request, "eyes");
  const { pullRequest, act } = await decide(context, request);
  const answered = await context.transact(async (tx, send) => {
    const said = await act(tx, send);
    const isFirst = await decideRequest(tx, row.id, { answer: said, pullRequest });
    if (!isFirst) throw new Error(`the request ${row.id} was decided twice`);
    return said;
  });
  context.log.info(
    { request: row.id, asked: request.command.kind, reaction: answered.reaction },
    "decided",
  );
}

async function answer(context: ServerContext, row: RequestRow): Promise<void> {
  const request = row.request as RequestTrigger;
  const { reaction, body } = row.answer as Answer;
  if (body !== undefined && row.pull_request !== null) {
    const key = { repository: row.repository, number: row.pull_request };
    if ((await answersWithinHour(context.store.db, key)) <= ANSWERS_AN_HOUR) {
      await context.github.sayOnce(request.repository, {
        pullRequest: row.pull_request,
        mark: `answer to ${row.id}`,
        body,
        since: row.created_at,
      });
    }
  }
  await receipt(context, request, reaction);
}

async function receipt(
  context: ServerContext,
  { repository, by }: RequestTrigger,
  reaction: "eyes" | Answer["reaction"],
): Promise<void> {
  if (by.kind === "comment") await context.github.react(repository, { id: by.commentId, reaction });
}

/** It could not be carried out: said with a reaction where GitHub still takes one, and in the log. */
export async function giveUpRequest(
  context: ServerContext,
  id: string,
  error: unknown,
): Promise<void> {
  context.log.error({ err: error, request: id }, "could not carry out a request");
  const row = await findRequest(context.store.db, id);
  if (row === undefined || error instanceof TransientError) return;
  if (row.state === "received") {
    // What a person can do something about is told them; a fault of ours is not theirs to read.
    const why = error instanceof UserError ? messageChain(error) : undefined;
    context.log.warn({ request: id, why }, "a request was given up");
    await receipt(context, row.request as RequestTrigger, "confused").catch(() => undefined);
  }
  await closeRequest(context.store.db, id);
}
