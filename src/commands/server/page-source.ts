// What the pages show, from the rows and the blobs.
import { progressSchema } from "../../evidence/progress.ts";
import { findRun, recentRuns } from "../../store/runs.ts";
import type { Run } from "../../store/schema.ts";
import type { PageSource, RunSummary } from "../../web/pages.ts";
import type { ServerContext } from "./context.ts";

export function createPageSource(context: ServerContext): PageSource {
  const { db } = context.store;
  const { templates } = context;
  return {
    templates,
    runs: async (limit) => (await recentRuns(db, limit)).map(summaryOf),
    run: async (id) => {
      const run = await findRun(db, id);
      if (run === undefined) return undefined;
      const progress = progressSchema.safeParse(run.progress).data;
      const { page_digest: page } = run;
      return {
        summary: summaryOf(run),
        ...(progress === undefined || run.state !== "running" ? {} : { progress }),
        ...(page === null ? {} : { report: () => context.blobs.stream(page) }),
      };
    },
    checkHealth: async () => {
      await recentRuns(db, 1);
    },
  };
}

function summaryOf(run: Run): RunSummary {
  return {
    id: run.id,
    repository: run.repository,
    pullRequest: run.pull_request,
    headSha: run.head_sha,
    attempt: run.attempt,
    state: run.state,
    conclusion: run.conclusion ?? "",
    title: run.title ?? "",
    createdAt: run.created_at,
  };
}
