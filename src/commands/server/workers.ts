// Which step works on which job, how many at a time, and what happens when it cannot.
import type { Queue, Work } from "../../queue/open-queue.ts";
import { workAnalyze } from "./analyze-step.ts";
import type { ServerContext } from "./context.ts";
import { giveUpDelivery, workDelivery } from "./deliveries.ts";
import { workPlan } from "./plan-step.ts";
import { failRun, giveUpPublish, workPublish } from "./publish-step.ts";
import { giveUpRequest, workRequest } from "./requests.ts";

/** Starts the workers of all steps; `closing` ends a step that takes long. */
export async function startWorkers(
  context: ServerContext,
  queue: Queue,
  closing: AbortSignal,
): Promise<void> {
  const start = (name: Parameters<Queue["work"]>[0], work: Work) =>
    queue.work(name, {
      ...work,
      giveUp: async (id, error) => {
        // A step that was cut off by the shutdown has not failed: the next start drives it on.
        if (closing.aborted) throw error;
        await work.giveUp(id, error);
      },
    });
  await start("delivery", {
    // One at a time: two pushes to one pull request are dealt with in the order they came.
    concurrency: 1,
    run: (id) => workDelivery(context, id),
    giveUp: (id, error) => giveUpDelivery(context, id, error),
  });
  await start("request", {
    // One at a time, as they were asked for.
    concurrency: 1,
    run: (id) => workRequest(context, id),
    giveUp: (id, error) => giveUpRequest(context, id, error),
  });
  await start("plan", {
    concurrency: 4,
    run: (id) => workPlan(context, id),
    giveUp: (id, error) => failRun(context, id, { from: ["queued"], error }),
  });
  await start("analyze", {
    // Each is a process that may need gigabytes.
    concurrency: 1,
    run: (id) => workAnalyze(context, id, closing),
    giveUp: (id, error) => failRun(context, id, { from: ["collected"], error }),
  });
  await start("publish", {
    concurrency: 4,
    run: (id) => workPublish(context, id),
    giveUp: (id, error) => giveUpPublish(context, id, error),
  });
}
