// One HTTP server for everything: GitHub's webhooks, the runners, and the pages for people.
//
// Probot's middleware sees each request first and answers only those to its own path; the rest is
// Fastify's. Sharing one node server (Fastify's serverFactory) keeps one port to publish. Errors
// leave without their text unless it was written for the one who asked.
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import Fastify, {
  type FastifyBaseLogger,
  type FastifyError,
  type FastifyInstance,
  LogController,
} from "fastify";
import type { Logger } from "pino";
import { ZodError } from "zod";
import { UserError } from "../errors.ts";
import { type PageSource, registerPages } from "./pages.ts";
import { type RunnerBoard, type RunnerTokens, registerRunnerApi } from "./runner-api.ts";

export type HttpServerOptions = {
  /** True when it answered the request. */
  webhook(request: IncomingMessage, response: ServerResponse): Promise<boolean>;
  readonly board: RunnerBoard;
  readonly tokens: RunnerTokens;
  readonly pages: PageSource;
  readonly log: Logger;
};

export type HttpServer = {
  /** Resolves with the port, which the system chose if `port` was 0. */
  listen(place: { readonly host: string; readonly port: number }): Promise<number>;
  /** Takes no new connection and waits for the answers under way. */
  close(): Promise<void>;
  /** For tests: asks without a connection. */
  readonly app: FastifyInstance;
};

/** The server, not yet listening. */
export function createHttpServer(options: HttpServerOptions): HttpServer {
  const { log } = options;
  const app: FastifyInstance = Fastify({
    loggerInstance: log as FastifyBaseLogger,
    logController: new LogController({ disableRequestLogging: true }),
    // Long polls and streams of evidence are ended by their own limits.
    requestTimeout: 0,
    forceCloseConnections: "idle",
    serverFactory: (fastify) =>
      createServer((request, response) => {
        options.webhook(request, response).then(
          (answered) => {
            if (!answered) fastify(request, response);
          },
          (error: unknown) => {
            log.error({ err: error }, "the webhook endpoint failed");
            if (!response.headersSent) response.writeHead(500);
            response.end();
          },
        );
      }),
  });
  app.setErrorHandler((error: FastifyError, request, reply) => {
    const known = describeError(error);
    if (known.status >= 500) log.error({ err: error, id: request.id }, "a request failed");
    if (known.status === 413) reply.header("connection", "close");
    return reply.code(known.status).send({ error: known.text, id: request.id });
  });
  app.setNotFoundHandler((_request, reply) => reply.code(404).send({ error: "Not found." }));
  registerRunnerApi(app, options);
  registerPages(app, options.pages);
  return {
    app,
    listen: async (place) => {
      await app.listen(place);
      return (app.server.address() as AddressInfo).port;
    },
    close: () => app.close(),
  };
}

/** Status and text of an error; texts of our own faults stay in the log. */
function describeError(error: FastifyError): { readonly status: number; readonly text: string } {
  if (error instanceof ZodError) {
    const where = error.issues[0];
    const text = `${where?.path.join(".") ?? ""}: ${where?.message ?? "not valid"}`;
    return { status: 400, text: text.slice(0, 500) };
  }
  if (error instanceof UserError) return { status: 422, text: `${error.message} ${error.hint}` };
  const status = error.statusCode ?? 500;
  return { status, text: status < 500 ? error.message.slice(0, 500) : "Internal error." };
}
