import { createHash } from "node:crypto";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { type Blobs, openBlobs } from "../../src/store/blobs.ts";

let directory = "";
let blobs: Blobs;
beforeEach(async () => {
  directory = mkdtempSync(join(tmpdir(), "tailguard-blobs-"));
  blobs = await openBlobs(directory);
});
afterEach(() => rmSync(directory, { recursive: true }));

const digestOf = (text: string) => createHash("sha256").update(text).digest("hex");
const limits = { maxBytes: 10 };
async function* chunks(...texts: string[]) {
  for (const text of texts) yield Buffer.from(text);
}
const unfinished = () => readdirSync(join(directory, "blobs", "unfinished"));

test("content is kept under its digest, once", async () => {
  const digest = digestOf("hello");
  expect(await blobs.size(digest)).toBeUndefined();
  await blobs.putStream(digest, chunks("he", "llo"), limits);
  await blobs.putStream(digest, chunks("hello"), limits);
  expect(await blobs.put("hello")).toBe(digest);
  expect(await blobs.size(digest)).toBe(5);
  expect((await blobs.read(digest)).toString()).toBe("hello");
  const copy = join(directory, "copy");
  await blobs.copyTo(digest, copy);
  expect(readFileSync(copy, "utf8")).toBe("hello");
  await expect(blobs.copyTo(digest, copy)).rejects.toThrow("EEXIST");
});

test("an empty file is a blob too", async () => {
  expect(await blobs.size(await blobs.put(""))).toBe(0);
});

async function* endless() {
  for (;;) yield Buffer.alloc(4);
}
async function* broken() {
  yield Buffer.from("he");
  throw new Error("the connection broke");
}

test.each([
  ["of another digest", () => chunks("jello"), "does not match"],
  ["too large", () => chunks("hello ", "world"), "more than 10 bytes"],
  ["without an end", endless, "more than 10 bytes"],
  ["that breaks off", broken, "connection broke"],
])("content %s leaves nothing behind", async (_what, content, message) => {
  const digest = digestOf("hello");
  await expect(blobs.putStream(digest, content(), limits)).rejects.toThrow(message);
  expect(await blobs.size(digest)).toBeUndefined();
  expect(unfinished()).toEqual([]);
});

test.each(["", "../../etc/passwd", "A".repeat(64), "a".repeat(63), `${"a".repeat(64)}/`])(
  "%j never becomes a path",
  async (digest) => {
    await expect(blobs.putStream(digest, chunks("x"), limits)).rejects.toThrow("not a digest");
    await expect(blobs.size(digest)).rejects.toThrow("not a digest");
    expect(() => blobs.stream(digest)).toThrow("not a digest");
  },
);

test("what a killed process left unfinished is removed at the next start", async () => {
  writeFileSync(join(directory, "blobs", "unfinished", "x"), "half");
  await openBlobs(directory);
  expect(unfinished()).toEqual([]);
});
