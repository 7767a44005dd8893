// What the App may ask as itself: tokens for its installation, and its own webhook deliveries.
import { mintToken, type Permissions, readManifest } from "./auth.ts";
import { asFields } from "./fields.ts";
import { userJson } from "./json.ts";
import type { Delivery, Model } from "./model.ts";
import { type Answer, type Call, notFound, type Route, unprocessable } from "./routes.ts";

/** The one installation of the simulation. */
export const APP_ID = 12345;
export const INSTALLATION_ID = 4711;

export const appRoutes: Readonly<Record<string, Route>> = {
  "apps/get-authenticated": ({ model, place }) => ({
    status: 200,
    body: {
      id: place.appId,
      slug: "tailguard",
      name: "Tailguard",
      html_url: `${place.url}/apps/tailguard`,
      permissions: model.granted.app ?? readManifest().permissions,
      events: [...(model.granted.events ?? readManifest().events)],
    },
  }),

  "apps/get-webhook-config-for-app": ({ model }) => ({ status: 200, body: model.webhook }),

  "apps/get-installation": (call) =>
    Number(call.params.installation_id) === INSTALLATION_ID
      ? { status: 200, body: installationJson(call) }
      : notFound(),

  "apps/get-repo-installation": (call) => ({ status: 200, body: installationJson(call) }),

  "apps/list-installations": (call) => ({ status: 200, body: call.page([installationJson(call)]) }),

  "apps/create-installation-access-token": createToken,

  "apps/list-webhook-deliveries": ({ model, page }) => ({
    status: 200,
    body: page(model.deliveries.toReversed().map(deliveryJson)),
  }),

  "apps/redeliver-webhook-delivery": ({ model, params, redeliver }) => {
    const delivery = model.deliveries.find(({ id }) => id === Number(params.delivery_id));
    if (delivery === undefined) return notFound();
    redeliver(delivery);
    return { status: 202, body: {} };
  },
};

function installationPermissions({ granted }: Model): Permissions {
  return granted.installation ?? granted.app ?? readManifest().permissions;
}

function installationJson({ model, place }: Call) {
  return {
    id: INSTALLATION_ID,
    app_id: place.appId,
    app_slug: "tailguard",
    account: userJson("acme"),
    html_url: `${place.url}/settings/installations/${INSTALLATION_ID}`,
    permissions: installationPermissions(model),
    events: [...(model.granted.events ?? readManifest().events)],
    suspended_at: model.suspendedAt ?? null,
  };
}

function createToken({ model, params, body, remember }: Call): Answer {
  if (Number(params.installation_id) !== INSTALLATION_ID) return notFound();
  if (model.suspendedAt !== undefined) {
    return { status: 403, body: { message: "This installation has been suspended" } };
  }
  const asked = asFields(body);
  const repositories = asked.repositories as readonly string[] | undefined;
  const owned = [...model.repositories.values()].filter(({ parent }) => parent === undefined);
  const unknown = repositories?.find(
    (name) => !owned.some((repository) => repository.name === name),
  );
  if (unknown !== undefined) {
    return unprocessable(
      `There is at least one repository that does not exist or is not accessible to the parent installation: ${unknown}`,
    );
  }
  const token = mintToken(installationPermissions(model), {
    ...(asked.permissions === undefined ? {} : { permissions: asked.permissions as Permissions }),
    ...(repositories === undefined ? {} : { repositories }),
  });
  if ("refused" in token) {
    return unprocessable("The permissions requested are not granted to this installation.");
  }
  remember(token);
  return {
    status: 201,
    body: {
      token: token.value,
      expires_at: new Date(token.expiresAtMs).toISOString(),
      permissions: token.permissions,
      repository_selection: repositories === undefined ? "all" : "selected",
    },
  };
}

function deliveryJson(delivery: Delivery) {
  return {
    id: delivery.id,
    guid: delivery.guid,
    delivered_at: delivery.deliveredAt,
    redelivery: delivery.redelivery,
    duration: 0.1,
    status: delivery.statusCode >= 200 && delivery.statusCode < 300 ? "OK" : "failed",
    status_code: delivery.statusCode,
    event: delivery.event,
    action: delivery.action,
    installation_id: INSTALLATION_ID,
    repository_id: null,
    throttled_at: null,
  };
}
