// Does every webhook count, and count once, when many come at a time?
//
//   script/bench webhooks [--rate 200] [--seconds 60] [--duplicates 0.05]
//
// The compiled server in a process of its own, on an embedded database in a fresh folder, takes
// signed deliveries at a fixed rate, whatever it answers (an open loop: a slow answer does not slow
// the sender down). An answer's time counts from when its delivery was due, so that a sender that
// stalls hides nothing. They are GitHub's own example payloads; a part of them is sent twice, the
// same body under the same id, as redeliveries are. Memory is read every second. Afterwards the database is opened and its rows are counted: what was answered
// with success and is not there is lost, what is there more than once is doubled. There is no peer
// to compare with: GitHub's own limit is ten seconds for an answer.
import { spawn } from "node:child_process";
import { createHmac, generateKeyPairSync, randomUUID } from "node:crypto";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { parseArgs } from "node:util";
import { median } from "../src/stats/quantile.ts";
import { openStore } from "../src/store/open-store.ts";
import { webhookExamples } from "../test/fake-github/examples.ts";

const { values } = parseArgs({
  options: {
    rate: { type: "string", default: "200" },
    seconds: { type: "string", default: "60" },
    duplicates: { type: "string", default: "0.05" },
  },
});
const RATE = Number(values.rate);
const TOTAL = Math.round(RATE * Number(values.seconds));
const SECRET = "a-secret-of-the-webhook-bench";
const MAIN = new URL("../dist/main.js", import.meta.url).pathname;

/** Deliveries that make nobody ask GitHub: most ask for nothing, closed pull requests end runs. */
const PAYLOADS = webhookExamples
  .filter(({ name }) =>
    ["check_run", "check_suite", "issue_comment", "label", "pull_request"].includes(name),
  )
  .flatMap(({ name, examples }) =>
    examples
      .filter(({ action }) => ["created", "completed", "closed"].includes(String(action)))
      .map((payload) => ({ event: name, body: JSON.stringify(payload) })),
  )
  .map((each) => ({ ...each, signature: sign(each.body) }));

function sign(body: string): string {
  return `sha256=${createHmac("sha256", SECRET).update(body).digest("hex")}`;
}

/** A GitHub that knows of nothing: the server asks it for lost deliveries at its start. */
async function startEmptyGitHub() {
  const server = createServer((_, response) => {
    response.writeHead(200, { "content-type": "application/json" }).end("[]");
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return { server, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` };
}

async function startServer(dataDir: string, githubUrl: string) {
  const { privateKey } = generateKeyPairSync("rsa", {
    modulusLength: 2048,
    publicKeyEncoding: { type: "spki", format: "pem" },
    privateKeyEncoding: { type: "pkcs1", format: "pem" },
  });
  const child = spawn(process.execPath, [MAIN, "server"], {
    env: {
      PATH: process.env.PATH ?? "",
      HOME: process.env.HOME ?? "",
      APP_ID: "1",
      PRIVATE_KEY: privateKey,
      WEBHOOK_SECRET: SECRET,
      GITHUB_URL: githubUrl,
      DATA_DIR: dataDir,
      PORT: "0",
      RUNNERS: "none",
      RUNNER_TOKEN: "a-token-that-nobody-uses",
    },
    stdio: ["ignore", "pipe", "inherit"],
  });
  const url = await new Promise<string>((resolve, reject) => {
    child.once("exit", (code) => reject(new Error(`the server ended with ${code}`)));
    createInterface({ input: child.stdout }).on("line", (line) => {
      const at = JSON.parse(line) as { msg?: string; url?: string };
      if (at.msg === "listening") resolve(at.url ?? "");
    });
  });
  return { child, url: `${url}/api/github/webhooks` };
}

type Sent = { readonly ids: Set<string>; readonly milliseconds: number[]; refused: number };

type Due = { readonly id: string; readonly index: number; readonly dueMs: number };

async function deliver(url: string, { id, index, dueMs }: Due, sent: Sent): Promise<void> {
  const payload = PAYLOADS[index % PAYLOADS.length];
  if (payload === undefined) throw new Error("no example payloads");
  const response = await fetch(url, {
    method: "POST",
    body: payload.body,
    headers: {
      "content-type": "application/json",
      "x-github-delivery": id,
      "x-github-event": payload.event,
      "x-hub-signature-256": payload.signature,
    },
  });
  await response.arrayBuffer();
  sent.milliseconds.push(performance.now() - dueMs);
  if (response.ok) sent.ids.add(id);
  else sent.refused++;
}

/** Sends by the clock; the resident memory of the server, second by second, in megabytes. */
async function sendAll(url: string, pid: number, sent: Sent): Promise<number[]> {
  const every = Math.max(2, Math.round(1 / Number(values.duplicates)));
  const underWay: Promise<void>[] = [];
  const startMs = performance.now();
  const megabytes: number[] = [];
  let last = { id: "", index: 0 };
  for (let index = 0; index < TOTAL; ) {
    const elapsedMs = performance.now() - startMs;
    const due = Math.min(TOTAL, Math.ceil((elapsedMs / 1000) * RATE));
    for (; index < due; index++) {
      const isAgain = index % every === every - 1 && last.id !== "";
      last = isAgain ? last : { id: randomUUID(), index };
      underWay.push(deliver(url, { ...last, dueMs: startMs + (index / RATE) * 1000 }, sent));
    }
    if (elapsedMs >= 1000 * megabytes.length) megabytes.push(residentMegabytes(pid));
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  await Promise.all(underWay);
  return [...megabytes, residentMegabytes(pid)];
}

function residentMegabytes(pid: number): number {
  const kilobytes = /^VmRSS:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1];
  return Math.round(Number(kilobytes) / 1024);
}

async function countRows(dataDir: string, ids: ReadonlySet<string>) {
  const store = await openStore({ dataDir, onLost: (error) => console.error(error) });
  const rows = await store.db.selectFrom("deliveries").select(["id", "state"]).execute();
  await store.close();
  const kept = rows.map(({ id }) => id);
  const distinct = new Set(kept);
  return {
    lost: [...ids].filter((id) => !distinct.has(id)).length,
    doubled: kept.length - distinct.size,
    waiting: rows.filter(({ state }) => state === "received").length,
  };
}

const dataDir = mkdtempSync(join(tmpdir(), "tailguard-webhooks-"));
const github = await startEmptyGitHub();
try {
  const { child, url } = await startServer(dataDir, github.url);
  const sent: Sent = { ids: new Set(), milliseconds: [], refused: 0 };
  const megabytes = await sendAll(url, child.pid ?? 0, sent);
  const exited = once(child, "exit");
  child.kill("SIGTERM");
  await exited;
  const { lost, doubled, waiting } = await countRows(dataDir, sent.ids);
  const sorted = [...sent.milliseconds].sort((one, other) => one - other);
  const at = (share: number) => sorted[Math.ceil(share * sorted.length) - 1] ?? Number.NaN;
  const third = Math.max(1, Math.floor(megabytes.length / 3));
  const memory = [
    megabytes[0] ?? 0,
    median(megabytes.slice(0, third)),
    median(megabytes.slice(-third)),
    Math.max(...megabytes),
  ];
  console.log(
    "| sent | distinct | refused | lost | doubled | p50 | p99 | slowest | memory: start, first third, last third, most |",
  );
  console.log("|--:|--:|--:|--:|--:|--:|--:|--:|--:|");
  console.log(
    `| ${TOTAL} | ${sent.ids.size} | ${sent.refused} | ${lost} | ${doubled} | ${at(0.5).toFixed(1)} ms | ${at(0.99).toFixed(1)} ms | ${at(1).toFixed(1)} ms | ${memory.join(", ")} MB |`,
  );
  console.log(
    `${waiting} deliveries were recorded and not yet dealt with when the server stopped.`,
  );
  console.log(
    JSON.stringify({
      sent: TOTAL,
      lost: lost + sent.refused,
      doubled,
      p99Milliseconds: Number(at(0.99).toFixed(1)),
      slowestMilliseconds: Number(at(1).toFixed(1)),
      megabytes: Math.max(...megabytes),
    }),
  );
} finally {
  github.server.close();
  github.server.closeAllConnections();
  rmSync(dataDir, { recursive: true, force: true });
}
