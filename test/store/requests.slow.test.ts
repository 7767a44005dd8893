// What people ask for and what a conversation holds, on both databases.
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { claimRun } from "../../src/store/leases.ts";
import type { Store } from "../../src/store/open-store.ts";
import { conversationState, saveConversation } from "../../src/store/pull-requests.ts";
import {
  addRequest,
  answersWithinHour,
  closeRequest,
  decideRequest,
  findRequest,
  forgetRequests,
  openRequests,
} from "../../src/store/requests.ts";
import { addRun, runsOfPullRequest } from "../../src/store/runs.ts";
import { addWaiver, waiversOf } from "../../src/store/waivers.ts";
import { DATABASES, type Databases, type TestDatabase } from "./test-databases.ts";

const SHA = "a".repeat(40);
const DIGEST = "d".repeat(64);
const NEW_RUN = { repository: "o/r", pullRequest: 1, headSha: SHA, trigger: { kind: "measure" } };

describe.each(Object.entries(DATABASES))("the store on %s", (_kind, start) => {
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

  test("what was asked for is told apart from what answers the required check", async () => {
    await store.transaction((tx) => addRun(tx, NEW_RUN));
    const asked = await store.transaction((tx) => addRun(tx, { ...NEW_RUN, purpose: "asked" }));
    const key = { repository: "o/r", pullRequest: 1 };
    expect(await runsOfPullRequest(store.db, key)).toHaveLength(1);
    expect(await runsOfPullRequest(store.db, key, ["asked"])).toMatchObject([{ id: asked.id }]);
  });

  test("evidence that is there is judged again without a runner", async () => {
    const evidence = { plan: { a: 1 }, configuration: { b: 2 }, digest: DIGEST };
    const again = await store.transaction((tx) => addRun(tx, { ...NEW_RUN, evidence }));
    expect(again).toMatchObject({
      state: "collected",
      plan: { a: 1 },
      configuration: { b: 2 },
      evidence_digest: DIGEST,
    });
    expect(await claimRun(store.db, { runner: "local:1" })).toBeUndefined();
  });

  test("a request is kept once, decided once, and counted for an hour where it was answered", async () => {
    const { db } = store;
    const request = { id: "comment 1", repository: "o/r", pullRequest: 1, request: { a: 1 } };
    expect(await addRequest(db, request)).toBe(true);
    expect(await addRequest(db, request)).toBe(false);
    expect(await openRequests(db)).toEqual(["comment 1"]);
    const decision = { answer: { reaction: "+1", body: "x" }, pullRequest: 1 };
    expect(await decideRequest(db, "comment 1", decision)).toBe(true);
    expect(await decideRequest(db, "comment 1", decision)).toBe(false);
    expect(await answersWithinHour(db, { repository: "o/r", number: 1 })).toBe(1);
    expect(await answersWithinHour(db, { repository: "o/r", number: 2 })).toBe(0);
    await closeRequest(db, "comment 1");
    expect(await openRequests(db)).toEqual([]);
    expect(await findRequest(db, "comment 1")).toMatchObject({ state: "done", request: { a: 1 } });
    await forgetRequests(db, 30);
    expect(await findRequest(db, "comment 1")).toBeDefined();
    await forgetRequests(db, 0);
    expect(await findRequest(db, "comment 1")).toBeUndefined();
  });

  test("a conversation and its waivers are replaced, not added to", async () => {
    const { db } = store;
    const key = { repository: "o/r", number: 1 };
    const empty = await conversationState(db, key);
    expect(empty).toMatchObject({ comment_id: null, regressed: [], remarked: [] });
    await saveConversation(db, { ...empty, comment_id: 3_000_000_000, regressed: ["a"] });
    await saveConversation(db, { ...empty, comment_id: 3_000_000_000, regressed: ["b"] });
    expect(await conversationState(db, key)).toMatchObject({
      comment_id: 3_000_000_000,
      regressed: ["b"],
    });
    const waiver = {
      repository: "o/r",
      pull_request: 1,
      benchmark: "BenchmarkA",
      package: "p",
      metric: "B/op",
      author: "gopher",
      reason: "first",
      until_day: "2026-12-31",
      limit_change: 0.5,
      head_sha: SHA,
    };
    await addWaiver(db, waiver);
    await addWaiver(db, { ...waiver, reason: "second", limit_change: null });
    expect(await waiversOf(db, key)).toEqual([{ ...waiver, reason: "second", limit_change: null }]);
  });
});
