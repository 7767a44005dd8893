// `tailguard doctor`: is everything there that the App needs, and if not, what is there to click?
// It reads the server's settings, asks GitHub as the App, and looks at this machine. Nothing is
// changed but that a database is made where there was none.
import { readFile } from "node:fs/promises";
import { pino } from "pino";
import { parse } from "yaml";
import { messageChain, TransientError, UserError } from "../errors.ts";
import { createGitHubApp } from "../github/app.ts";
import type { GitHubClient } from "../github/client.ts";
import { WEBHOOK_PATH } from "../github/webhook-endpoint.ts";
import { readSettings, type Settings } from "../settings.ts";
import {
  checkApp,
  checkInstallations,
  checkRequired,
  type Manifest,
} from "./doctor/check-github.ts";
import { checkMachine } from "./doctor/check-machine.ts";
import { bad, type Checkup, unknown } from "./doctor/finding.ts";
import type { ExitCode } from "./exit-code.ts";
import { CHECK_RUN_NAME } from "./server/check-run.ts";

const MARKS = { good: "ok  ", warn: "note", bad: "FIX ", unknown: "??  " } as const;

/** `repository` is "owner/name", whose default branch is looked at; the result is the exit code. */
export async function doctorCommand(options: {
  readonly repository?: string | undefined;
}): Promise<ExitCode> {
  const settings = readSettings(process.env);
  const checkups = [
    ...(await checkMachine(settings)),
    ...(await checkGitHub(settings, options.repository)),
  ];
  for (const { state, what, advice } of checkups) {
    process.stdout.write(`${MARKS[state]}  ${what}\n`);
    if (advice !== "") process.stdout.write(`      ${advice}\n`);
  }
  if (checkups.some(({ state }) => state === "bad")) return 2;
  return checkups.some(({ state }) => state === "unknown") ? 3 : 0;
}

async function checkGitHub(
  settings: Settings,
  repository: string | undefined,
): Promise<readonly Checkup[]> {
  const log = pino({ level: "silent" });
  const { client } = await createGitHubApp(settings, { log, onDelivery: async () => undefined });
  const manifest = await readManifest();
  try {
    const app = await client.appState();
    const { publicUrl } = settings;
    return [
      ...checkApp(app, manifest, publicUrl && `${publicUrl}${WEBHOOK_PATH}`),
      ...checkInstallations(await client.installations(), manifest, app.url),
      ...(repository === undefined ? [] : [await checkBranch(client, settings, repository)]),
    ];
  } catch (error) {
    if (error instanceof UserError) return [bad(error.message, error.hint)];
    if (!(error instanceof TransientError)) throw error;
    return [unknown(messageChain(error), "Try again later.")];
  }
}

async function checkBranch(
  client: GitHubClient,
  settings: Settings,
  repository: string,
): Promise<Checkup> {
  const [owner = "", name = "", ...more] = repository.split("/");
  if (owner === "" || name === "" || more.length > 0) {
    throw new UserError("TG_USAGE", `"${repository}" is no repository.`, {
      hint: "Name it as GitHub does: --repo owner/name.",
    });
  }
  const required = await client.requiredChecks({ owner, name });
  if (required === undefined) {
    return bad(`the App is not installed on ${repository}`, "Select it in the installation.");
  }
  const settingsUrl = `${settings.githubUrl}/${owner}/${name}/settings`;
  return checkRequired(required, { name: CHECK_RUN_NAME, appId: settings.appId, settingsUrl });
}

async function readManifest(): Promise<Manifest> {
  const manifest = parse(await readFile(new URL("../../app.yml", import.meta.url), "utf8"));
  return { permissions: manifest.default_permissions, events: manifest.default_events };
}
