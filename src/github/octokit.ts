// The Octokit all of this room works with: Probot's, with retries and GitHub's pauses built in.
import type { ProbotOctokit } from "probot";

/** Which endpoints may be used depends on the token behind it; see GitHubAccess in client.ts. */
export type Rest = InstanceType<typeof ProbotOctokit>;
