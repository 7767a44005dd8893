import { createHash, randomUUID } from "node:crypto";
import { once } from "node:events";
import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { mkdir } from "node:fs/promises";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { listBundle } from "../../src/collect/bundle-files.ts";
import { createJobClient, type JobClient } from "../../src/collect/job-client.ts";

type Answer = { status: number; body?: unknown; location?: string } | "drop";
type Asked = { method: string; url: string; headers: Record<string, unknown>; body: string };

const RUN = randomUUID();
const LEASE = randomUUID();
const never = new AbortController().signal;
const NOTHING: Answer = { status: 204 };

let server: Server;
let answers: Answer[] = [];
let asked: Asked[] = [];
let retries: string[] = [];
let client: JobClient;
let folder = "";

beforeEach(async () => {
  [answers, asked, retries] = [[], [], []];
  folder = mkdtempSync(join(tmpdir(), "tailguard-client-"));
  server = createServer(async (request, response) => {
    let body = "";
    for await (const chunk of request) body += String(chunk);
    const { method = "", url = "", headers } = request;
    asked.push({ method, url, headers, body });
    const answer = answers.shift() ?? NOTHING;
    if (answer === "drop") return response.destroy();
    response.writeHead(answer.status, answer.location ? { location: answer.location } : {});
    return response.end(answer.body === undefined ? undefined : JSON.stringify(answer.body));
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  client = createJobClient({
    serverUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    token: "the-token-of-this-runner",
    name: "box:1",
    onRetry: (error) => retries.push(error.message),
  });
});
afterEach(() => {
  server.close();
  server.closeAllConnections();
  rmSync(folder, { recursive: true });
});

test("a request carries the token and the runner's name", async () => {
  expect(await client.claim(never)).toBeUndefined();
  expect(asked[0]).toMatchObject({
    method: "POST",
    url: "/runner/claim",
    headers: { authorization: "Bearer the-token-of-this-runner", "x-tailguard-runner": "box:1" },
  });
});

test("a lost connection and a failing server are tried again", async () => {
  answers = ["drop", { status: 500, body: { error: "x" } }, { status: 429 }, NOTHING];
  expect(await client.finish(RUN, { kind: "returned", lease: LEASE }, never)).toBe("kept");
  expect(asked).toHaveLength(4);
  expect(retries).toEqual([
    `asking /runner/runs/${RUN}/finish`,
    'the server answered 500: {"error":"x"}',
    "the server answered 429: ",
  ]);
});

test.each([
  [401, "TG_USAGE"],
  [400, "TG_EVIDENCE"],
  [422, "TG_EVIDENCE"],
])("%s is refused for good", async (status, code) => {
  answers = [{ status }];
  await expect(client.claim(never)).rejects.toMatchObject({ code });
  expect(asked).toHaveLength(1);
});

test("409 is a lost lease", async () => {
  answers = [{ status: 409 }];
  expect(await client.finish(RUN, { kind: "returned", lease: LEASE }, never)).toBe("lost");
});

test("a heartbeat says whether to stop", async () => {
  answers = [
    { status: 200, body: { cancelled: true } },
    { status: 200, body: { cancelled: false } },
  ];
  expect(await client.heartbeat(RUN, { lease: LEASE }, never)).toBe(true);
  expect(await client.heartbeat(RUN, { lease: LEASE }, never)).toBe(false);
});

test("the signal ends the attempts", async () => {
  answers = Array.from({ length: 50 }, () => ({ status: 503 }));
  await expect(client.claim(AbortSignal.timeout(300))).rejects.toThrow();
  expect(asked.length).toBeLessThan(10);
});

test("a redirect is not followed: the token stays with the server", async () => {
  answers = [{ status: 307, location: "http://127.0.0.1:1/" }];
  expect(await client.claim(never)).toBeUndefined();
  expect(retries).toHaveLength(1);
});

test("a claim that is none is an error", async () => {
  answers = [{ status: 200, body: { runId: "x" } }];
  await expect(client.claim(never)).rejects.toThrow();
});

describe("a bundle", () => {
  const digestOf = (text: string) => createHash("sha256").update(text).digest("hex");

  test("is listed with sizes and digests, without links, and uploaded again when cut off", async () => {
    await mkdir(join(folder, "pkg"));
    writeFileSync(join(folder, "manifest.json"), "{}");
    writeFileSync(join(folder, "pkg", "base.txt"), "hello");
    symlinkSync("/etc/passwd", join(folder, "pkg", "link"));
    const files = await listBundle(folder);
    expect(files.map(({ path, bytes, sha256 }) => [path, bytes, sha256])).toEqual([
      ["manifest.json", 2, digestOf("{}")],
      ["pkg/base.txt", 5, digestOf("hello")],
    ]);
    answers = [{ status: 503 }, NOTHING];
    const file = files[1]!;
    expect(await client.upload({ runId: RUN, lease: LEASE }, file, never)).toBe("kept");
    expect(asked.map(({ body }) => body)).toEqual(["hello", "hello"]);
    expect(asked[1]).toMatchObject({
      method: "PUT",
      url: `/runner/runs/${RUN}/blobs/${digestOf("hello")}`,
      headers: { "x-tailguard-lease": LEASE },
    });
  });

  test("with a name that no bundle may have is refused", async () => {
    writeFileSync(join(folder, ".hidden"), "x");
    await expect(listBundle(folder)).rejects.toThrow("relative path");
  });
});
