// Deliveries come twice, late and in any order, and their jobs are repeated: every head of every
// pull request is judged at most once, and the newest one always.
//
// GitHub promises neither order nor "once". TAILGUARD_DELIVERIES=20000 tries as many as the
// busiest organizations see in some hours; a few hundred find the same mistakes in a second.
import { describe, expect, test } from "vitest";
import {
  createRecorder,
  type DeliveryContext,
  workDelivery,
} from "../../src/commands/server/deliveries.ts";
import { nextFloat, seededRandom, shuffle } from "../../src/stats/random.ts";
import { DATABASES, storeForAll } from "../store/test-databases.ts";

const TOTAL = Number(process.env.TAILGUARD_DELIVERIES ?? 400);
const HEADS = 5;
/** Each delivery comes twice. */
const PULL_REQUESTS = Math.ceil(TOTAL / HEADS / 2);
const AT_ONCE = 100;

const shaOf = (pullRequest: number, head: number) =>
  (pullRequest * HEADS + head).toString(16).padStart(40, "0");

function delivery(pullRequest: number, head: number) {
  return {
    id: `delivery-${pullRequest}-${head}`,
    event: "pull_request",
    payload: {
      action: head === 0 ? "opened" : "synchronize",
      repository: {
        id: 1,
        name: "ledger",
        owner: { login: "acme" },
        clone_url: "https://github.com/acme/ledger.git",
      },
      installation: { id: 7 },
      sender: { login: "gopher" },
      pull_request: {
        number: pullRequest,
        draft: false,
        updated_at: new Date(Date.UTC(2026, 0, 1, 0, head)).toISOString(),
        head: { sha: shaOf(pullRequest, head), repo: { id: 1 } },
        base: { sha: "b".repeat(40), ref: "main", repo: { id: 1 } },
      },
    },
  };
}

describe.each(Object.entries(DATABASES))("on %s", (_kind, start) => {
  const store = storeForAll(start);

  test("deliveries that come twice, late and in any order judge each head once", async () => {
    const random = seededRandom(20);
    const jobs: string[] = [];
    const context: DeliveryContext = {
      log: { info: () => undefined },
      // No repository is renamed here.
      calibrationsDir: "/nonexistent",
      transact: (work) =>
        store().transaction(async (tx) => {
          const sent: string[] = [];
          const result = await work(tx, async (name, ids) => {
            if (name === "delivery") sent.push(...[ids].flat());
          });
          jobs.push(...sent);
          return result;
        }),
    };
    const all = Array.from({ length: PULL_REQUESTS }, (_, at) => at + 1).flatMap((pullRequest) =>
      Array.from({ length: HEADS }, (_, head) => delivery(pullRequest, head)),
    );
    const arriving = shuffle(random, [...all, ...all]);
    const record = createRecorder(context);
    const workSome = async (count: number) => {
      const some = shuffle(random, jobs.splice(0)).map((id, at) => ({ id, isNow: at < count }));
      jobs.push(...some.filter(({ isNow }) => !isNow).map(({ id }) => id));
      for (const { id } of some.filter(({ isNow }) => isNow)) {
        await workDelivery(context, id);
        if (nextFloat(random) < 0.1) await workDelivery(context, id);
      }
    };
    for (let at = 0; at < arriving.length; at += AT_ONCE) {
      await Promise.all(arriving.slice(at, at + AT_ONCE).map(record));
      await workSome(AT_ONCE / 4);
    }
    await workSome(jobs.length);

    const deliveries = await store().db.selectFrom("deliveries").select(["id", "state"]).execute();
    expect(deliveries.map(({ id }) => id).sort()).toEqual(all.map(({ id }) => id).sort());
    expect(deliveries.filter(({ state }) => state !== "done")).toEqual([]);
    const runs = await store()
      .db.selectFrom("runs")
      .select(["pull_request", "head_sha", "state"])
      .execute();
    expect(new Set(runs.map(({ head_sha }) => head_sha)).size).toBe(runs.length);
    const open = runs.filter(({ state }) => state === "queued");
    const newest = Array.from({ length: PULL_REQUESTS }, (_, at) => shaOf(at + 1, HEADS - 1));
    expect(open.map(({ head_sha }) => head_sha).sort()).toEqual([...newest].sort());
  });
});
