// The Octokit all of this room works with: the endpoints of @octokit/rest. At run time it is
// Probot's own instance, which has the same endpoints with retries and GitHub's pauses built in.
import type { Octokit } from "@octokit/rest";

/** Which endpoints may be used depends on the token behind it; see GitHubAccess in client.ts. */
export type Rest = Pick<Octokit, "rest" | "paginate" | "request">;
