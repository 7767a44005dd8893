import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { TransientError } from "../../src/errors.ts";
import { type JobName, openQueue, type Queue } from "../../src/queue/open-queue.ts";
import { addDeliveries, waitingDeliveries } from "../../src/store/deliveries.ts";
import type { Store } from "../../src/store/open-store.ts";
import { DATABASES, type Databases, onLost, type TestDatabase } from "../store/test-databases.ts";

/** Collects what arrives and lets a test wait for the n-th arrival. */
function createInbox<T>() {
  const items: T[] = [];
  let arrived = () => {};
  return {
    items,
    add: (item: T) => {
      items.push(item);
      arrived();
    },
    size: async (wanted: number) => {
      while (items.length < wanted) {
        await new Promise<void>((resolve) => {
          arrived = resolve;
        });
      }
      return items;
    },
  };
}

describe.each(Object.entries(DATABASES))("the queue on %s", (_kind, start) => {
  let databases: Databases;
  let database: TestDatabase;
  let store: Store;
  let queue: Queue;
  const open = () =>
    openQueue({
      database: store.jobs,
      onError: onLost,
      retry: { limit: 2, firstDelaySeconds: 0, longestDelaySeconds: 0 },
    });
  beforeAll(async () => {
    databases = await start();
  });
  afterAll(() => databases.stop());
  beforeEach(async () => {
    database = await databases.create();
    store = await database.open();
    queue = await open();
  });
  afterEach(async () => {
    await queue.stop(5_000);
    await store.close();
    await database.remove();
  });
  const send = async (name: JobName, id: string) => {
    await queue.send(name, id);
    queue.wake(name);
  };

  test("a backlog is worked off without waiting for polls, each job once", async () => {
    const ids = Array.from({ length: 20 }, (_, at) => `id-${at}`);
    await queue.send("plan", ids);
    const inbox = createInbox<string>();
    await queue.work("plan", {
      concurrency: 2,
      run: async (id) => inbox.add(id),
      giveUp: async () => {},
    });
    expect([...(await inbox.size(20))].sort()).toEqual([...ids].sort());
  });

  test("a job exists only if its transaction commits", async () => {
    const inbox = createInbox<string>();
    await queue.work("delivery", {
      concurrency: 1,
      run: async (id) => inbox.add(id),
      giveUp: async () => {},
    });
    const record = (id: string, fail: boolean) =>
      store.transaction(async (tx) => {
        await addDeliveries(tx, [{ id, event: "push", payload: {} }]);
        await queue.send("delivery", id, tx);
        if (fail) throw new Error("rolled back");
      });
    await expect(record("gone", true)).rejects.toThrow("rolled back");
    await record("kept", false);
    queue.wake("delivery");
    expect(await inbox.size(1)).toEqual(["kept"]);
    expect(await waitingDeliveries(store.db)).toEqual(["kept"]);
  });

  test("a job sent inside a transaction without it is refused", async () => {
    const wrong = store.transaction(() => queue.send("plan", "x"));
    await expect(wrong).rejects.toThrow("pass `tx` down");
  });

  test("what may pass is tried again and then given up, anything else at once", async () => {
    const inbox = createInbox<string>();
    await queue.work("publish", {
      concurrency: 1,
      run: async (id) => {
        inbox.add(`run ${id}`);
        throw id === "transient" ? new TransientError("503") : new Error("a bug");
      },
      giveUp: async (id, error) => inbox.add(`gave up ${id}: ${(error as Error).message}`),
    });
    await send("publish", "bug");
    expect(await inbox.size(2)).toEqual(["run bug", "gave up bug: a bug"]);
    await send("publish", "transient");
    expect((await inbox.size(6)).slice(2)).toEqual([
      "run transient",
      "run transient",
      "run transient",
      "gave up transient: 503",
    ]);
  });

  test("giving up that fails is tried again", async () => {
    const inbox = createInbox<string>();
    await queue.work("publish", {
      concurrency: 1,
      run: async () => {
        throw new Error("a bug");
      },
      giveUp: async (id) => {
        inbox.add(id);
        if (inbox.items.length === 1) throw new Error("GitHub is away");
      },
    });
    await send("publish", "x");
    expect(await inbox.size(2)).toEqual(["x", "x"]);
  });

  test("after clear, jobs that were active, waiting or failed are gone", async () => {
    let release = () => {};
    const blocked = new Promise<void>((resolve) => {
      release = resolve;
    });
    const inbox = createInbox<string>();
    await queue.work("analyze", {
      concurrency: 1,
      run: async (id) => {
        inbox.add(id);
        if (id === "active") await blocked;
      },
      giveUp: async () => {},
    });
    await send("analyze", "active");
    await inbox.size(1);
    await queue.send("analyze", "waiting");
    await queue.clear();
    await queue.send("analyze", "new");
    release();
    expect(await inbox.size(2)).toEqual(["active", "new"]);
  });
});
