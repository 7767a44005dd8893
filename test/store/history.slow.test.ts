import { randomUUID } from "node:crypto";
import { describe, expect, test } from "vitest";
import {
  addMainValues,
  addMisfires,
  addRelease,
  lastMisfires,
  lastRelease,
  mainValues,
} from "../../src/store/history.ts";
import { DATABASES, storeForAll } from "./test-databases.ts";

const KEY = { cell: "default", package: "example.com/m", name: "BenchmarkParse" };
const PLACE = { repository: "o/r", machine: "Some CPU" };
const DAY_MS = 24 * 3_600_000;

describe.each(Object.entries(DATABASES))("the history of main on %s", (_kind, start) => {
  const store = storeForAll(start);

  const push = (commit: number, ageDays: number, place: Partial<typeof PLACE> = {}) => {
    const measuredAt = new Date(Date.now() - ageDays * DAY_MS);
    const run = { runId: randomUUID(), ...PLACE, ...place, commitSha: String(commit), measuredAt };
    const values = [
      { ...KEY, metrics: { "p10-sec/op": commit } },
      { ...KEY, name: "BenchmarkOther", metrics: {} },
    ];
    return store().transaction(async (tx) => {
      await addMainValues(tx, run, values);
      // A step that is repeated after a crash.
      await addMainValues(tx, run, values);
    });
  };
  const read = (limit: number, names: readonly string[] = [KEY.name]) =>
    mainValues(store().db, { ...PLACE, names, limit });

  test("the newest commits of the benchmarks asked for, oldest first, on one machine", async () => {
    for (const commit of [1, 2, 3]) await push(commit, 10 - commit);
    await push(9, 1, { machine: "Another CPU" });
    await push(9, 1, { repository: "o/other" });
    const rows = await read(2);
    expect(rows).toEqual(
      [2, 3].map((commit) => ({
        ...KEY,
        commit_sha: String(commit),
        measured_at: expect.any(Date),
        metrics: { "p10-sec/op": commit },
      })),
    );
    expect(await read(10, [KEY.name, "BenchmarkOther", "x' or 1=1"])).toHaveLength(6);
    expect(await read(10, [])).toEqual([]);
  });

  test("values of more than two years ago are let go", async () => {
    await push(0, 800);
    await push(4, 0);
    expect((await read(10)).map((row) => row.commit_sha)).toEqual(["1", "2", "3", "4"]);
  });

  test("the newest release counts, and a tag that is moved from then on", async () => {
    const { repository } = PLACE;
    expect(await lastRelease(store().db, repository)).toBeUndefined();
    await addRelease(store().db, { repository, name: "v1.0.0", at: "2026-01-01T00:00:00Z" });
    await addRelease(store().db, { repository, name: "v1.1.0", at: "2026-02-01T00:00:00Z" });
    await addRelease(store().db, { repository, name: "v1.0.0", at: "2026-01-05T00:00:00Z" });
    expect(await lastRelease(store().db, repository)).toEqual({
      name: "v1.1.0",
      at: new Date("2026-02-01T00:00:00Z"),
    });
  });

  test("the newest misfire of each benchmark", async () => {
    const misfire = (at: string) =>
      addMisfires(store().db, { runId: randomUUID(), repository: "o/r", at: new Date(at) }, [KEY]);
    await addMisfires(store().db, { runId: randomUUID(), repository: "o/r", at: new Date() }, []);
    await misfire("2026-03-01T00:00:00Z");
    await misfire("2026-02-01T00:00:00Z");
    expect(await lastMisfires(store().db, "o/r")).toEqual([
      { ...KEY, at: new Date("2026-03-01T00:00:00Z") },
    ]);
  });
});
