// The HTTP side of src/evidence/runner-protocol.ts: who may ask, what may be sent, which status.
//
// What a claim or a finish means is decided by the server command; here requests are
// authenticated, bounded and validated, once. Uploads are streamed to the store, never held.
import { createHash, timingSafeEqual } from "node:crypto";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { z } from "zod";
import {
  type Claim,
  type Finish,
  finishSchema,
  type Heartbeat,
  type HeartbeatAnswer,
  heartbeatSchema,
  LEASE_HEADER,
  RUNNER_HEADER,
} from "../evidence/runner-protocol.ts";

/** What the API asks of the server; "lost" means the lease is not, or no longer, good. */
export type RunnerBoard = {
  /** Waits up to CLAIM_SECONDS for a run; `gone` aborts when the runner hung up. */
  claim(runner: string, gone: AbortSignal): Promise<Claim | undefined>;
  heartbeat(runId: string, heartbeat: Heartbeat): Promise<HeartbeatAnswer>;
  keepBlob(
    run: { readonly runId: string; readonly lease: string },
    digest: string,
    content: AsyncIterable<Uint8Array>,
  ): Promise<"kept" | "lost">;
  finish(runId: string, finish: Finish): Promise<"kept" | "lost">;
};

/** Tokens that open the API, each with the prefix of the runner ids behind it ("local:", "remote:"). */
export type RunnerTokens = () => readonly { readonly token: string; readonly prefix: string }[];

/** 20,000 files of about 200 bytes each fit in a finish. */
const JSON_LIMIT_BYTES = 8 * 1024 * 1024;

const runParams = z.object({ id: z.uuid() });
const blobParams = runParams.extend({ digest: z.string().regex(/^[0-9a-f]{64}$/) });
const runnerName = z.string().regex(/^[\w.:-]{1,100}$/);

declare module "fastify" {
  interface FastifyRequest {
    /** Set once the token was found good. */
    runner?: string;
  }
}

/** Registers the runner's routes below /runner. */
export function registerRunnerApi(
  app: FastifyInstance,
  { board, tokens }: { readonly board: RunnerBoard; readonly tokens: RunnerTokens },
): void {
  app.register(
    async (api) => {
      api.addHook("onRequest", async (request, reply) => {
        const runner = authenticate(request, tokens());
        if (runner === undefined)
          return reply.code(401).send({ error: "The runner's token is missing or wrong." });
        request.runner = runner;
      });
      api.addContentTypeParser("application/octet-stream", (_request, payload, done) =>
        done(null, payload),
      );
      api.post("/claim", (request, reply) => claim(board, request, reply));
      api.post("/runs/:id/heartbeat", { bodyLimit: JSON_LIMIT_BYTES }, async (request) =>
        board.heartbeat(runParams.parse(request.params).id, heartbeatSchema.parse(request.body)),
      );
      api.put("/runs/:id/blobs/:digest", (request, reply) => keepBlob(board, request, reply));
      api.post("/runs/:id/finish", { bodyLimit: JSON_LIMIT_BYTES }, async (request, reply) => {
        const { id } = runParams.parse(request.params);
        return answer(reply, await board.finish(id, finishSchema.parse(request.body)));
      });
    },
    { prefix: "/runner" },
  );
}

async function claim(board: RunnerBoard, request: FastifyRequest, reply: FastifyReply) {
  const gone = new AbortController();
  // The response's close, not the request's: a request closes as soon as it was read.
  reply.raw.once("close", () => gone.abort());
  const claimed = await board.claim(request.runner ?? "", gone.signal);
  return claimed === undefined ? reply.code(204).send() : claimed;
}

async function keepBlob(board: RunnerBoard, request: FastifyRequest, reply: FastifyReply) {
  const { id, digest } = blobParams.parse(request.params);
  const lease = z.uuid().parse(request.headers[LEASE_HEADER]);
  const content = z.custom<AsyncIterable<Uint8Array>>(isStream).parse(request.body);
  const kept = await board.keepBlob({ runId: id, lease }, digest, content);
  // What was refused was not read: the connection cannot be used again.
  if (kept === "lost") reply.header("connection", "close");
  return answer(reply, kept);
}

function answer(reply: FastifyReply, kept: "kept" | "lost") {
  if (kept === "kept") return reply.code(204).send();
  return reply.code(409).send({ error: "The lease is lost: this run is somebody else's now." });
}

/** The runner's id if its token is one of ours; compared by digest, so that length tells nothing. */
function authenticate(
  request: FastifyRequest,
  tokens: ReturnType<RunnerTokens>,
): string | undefined {
  const given = /^bearer (.+)$/i.exec(request.headers.authorization ?? "")?.[1] ?? "";
  const known = tokens.find(({ token }) => timingSafeEqual(digest(token), digest(given)));
  const name = runnerName.safeParse(request.headers[RUNNER_HEADER] ?? "unnamed");
  return known !== undefined && name.success ? `${known.prefix}${name.data}` : undefined;
}

function digest(text: string): Buffer {
  return createHash("sha256").update(text).digest();
}

function isStream(body: unknown): boolean {
  return typeof body === "object" && body !== null && Symbol.asyncIterator in body;
}
