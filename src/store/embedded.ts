// The embedded database seen from the main thread: a pool of exactly one connection.
//
// It has the shape of pg's pool, so that Kysely's own PostgreSQL dialect drives both databases
// with the same SQL. One connection is handed out at a time, first come, first served; whoever
// holds it may open a transaction, and nobody else's statement can slip into it. (Two drivers
// beside each other on one PGlite did exactly that: a job was rolled back with a stranger's
// transaction.)
import assert from "node:assert/strict";
import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";
import { Worker } from "node:worker_threads";
import type { EmbeddedReply, EmbeddedRequest, Unnumbered } from "./embedded-protocol.ts";
import { assertOutsideTransaction } from "./transaction-guard.ts";

type Rows = {
  readonly rows: Record<string, unknown>[];
  readonly rowCount: number;
  /** The statement's first word in capitals: Kysely counts rows of UPDATE, INSERT and DELETE. */
  readonly command: string;
};

/** One statement at a time; `release` gives the connection to whoever waits longest. */
export type EmbeddedConnection = {
  query(sql: string, parameters?: readonly unknown[]): Promise<Rows>;
  release(): void;
};

/** The embedded database; `connect` waits for the connection. */
export type EmbeddedDatabase = {
  connect(): Promise<EmbeddedConnection>;
  /** For pg-boss: parameters or several statements, any open transaction rolled back on error. */
  executeSql(sql: string, parameters?: readonly unknown[]): Promise<{ rows: unknown[] }>;
  /** A gzip file of the data directory, as PGlite's `loadDataDir` takes it. */
  dump(): Promise<Uint8Array>;
  /** Waits for the statement at work, then closes the files. Idempotent. */
  end(): Promise<void>;
  readonly options: object;
};

type Ask = (request: Unnumbered<EmbeddedRequest>) => Promise<EmbeddedReply>;

/**
 * Opens the database in `directory`, making it on the first start (about 5 s). The caller holds
 * the directory's lock. `onLost` is called once if the thread dies by itself.
 */
export async function openEmbedded(
  directory: string,
  onLost: (error: Error) => void,
): Promise<EmbeddedDatabase> {
  const { ask, stop } = startThread(directory, onLost);
  const takeTurn = createTurns();
  await ask({ kind: "exec", sql: "select 1" });
  let ended: Promise<void> | undefined;
  const database: EmbeddedDatabase = {
    options: {},
    connect: async () => {
      assertOutsideTransaction();
      const release = await takeTurn();
      return connection(ask, release);
    },
    executeSql: async (sql, parameters) => {
      assertOutsideTransaction();
      const release = await takeTurn();
      try {
        return await runJobSql(ask, sql, parameters ?? []);
      } finally {
        release();
      }
    },
    dump: async () => {
      const release = await takeTurn();
      try {
        const reply = await ask({ kind: "dump" });
        assert(reply.kind === "dumped");
        return reply.bytes;
      } finally {
        release();
      }
    },
    end: () => {
      ended ??= takeTurn().then(stop);
      return ended;
    },
  };
  return database;
}

async function runJobSql(ask: Ask, sql: string, parameters: readonly unknown[]) {
  try {
    const reply =
      parameters.length > 0
        ? await ask({ kind: "query", sql, parameters, int8: "driver" })
        : await ask({ kind: "exec", sql });
    assert(reply.kind === "rows");
    return { rows: [...reply.rows] };
  } catch (error) {
    // pg-boss expects a fresh connection after an error; a failed block would poison this one.
    await ask({ kind: "exec", sql: "rollback" });
    throw error;
  }
}

function connection(ask: Ask, release: () => void): EmbeddedConnection {
  let inTransaction = false;
  let aborted = false;
  let released = false;
  return {
    query: async (sql, parameters = []) => {
      assert(!released, "a connection was used after its release");
      const command = /^\s*([a-z]+)/i.exec(sql)?.[1]?.toUpperCase() ?? "";
      if (command === "COMMIT" && aborted) {
        // PostgreSQL answers COMMIT of an aborted transaction with a quiet ROLLBACK.
        await ask({ kind: "exec", sql: "rollback" });
        inTransaction = aborted = false;
        throw new Error("the transaction was rolled back: one of its statements had failed");
      }
      try {
        const reply = await ask({ kind: "query", sql, parameters, int8: "numbers" });
        assert(reply.kind === "rows");
        if (command === "BEGIN" || command === "START") inTransaction = true;
        if (command === "COMMIT" || command === "ROLLBACK") inTransaction = aborted = false;
        return { rows: [...reply.rows], rowCount: reply.affectedRows, command };
      } catch (error) {
        aborted = inTransaction;
        throw error;
      }
    },
    release: () => {
      assert(!released, "a connection was released twice");
      assert(!inTransaction, "a connection was released with an open transaction");
      released = true;
      release();
    },
  };
}

/** First come, first served: resolves with the function that ends the turn. */
function createTurns(): () => Promise<() => void> {
  let last = Promise.resolve();
  return () => {
    const before = last;
    let end = () => {};
    last = new Promise((resolve) => {
      end = resolve;
    });
    return before.then(() => end);
  };
}

function startThread(directory: string, onLost: (error: Error) => void) {
  const pending = new Map<
    number,
    { resolve(reply: EmbeddedReply): void; reject(e: Error): void }
  >();
  let lost: Error | undefined;
  let closing = false;
  let lastId = 0;
  const thread = startWorker(directory);
  const lose = (error: Error) => {
    if (lost !== undefined || closing) return;
    lost = error;
    for (const { reject } of pending.values()) reject(error);
    pending.clear();
    onLost(error);
  };
  thread.on("message", (reply: EmbeddedReply) => {
    const waiting = pending.get(reply.id);
    pending.delete(reply.id);
    if (reply.kind !== "failed") waiting?.resolve(reply);
    else waiting?.reject(Object.assign(new Error(reply.message), reply.fields));
  });
  thread.on("error", (cause) => lose(new Error("the database thread failed", { cause })));
  thread.on("exit", (code) => lose(new Error(`the database thread ended with code ${code}`)));
  const ask: Ask = (request) =>
    new Promise((resolve, reject) => {
      if (lost !== undefined || closing) return reject(lost ?? new Error("the database is closed"));
      const id = ++lastId;
      pending.set(id, { resolve, reject });
      thread.postMessage({ ...request, id });
    });
  const stop = async () => {
    const closed = ask({ kind: "close" });
    closing = true;
    await closed;
    await thread.terminate();
  };
  return { ask, stop };
}

/** From the sources the thread's file is TypeScript, which Node 20 reads only through tsx. */
function startWorker(directory: string): Worker {
  const isSource = import.meta.url.endsWith(".ts");
  const file = new URL(isSource ? "./embedded-thread.ts" : "./embedded-thread.js", import.meta.url);
  // Nothing of the server's environment is the database's business, secrets least of all.
  const options = { workerData: { directory }, env: {} };
  if (!isSource) return new Worker(file, options);
  // `--import tsx` does nothing inside a thread on Node 20, so the loader is registered by hand.
  // require.resolve finds tsx's CommonJS twin, which cannot register itself; the module is beside it.
  const twin = createRequire(import.meta.url).resolve("tsx/esm/api");
  const loader = new URL("./index.mjs", pathToFileURL(twin));
  const start = `import(${JSON.stringify(loader.href)}).then(({ register }) => {
    register();
    return import(${JSON.stringify(file.href)});
  })`;
  return new Worker(start, { ...options, eval: true });
}
