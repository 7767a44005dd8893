import { execFileSync } from "node:child_process";
import { randomUUID } from "node:crypto";
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { sql } from "kysely";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import {
  addDeliveries,
  closeDelivery,
  takeDelivery,
  waitingDeliveries,
} from "../../src/store/deliveries.ts";
import {
  claimRun,
  finishRun,
  heartbeat,
  prolongLeases,
  releaseRuns,
} from "../../src/store/leases.ts";
import { openStore, type Store } from "../../src/store/open-store.ts";
import {
  addRun,
  completeRun,
  endRun,
  findRun,
  recentRuns,
  runsOfHead,
  runsOfPullRequest,
  setCheckRun,
  setPlan,
  setReport,
  unfinishedRuns,
} from "../../src/store/runs.ts";
import type { Run } from "../../src/store/schema.ts";
import { DATABASES, type Databases, onLost, type TestDatabase } from "./test-databases.ts";

const SHA = "a".repeat(40);
const DIGEST = "d".repeat(64);

describe.each(Object.entries(DATABASES))("the store on %s", (kind, start) => {
  let databases: Databases;
  let database: TestDatabase;
  let store: Store;
  beforeAll(async () => {
    databases = await start();
  });
  afterAll(() => databases.stop());
  beforeEach(async () => {
    database = await databases.create();
    store = await database.open();
  });
  afterEach(async () => {
    await store.close();
    await database.remove();
  });

  const newRun = (pullRequest = 1, headSha = SHA) =>
    store.transaction((tx) =>
      addRun(tx, { repository: "o/r", pullRequest, headSha, trigger: { kind: "measure" } }),
    );
  const readyRun = async () => {
    const run = await newRun();
    expect(await setPlan(store.db, run.id, { plan: { schema: "p" }, configuration: {} })).toBe(
      true,
    );
    return run;
  };
  const claimed = async (leaseSeconds?: number): Promise<Run & { lease: string }> => {
    const claim = { runner: "local:1", ...(leaseSeconds === undefined ? {} : { leaseSeconds }) };
    const run = await claimRun(store.db, claim);
    return run as Run & { lease: string };
  };
  const stateOf = async (id: string) => (await findRun(store.db, id))?.state;

  test("types come back the same from both databases", async () => {
    const { rows } = await sql<Record<string, unknown>>`select count(*) as count,
      9007199254740991::int8 as large, 5::int4 as small, 0.5::float8 as fraction, true as yes,
      '{"a":[1,null]}'::jsonb as json, '2026-01-02T03:04:05.678Z'::timestamptz as time,
      '6c84fb90-12c4-11e1-840d-7b25c5ee775a'::uuid as uuid, null as nothing`.execute(store.db);
    expect(rows).toEqual([
      {
        count: 1,
        large: Number.MAX_SAFE_INTEGER,
        small: 5,
        fraction: 0.5,
        yes: true,
        json: { a: [1, null] },
        time: new Date("2026-01-02T03:04:05.678Z"),
        uuid: "6c84fb90-12c4-11e1-840d-7b25c5ee775a",
        nothing: null,
      },
    ]);
    await expect(sql`select 9007199254740992::int8`.execute(store.db)).rejects.toThrow("safe");
  });

  test("a query on db inside a transaction is refused and rolls it back", async () => {
    const nested = store.transaction(async (tx) => {
      await addDeliveries(tx, [{ id: "d1", event: "push", payload: {} }]);
      await addDeliveries(store.db, [{ id: "d2", event: "push", payload: {} }]);
    });
    await expect(nested).rejects.toThrow("pass `tx` down");
    expect(await waitingDeliveries(store.db)).toEqual([]);
    await store.transaction((tx) => addDeliveries(tx, [{ id: "d3", event: "push", payload: {} }]));
    expect(await waitingDeliveries(store.db)).toEqual(["d3"]);
  });

  test("a transaction whose failed statement was swallowed is not committed", async () => {
    const swallowed = store.transaction(async (tx) => {
      await addDeliveries(tx, [{ id: "d1", event: "push", payload: {} }]);
      await sql`select * from nowhere`.execute(tx).catch(() => {});
    });
    await expect(swallowed).rejects.toThrow();
    expect(await waitingDeliveries(store.db)).toEqual([]);
  });

  test("transactions and single statements beside each other do not mix", async () => {
    const failing = Array.from({ length: 10 }, (_, at) =>
      store.transaction(async (tx) => {
        await addDeliveries(tx, [{ id: `gone-${at}`, event: "push", payload: {} }]);
        throw new Error("rolled back");
      }),
    );
    const plain = Array.from({ length: 10 }, (_, at) =>
      addDeliveries(store.db, [{ id: `kept-${at}`, event: "push", payload: {} }]),
    );
    await Promise.allSettled([...failing, ...plain]);
    const kept = await waitingDeliveries(store.db);
    expect(kept.sort()).toEqual(Array.from({ length: 10 }, (_, at) => `kept-${at}`));
  });

  test("a delivery is kept once and forgets its payload", async () => {
    const delivery = { id: randomUUID(), event: "pull_request", payload: { text: "ü\\u0001'" } };
    expect(await addDeliveries(store.db, [delivery, delivery])).toEqual(new Set([delivery.id]));
    const ignored = { ...delivery, id: randomUUID(), ignored: "nothing asked" };
    const more = await addDeliveries(store.db, [delivery, ignored]);
    expect(more).toEqual(new Set([ignored.id]));
    expect(await waitingDeliveries(store.db)).toEqual([delivery.id]);
    const taken = await store.transaction((tx) => takeDelivery(tx, delivery.id));
    expect(taken?.payload).toEqual(delivery.payload);
    await closeDelivery(store.db, delivery.id, { state: "done", note: "ignored" });
    expect(await store.transaction((tx) => takeDelivery(tx, delivery.id))).toBeUndefined();
    const row = await store.db
      .selectFrom("deliveries")
      .selectAll()
      .where("id", "=", delivery.id)
      .executeTakeFirst();
    expect(row).toMatchObject({ state: "done", note: "ignored", payload: null });
  });

  test("attempts count up per head, also when runs are added at once", async () => {
    const runs = await Promise.all([newRun(1), newRun(2), newRun(1), newRun(1, "b".repeat(40))]);
    expect(runs.map((run) => run.attempt).sort()).toEqual([1, 1, 2, 3]);
    const ofHead = await runsOfHead(store.db, { repository: "o/r", headSha: SHA });
    expect(ofHead.map((run) => run.pull_request).sort()).toEqual([1, 1, 2]);
    expect(ofHead.map((run) => run.attempt)).toEqual([3, 2, 1]);
    const ofOne = await runsOfPullRequest(store.db, { repository: "o/r", pullRequest: 1 });
    expect(ofOne).toHaveLength(3);
    expect(await recentRuns(store.db, 2)).toHaveLength(2);
  });

  test("the whole life of a run", async () => {
    const run = await readyRun();
    await setCheckRun(store.db, run.id, 3_000_000_000);
    const { lease } = await claimed();
    expect(await claimed()).toBeUndefined();
    const progress = { stage: "build", done: 1, total: 2, text: "x" };
    const beaten = await heartbeat(store.db, run.id, { lease, progress });
    expect(beaten?.progress).toEqual(progress);
    const finish = { lease, evidenceDigest: DIGEST };
    expect((await finishRun(store.db, run.id, finish))?.state).toBe("collected");
    expect(await finishRun(store.db, run.id, finish)).toBeUndefined();
    const report = {
      reportDigest: DIGEST,
      pageDigest: DIGEST,
      draft: { title: "t" },
      conversation: {},
    };
    expect(await setReport(store.db, run.id, report)).toBe(true);
    expect(await setReport(store.db, run.id, report)).toBe(false);
    const told = { conclusion: "success", title: "t" };
    expect(await completeRun(store.db, run.id, told)).toBe(true);
    expect(await completeRun(store.db, run.id, told)).toBe(false);
    const completed = await findRun(store.db, run.id);
    expect(completed).toMatchObject({
      state: "completed",
      check_run_id: 3_000_000_000,
      draft: { title: "t" },
      ...told,
    });
    expect(await unfinishedRuns(store.db)).toEqual([]);
  });

  test("many runners at once claim a run once", async () => {
    const run = await readyRun();
    const claims = await Promise.all(
      Array.from({ length: 12 }, (_, at) => claimRun(store.db, { runner: `r${at}` })),
    );
    expect(claims.filter((claim) => claim !== undefined).map((claim) => claim.id)).toEqual([
      run.id,
    ]);
  });

  test("a lost lease goes back to ready, and its late results are refused", async () => {
    const run = await readyRun();
    const first = await claimed(-1);
    expect(await releaseRuns(store.db, { kind: "expired" })).toHaveLength(1);
    expect(await stateOf(run.id)).toBe("ready");
    const finish = { lease: first.lease, evidenceDigest: DIGEST };
    expect(await finishRun(store.db, run.id, finish)).toBeUndefined();
    const second = await claimed();
    expect(second).toMatchObject({ id: run.id, claims: 2 });
    expect(await heartbeat(store.db, run.id, { lease: first.lease })).toBeUndefined();
    expect(await finishRun(store.db, run.id, finish)).toBeUndefined();
    expect(await heartbeat(store.db, run.id, { lease: second.lease })).toBeDefined();
    expect(await releaseRuns(store.db, { kind: "expired" })).toEqual([]);
  });

  test("leases are taken back by runner, by lease, or prolonged", async () => {
    const run = await readyRun();
    const first = await claimed();
    const other = { kind: "runner", runnerPrefix: "local:2" } as const;
    expect(await releaseRuns(store.db, other)).toEqual([]);
    const local = { kind: "runner", runnerPrefix: "local:" } as const;
    expect(await releaseRuns(store.db, local)).toHaveLength(1);
    const second = await claimed(-1);
    expect(await releaseRuns(store.db, { kind: "lease", lease: first.lease })).toEqual([]);
    await prolongLeases(store.db);
    expect(await releaseRuns(store.db, { kind: "expired" })).toEqual([]);
    const returned = await releaseRuns(store.db, { kind: "lease", lease: second.lease });
    expect(returned.map(({ id }) => id)).toEqual([run.id]);
  });

  test("a run can be ended early from the named states only", async () => {
    const run = await readyRun();
    const { lease } = await claimed();
    const draft = { conclusion: "cancelled" };
    expect(await endRun(store.db, run.id, { from: ["queued"], draft })).toBe(false);
    expect(await endRun(store.db, run.id, { from: ["queued", "running"], draft })).toBe(true);
    expect(await stateOf(run.id)).toBe("publishing");
    expect(await heartbeat(store.db, run.id, { lease })).toBeUndefined();
    expect(await setPlan(store.db, run.id, { plan: {}, configuration: {} })).toBe(false);
    expect(await unfinishedRuns(store.db)).toHaveLength(1);
  });

  test("a second server is refused, and the data is there for the next", async () => {
    await newRun();
    const busy = database.open();
    await expect(busy).rejects.toMatchObject({ code: "TG_DATA_DIRECTORY_BUSY" });
    await store.close();
    store = await database.open();
    expect(await recentRuns(store.db, 10)).toHaveLength(1);
  });

  test("a slow query does not stop the event loop", async () => {
    let turns = 0;
    const timer = setInterval(() => turns++, 1);
    await sql`select count(*) from generate_series(1, 3000000)`.execute(store.db);
    clearInterval(timer);
    expect(turns).toBeGreaterThan(5);
  });

  test("a backup of the embedded database, unpacked into a new folder, is the database", async () => {
    const run = await newRun();
    const bytes = await store.dump();
    if (kind === "postgres") {
      expect(bytes).toBeUndefined();
      return;
    }
    const dataDir = mkdtempSync(join(tmpdir(), "tailguard-restored-"));
    mkdirSync(join(dataDir, "database"));
    execFileSync("tar", ["-xz", "-C", join(dataDir, "database")], { input: bytes! });
    const restored = await openStore({ dataDir, onLost });
    expect((await recentRuns(restored.db, 10)).map(({ id }) => id)).toEqual([run.id]);
    await restored.close();
    rmSync(dataDir, { recursive: true });
  });
});
