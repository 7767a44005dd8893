// The App's own state against app.yml and the server's settings. Pure: what GitHub said comes in.
import type { AppState, InstallationState, RequiredChecks } from "../../github/app-state.ts";
import { bad, type Checkup, good, warn } from "./finding.ts";

export type Manifest = {
  readonly permissions: Readonly<Record<string, string>>;
  readonly events: readonly string[];
};

/** Permissions, events and webhook of the App; `webhookUrl` is where this server hears them. */
export function checkApp(
  app: AppState,
  manifest: Manifest,
  webhookUrl: string | undefined,
): readonly Checkup[] {
  return [
    ...permissionCheckups("the App", app.permissions, manifest, {
      advice: `Open ${app.url}, then "Permissions & events", and set them; owners of installations are asked to accept.`,
    }),
    eventCheckup(app, manifest),
    ...webhookCheckups(app, webhookUrl),
  ];
}

function permissionCheckups(
  whose: string,
  granted: Readonly<Record<string, string>>,
  manifest: Manifest,
  { advice }: { readonly advice: string },
): readonly Checkup[] {
  const wanted = Object.entries(manifest.permissions);
  const missing = wanted.filter(
    ([name, level]) => !allows(granted[name], level) && name !== "metadata",
  );
  const more = Object.keys(granted).filter((name) => manifest.permissions[name] === undefined);
  return [
    missing.length === 0
      ? good(`${whose} has every permission of app.yml`)
      : bad(
          `${whose} lacks ${missing.map(([name, level]) => `${name}: ${level}`).join(", ")}`,
          advice,
        ),
    ...(more.length === 0
      ? []
      : [warn(`${whose} has permissions that nothing needs: ${more.join(", ")}`, advice)]),
  ];
}

function allows(granted: string | undefined, level: string): boolean {
  return granted === level || granted === "write" || granted === "admin";
}

function eventCheckup(app: AppState, manifest: Manifest): Checkup {
  const missing = manifest.events.filter((event) => !app.events.includes(event));
  return missing.length === 0
    ? good("the App hears every event of app.yml")
    : bad(
        `the App does not hear ${missing.join(", ")}`,
        `Open ${app.url}, then "Permissions & events", and subscribe to them.`,
      );
}

function webhookCheckups(app: AppState, wanted: string | undefined): readonly Checkup[] {
  const { url, isJson, checksTls } = app.webhook;
  const advice = `Open ${app.url}, then "Webhook".`;
  const { total, failed } = app.deliveries;
  return [
    wanted === undefined
      ? warn(`webhooks go to ${url}; PUBLIC_URL is not set, so that cannot be compared`, advice)
      : url === wanted
        ? good(`webhooks go to ${url}`)
        : bad(`webhooks go to ${url === "" ? "nowhere" : url}, and not to ${wanted}`, advice),
    isJson ? good("webhooks are sent as JSON") : bad("webhooks are not sent as JSON", advice),
    ...(checksTls ? [] : [warn("GitHub does not check the certificate of the webhook", advice)]),
    failed === 0
      ? good(`no delivery failed, of the last ${total}`)
      : warn(
          `${failed} of the last ${total} deliveries failed`,
          `Look at "Advanced" on ${app.url}; the server asks for them again by itself.`,
        ),
  ];
}

export function checkInstallations(
  installations: readonly InstallationState[],
  manifest: Manifest,
  appUrl: string,
): readonly Checkup[] {
  if (installations.length === 0) {
    return [bad("the App is installed nowhere", `Open ${appUrl} and press "Install App".`)];
  }
  return installations.flatMap((at) =>
    at.isSuspended
      ? [bad(`the installation on ${at.account} is suspended`, `Lift it at ${at.url}.`)]
      : permissionCheckups(`the installation on ${at.account}`, at.permissions, manifest, {
          advice: `An owner accepts the new permissions at ${at.url}.`,
        }),
  );
}

/** Whether a merge waits for us: by our name, and by this App where the rule names one. */
export function checkRequired(
  { branch, checks }: RequiredChecks,
  ours: { readonly name: string; readonly appId: number; readonly settingsUrl: string },
): Checkup {
  const named = checks.filter(({ name }) => name === ours.name);
  const advice = `Open ${ours.settingsUrl}, "Rules", then "Rulesets": require the status check "${ours.name}" on ${branch}.`;
  if (named.some(({ appId }) => appId === ours.appId)) {
    return good(`${branch} requires the check "${ours.name}" of this App`);
  }
  if (named.some(({ appId }) => appId === undefined)) {
    return warn(
      `${branch} requires the check "${ours.name}", of any App`,
      `${advice} Choose this App as its source.`,
    );
  }
  return named.length > 0
    ? bad(`${branch} requires the check "${ours.name}" of another App`, advice)
    : warn(`${branch} does not require the check "${ours.name}": it can only advise`, advice);
}
