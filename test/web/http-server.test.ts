import { randomUUID } from "node:crypto";
import { request as httpRequest } from "node:http";
import { Readable } from "node:stream";
import { pino } from "pino";
import { afterEach, beforeEach, expect, test } from "vitest";
import { UserError } from "../../src/errors.ts";
import type { Claim, Finish, Heartbeat } from "../../src/evidence/runner-protocol.ts";
import { readTemplates } from "../../src/templates.ts";
import { createHttpServer, type HttpServer } from "../../src/web/http-server.ts";
import type { RunPage } from "../../src/web/pages.ts";

const TOKEN = "a-token-of-a-runner";
const RUN = randomUUID();
const LEASE = randomUUID();
const DIGEST = "0".repeat(64);
const auth = { authorization: `Bearer ${TOKEN}` };

/** What reached the board, and what it answers. */
let seen: unknown[] = [];
let claimed: Claim | undefined;
let kept: "kept" | "lost" = "kept";
let failure: Error | undefined;
let pages: RunPage[] = [];
let logged: string[] = [];
let waitForRun: ((gone: AbortSignal) => Promise<undefined>) | undefined;
let server: HttpServer;

beforeEach(() => {
  [seen, claimed, kept, failure, pages, logged] = [[], undefined, "kept", undefined, [], []];
  waitForRun = undefined;
  server = createHttpServer({
    webhook: async (request, response) => {
      if (request.url !== "/hook") return false;
      if (request.headers["x-fail"] !== undefined) throw new Error("broken hook");
      response.end("hooked");
      return true;
    },
    board: {
      claim: async (runner, gone) => {
        seen.push(runner);
        return waitForRun === undefined ? claimed : waitForRun(gone);
      },
      heartbeat: async (id: string, beat: Heartbeat) => {
        seen.push({ id, beat });
        if (failure !== undefined) throw failure;
        return { cancelled: false };
      },
      keepBlob: async (run, digest, content) => {
        const bytes = kept === "kept" ? await sizeOf(content) : 0;
        seen.push({ run, digest, bytes });
        return kept;
      },
      finish: async (id: string, finish: Finish) => {
        seen.push({ id, finish });
        return kept;
      },
    },
    tokens: () => [{ token: TOKEN, prefix: "remote:" }],
    pages: {
      templates: readTemplates(),
      runs: async () => pages.map((page) => page.summary),
      run: async (id) => pages.find((page) => page.summary.id === id),
      checkHealth: async () => {
        if (failure !== undefined) throw failure;
      },
    },
    log: pino({ level: "info" }, { write: (line: string) => logged.push(line) }),
  });
});
afterEach(() => server.close());

async function sizeOf(content: AsyncIterable<Uint8Array>): Promise<number> {
  let bytes = 0;
  for await (const chunk of content) bytes += chunk.length;
  return bytes;
}

const heartbeatUrl = `/runner/runs/${RUN}/heartbeat`;
const finishUrl = `/runner/runs/${RUN}/finish`;
const post = (url: string, payload: object | string, headers: Record<string, string> = auth) =>
  server.app.inject({ method: "POST", url, payload, headers });

test.each([
  ["no token", {}],
  ["a wrong token", { authorization: "Bearer wrong" }],
  ["an empty token", { authorization: "Bearer " }],
  ["a name that is none", { ...auth, "x-tailguard-runner": "a b<script>" }],
])("a runner with %s is refused", async (_what, headers: Record<string, string>) => {
  for (const url of ["/runner/claim", heartbeatUrl, finishUrl])
    expect((await post(url, {}, headers)).statusCode).toBe(401);
  const blob = { method: "PUT", url: `/runner/runs/${RUN}/blobs/${DIGEST}`, headers } as const;
  expect((await server.app.inject(blob)).statusCode).toBe(401);
  expect(seen).toEqual([]);
});

test("a claim answers with the run, or with nothing", async () => {
  expect((await post("/runner/claim", {})).statusCode).toBe(204);
  claimed = { runId: RUN } as Claim;
  const answer = await post("/runner/claim", {}, { ...auth, "x-tailguard-runner": "box-7:12" });
  expect(answer.json()).toEqual({ runId: RUN });
  expect(seen).toEqual(["remote:unnamed", "remote:box-7:12"]);
});

test("a runner that hangs up during a claim is noticed", async () => {
  const port = await server.listen({ host: "127.0.0.1", port: 0 });
  const gone = new Promise<void>((noticed) => {
    waitForRun = (signal) =>
      new Promise((end) => {
        signal.addEventListener("abort", () => {
          noticed();
          end(undefined);
        });
        client.destroy();
      });
  });
  const client = httpRequest({ port, method: "POST", path: "/runner/claim", headers: auth });
  client.on("error", () => {});
  client.end();
  await gone;
});

test("heartbeats and finishes are validated and passed on", async () => {
  const progress = { stage: "build", done: 1, total: 2, text: "x" };
  const beat = await post(heartbeatUrl, { lease: LEASE, progress });
  expect(beat.json()).toEqual({ cancelled: false });
  const files = [{ path: "manifest.json", sha256: DIGEST, bytes: 1 }];
  const finish = { kind: "collected", lease: LEASE, files };
  expect((await post(finishUrl, finish)).statusCode).toBe(204);
  expect(seen).toEqual([
    { id: RUN, beat: { lease: LEASE, progress } },
    { id: RUN, finish },
  ]);
  kept = "lost";
  const late = await post(finishUrl, finish);
  expect([late.statusCode, late.json()]).toMatchObject([409, { error: /lease is lost/ }]);
});

const file = (path: string, more: object = {}) => ({ path, sha256: DIGEST, bytes: 1, ...more });
test.each<[string, object | string]>([
  ["no body", "null"],
  ["no lease", { kind: "collected", files: [file("a")] }],
  ["a lease that is none", { kind: "collected", lease: "x", files: [file("a")] }],
  ["no files", { kind: "collected", lease: LEASE, files: [] }],
  ["a path out of the bundle", { kind: "collected", lease: LEASE, files: [file("../../etc/x")] }],
  ["an absolute path", { kind: "collected", lease: LEASE, files: [file("/etc/passwd")] }],
  [
    "a digest that is none",
    { kind: "collected", lease: LEASE, files: [file("a", { sha256: "" })] },
  ],
  ["a size below zero", { kind: "collected", lease: LEASE, files: [file("a", { bytes: -1 })] }],
  [
    "a size beyond the limit",
    { kind: "collected", lease: LEASE, files: [file("a", { bytes: 1e9 })] },
  ],
  ["an unknown kind", { kind: "done", lease: LEASE }],
  ["a reason without an end", { kind: "failed", lease: LEASE, reason: "x".repeat(8_001) }],
])("a finish with %s is refused", async (_what, body) => {
  const headers = { ...auth, "content-type": "application/json" };
  expect((await post(finishUrl, body, headers)).statusCode).toBe(400);
  expect(seen).toEqual([]);
});

test("broken JSON, a body too large and an id that is none are refused", async () => {
  const headers = { ...auth, "content-type": "application/json" };
  expect((await post(finishUrl, "{", headers)).statusCode).toBe(400);
  const large = await post(finishUrl, `"${"x".repeat(9 * 1024 * 1024)}"`, headers);
  expect(large.statusCode).toBe(413);
  expect((await post("/runner/runs/1/heartbeat", { lease: LEASE })).statusCode).toBe(400);
});

test("an upload is streamed with its lease", async () => {
  const put = (headers: Record<string, string>) =>
    server.app.inject({
      method: "PUT",
      url: `/runner/runs/${RUN}/blobs/${DIGEST}`,
      headers: { ...auth, "content-type": "application/octet-stream", ...headers },
      payload: Readable.from([Buffer.alloc(70_000), Buffer.alloc(70_000)]),
    });
  expect((await put({ "x-tailguard-lease": LEASE })).statusCode).toBe(204);
  expect(seen).toEqual([{ run: { runId: RUN, lease: LEASE }, digest: DIGEST, bytes: 140_000 }]);
  expect((await put({})).statusCode).toBe(400);
  kept = "lost";
  const lost = await put({ "x-tailguard-lease": LEASE });
  expect([lost.statusCode, lost.headers.connection]).toEqual([409, "close"]);
});

test("the text of our own faults stays in the log; a person's error is passed on", async () => {
  failure = new Error("password=hunter2");
  const broken = await post(heartbeatUrl, { lease: LEASE });
  expect([broken.statusCode, broken.json().error]).toEqual([500, "Internal error."]);
  expect(logged.join("")).toContain("hunter2");
  failure = new UserError("TG_EVIDENCE", "Too large.", { hint: "Send less." });
  const refused = await post(heartbeatUrl, { lease: LEASE });
  expect([refused.statusCode, refused.json().error]).toEqual([422, "Too large. Send less."]);
});

test("the webhook endpoint answers first, and its failure is a 500", async () => {
  const port = await server.listen({ host: "127.0.0.1", port: 0 });
  const hooked = await fetch(`http://127.0.0.1:${port}/hook`, { method: "POST" });
  expect(await hooked.text()).toBe("hooked");
  const failed = await fetch(`http://127.0.0.1:${port}/hook`, { headers: { "x-fail": "1" } });
  expect(failed.status).toBe(500);
  expect((await fetch(`http://127.0.0.1:${port}/healthz`)).status).toBe(200);
});

const HOSTILE = `<script>alert(1)</script>"'&{{x}}`;
function page(more: Partial<RunPage> = {}): RunPage {
  return {
    summary: {
      id: RUN,
      repository: HOSTILE,
      pullRequest: 7,
      headSha: "a".repeat(40),
      attempt: 1,
      state: "running",
      conclusion: "",
      title: HOSTILE,
      createdAt: new Date("2026-01-02T03:04:05Z"),
    },
    ...more,
  };
}

test("pages escape what comes from pull requests and let the browser run nothing", async () => {
  pages = [page({ progress: { stage: "build", done: 1, total: 9, text: HOSTILE } })];
  for (const url of ["/", `/runs/${RUN}`]) {
    const answer = await server.app.inject(url);
    expect(answer.statusCode).toBe(200);
    expect(answer.body).toContain("&lt;script&gt;alert(1)&lt;/script&gt;&quot;&#x27;&amp;{{x}}");
    expect(answer.body).not.toContain("<script");
    expect(answer.headers["content-security-policy"]).toContain("default-src 'none'");
    expect(answer.headers["x-content-type-options"]).toBe("nosniff");
  }
  expect((await server.app.inject(`/runs/${RUN}`)).body).toContain("build 1 of 9");
});

test("an empty list says what to do", async () => {
  expect((await server.app.inject("/")).body).toContain("open a pull request");
});

test("a stored report is served under the same policy", async () => {
  pages = [page({ report: () => Readable.from(["<h1>report</h1>"]) })];
  const answer = await server.app.inject(`/runs/${RUN}`);
  expect(answer.body).toBe("<h1>report</h1>");
  expect(answer.headers["content-type"]).toBe("text/html; charset=utf-8");
  expect(answer.headers["content-security-policy"]).not.toContain("script-src");
});

test.each(["/runs/1", `/runs/${randomUUID()}`, "/runs/..%2f..%2fetc", "/nothing"])(
  "%s is not found",
  async (url) => expect((await server.app.inject(url)).statusCode).toBe(404),
);

test("health says when the server cannot work", async () => {
  expect((await server.app.inject("/healthz")).json()).toEqual({ status: "ok" });
  failure = new Error("the database is gone");
  const answer = await server.app.inject("/healthz");
  expect([answer.statusCode, answer.json()]).toEqual([503, { status: "failing" }]);
});
