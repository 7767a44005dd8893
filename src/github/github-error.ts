// GitHub's refusals in our three kinds: what a person must fix, what passes, and bugs of ours.
//
// Octokit throws one class with a status; what the status means depends on the request. A 404 is
// GitHub's answer to "you may not see this" as much as to "it is gone", so the text names both.
// A 422 stays a bug: we sent something that breaks the contract.
import { TransientError, UserError } from "../errors.ts";

/** The HTTP status GitHub answered with; undefined when the error is not an answer of GitHub. */
export function statusOf(error: unknown): number | undefined {
  if (!(error instanceof Error) || !("status" in error)) return undefined;
  return typeof error.status === "number" ? error.status : undefined;
}

/**
 * UserError or TransientError where the answer is one; anything else with context, as a bug.
 * `name` is what was asked about, as a person knows it: "owner/repository".
 */
export function asOurError(error: unknown, name: string): Error {
  const status = statusOf(error);
  if (status === undefined || !(error instanceof Error)) {
    return new Error(`asking GitHub about ${name}`, { cause: error });
  }
  if (status >= 500 || status === 408 || status === 429 || isRateLimit(error)) {
    return new TransientError(`GitHub could not answer about ${name} now (${status})`, {
      cause: error,
    });
  }
  const known = refusal({ status, name, message: error.message, url: requestUrl(error) });
  if (known === undefined) {
    return new Error(`GitHub refused a request about ${name} (${status})`, { cause: error });
  }
  return new UserError(known.code, known.message, { hint: known.hint, cause: error });
}

type Refusal = {
  readonly status: number;
  readonly name: string;
  readonly message: string;
  readonly url: string;
};

function refusal({ status, name, message, url }: Refusal) {
  const isTokenRequest = url.endsWith("/access_tokens");
  if (status === 401) {
    return {
      code: "TG_GITHUB_KEY",
      message: "GitHub does not accept the App's key.",
      hint: "Check APP_ID and PRIVATE_KEY against the App's settings page, and the clock of this machine: GitHub refuses a key used more than a minute from its own time.",
    } as const;
  }
  if (status === 403 && /suspended/i.test(message)) {
    return {
      code: "TG_GITHUB_SUSPENDED",
      message: `The installation of Tailguard on ${name} is suspended.`,
      hint: "An owner can lift the suspension in the settings of the installation.",
    } as const;
  }
  if (status === 403 || (status === 422 && isTokenRequest)) {
    return {
      code: "TG_GITHUB_PERMISSION",
      message: `GitHub does not let Tailguard do this in ${name}: ${firstLine(message)}`,
      hint: "Check that the App has the permissions of app.yml and that an owner has accepted them for this installation and repository.",
    } as const;
  }
  if (status === 404 && /no common ancestor/i.test(message)) {
    return {
      code: "TG_NO_MERGE_BASE",
      message: `Base and head of the pull request in ${name} share no history.`,
      hint: "Rebase the branch onto its base, so that there is something to compare with.",
    } as const;
  }
  if (status === 404 || status === 410 || status === 451) {
    return {
      code: "TG_GITHUB_NOT_FOUND",
      message: isTokenRequest
        ? `Tailguard is no longer installed on ${name}.`
        : `${name}, or the commit asked about, is gone or hidden from Tailguard.`,
      hint: "Check that the repository exists and is selected in the settings of the installation, and that the commit was not removed by a force push.",
    } as const;
  }
  return undefined;
}

/** GitHub answers 403 to an exhausted quota too; the headers or the text tell them apart. */
function isRateLimit(error: Error): boolean {
  if (statusOf(error) !== 403) return false;
  const headers = responseHeaders(error);
  return (
    headers["retry-after"] !== undefined ||
    headers["x-ratelimit-remaining"] === "0" ||
    /rate limit/i.test(error.message)
  );
}

function responseHeaders(error: Error): Readonly<Record<string, unknown>> {
  if (!("response" in error)) return {};
  const { response } = error;
  if (typeof response !== "object" || response === null || !("headers" in response)) return {};
  return { ...(response.headers as object) };
}

function requestUrl(error: Error): string {
  if (!("request" in error)) return "";
  const { request } = error;
  if (typeof request !== "object" || request === null || !("url" in request)) return "";
  return String(request.url);
}

function firstLine(message: string): string {
  return (message.split("\n")[0] ?? "").slice(0, 300);
}
