// The queue: pg-boss on the store's own database, on one machine and on many.
//
// What pg-boss does here: keep a job with the row it follows from in one transaction, hand it out
// once, try again with growing pauses. What it does not do: decide anything. A run's row is the
// truth, every step looks at the row first, and all jobs can be thrown away and made again from
// the rows; `rebuild` does just that at start, because one server uses a database, so whatever
// was active died with it.
//
// Failures: only a TransientError is tried again. Anything else, and the last attempt, goes to
// `giveUp` once, so that no job ends without somebody being told.
import { fromKysely, type JobWithMetadata, type KyselyTransactionLike, PgBoss } from "pg-boss";
import { TransientError } from "../errors.ts";

/** How the queue reaches its database; the store gives this. */
export type JobDatabase = {
  /** Throws inside a transaction of the store. */
  assertOutsideTransaction(): void;
} & (
  | {
      readonly kind: "embedded";
      executeSql(sql: string, parameters?: readonly unknown[]): Promise<{ rows: unknown[] }>;
    }
  | { readonly kind: "postgres"; readonly connectionString: string }
);

/** Jobs by name; their value is the id of the row they are about. */
export const JOB_NAMES = ["delivery", "request", "plan", "analyze", "publish"] as const;
export type JobName = (typeof JOB_NAMES)[number];

export type Work = {
  /** Jobs of this name at work at the same time. */
  readonly concurrency: number;
  run(id: string): Promise<void>;
  /** Called with the error once the job will not be tried again; may throw to be tried again. */
  giveUp(id: string, error: unknown): Promise<void>;
};

export type Queue = {
  /**
   * Adds a job, or one for each id in one statement; inside a transaction `tx` is required, and the
   * jobs exist only if it commits.
   */
  send(name: JobName, ids: string | readonly string[], tx?: KyselyTransactionLike): Promise<void>;
  /** Makes the workers of `name` look now; call after the commit, or they look within 2 s. */
  wake(name: JobName): void;
  /** Deletes every job, whatever its state: the caller sends them again from its rows. */
  clear(): Promise<void>;
  work(name: JobName, work: Work): Promise<void>;
  /** Lets jobs at work end, at most `timeoutMs`. */
  stop(timeoutMs: number): Promise<void>;
};

/** How often a transient failure is tried again: about 2 s, 4 s, … up to 5 minutes apart. */
export const RETRY = { limit: 12, firstDelaySeconds: 2, longestDelaySeconds: 300 };

export type QueueOptions = {
  readonly database: JobDatabase;
  /** Errors of the queue's own machinery: lost connections, failed maintenance. */
  onError(error: Error): void;
  readonly retry?: typeof RETRY;
};

/** Starts pg-boss, making its tables on the first start. */
export async function openQueue(options: QueueOptions): Promise<Queue> {
  const boss = createBoss(options.database);
  boss.on("error", options.onError);
  await boss.start();
  const retry = options.retry ?? RETRY;
  for (const name of JOB_NAMES) {
    const policy = {
      retryLimit: retry.limit,
      retryDelay: retry.firstDelaySeconds,
      retryBackoff: retry.firstDelaySeconds > 0,
      ...(retry.firstDelaySeconds > 0 ? { retryDelayMax: retry.longestDelaySeconds } : {}),
      // Longer than any step; a step that exceeds it is started again beside itself, which the
      // rows forgive.
      expireInSeconds: 1800,
      deleteAfterSeconds: 86_400,
    };
    await boss.createQueue(name, policy);
    await boss.updateQueue(name, policy);
  }
  const workers = new Map<JobName, string>();
  const wake = (name: JobName) => {
    const worker = workers.get(name);
    if (worker !== undefined) boss.notifyWorker(worker);
  };
  return {
    send: async (name, ids, tx) => {
      if (tx === undefined) options.database.assertOutsideTransaction();
      const jobs = [ids].flat().map((id) => ({ data: { id } }));
      if (jobs.length === 0) return;
      await boss.insert(name, jobs, tx === undefined ? {} : { db: fromKysely(tx) });
    },
    wake,
    clear: async () => {
      for (const name of JOB_NAMES) await boss.deleteAllJobs(name);
    },
    work: async (name, work) => {
      const worker = await boss.work(
        name,
        { pollingIntervalSeconds: 2, localConcurrency: work.concurrency, includeMetadata: true },
        async (jobs: JobWithMetadata<{ id: string }>[]) => {
          for (const job of jobs) await carryOut(job, work);
          // A worker takes one job per poll; a backlog must not wait for polls.
          wake(name);
        },
      );
      workers.set(name, worker);
    },
    stop: (timeoutMs) => boss.stop({ graceful: true, timeout: timeoutMs, close: true }),
  };
}

function createBoss(database: JobDatabase): PgBoss {
  // No cron (nothing is scheduled by it) and no registry of instances (there is one).
  const common = { schema: "queue", schedule: false, registerInstance: false } as const;
  if (database.kind === "postgres")
    return new PgBoss({ ...common, connectionString: database.connectionString, max: 4 });
  const { executeSql } = database;
  return new PgBoss({
    ...common,
    backend: "pglite",
    db: { executeSql: (text, values) => executeSql(text, values) },
  });
}

async function carryOut(job: JobWithMetadata<{ id: string }>, work: Work): Promise<void> {
  try {
    await work.run(job.data.id);
  } catch (error) {
    if (error instanceof TransientError && job.retryCount < job.retryLimit) throw error;
    await work.giveUp(job.data.id, error);
  }
}
