import { generateKeyPairSync } from "node:crypto";
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { UserError } from "../src/errors.ts";
import { readSettings, SECRET_PLACEHOLDER, VARIABLE_NAMES } from "../src/settings.ts";

const { privateKey } = generateKeyPairSync("rsa", {
  modulusLength: 2048,
  privateKeyEncoding: { type: "pkcs8", format: "pem" },
  publicKeyEncoding: { type: "spki", format: "pem" },
});

const GOOD = { APP_ID: "7", PRIVATE_KEY: privateKey, WEBHOOK_SECRET: "0123456789abcdef" };

function problemsOf(environment: Record<string, string>): string[] {
  try {
    readSettings(environment);
  } catch (error) {
    if (error instanceof UserError) return error.message.split("\n").slice(1);
    throw error;
  }
  return [];
}

/** The settings are refused, and exactly these variables are named. */
function checkRefused(environment: Record<string, string>, names: readonly string[]): void {
  const problems = problemsOf(environment);
  expect(problems.map((line) => line.trim().split(" ")[0])).toEqual(names);
}

test("the smallest good environment gives the documented defaults", () => {
  const settings = readSettings(GOOD);
  expect({ ...settings, privateKey: "", dataDir: "" }).toEqual({
    appId: 7,
    privateKey: "",
    webhookSecret: "0123456789abcdef",
    host: "127.0.0.1",
    port: 3000,
    githubUrl: "https://github.com",
    pacing: "github",
    dataDir: "",
    runners: "local",
    sandbox: "required",
    logLevel: "info",
    budgetSeconds: 300,
    maxBudgetSeconds: 1800,
    bots: "measure",
    comments: "regressions",
    drafts: "measure",
  });
});

test("every problem is listed at once", () => {
  checkRefused({}, ["APP_ID", "WEBHOOK_SECRET", "PRIVATE_KEY_PATH"]);
  checkRefused(
    { APP_ID: "x", WEBHOOK_SECRET: "short", PORT: "99999", RUNNERS: "some", BUDGET: "5 minutes" },
    ["APP_ID", "WEBHOOK_SECRET", "PORT", "RUNNERS", "BUDGET", "PRIVATE_KEY_PATH"],
  );
});

test.each(["", "   ", "development", "fifteen-charact", SECRET_PLACEHOLDER])(
  "the webhook secret %j is refused",
  (WEBHOOK_SECRET) => checkRefused({ ...GOOD, WEBHOOK_SECRET }, ["WEBHOOK_SECRET"]),
);

test("a problem names the variable, what is wrong and an example", () => {
  expect(problemsOf({ ...GOOD, WEBHOOK_SECRET: "" })).toEqual([
    "  WEBHOOK_SECRET is not set (example: WEBHOOK_SECRET=the output of `openssl rand -hex 32`)",
  ]);
});

test("the private key comes from one place, and must be a key", () => {
  checkRefused({ ...GOOD, PRIVATE_KEY: "hello" }, ["PRIVATE_KEY"]);
  checkRefused({ ...GOOD, PRIVATE_KEY_PATH: "/x" }, ["PRIVATE_KEY"]);
  checkRefused({ ...GOOD, PRIVATE_KEY: "", PRIVATE_KEY_PATH: "/nonexistent.pem" }, [
    "PRIVATE_KEY_PATH",
  ]);
  const oneLine = privateKey.replaceAll("\n", "\\n");
  expect(readSettings({ ...GOOD, PRIVATE_KEY: oneLine }).privateKey).toBe(privateKey);
});

test("without a local runner a token for others is required", () => {
  checkRefused({ ...GOOD, RUNNERS: "none" }, ["RUNNER_TOKEN"]);
  checkRefused({ ...GOOD, RUNNERS: "none", RUNNER_TOKEN: "short" }, ["RUNNER_TOKEN"]);
});

test("URLs lose their trailing slash and must be http", () => {
  expect(readSettings({ ...GOOD, GITHUB_URL: "http://127.0.0.1:4000/" }).githubUrl).toBe(
    "http://127.0.0.1:4000",
  );
  checkRefused({ ...GOOD, PUBLIC_URL: "ftp://x.example", DATABASE_URL: "mysql://x" }, [
    "PUBLIC_URL",
    "DATABASE_URL",
  ]);
});

test(".env.example lists every variable and no other, and is refused as it is", () => {
  const text = readFileSync(new URL("../.env.example", import.meta.url), "utf8");
  const lines = [...text.matchAll(/^#?([A-Z][A-Z_]+)=(.*)$/gm)];
  expect(lines.map((line) => line[1]).sort()).toEqual([...VARIABLE_NAMES].sort());
  const all = Object.fromEntries(lines.map((line) => [line[1], line[2]])) as Record<string, string>;
  checkRefused(all, ["WEBHOOK_SECRET", "PRIVATE_KEY_PATH"]);
  const filled = { ...all, ...GOOD, PRIVATE_KEY_PATH: "" };
  expect(readSettings(filled).databaseUrl).toBe(all.DATABASE_URL);
});
