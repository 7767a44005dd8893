// Profiles of a bundle that were cut, filled up or exchanged on the way: each costs itself alone.
import { cp, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { afterAll, beforeAll, expect, test } from "vitest";
import { readEvidence } from "../../src/collect/read-evidence.ts";
import { recordedEvidence } from "../commands/recorded-bundle.ts";

let dir = "";
let file = "";
let whole: Buffer;
let profiles = 0;

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), "tailguard-test-"));
  await cp(recordedEvidence("regression"), dir, { recursive: true });
  const evidence = await readEvidence(dir);
  profiles = evidence.profiles.length;
  file = evidence.profiles[0]?.record.file ?? "";
  whole = await readFile(join(dir, file));
  expect(profiles).toBeGreaterThan(10);
});
afterAll(() => rm(dir, { recursive: true, force: true }));

/** Reads the bundle after `change` of its first profile, whose file is put back then. */
async function reasonAfter(change: (path: string) => Promise<unknown>): Promise<string> {
  const path = join(dir, file);
  await rm(path);
  await change(path);
  const evidence = await readEvidence(dir);
  await rm(path, { recursive: true });
  await writeFile(path, whole);
  expect(evidence.profiles.length).toBe(profiles - 1);
  const named = evidence.manifest.degraded.filter(({ reason }) => reason.startsWith(`${file}: `));
  expect(named.map(({ strategy }) => strategy)).toEqual(["profile"]);
  return named[0]?.reason.slice(file.length + 2) ?? "";
}

test("a profile that was cut anywhere", async () => {
  // A message that ends between two fields is a smaller message: the packing's own length tells.
  const ends = Array.from({ length: 12 }, (_, at) => whole.length - 1 - at);
  for (const length of [1, 9, 10, 11, whole.length >> 1, ...ends]) {
    const reason = await reasonAfter((path) => writeFile(path, whole.subarray(0, length)));
    expect(reason, `${length} of ${whole.length} bytes`).toMatch(/^cannot be unpacked: \w/);
  }
  expect(await reasonAfter((path) => writeFile(path, ""))).toBe("is empty");
});

test("a few bytes changed within", async () => {
  for (const at of [whole.length >> 2, whole.length >> 1, whole.length - 6]) {
    const damaged = Buffer.from(whole);
    damaged[at] = (damaged[at] ?? 0) ^ 0x55;
    expect(await reasonAfter((path) => writeFile(path, damaged))).toContain("cannot be unpacked");
  }
});

test("64 KB that unpack to more than a profile may have", async () => {
  const bomb = gzipSync(Buffer.alloc((64 << 20) + 1));
  expect(bomb.length).toBeLessThan(100_000);
  expect(await reasonAfter((path) => writeFile(path, bomb))).toBe(
    "it unpacks to more than the limit of 67108864 bytes",
  );
});

test("a link, a folder, and text", async () => {
  expect(await reasonAfter((path) => symlink("/etc/passwd", path))).toContain("cannot be read");
  expect(await reasonAfter((path) => mkdir(path))).toBe("is not a plain file");
  expect(await reasonAfter((path) => writeFile(path, "goos: linux\n"))).toContain(
    "cannot be unpacked",
  );
});
