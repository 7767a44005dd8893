// What the App may ask as itself: tokens for its installation, and its own webhook deliveries.
import { manifestPermissions, mintToken, type Permissions } from "./auth.ts";
import { asFields } from "./fields.ts";
import type { Delivery } from "./model.ts";
import { type Answer, type Call, notFound, type Route, unprocessable } from "./routes.ts";

/** The one installation of the simulation. */
export const INSTALLATION_ID = 4711;

export const appRoutes: Readonly<Record<string, Route>> = {
  "apps/get-authenticated": ({ place }) => ({
    status: 200,
    body: {
      id: place.appId,
      slug: "tailguard",
      name: "Tailguard",
      permissions: manifestPermissions(),
    },
  }),

  "apps/get-installation": ({ params, place }) =>
    Number(params.installation_id) === INSTALLATION_ID
      ? {
          status: 200,
          body: { id: INSTALLATION_ID, app_id: place.appId, permissions: manifestPermissions() },
        }
      : notFound(),

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

function createToken({ model, params, body, remember }: Call): Answer {
  if (Number(params.installation_id) !== INSTALLATION_ID) return notFound();
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
  const token = mintToken(manifestPermissions(), {
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
