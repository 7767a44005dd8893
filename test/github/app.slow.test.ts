import { createHmac } from "node:crypto";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { apiUrl } from "../../src/github/app.ts";
import { type Wired, wireAppToFake } from "./app-against-fake.ts";

let wired: Wired;
let failure: Error | undefined;

beforeAll(async () => {
  wired = await wireAppToFake(() => {
    if (failure !== undefined) throw failure;
  });
});

beforeEach(() => {
  failure = undefined;
  wired.deliveries.length = 0;
  wired.logLines.length = 0;
});

afterAll(() => wired.close());

const BODY = JSON.stringify({ action: "opened", note: "PAYLOAD-MARK" });

function sign(body: string, secret = wired.fake.app.webhookSecret): string {
  return `sha256=${createHmac("sha256", secret).update(body).digest("hex")}`;
}

async function post(body: string, headers: Readonly<Record<string, string>> = {}) {
  const response = await fetch(wired.webhookUrl, {
    method: "POST",
    body,
    headers: {
      "content-type": "application/json",
      "x-github-event": "pull_request",
      "x-github-delivery": "d1",
      "x-hub-signature-256": sign(body),
      ...headers,
    },
  });
  await response.arrayBuffer();
  return response.status;
}

describe("a delivery", () => {
  test("with a good signature is passed on with its id, event and payload", async () => {
    expect(await post(BODY)).toBe(200);
    expect(wired.deliveries).toEqual([
      { id: "d1", event: "pull_request", payload: JSON.parse(BODY) },
    ]);
  });

  test("of an event nobody knows is passed on too", async () => {
    expect(await post(BODY, { "x-github-event": "brand_new" })).toBe(200);
    expect(wired.deliveries).toHaveLength(1);
  });

  test("that cannot be recorded is refused, so that GitHub lists it as failed", async () => {
    failure = new Error("database is gone");
    expect(await post(BODY)).toBe(500);
    expect(wired.logLines.join("")).toContain("database is gone");
  });
});

describe("a stranger", () => {
  async function checkRefused(body: string, headers: Record<string, string>, status: number) {
    expect(await post(body, headers)).toBe(status);
    expect(wired.deliveries).toEqual([]);
  }

  test("with a wrong, missing or public secret is refused", async () => {
    await checkRefused(BODY, { "x-hub-signature-256": sign(BODY, "guess") }, 401);
    await checkRefused(BODY, { "x-hub-signature-256": sign(BODY, "development") }, 401);
    await checkRefused(BODY, { "x-hub-signature-256": "" }, 401);
    await checkRefused(BODY, { "x-hub-signature-256": `${sign(BODY)}00` }, 401);
  });

  test("cannot fill memory", async () => {
    await checkRefused("x".repeat(26 * 1024 * 1024), {}, 413);
  });

  test("leaves no payload in the log, and one short line", async () => {
    await post(BODY, { "x-hub-signature-256": sign(BODY, "guess") });
    const warned = wired.logLines.filter((line) => JSON.parse(line).level >= 40);
    expect(warned).toHaveLength(1);
    expect(warned.join("").length).toBeLessThan(300);
  });
});

test("neither payload nor secret reaches the log, whatever goes wrong", async () => {
  await post(BODY);
  await post(BODY, { "x-hub-signature-256": sign(BODY, "guess") });
  failure = new Error("database is gone");
  await post(BODY);
  await post("not json");
  await post("3");
  const log = wired.logLines.join("");
  expect(log).not.toContain("PAYLOAD-MARK");
  expect(log).not.toContain(wired.fake.app.webhookSecret);
  expect(log).not.toContain("PRIVATE KEY");
});

test("other paths are left to others", async () => {
  const response = await fetch(new URL("/api/github/webhooks2", wired.webhookUrl));
  expect(await response.text()).toBe("not ours");
});

test("the API of each kind of GitHub", () => {
  expect(apiUrl("https://github.com")).toBe("https://api.github.com");
  expect(apiUrl("https://acme.ghe.com")).toBe("https://api.acme.ghe.com");
  expect(apiUrl("https://github.example.com")).toBe("https://github.example.com/api/v3");
});
