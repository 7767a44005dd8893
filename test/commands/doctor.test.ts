// What the doctor says of an App, from what GitHub says of it.
import { describe, expect, test } from "vitest";
import {
  checkApp,
  checkInstallations,
  checkRequired,
  type Manifest,
} from "../../src/commands/doctor/check-github.ts";
import type { AppState } from "../../src/github/app-state.ts";

const MANIFEST: Manifest = {
  permissions: { checks: "write", contents: "read", metadata: "read" },
  events: ["pull_request", "push"],
};
const HOOK = "https://tailguard.example.com/api/github/webhooks";
const APP: AppState = {
  slug: "tailguard",
  url: "https://github.com/apps/tailguard",
  permissions: { checks: "write", contents: "read", metadata: "read" },
  events: ["pull_request", "push"],
  webhook: { url: HOOK, isJson: true, checksTls: true },
  deliveries: { total: 100, failed: 0 },
};

const worries = (app: Partial<AppState>) =>
  checkApp({ ...APP, ...app }, MANIFEST, HOOK)
    .filter(({ state }) => state !== "good")
    .map(({ state, what }) => `${state}: ${what}`);

describe("the App", () => {
  test("as app.yml has it is well", () => expect(worries({})).toEqual([]));

  test.each<readonly [Partial<AppState>, string]>([
    [{ permissions: { checks: "read", contents: "read" } }, "bad: the App lacks checks: write"],
    [
      { permissions: { ...APP.permissions, actions: "write" } },
      "warn: the App has permissions that nothing needs: actions",
    ],
    [{ events: ["push"] }, "bad: the App does not hear pull_request"],
    [
      { webhook: { ...APP.webhook, url: "https://old.example.com" } },
      `bad: webhooks go to https://old.example.com, and not to ${HOOK}`,
    ],
    [{ webhook: { ...APP.webhook, isJson: false } }, "bad: webhooks are not sent as JSON"],
    [
      { webhook: { ...APP.webhook, checksTls: false } },
      "warn: GitHub does not check the certificate of the webhook",
    ],
    [{ deliveries: { total: 100, failed: 3 } }, "warn: 3 of the last 100 deliveries failed"],
  ])("%j", (change, expected) => expect(worries(change)).toEqual([expected]));
});

test("installations: none, suspended, with old permissions", () => {
  const installed = {
    id: 1,
    account: "acme",
    url: "https://github.com/settings/installations/1",
    isSuspended: false,
    permissions: APP.permissions,
  };
  const said = (...installations: (typeof installed)[]) =>
    checkInstallations(installations, MANIFEST, APP.url).map(({ what }) => what);
  expect(said()).toEqual(["the App is installed nowhere"]);
  expect(said(installed)).toEqual(["the installation on acme has every permission of app.yml"]);
  expect(said({ ...installed, isSuspended: true })).toEqual([
    "the installation on acme is suspended",
  ]);
  expect(
    said({ ...installed, permissions: { contents: "read", metadata: "read" } as never }),
  ).toEqual(["the installation on acme lacks checks: write"]);
});

test("a required check is ours by name and by App", () => {
  const ours = { name: "Tailguard", appId: 7, settingsUrl: "https://github.com/acme/x/settings" };
  const state = (...checks: { name: string; appId: number | undefined }[]) =>
    checkRequired({ branch: "main", checks }, ours).state;
  expect(state({ name: "Tailguard", appId: 7 })).toBe("good");
  expect(state({ name: "Tailguard", appId: undefined })).toBe("warn");
  expect(state({ name: "Tailguard", appId: 8 })).toBe("bad");
  expect(state({ name: "tests", appId: 7 })).toBe("warn");
});
