// The HTTP face of the API: finds the operation, holds the request against GitHub's description,
// checks who asks, and only then lets the route touch the model.
//
// A request that breaks the contract gets 422 as at GitHub and is recorded in `violations`, so
// that a test fails even where the product survives the 422. So does a request to an operation
// that the simulation does not have, and an answer of a route that GitHub's description forbids.
import type { IncomingMessage, ServerResponse } from "node:http";
import { allows, jwtProblem, NEEDED, type Token } from "./auth.ts";
import type { Contract, Operation } from "./contract.ts";
import { type Fault, takeFault } from "./faults.ts";
import type { Place } from "./json.ts";
import type { CheckRun, Delivery, Model, Repository } from "./model.ts";
import { type Answer, type Call, notFound, type Route, unprocessable } from "./routes.ts";
import { appRoutes } from "./routes-app.ts";
import { checkRoutes } from "./routes-checks.ts";
import { commentRoutes } from "./routes-comments.ts";
import { pullRoutes } from "./routes-pulls.ts";
import { repoRoutes } from "./routes-repos.ts";

/** A request of ours that GitHub would not have understood as it was meant. */
export type Violation = {
  readonly operation: string;
  readonly problems: readonly string[];
  readonly body: unknown;
};

/** A request to an operation the simulation knows, as it came in. */
export type ApiRecord = {
  /** As in GitHub's description: "checks/create". */
  readonly operation: string;
  readonly method: string;
  /** Below /api/v3, with the query. */
  readonly path: string;
  readonly body: unknown;
  readonly authorization: string;
};

export type Api = {
  readonly model: Model;
  readonly contract: Contract;
  readonly place: () => Place;
  readonly publicKey: string;
  readonly tokens: Map<string, Token>;
  readonly violations: Violation[];
  readonly faults: Fault[];
  /** Everything that was asked, oldest first. */
  readonly requests: ApiRecord[];
  readonly checkRunChanged: (run: CheckRun, action: "created" | "completed") => void;
  readonly redeliver: (delivery: Delivery) => void;
};

/** By the id of the operation in GitHub's description. */
export const ROUTES: Readonly<Record<string, Route>> = {
  ...appRoutes,
  ...checkRoutes,
  ...commentRoutes,
  ...pullRoutes,
  ...repoRoutes,
};

/** GitHub never sends a body this large, and neither do we. */
const BODY_LIMIT_BYTES = 16 * 1024 * 1024;

/** Answers a request below /api/v3; `url` is what follows it. */
export async function serveApi(
  api: Api,
  request: IncomingMessage,
  response: ServerResponse,
  url: URL,
): Promise<void> {
  const text = await readText(request);
  const asked = {
    method: request.method ?? "GET",
    path: url.pathname.replace(/^\/api\/v3/, ""),
    query: Object.fromEntries(url.searchParams),
    body: text === "" ? undefined : parsed(text),
    authorization: request.headers.authorization ?? "",
  };
  const found = api.contract.find(asked.method, asked.path);
  if (found === undefined) {
    const operation = `${asked.method} ${asked.path}`;
    api.violations.push({ operation, problems: ["not simulated"], body: asked.body });
    send(response, notFound());
    return;
  }
  api.requests.push({
    operation: found.operation.id,
    method: asked.method,
    path: asked.path + url.search,
    body: asked.body,
    authorization: asked.authorization,
  });
  const fault = takeFault(api.faults, found.operation.id);
  if (fault?.when === "before") return fail(fault, response);
  const answer = await answerTo(api, found, asked);
  if (fault?.when === "after") return fail(fault, response);
  send(response, answer, answer);
}

type Asked = {
  readonly path: string;
  readonly query: Record<string, string>;
  readonly body: unknown;
  readonly authorization: string;
};

async function answerTo(
  api: Api,
  found: { readonly operation: Operation; readonly params: Record<string, string> },
  asked: Asked,
): Promise<Answer> {
  const { operation, params } = found;
  const request = { params, query: asked.query, body: asked.body };
  const problems = api.contract.requestProblems(operation, request);
  if (problems.length > 0) {
    api.violations.push({ operation: operation.id, problems, body: asked.body });
    return unprocessable(`Invalid request.\n\n${problems.join("\n")}`);
  }
  const refused = refusal(api, operation, params, asked.authorization);
  if (refused !== undefined) return refused;
  const repository = api.model.repository(params.owner ?? "", params.repo ?? "");
  if (params.repo !== undefined && repository === undefined) return notFound();
  const pages = pager(`${api.place().url}/api/v3${asked.path}`, asked.query);
  const call: Call = {
    model: api.model,
    page: pages.page,
    place: api.place(),
    ...request,
    // Routes of the App have no repository in their path and do not read it.
    repository: repository as Repository,
    remember: (token) => api.tokens.set(token.value, token),
    checkRunChanged: api.checkRunChanged,
    redeliver: api.redeliver,
  };
  const answer = (await ROUTES[operation.id]?.(call)) ?? notFound();
  if (answer.status !== operation.status) return answer;
  return { ...checkedAnswer(api, operation, answer), headers: pages.headers() };
}

/** 30 items a page unless asked, 100 at most; deliveries are turned by cursor, the rest by number. */
function pager(url: string, query: Readonly<Record<string, string>>) {
  const name = url.endsWith("/deliveries") ? "cursor" : "page";
  const number = Number(query[name] ?? 1);
  const size = Math.min(Number(query.per_page ?? 30), 100);
  let hasMore = false;
  return {
    page: <T>(items: readonly T[]): T[] => {
      hasMore = items.length > number * size;
      return items.slice((number - 1) * size, number * size);
    },
    headers: (): Record<string, string> => {
      if (!hasMore) return {};
      const next = new URLSearchParams({ ...query, [name]: String(number + 1) });
      return { link: `<${url}?${next}>; rel="next"` };
    },
  };
}

/** The simulation must not invent fields either, or the product would read what is never there. */
function checkedAnswer(api: Api, operation: Operation, answer: Answer): Answer {
  const problems = api.contract.responseProblems(operation, answer.body);
  if (problems.length === 0) return answer;
  const wrong = `the simulation's answer to ${operation.id}`;
  api.violations.push({ operation: wrong, problems, body: answer.body });
  return { status: 500, body: { message: `${wrong}: ${problems.join("; ")}` } };
}

/** 401 to strangers, 403 to a missing permission, 404 to another repository, as GitHub does. */
function refusal(
  api: Api,
  operation: Operation,
  params: Readonly<Record<string, string>>,
  authorization: string,
): Answer | undefined {
  const credential = authorization.split(" ")[1] ?? "";
  const needed = NEEDED[operation.id];
  if (needed === undefined) {
    const problem = jwtProblem(credential, api.publicKey, api.place().appId);
    const message = `A JSON web token could not be decoded: ${problem}`;
    return problem === undefined ? undefined : { status: 401, body: { message } };
  }
  const token = api.tokens.get(credential);
  if (token === undefined || token.expiresAtMs < Date.now()) {
    return { status: 401, body: { message: "Bad credentials" } };
  }
  if (api.model.suspendedAt !== undefined) {
    return { status: 403, body: { message: "This installation has been suspended" } };
  }
  if (token.repositories?.includes(params.repo ?? "") === false) return notFound();
  if (allows(token.permissions, ...needed)) return undefined;
  return { status: 403, body: { message: "Resource not accessible by integration" } };
}

async function readText(request: IncomingMessage): Promise<string> {
  const parts: Buffer[] = [];
  let size = 0;
  for await (const part of request as AsyncIterable<Buffer>) {
    size += part.length;
    if (size > BODY_LIMIT_BYTES) throw new Error("a request body over 16 MB");
    parts.push(part);
  }
  return Buffer.concat(parts).toString("utf8");
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

function fail(fault: Fault, response: ServerResponse): void {
  if (fault.answer === "hang") return;
  if (fault.answer === "drop") response.destroy();
  else send(response, { status: fault.answer.status, body: { message: "injected" } }, fault.answer);
}

function send(
  response: ServerResponse,
  { status, body }: Answer,
  { headers = {} }: { readonly headers?: Readonly<Record<string, string>> } = {},
): void {
  const isEmpty = status === 204;
  response.writeHead(status, { "content-type": "application/json; charset=utf-8", ...headers });
  response.end(isEmpty ? undefined : JSON.stringify(body));
}
