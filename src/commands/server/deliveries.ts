// Deliveries: recorded in the webhook's own request, dealt with afterwards by a job.
//
// GitHub gives up after ten seconds and does not deliver again, so the request only writes, in one
// transaction with what else came meanwhile, the delivery and its job. Dealing with it is one
// transaction too: the runs it begins and ends, and the word that it is done, so that a job that is
// repeated does nothing more. What a person asks for needs GitHub's word on whether they may, so it
// becomes a job of its own.
import type { Transaction } from "kysely";
import { messageChain } from "../../errors.ts";
import { addDeliveries, closeDelivery, takeDelivery } from "../../store/deliveries.ts";
import { followRepository } from "../../store/repositories.ts";
import type { Tables } from "../../store/schema.ts";
import { seenRepository } from "../../webhook/seen-repository.ts";
import { toTrigger } from "../../webhook/to-trigger.ts";
import type { Trigger } from "../../webhook/trigger.ts";
import { beginRuns, nameOf } from "./begin-runs.ts";
import { moveCalibration } from "./calibration-file.ts";
import type { ServerContext } from "./context.ts";
import { createGatherer } from "./gather.ts";
import { recordRequest } from "./requests.ts";

/** GitHub's ids are UUIDs; a signed request with a longer one is not GitHub's. */
const MAX_ID_LENGTH = 100;

/** Bounds a statement: PostgreSQL takes 65,535 values, and the others wait for its end. */
const MOST_AT_ONCE = 200;

/** The part of the server that dealing with deliveries needs. */
export type DeliveryContext = Pick<ServerContext, "transact" | "calibrationsDir"> & {
  readonly log: Pick<ServerContext["log"], "info">;
};

type Incoming = { readonly id: string; readonly event: string; readonly payload: unknown };

/**
 * Records deliveries and queues those that ask for something, unless GitHub sent them before; each
 * promise resolves after the commit. Most deliveries ask for nothing and are done with here.
 */
export function createRecorder(context: DeliveryContext): (delivery: Incoming) => Promise<void> {
  const record = createGatherer<Incoming>(
    (deliveries) => recordAll(context, deliveries),
    MOST_AT_ONCE,
  );
  return async (delivery) => {
    const { id, event } = delivery;
    if (id === "" || id.length > MAX_ID_LENGTH || event.length > MAX_ID_LENGTH)
      throw new Error("a delivery without a usable id or event");
    await record(delivery);
  };
}

async function recordAll(context: DeliveryContext, deliveries: readonly Incoming[]): Promise<void> {
  const read = deliveries.map((delivery) => {
    const trigger = toTrigger(delivery.event, delivery.payload);
    const ignored = trigger.kind === "ignore" ? `ignored: ${trigger.reason}` : undefined;
    return { ...delivery, ignored };
  });
  const fresh = await context.transact(async (tx, send) => {
    const added = await addDeliveries(tx, read);
    const wanted = read.filter(({ id, ignored }) => ignored === undefined && added.has(id));
    if (wanted.length > 0) await send("delivery", [...new Set(wanted.map(({ id }) => id))]);
    return added;
  });
  const untold = new Set(fresh);
  for (const { id, event, ignored } of read) {
    const isNew = untold.delete(id);
    context.log.info({ delivery: id, event, isNew }, "received a delivery");
    if (isNew && ignored !== undefined)
      context.log.info({ delivery: id, note: ignored }, "dealt with a delivery");
  }
}

/** The job: what the delivery asks for, begun. */
export async function workDelivery(context: DeliveryContext, id: string): Promise<void> {
  const note = await context.transact(async (tx, send) => {
    const delivery = await takeDelivery(tx, id);
    if (delivery === undefined) return undefined;
    const asked = toTrigger(delivery.event, delivery.payload);
    const { trigger, movedFrom } = await underItsName(tx, asked, delivery.payload);
    const moved = movedFrom === undefined ? "" : `moved ${movedFrom}; `;
    if (movedFrom !== undefined && "repository" in trigger) {
      await moveCalibration(context.calibrationsDir, movedFrom, nameOf(trigger.repository));
    }
    const outcome =
      trigger.kind === "request"
        ? await recordRequest(tx, send, { trigger, deliveryId: id })
        : await beginRuns(tx, send, trigger);
    const note = `${moved}${outcome}`;
    await closeDelivery(tx, id, { state: "done", note });
    return note;
  });
  if (note !== undefined) context.log.info({ delivery: id, note }, "dealt with a delivery");
}

/** The trigger with what the repository is called by now, its rows moved there if need be. */
async function underItsName(
  tx: Transaction<Tables>,
  asked: Trigger,
  payload: unknown,
): Promise<{ readonly trigger: Trigger; readonly movedFrom?: string }> {
  const seen = seenRepository(payload);
  if (seen === undefined || !("repository" in asked)) return { trigger: asked };
  const { ref: repository, ...followed } = await followRepository(tx, {
    id: seen.id,
    name: nameOf(seen.repository),
    ref: seen.repository,
    ...(seen.wasNamed === undefined ? {} : { wasNamed: seen.wasNamed }),
    ...(seen.updatedAt === undefined ? {} : { at: seen.updatedAt }),
  });
  return { trigger: { ...asked, repository }, ...followed };
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
