// The runner's side of src/evidence/runner-protocol.ts: HTTP requests with one bearer token.
//
// A request that fails on its way, or meets a server that restarts, is tried again: the pauses grow
// to 10 s, for as long as the caller's signal allows. What the server refuses for good (a wrong
// token, evidence it does not take) is an error. Repeating is safe: a claim that got lost on its
// way is taken back by the server, uploads are named by their content, and a finish is known again
// by its lease.
import { createReadStream } from "node:fs";
import { Readable } from "node:stream";
import { setTimeout as pause } from "node:timers/promises";
import { UserError } from "../errors.ts";
import {
  type BundleFile,
  CLAIM_SECONDS,
  type Claim,
  claimSchema,
  type Finish,
  type Heartbeat,
  heartbeatAnswerSchema,
  LEASE_HEADER,
  RUNNER_HEADER,
} from "../evidence/runner-protocol.ts";

export type JobClient = {
  /** The next run; undefined when there was none for CLAIM_SECONDS. */
  claim(signal: AbortSignal): Promise<Claim | undefined>;
  /** True when the work must stop: cancelled, or the lease is lost. */
  heartbeat(runId: string, heartbeat: Heartbeat, signal: AbortSignal): Promise<boolean>;
  /** "lost" when the lease is. */
  upload(
    run: { readonly runId: string; readonly lease: string },
    file: BundleFile & { readonly source: string },
    signal: AbortSignal,
  ): Promise<"kept" | "lost">;
  finish(runId: string, finish: Finish, signal: AbortSignal): Promise<"kept" | "lost">;
};

export type JobClientOptions = {
  /** Without a trailing slash. */
  readonly serverUrl: string;
  readonly token: string;
  /** Shown to people; letters, digits and "._:-". */
  readonly name: string;
  /** Told of every failed attempt. */
  onRetry(error: Error): void;
};

const FIRST_PAUSE_MS = 200;
const LONGEST_PAUSE_MS = 10_000;

type Request = {
  readonly method: "POST" | "PUT";
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  /** Made anew for each attempt. */
  body(): string | Readable;
  readonly timeoutMs: number;
};

/** Requests to one server as one runner. */
export function createJobClient(options: JobClientOptions): JobClient {
  const ask = (request: Request, signal: AbortSignal) => askUntilAnswered(options, request, signal);
  const json = (path: string, body: unknown, timeoutMs = 30_000): Request => ({
    method: "POST",
    path,
    headers: { "content-type": "application/json" },
    body: () => JSON.stringify(body),
    timeoutMs,
  });
  return {
    claim: async (signal) => {
      const answer = await ask(json("/runner/claim", {}, (CLAIM_SECONDS + 30) * 1000), signal);
      return answer.status === 204 ? undefined : claimSchema.parse(await answer.json());
    },
    heartbeat: async (runId, heartbeat, signal) => {
      const answer = await ask(json(`/runner/runs/${runId}/heartbeat`, heartbeat), signal);
      return heartbeatAnswerSchema.parse(await answer.json()).cancelled;
    },
    upload: async (run, file, signal) => {
      const answer = await ask(
        {
          method: "PUT",
          path: `/runner/runs/${run.runId}/blobs/${file.sha256}`,
          headers: { "content-type": "application/octet-stream", [LEASE_HEADER]: run.lease },
          body: () => createReadStream(file.source),
          timeoutMs: 300_000,
        },
        signal,
      );
      return answer.status === 409 ? "lost" : "kept";
    },
    finish: async (runId, finish, signal) => {
      const answer = await ask(json(`/runner/runs/${runId}/finish`, finish), signal);
      return answer.status === 409 ? "lost" : "kept";
    },
  };
}

async function askUntilAnswered(
  options: JobClientOptions,
  request: Request,
  signal: AbortSignal,
): Promise<Response> {
  for (let pauseMs = FIRST_PAUSE_MS; ; pauseMs = Math.min(pauseMs * 2, LONGEST_PAUSE_MS)) {
    signal.throwIfAborted();
    try {
      const answer = await ask(options, request, signal);
      if (answer.ok || answer.status === 409) return answer;
      const text = (await answer.text()).slice(0, 1000);
      if (answer.status < 500 && answer.status !== 429) throw refused(answer.status, text);
      options.onRetry(new Error(`the server answered ${answer.status}: ${text}`));
    } catch (error) {
      if (error instanceof UserError) throw error;
      signal.throwIfAborted();
      options.onRetry(new Error(`asking ${request.path}`, { cause: error }));
    }
    await pause(pauseMs, undefined, { signal });
  }
}

async function ask(
  options: JobClientOptions,
  request: Request,
  signal: AbortSignal,
): Promise<Response> {
  const body = request.body();
  return fetch(`${options.serverUrl}${request.path}`, {
    method: request.method,
    headers: {
      ...request.headers,
      authorization: `Bearer ${options.token}`,
      [RUNNER_HEADER]: options.name,
    },
    body: typeof body === "string" ? body : (Readable.toWeb(body) as ReadableStream),
    // Streams need it, and Node's fetch knows no other value.
    duplex: "half",
    // The server's address is the operator's word; a redirect would carry the token elsewhere.
    redirect: "error",
    signal: AbortSignal.any([signal, AbortSignal.timeout(request.timeoutMs)]),
  } as RequestInit);
}

function refused(status: number, text: string): UserError {
  if (status === 401) {
    return new UserError("TG_USAGE", "The server does not know this runner's token.", {
      hint: "Set TAILGUARD_RUNNER_TOKEN to the RUNNER_TOKEN of the server.",
    });
  }
  return new UserError("TG_EVIDENCE", `The server refused the request (${status}): ${text}`, {
    hint: "Run the same version of Tailguard on the runner and the server.",
  });
}
