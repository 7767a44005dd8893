// What every step of a run can reach, and the two promises the steps rely on:
// jobs sent in a transaction wake their workers after its commit, and one run has one step at a time.
import type { Transaction } from "kysely";
import type { Logger } from "pino";
import type { GitHubClient } from "../../github/client.ts";
import type { JobName, Queue } from "../../queue/open-queue.ts";
import type { CommentMode } from "../../report/conversation-moves.ts";
import type { TemplateTexts } from "../../report/template-engine.ts";
import type { Blobs } from "../../store/blobs.ts";
import type { Store } from "../../store/open-store.ts";
import type { Run, Tables } from "../../store/schema.ts";
import type { Trigger } from "../../webhook/trigger.ts";
import { type Bell, createBell } from "./bell.ts";
import { createTurns } from "./turns.ts";

export type MeasureTrigger = Extract<Trigger, { kind: "measure" }>;

/** Adds a job, or one for each id, in the transaction it is called in. */
export type Send = (name: JobName, ids: string | readonly string[]) => Promise<void>;

export type ServerContext = {
  readonly store: Store;
  readonly queue: Queue;
  readonly blobs: Blobs;
  readonly github: GitHubClient;
  readonly log: Logger;
  /** Temporary folders; emptied at start. */
  readonly temporaryDir: string;
  /** calibration.json of a repository, as OWNER+NAME.json in lower case, where there is one. */
  readonly calibrationsDir: string;
  readonly budgetSeconds: number;
  /** The most that a repository's configuration may name. */
  readonly maxBudgetSeconds: number;
  /** When the conversation of a pull request gets a comment. */
  readonly comments: CommentMode;
  readonly templates: TemplateTexts;
  /** What is not measured by itself. */
  readonly leavesOut: { readonly drafts: boolean; readonly bots: boolean };
  /** The page of a run, for links from GitHub. */
  detailsUrl(runId: string): string;
  /** One transaction with its jobs; their workers look after the commit. */
  transact<T>(work: (tx: Transaction<Tables>, send: Send) => Promise<T>): Promise<T>;
  /** Works of one key follow each other; of a run's id: progress never comes after the conclusion. */
  exclusively<T>(key: string, work: () => Promise<T>): Promise<T>;
  /** Rings when a run may have become ready. */
  readonly ready: Bell;
};

/** The context; what is left out here is made here. */
export function createContext(
  parts: Omit<ServerContext, "transact" | "exclusively" | "ready">,
): ServerContext {
  const { store, queue } = parts;
  return {
    ...parts,
    ready: createBell(),
    exclusively: createTurns(),
    transact: async (work) => {
      const sent = new Set<JobName>();
      const result = await store.transaction((tx) =>
        work(tx, async (name, ids) => {
          sent.add(name);
          await queue.send(name, ids, tx);
        }),
      );
      for (const name of sent) queue.wake(name);
      return result;
    },
  };
}

/** The trigger a run was made from, as begin-runs.ts wrote it. */
export function triggerOf(run: Run): MeasureTrigger {
  return run.trigger as MeasureTrigger;
}
