// A run's progress in its check run, for whoever looks at the pull request meanwhile.
//
// At most one edit per 10 s, and none for what is shown already: edits count against GitHub's
// limit of content-creating requests, and Probot's throttling spaces writes by a second. An edit
// that fails is dropped: the next heartbeat brings a newer one.
import { progressSchema } from "../../evidence/progress.ts";
import { progressDraft } from "../../report/status-drafts.ts";
import { findRun } from "../../store/runs.ts";
import type { Run } from "../../store/schema.ts";
import { type ServerContext, triggerOf } from "./context.ts";

const BETWEEN_EDITS_MS = 10_000;

/** Before the first report of the runner; it says in_progress on the pull request at once. */
const STARTED = { stage: "checkout", done: 0, total: 0, text: "" } as const;

export type ProgressBoard = {
  /** Shows the run's progress if it is time; returns at once. */
  show(run: Run): void;
  /** Resolves when no edit is under way. */
  settle(): Promise<void>;
};

export function createProgressBoard(context: ServerContext): ProgressBoard {
  const shown = new Map<string, { readonly atMs: number; readonly text: string }>();
  const underWay = new Set<Promise<void>>();
  const edit = async (run: Run, text: string) => {
    try {
      await context.exclusively(run.id, () => showNow(context, run.id, JSON.parse(text)));
    } catch (error) {
      context.log.warn({ err: error, run: run.id }, "could not show progress");
    }
  };
  return {
    show: (run) => {
      const text = JSON.stringify(run.progress ?? STARTED);
      const before = shown.get(run.id);
      const nowMs = performance.now();
      if (before?.text === text) return;
      const hasNews = isForecast(text) && !isForecast(before?.text);
      if (before !== undefined && !hasNews && nowMs - before.atMs < BETWEEN_EDITS_MS) return;
      // Runs end without a word to this map: forget those that were not heard of for long.
      for (const [id, { atMs }] of shown) if (nowMs - atMs > 3_600_000) shown.delete(id);
      shown.set(run.id, { atMs: nowMs, text });
      const edited = edit(run, text).finally(() => underWay.delete(edited));
      underWay.add(edited);
    },
    settle: async () => {
      await Promise.all(underWay);
    },
  };
}

/** The first thing that a reader can use does not wait for its turn. */
function isForecast(text: string | undefined): boolean {
  return text?.includes('"forecast":') === true;
}

async function showNow(context: ServerContext, runId: string, progress: unknown): Promise<void> {
  const run = await findRun(context.store.db, runId);
  if (run?.state !== "running" || run.check_run_id === null) return;
  await context.github.updateCheckRun(triggerOf(run).repository, run.check_run_id, {
    draft: progressDraft(progressSchema.parse(progress)),
    detailsUrl: context.detailsUrl(runId),
  });
}
