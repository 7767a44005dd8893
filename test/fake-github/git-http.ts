// Clones over HTTP: git's own smart HTTP server as a CGI program, behind the token check.
//
// GitHub takes an installation token as the password of the user "x-access-token". It must cover
// this repository and read contents; anything else is 401, or 404 where GitHub hides what exists.
import { spawn } from "node:child_process";
import type { IncomingMessage, ServerResponse } from "node:http";
import { basename, dirname } from "node:path";
import { allows, type Token } from "./auth.ts";
import type { Repository } from "./model.ts";

/** Answers `/OWNER/NAME.git/REST`; `rest` starts with a slash. */
export function serveGit(
  request: IncomingMessage,
  response: ServerResponse,
  served: {
    readonly repository: Repository;
    readonly rest: string;
    readonly query: string;
    readonly tokens: ReadonlyMap<string, Token>;
  },
): void {
  const refusal = refusalOf(request, served.repository, served.tokens);
  if (refusal !== undefined) {
    response.writeHead(refusal, { "www-authenticate": 'Basic realm="GitHub"' }).end();
    return;
  }
  const { gitDir } = served.repository;
  const cgi = spawn("git", ["http-backend"], {
    env: {
      PATH: process.env.PATH ?? "",
      GIT_PROJECT_ROOT: dirname(gitDir),
      GIT_HTTP_EXPORT_ALL: "1",
      GIT_CONFIG_GLOBAL: "/dev/null",
      GIT_CONFIG_NOSYSTEM: "1",
      GIT_PROTOCOL: String(request.headers["git-protocol"] ?? ""),
      PATH_INFO: `/${basename(gitDir)}${served.rest}`,
      QUERY_STRING: served.query,
      REQUEST_METHOD: request.method ?? "GET",
      CONTENT_TYPE: request.headers["content-type"] ?? "",
      HTTP_CONTENT_ENCODING: String(request.headers["content-encoding"] ?? ""),
    },
    stdio: ["pipe", "pipe", "inherit"],
  });
  request.pipe(cgi.stdin);
  // The client may hang up, and so may the program once it has read enough.
  cgi.stdin.on("error", () => undefined);
  response.on("close", () => cgi.kill());
  cgi.on("error", () => response.writeHead(500).end());
  answerFromCgi(cgi.stdout, response);
}

function refusalOf(
  request: IncomingMessage,
  repository: Repository,
  tokens: ReadonlyMap<string, Token>,
): 401 | 403 | 404 | undefined {
  const [scheme, encoded = ""] = (request.headers.authorization ?? "").split(" ");
  const password = Buffer.from(encoded, "base64").toString("utf8").split(":")[1] ?? "";
  const token = tokens.get(password);
  if (scheme?.toLowerCase() !== "basic" || token === undefined) return 401;
  if (token.expiresAtMs < Date.now()) return 401;
  if (token.repositories?.includes(repository.name) === false) return 404;
  return allows(token.permissions, "contents", "read") ? undefined : 403;
}

/** A CGI program writes headers, an empty line, and then the body. */
function answerFromCgi(output: NodeJS.ReadableStream, response: ServerResponse): void {
  let head = Buffer.alloc(0);
  const onData = (part: Buffer) => {
    head = Buffer.concat([head, part]);
    const end = head.indexOf("\r\n\r\n");
    if (end < 0) return;
    output.off("data", onData);
    const headers = head.toString("latin1", 0, end).split("\r\n").map(headerOf);
    const status = headers.find(([name]) => name === "status")?.[1] ?? "200";
    for (const [name, value] of headers) if (name !== "status") response.setHeader(name, value);
    response.writeHead(Number.parseInt(status, 10));
    response.write(head.subarray(end + 4));
    output.pipe(response);
  };
  output.on("data", onData);
  output.on("end", () => {
    if (!response.headersSent) response.writeHead(500).end();
  });
}

function headerOf(line: string): [name: string, value: string] {
  const colon = line.indexOf(":");
  return [line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim()];
}
