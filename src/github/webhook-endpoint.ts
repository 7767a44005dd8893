// The fence in front of Probot's webhook handler: size and signature are checked here first.
//
// Probot reads a body of any size into memory before it looks at the signature, and logs the whole
// payload of a delivery with a wrong one, twice: a stranger could fill memory and disk. So the body
// is read up to GitHub's own cap, the signature is compared in constant time, and only what
// GitHub really sent is passed on, as the string Probot then uses instead of the stream.
import { createHmac, timingSafeEqual } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";
import type { Logger } from "pino";

export const WEBHOOK_PATH = "/api/github/webhooks";

/** GitHub caps webhook payloads at 25 MB and does not deliver larger ones. */
const BODY_LIMIT_BYTES = 25 * 1024 * 1024;

/** True when the request was answered; false leaves it to whoever serves the other paths. */
export type Middleware = (request: IncomingMessage, response: ServerResponse) => Promise<boolean>;

/** The fenced endpoint; `receive` gets the request with its verified body in `request.body`. */
export function createWebhookEndpoint(
  secret: string,
  receive: (request: IncomingMessage, response: ServerResponse) => Promise<unknown>,
  log: Logger,
): Middleware {
  return async (request, response) => {
    if (pathOf(request) !== WEBHOOK_PATH) return false;
    const body = await readBody(request);
    if (body === undefined) {
      refuse(response, 413, "The payload is larger than GitHub's limit of 25 MB.");
      return true;
    }
    if (!isSignedWith(secret, body, request.headers["x-hub-signature-256"])) {
      log.warn({ from: request.socket.remoteAddress }, "refused a webhook with a wrong signature");
      refuse(response, 401, "The signature does not match the webhook secret.");
      return true;
    }
    await receive(Object.assign(request, { body: body.toString("utf8") }), response);
    return true;
  };
}

/** Whether `header` is GitHub's HMAC-SHA256 of the body; compared in constant time. */
function isSignedWith(
  secret: string,
  body: Buffer,
  header: string | readonly string[] | undefined,
): boolean {
  if (typeof header !== "string") return false;
  const expected = Buffer.from(`sha256=${createHmac("sha256", secret).update(body).digest("hex")}`);
  const given = Buffer.from(header);
  return given.length === expected.length && timingSafeEqual(given, expected);
}

function pathOf(request: IncomingMessage): string {
  return (request.url ?? "").split("?", 1)[0] ?? "";
}

/** The whole body; undefined as soon as it is larger than the limit. */
async function readBody(request: IncomingMessage): Promise<Buffer | undefined> {
  if (Number(request.headers["content-length"] ?? 0) > BODY_LIMIT_BYTES) return undefined;
  const parts: Buffer[] = [];
  let size = 0;
  for await (const part of request as AsyncIterable<Buffer>) {
    size += part.length;
    if (size > BODY_LIMIT_BYTES) return undefined;
    parts.push(part);
  }
  return Buffer.concat(parts);
}

function refuse(response: ServerResponse, status: number, error: string): void {
  // The rest of a refused body is not read: the connection cannot be used again.
  response.writeHead(status, { "content-type": "application/json", connection: "close" });
  response.end(JSON.stringify({ error }));
}
