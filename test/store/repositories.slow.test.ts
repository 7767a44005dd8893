import { describe, expect, test } from "vitest";
import { addRelease, lastRelease } from "../../src/store/history.ts";
import { followRepository, type KnownRepository } from "../../src/store/repositories.ts";
import { addRun, findRun } from "../../src/store/runs.ts";
import { DATABASES, storeForAll } from "./test-databases.ts";

describe.each(Object.entries(DATABASES))("names of repositories on %s", (_kind, start) => {
  const store = storeForAll(start);

  type Seen = Omit<KnownRepository<string>, "ref">;
  const see = (seen: Seen) =>
    store().transaction((tx) => followRepository(tx, { ...seen, ref: seen.name }));
  const release = (repository: string, name: string) =>
    addRelease(store().db, { repository, name, at: "2026-11-25T08:00:00Z" });
  const lastOf = async (repository: string) => (await lastRelease(store().db, repository))?.name;
  const at = (second: number) => `2026-11-25T08:00:0${second}Z`;

  test("rows follow the id, and a run asks GitHub under the new name", async () => {
    await see({ id: 1, name: "o/a", at: at(1) });
    await release("o/a", "v1.0.0");
    const trigger = { repository: "o/a", kind: "measure" };
    const run = await store().transaction((tx) =>
      addRun(tx, { repository: "o/a", pullRequest: 1, headSha: "1".repeat(40), trigger }),
    );
    expect(await see({ id: 1, name: "o/b", at: at(2) })).toEqual({ ref: "o/b", movedFrom: "o/a" });
    expect([await lastOf("o/a"), await lastOf("o/b")]).toEqual([undefined, "v1.0.0"]);
    expect(await findRun(store().db, run.id)).toMatchObject({
      repository: "o/b",
      trigger: { repository: "o/b", kind: "measure" },
    });
  });

  test("what was sent before and comes late is corrected", async () => {
    expect(await see({ id: 1, name: "o/a", at: at(1) })).toEqual({ ref: "o/b" });
    expect(await lastOf("o/b")).toBe("v1.0.0");
  });

  test("a name that another repository has now is a new beginning", async () => {
    expect(await see({ id: 2, name: "o/b", at: at(3) })).toEqual({ ref: "o/b" });
    expect(await lastOf("o/b")).toBeUndefined();
    await release("o/b", "v2.0.0");
    // The first one was renamed too, and its webhook comes second.
    await see({ id: 1, name: "o/c", at: at(3) });
    expect([await lastOf("o/b"), await lastOf("o/c")]).toEqual(["v2.0.0", "v1.0.0"]);
  });

  test("two swap their names", async () => {
    await see({ id: 1, name: "o/b", at: at(4) });
    await see({ id: 2, name: "o/c", at: at(4) });
    expect([await lastOf("o/b"), await lastOf("o/c")]).toEqual(["v1.0.0", "v2.0.0"]);
  });

  test("rows from before the id was known are found by the word of the rename", async () => {
    await release("old/x", "v3.0.0");
    expect(await see({ id: 3, name: "new/x", wasNamed: "old/x" })).toEqual({
      ref: "new/x",
      movedFrom: "old/x",
    });
    expect(await lastOf("new/x")).toBe("v3.0.0");
    // They are not where that name is known to be another's by now.
    expect(await see({ id: 5, name: "new/y", wasNamed: "new/x" })).toEqual({ ref: "new/y" });
    expect(await lastOf("new/x")).toBe("v3.0.0");
    // Without a rename they are its own.
    await release("o/y", "v4.0.0");
    await see({ id: 4, name: "o/y" });
    expect(await lastOf("o/y")).toBe("v4.0.0");
  });
});
