// The product's GitHub edge, wired to the simulated GitHub: what the slow tests of this room share.
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { pino } from "pino";
import { createGitHubApp, type Delivery, type GitHubApp } from "../../src/github/app.ts";
import type { RepositoryRef } from "../../src/webhook/trigger.ts";
import { type FakeGitHub, startFakeGitHub } from "../fake-github/fake-github.ts";
import type { Repository } from "../fake-github/model.ts";
import { INSTALLATION_ID } from "../fake-github/routes-app.ts";

export type Wired = {
  readonly fake: FakeGitHub;
  readonly app: GitHubApp;
  readonly deliveries: Delivery[];
  /** Everything the App logged, one JSON line each. */
  readonly logLines: string[];
  readonly webhookUrl: string;
  close(): Promise<void>;
};

/** `onDelivery` may throw, to see what GitHub is told then. */
export async function wireAppToFake(
  onDelivery: (delivery: Delivery) => void = () => undefined,
  options: { readonly requestTimeoutMs?: number } = {},
): Promise<Wired> {
  const fake = await startFakeGitHub();
  const deliveries: Delivery[] = [];
  const logLines: string[] = [];
  const log = pino({ level: "debug" }, { write: (line: string) => logLines.push(line) });
  const app = await createGitHubApp(
    { ...fake.app, githubUrl: fake.url, pacing: "none", ...options },
    {
      log,
      onDelivery: async (delivery) => {
        deliveries.push(delivery);
        onDelivery(delivery);
      },
    },
  );
  const server = createServer(async (request, response) => {
    if (!(await app.middleware(request, response))) response.writeHead(404).end("not ours");
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const webhookUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}/api/github/webhooks`;
  fake.webhookUrl = webhookUrl;
  return {
    fake,
    app,
    deliveries,
    logLines,
    webhookUrl,
    async close() {
      server.close();
      server.closeAllConnections();
      await fake.close();
    },
  };
}

/** The repository as a webhook would name it. */
export function refOf(fake: FakeGitHub, { owner, name }: Repository): RepositoryRef {
  return {
    owner,
    name,
    cloneUrl: `${fake.url}/${owner}/${name}.git`,
    installationId: INSTALLATION_ID,
  };
}
