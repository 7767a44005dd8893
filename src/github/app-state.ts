// The App as GitHub has it, for `tailguard doctor`: what it may, what it hears, where its webhooks
// go, and which check a branch requires.
import { statusOf } from "./github-error.ts";
import type { Rest } from "./octokit.ts";

export type AppState = {
  readonly slug: string;
  /** Its settings page. */
  readonly url: string;
  readonly permissions: Readonly<Record<string, string>>;
  readonly events: readonly string[];
  readonly webhook: { readonly url: string; readonly isJson: boolean; readonly checksTls: boolean };
  /** Of the newest deliveries, at most 100. */
  readonly deliveries: { readonly total: number; readonly failed: number };
};

export async function readAppState(octokit: Rest): Promise<AppState> {
  const { data: app } = await octokit.rest.apps.getAuthenticated();
  const { data: hook } = await octokit.rest.apps.getWebhookConfigForApp();
  const { data: deliveries } = await octokit.rest.apps.listWebhookDeliveries({ per_page: 100 });
  const failed = deliveries.filter(({ status_code: code }) => code < 200 || code >= 300);
  return {
    slug: app?.slug ?? "",
    url: app?.html_url ?? "",
    permissions: wordsOf(app?.permissions),
    events: app?.events ?? [],
    webhook: {
      url: hook.url ?? "",
      isJson: hook.content_type === "json",
      checksTls: String(hook.insecure_ssl ?? "0") === "0",
    },
    deliveries: { total: deliveries.length, failed: failed.length },
  };
}

export type InstallationState = {
  readonly id: number;
  readonly account: string;
  readonly url: string;
  readonly isSuspended: boolean;
  readonly permissions: Readonly<Record<string, string>>;
};

/** At most 100 installations; doctor is for the people of one. */
export async function readInstallations(octokit: Rest): Promise<readonly InstallationState[]> {
  const { data } = await octokit.rest.apps.listInstallations({ per_page: 100 });
  return data.map(({ id, account, html_url: url, suspended_at, permissions }) => ({
    id,
    account: account !== null && "login" in account ? account.login : "",
    url,
    isSuspended: suspended_at !== null,
    permissions: wordsOf(permissions),
  }));
}

/** Undefined when the App is not installed on the repository. */
export async function installationOf(
  octokit: Rest,
  repository: { readonly owner: string; readonly name: string },
): Promise<number | undefined> {
  try {
    const { owner, name: repo } = repository;
    return (await octokit.rest.apps.getRepoInstallation({ owner, repo })).data.id;
  } catch (error) {
    if (statusOf(error) === 404) return undefined;
    throw error;
  }
}

export type RequiredChecks = {
  readonly branch: string;
  /** `appId` is the App that has to report it; undefined where any may. */
  readonly checks: readonly { readonly name: string; readonly appId: number | undefined }[];
};

/** What rulesets and branch protection require before a merge into the default branch. */
export async function readRequiredChecks(
  octokit: Rest,
  repository: { readonly owner: string; readonly name: string },
): Promise<RequiredChecks> {
  const place = { owner: repository.owner, repo: repository.name };
  const branch = (await octokit.rest.repos.get(place)).data.default_branch;
  const { data: rules } = await octokit.rest.repos.getBranchRules({
    ...place,
    branch,
    per_page: 100,
  });
  const ofRules = rules.flatMap((rule) =>
    rule.type === "required_status_checks"
      ? (rule.parameters?.required_status_checks ?? []).map((check) => ({
          name: check.context,
          appId: check.integration_id,
        }))
      : [],
  );
  const { data } = await octokit.rest.repos.getBranch({ ...place, branch });
  const contexts = data.protection?.required_status_checks?.contexts ?? [];
  return {
    branch,
    checks: [...ofRules, ...contexts.map((name) => ({ name, appId: undefined }))],
  };
}

function wordsOf(value: object | undefined): Readonly<Record<string, string>> {
  const entries = Object.entries(value ?? {});
  return Object.fromEntries(entries.filter(([, level]) => typeof level === "string"));
}
