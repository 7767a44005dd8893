// Deliveries: recorded in the webhook's own request, dealt with afterwards by a job.
//
// GitHub gives up after ten seconds and does not deliver again, so the request only writes, in one
// transaction, the delivery and its job. Dealing with it is one transaction too: the runs it
// begins and ends, and the word that it is done, so that a job that is repeated does nothing more.
// What a person asks for needs GitHub's word on whether they may, so it becomes a job of its own.
import { messageChain } from "../../errors.ts";
import { addDelivery, closeDelivery, takeDelivery } from "../../store/deliveries.ts";
import { toTrigger } from "../../webhook/to-trigger.ts";
import { beginRuns } from "./begin-runs.ts";
import type { ServerContext } from "./context.ts";
import { recordRequest } from "./requests.ts";

/** GitHub's ids are UUIDs; a signed request with a longer one is not GitHub's. */
const MAX_ID_LENGTH = 100;

/** Records a delivery and queues it, unless GitHub sent it before. */
export async function recordDelivery(
  context: ServerContext,
  delivery: { readonly id: string; readonly event: string; readonly payload: unknown },
): Promise<void> {
  const { id, event } = delivery;
  if (id === "" || id.length > MAX_ID_LENGTH || event.length > MAX_ID_LENGTH)
    throw new Error("a delivery without a usable id or event");
  const isNew = await context.transact(async (tx, send) => {
    const added = await addDelivery(tx, delivery);
    if (added) await send("delivery", id);
    return added;
  });
  context.log.info({ delivery: id, event, isNew }, "received a delivery");
}

/** The job: what the delivery asks for, begun. */
export async function workDelivery(context: ServerContext, id: string): Promise<void> {
  const note = await context.transact(async (tx, send) => {
    const delivery = await takeDelivery(tx, id);
    if (delivery === undefined) return undefined;
    const trigger = toTrigger(delivery.event, delivery.payload);
    const outcome =
      trigger.kind === "request"
        ? await recordRequest(tx, send, { trigger, deliveryId: id })
        : await beginRuns(tx, send, trigger);
    await closeDelivery(tx, id, { state: "done", note: outcome });
    return outcome;
  });
  if (note !== undefined) context.log.info({ delivery: id, note }, "dealt with a delivery");
}

/** The job was given up: the delivery stays with its payload, for whoever looks into it. */
export async function giveUpDelivery(
  context: ServerContext,
  id: string,
  error: unknown,
): Promise<void> {
  context.log.error({ err: error, delivery: id }, "could not deal with a delivery");
  const note = messageChain(error).slice(0, 1000);
  await closeDelivery(context.store.db, id, { state: "failed", note });
}
