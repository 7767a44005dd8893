// GitHub's own example payloads. The package is one JSON file behind a type that only fits
// CommonJS, so it is required and given the type it has.
import { createRequire } from "node:module";

/** The payloads of one event; each is JSON as GitHub delivered it once. */
export type WebhookExamples = {
  readonly name: string;
  readonly examples: readonly Readonly<Record<string, unknown>>[];
};

const require = createRequire(import.meta.url);

export const webhookExamples: readonly WebhookExamples[] = require("@octokit/webhooks-examples");
