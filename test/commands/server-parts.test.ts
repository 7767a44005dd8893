import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { backUp } from "../../src/commands/server/backup.ts";
import { createBell } from "../../src/commands/server/bell.ts";
import { scrubbedEnvironment } from "../../src/commands/server/own-command.ts";
import { createTurns } from "../../src/commands/server/turns.ts";
import type { Store } from "../../src/store/open-store.ts";

describe("what a child of the server may know", () => {
  test.each([
    ["PATH", true],
    ["HOME", true],
    ["GOMODCACHE", true],
    ["GOPROXY", true],
    ["CGO_ENABLED", true],
    ["HTTPS_PROXY", true],
    ["https_proxy", true],
    ["LC_ALL", true],
    ["PRIVATE_KEY", false],
    ["WEBHOOK_SECRET", false],
    ["DATABASE_URL", false],
    ["RUNNER_TOKEN", false],
    ["GITHUB_TOKEN", false],
    ["GOOGLE_APPLICATION_CREDENTIALS", false],
    ["NODE_OPTIONS", false],
    ["AWS_SECRET_ACCESS_KEY", false],
    ["XPATH", false],
    ["PATH_SECRET", false],
  ])("%s: %s", (name, isPassedOn) => {
    expect(scrubbedEnvironment({ [name]: "x" })).toEqual(isPassedOn ? { [name]: "x" } : {});
  });

  test("what the server adds wins", () => {
    expect(scrubbedEnvironment({ PATH: "a", HOME: undefined }, { PATH: "b" })).toEqual({
      PATH: "b",
    });
  });
});

describe("turns", () => {
  test("works of one key follow each other, of different keys do not wait", async () => {
    const turn = createTurns();
    const seen: string[] = [];
    let release = () => {};
    const blocked = new Promise<void>((resolve) => {
      release = resolve;
    });
    const first = turn("a", async () => {
      await blocked;
      seen.push("a1");
    });
    const second = turn("a", async () => void seen.push("a2"));
    await turn("b", async () => void seen.push("b"));
    release();
    await Promise.all([first, second]);
    expect(seen).toEqual(["b", "a1", "a2"]);
  });

  test("a work that throws stops only itself", async () => {
    const turn = createTurns();
    const failing = turn("a", async () => {
      throw new Error("no");
    });
    const next = turn("a", async () => "yes");
    await expect(failing).rejects.toThrow("no");
    expect(await next).toBe("yes");
  });
});

describe("the bell", () => {
  const never = new AbortController().signal;

  test("wakes everyone who listens, once", async () => {
    const bell = createBell();
    const heard: number[] = [];
    const listeners = [1, 2].map((n) => bell.listen(never).then(() => heard.push(n)));
    bell.ring();
    await Promise.all(listeners);
    expect(heard).toEqual([1, 2]);
    const later = bell.listen(AbortSignal.abort());
    await later;
  });

  test("a ring between listening and waiting is not missed", async () => {
    const bell = createBell();
    const rung = bell.listen(never);
    bell.ring();
    await rung;
    const ending = new AbortController();
    const ended = bell.listen(ending.signal);
    ending.abort();
    await ended;
    expect(ending.signal.aborted).toBe(true);
  });
});

describe("backups", () => {
  let dataDir = "";
  beforeEach(() => {
    dataDir = mkdtempSync(join(tmpdir(), "tailguard-backup-"));
  });
  afterEach(() => rmSync(dataDir, { recursive: true }));
  const storeWith = (bytes: Uint8Array | undefined) => ({ dump: async () => bytes }) as Store;
  const kept = () => readdirSync(join(dataDir, "backups")).sort();

  test("the newest four are kept, and nobody else's file is touched", async () => {
    const store = storeWith(Uint8Array.of(1));
    for (let hour = 1; hour <= 6; hour++)
      await backUp(store, dataDir, new Date(Date.UTC(2026, 0, 1, hour)));
    writeFileSync(join(dataDir, "backups", "a-note.txt"), "");
    await backUp(store, dataDir, new Date(Date.UTC(2026, 0, 1, 7)));
    expect(kept()).toEqual([
      "a-note.txt",
      ...[4, 5, 6, 7].map((hour) => `database-2026-01-01T0${hour}-00-00.000Z.tar.gz`),
    ]);
  });

  test("PostgreSQL has its own: nothing is written", async () => {
    expect(await backUp(storeWith(undefined), dataDir, new Date())).toBeUndefined();
    expect(readdirSync(dataDir)).toEqual([]);
  });
});
