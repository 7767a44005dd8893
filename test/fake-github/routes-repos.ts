// What a repository is asked about beside its pull requests: commits, files, branches and the
// rules on them.
import { git, tip } from "./git.ts";
import { repositoryJson } from "./json.ts";
import { type Call, notFound, type Route, unprocessable } from "./routes.ts";

export const repoRoutes: Readonly<Record<string, Route>> = {
  "repos/get": ({ place, repository }) => ({
    status: 200,
    body: repositoryJson(place, repository),
  }),

  "repos/get-commit": async ({ repository, params }) => {
    const revision = params.ref ?? "";
    const sha = await tip(repository.gitDir, revision);
    if (sha === undefined) return unprocessable(`No commit found for SHA: ${revision}`);
    return { status: 200, body: { sha, commit: { message: "" }, parents: [], files: [] } };
  },

  "repos/get-content": async (call) => {
    const { repository, params, query } = call;
    const path = params.path ?? "";
    const revision = query.ref ?? "refs/heads/main";
    const sha = await blobOf(call, `${revision}:${path}`);
    if (sha === undefined) return notFound();
    const text = await git(repository.gitDir, "cat-file", "blob", sha);
    const content = Buffer.from(text).toString("base64");
    return {
      status: 200,
      body: {
        type: "file",
        encoding: "base64",
        name: path.split("/").at(-1),
        path,
        sha,
        content,
        size: Buffer.byteLength(text),
      },
    };
  },

  "repos/get-branch": async ({ model, repository, params }) => {
    const sha = await tip(repository.gitDir, `refs/heads/${params.branch ?? ""}`);
    if (sha === undefined) return notFound("Branch not found");
    const contexts = model.requiredChecks
      .filter((check) => check.repository === repository && check.by === "protection")
      .map(({ context }) => context);
    return {
      status: 200,
      body: {
        name: params.branch,
        commit: { sha },
        protected: contexts.length > 0,
        protection: {
          enabled: contexts.length > 0,
          required_status_checks: { enforcement_level: "everyone", contexts, checks: [] },
        },
      },
    };
  },

  "repos/get-branch-rules": ({ model, repository, page }) => {
    const checks = model.requiredChecks
      .filter((check) => check.repository === repository && check.by === "ruleset")
      .map(({ context, appId }) => ({
        context,
        ...(appId === undefined ? {} : { integration_id: appId }),
      }));
    const rule = {
      type: "required_status_checks",
      parameters: { required_status_checks: checks, strict_required_status_checks_policy: false },
      ruleset_source_type: "Repository",
      ruleset_source: `${repository.owner}/${repository.name}`,
      ruleset_id: 42,
    };
    return { status: 200, body: page(checks.length > 0 ? [rule] : []) };
  },
};

async function blobOf({ repository }: Call, object: string): Promise<string | undefined> {
  try {
    const sha = (await git(repository.gitDir, "rev-parse", "--verify", "--quiet", object)).trim();
    const kind = (await git(repository.gitDir, "cat-file", "-t", sha)).trim();
    return kind === "blob" ? sha : undefined;
  } catch {
    return undefined;
  }
}
