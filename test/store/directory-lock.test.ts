import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { type DirectoryLockOptions, lockDirectory } from "../../src/store/directory-lock.ts";

let directory = "";
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "tailguard-lock-"));
});
afterEach(() => rmSync(directory, { recursive: true }));

const quick: DirectoryLockOptions = {
  onLost: (error) => {
    throw error;
  },
  heartbeatMs: 20,
};
const elsewhere = { ...quick, namespace: "another container" };
const lockFile = () => join(directory, "lock.json");

test("the second taker in the same namespace is refused at once, and may after the release", async () => {
  const first = await lockDirectory(directory, quick);
  await expect(lockDirectory(directory, quick)).rejects.toMatchObject({
    code: "TG_DATA_DIRECTORY_BUSY",
  });
  await first.release();
  await first.release();
  expect(readdirSync(directory)).toEqual([]);
  await (await lockDirectory(directory, quick)).release();
});

test("a taker in another namespace is refused while the heart beats", async () => {
  const first = await lockDirectory(directory, quick);
  await expect(lockDirectory(directory, elsewhere)).rejects.toMatchObject({
    code: "TG_DATA_DIRECTORY_BUSY",
  });
  await first.release();
});

test.each([
  ["ours by namespace, left by a killed process", quick],
  ["another namespace's, whose heart has stopped", elsewhere],
])("a lock file that is %s is taken over", async (_what, options) => {
  const killed = await lockDirectory(directory, quick);
  const left = readFileSync(lockFile(), "utf8");
  await killed.release();
  writeFileSync(lockFile(), left);
  const next = await lockDirectory(directory, options);
  expect(readFileSync(lockFile(), "utf8")).not.toBe(left);
  await next.release();
});

test.each(["", "{", "null", "[]"])("a damaged lock file %j is nobody's", async (text) => {
  writeFileSync(lockFile(), text);
  await (await lockDirectory(directory, elsewhere)).release();
});

test("the loser of a takeover hears of it and leaves the file to its new owner", async () => {
  let lose = (_error: Error) => {};
  const lost = new Promise<Error>((resolve) => {
    lose = resolve;
  });
  const first = await lockDirectory(directory, { ...quick, onLost: (error) => lose(error) });
  const other = JSON.stringify({ owner: "other", namespace: "n", beat: "1" });
  writeFileSync(lockFile(), other);
  expect((await lost).message).toContain("taken over");
  await first.release();
  expect(readFileSync(lockFile(), "utf8")).toBe(other);
});
