// `tailguard doctor` as a person runs it, against the simulated GitHub.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type FakeGitHub, startFakeGitHub } from "../fake-github/fake-github.ts";
import type { Repository } from "../fake-github/model.ts";
import { runTailguard } from "../tailguard.ts";

const PUBLIC_URL = "https://tailguard.example.com";
const dataDir = mkdtempSync(join(tmpdir(), "tailguard-doctor-"));
let fake: FakeGitHub;
let repository: Repository;

beforeAll(async () => {
  fake = await startFakeGitHub();
  const folder = new URL("../testdata/go/ledger", import.meta.url).pathname;
  repository = await fake.addRepository("acme/ledger", { folder });
  fake.model.webhook = { ...fake.model.webhook, url: `${PUBLIC_URL}/api/github/webhooks` };
});

afterAll(async () => {
  await fake.close();
  rmSync(dataDir, { recursive: true });
});

const doctor = (...args: string[]) =>
  runTailguard(["doctor", ...args], {
    APP_ID: String(fake.app.appId),
    PRIVATE_KEY: fake.app.privateKey,
    WEBHOOK_SECRET: fake.app.webhookSecret,
    GITHUB_URL: fake.url,
    GITHUB_PACING: "none",
    PUBLIC_URL,
    DATA_DIR: dataDir,
    SANDBOX: "preferred",
  });

test("all is well, and the check is not required yet", async () => {
  const { exitCode, stdout } = await doctor("--repo", "acme/ledger");
  expect(stdout).toContain("ok    the App has every permission of app.yml");
  expect(stdout).toContain("ok    the App hears every event of app.yml");
  expect(stdout).toContain('note  main does not require the check "Tailguard"');
  expect(stdout).toMatch(/ok {4}go version/);
  expect(exitCode).toBe(0);
  expect(fake.violations).toEqual([]);
});

test("what is wrong is named with what to click", async () => {
  const { webhook } = fake.model;
  fake.model.webhook = { ...webhook, url: "https://old.example.com" };
  fake.model.granted = { app: { contents: "read" }, events: ["push"] };
  fake.model.suspendedAt = "2026-01-01T00:00:00Z";
  fake.model.requiredChecks.push({ repository, context: "Tailguard", appId: 1, by: "ruleset" });
  const { exitCode, stdout } = await doctor();
  expect(stdout).toContain("FIX   the App lacks checks: write, pull_requests: write");
  expect(stdout).toContain(`Open ${fake.url}/apps/tailguard, then "Webhook".`);
  expect(stdout).toContain("FIX   the installation on acme is suspended");
  expect(exitCode).toBe(2);
  fake.model.suspendedAt = undefined;
  fake.model.granted = {};
  const required = await doctor("--repo", "acme/ledger");
  expect(required.stdout).toContain('FIX   main requires the check "Tailguard" of another App');
});
