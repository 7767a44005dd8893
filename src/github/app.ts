// The GitHub App: deliveries come in through Probot, questions go out through its Octokit.
//
// A delivery is only passed on to be recorded: GitHub gives up after ten seconds and does not
// deliver again, and Probot answers 202 to a slow handler as if it had worked.
// Probot reads nothing from the environment here (it would take REDIS_URL, and a missing secret
// would become the public word "development").
import assert from "node:assert/strict";
import type { Logger } from "pino";
import { createNodeMiddleware, createProbot, type Probot, ProbotOctokit } from "probot";
import { createGitHubClient, type GitHubClient } from "./client.ts";
import type { Rest } from "./octokit.ts";
import { createWebhookEndpoint, type Middleware, WEBHOOK_PATH } from "./webhook-endpoint.ts";

export type GitHubSettings = {
  readonly appId: number;
  /** PEM, pkcs1 or pkcs8. */
  readonly privateKey: string;
  readonly webhookSecret: string;
  /** "https://github.com", or the root of a GitHub Enterprise server. */
  readonly githubUrl: string;
  /**
   * "github" keeps the pauses GitHub asks for (a second between writes); "none" is for a server
   * whose owner has switched rate limits off.
   */
  readonly pacing?: "github" | "none";
  /** How long GitHub may take for one answer; 30 seconds when absent. */
  readonly requestTimeoutMs?: number;
};

/** One webhook delivery with a verified signature; the payload is JSON, not validated. */
export type Delivery = {
  readonly id: string;
  readonly event: string;
  readonly payload: unknown;
};

export type GitHubApp = { readonly middleware: Middleware; readonly client: GitHubClient };

/** Octokit sets no limit of its own: a connection that hangs would hold a job for five minutes. */
const REQUEST_TIMEOUT_MS = 30_000;

/** `onDelivery` must be quick; when it throws, GitHub sees a 500 and lists the delivery as failed. */
export async function createGitHubApp(
  settings: GitHubSettings,
  { onDelivery, log }: { onDelivery(delivery: Delivery): Promise<void>; readonly log: Logger },
): Promise<GitHubApp> {
  assert(settings.webhookSecret !== "", "a webhook secret is set");
  const fetchWithin = createFetch(settings.requestTimeoutMs ?? REQUEST_TIMEOUT_MS);
  const quiet = log.child({}, { serializers: { err: withoutPayload } });
  const Octokit = octokitFor(settings.pacing ?? "github");
  const baseUrl = apiUrl(settings.githubUrl);
  const probot = createProbot({
    env: {},
    overrides: {
      appId: settings.appId,
      privateKey: settings.privateKey,
      secret: settings.webhookSecret,
      log: quiet,
      Octokit,
      request: { fetch: fetchWithin },
      baseUrl,
    },
  });
  const renewed = createRenewedTokens(async (installationId) => {
    const { data } = await (await probot.auth()).rest.apps.createInstallationAccessToken({
      installation_id: installationId,
    });
    const octokit = new Octokit({
      auth: { token: data.token },
      baseUrl,
      request: { fetch: fetchWithin },
    });
    return { octokit, endsMs: Date.parse(data.expires_at) };
  });
  const receive = await createNodeMiddleware(
    (app: Probot) => {
      app.onAny(async ({ id, name, payload }) => onDelivery({ id, event: name, payload }));
    },
    { probot, webhooksPath: WEBHOOK_PATH },
  );
  return {
    middleware: createWebhookEndpoint(
      settings.webhookSecret,
      async (request, response) => receive(request, response),
      log,
    ),
    client: createGitHubClient({
      appId: settings.appId,
      asApp: () => probot.auth(),
      asInstallation: async (installationId) =>
        renewed.get(installationId) ?? (await probot.auth(installationId)),
      renewToken: renewed.renew,
    }),
  };
}

type Renewed = { readonly octokit: Rest; readonly endsMs: number };

/** Not used in a token's last minutes, so that it outlives the request. */
const TOKEN_MARGIN_MS = 5 * 60_000;

/**
 * Tokens that were taken because GitHub refused the one that Probot keeps for an hour. Probot offers
 * no way to forget one, so these come first until they end.
 */
function createRenewedTokens(take: (installationId: number) => Promise<Renewed>) {
  const kept = new Map<number, Renewed>();
  return {
    get: (installationId: number): Rest | undefined => {
      const found = kept.get(installationId);
      return found && found.endsMs - TOKEN_MARGIN_MS > Date.now() ? found.octokit : undefined;
    },
    renew: async (installationId: number): Promise<void> => {
      kept.set(installationId, await take(installationId));
    },
  };
}

type OctokitOptions = NonNullable<ConstructorParameters<typeof ProbotOctokit>[0]>;

/** github.com and ghe.com have a host for the API, a GitHub Enterprise Server has a path. */
export function apiUrl(githubUrl: string): string {
  const url = new URL(githubUrl);
  if (url.host === "github.com" || url.host.endsWith(".ghe.com")) {
    return `${url.protocol}//api.${url.host}`;
  }
  return new URL("/api/v3", url).href;
}

/** Probot overwrites throttle options given as an object; as a function they win. */
function octokitFor(pacing: "github" | "none"): typeof ProbotOctokit {
  if (pacing === "github") return ProbotOctokit;
  return ProbotOctokit.defaults((options: OctokitOptions) => ({
    ...options,
    throttle: { ...options.throttle, enabled: false },
  }));
}

function createFetch(timeoutMs: number) {
  return (url: string, init: RequestInit = {}): Promise<Response> => {
    const timeout = AbortSignal.timeout(timeoutMs);
    return fetch(url, {
      ...init,
      signal: init.signal ? AbortSignal.any([init.signal, timeout]) : timeout,
    });
  };
}

/** Octokit hangs the whole delivery and the whole request on its errors: logs get neither. */
function withoutPayload(error: unknown): unknown {
  if (!(error instanceof Error)) return { message: String(error).slice(0, 1000) };
  return {
    type: error.name,
    message: error.message.slice(0, 1000),
    stack: error.stack,
    ...("status" in error ? { status: error.status } : {}),
    ...(error instanceof AggregateError ? { errors: error.errors.map(withoutPayload) } : {}),
  };
}
