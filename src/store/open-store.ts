// The store: one database under one type, whichever of the two it is.
//
// Kysely's PostgreSQL dialect and the same migrations run on both. `jobs` is what the queue needs
// to live in the same database, so that a row and the job that follows from it are written in one
// transaction.
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { Kysely, PostgresDialect, type PostgresPool, type Transaction } from "kysely";
import { Migrator } from "kysely/migration";
import { lockDirectory } from "./directory-lock.ts";
import { openEmbedded } from "./embedded.ts";
import { migrations } from "./migrations.ts";
import { openPostgres } from "./postgres.ts";
import type { Tables } from "./schema.ts";
import { assertOutsideTransaction, insideTransaction } from "./transaction-guard.ts";

/** Where statements can be run: the store itself, or a transaction of it. */
export type Database = Kysely<Tables>;

/** How the queue reaches the same database. */
export type JobDatabase = {
  /** Throws inside a transaction: a job sent there without `tx` would not be part of it. */
  assertOutsideTransaction(): void;
} & (
  | {
      readonly kind: "embedded";
      executeSql(sql: string, parameters?: readonly unknown[]): Promise<{ rows: unknown[] }>;
    }
  | { readonly kind: "postgres"; readonly connectionString: string }
);

export type Store = {
  readonly db: Database;
  /**
   * Runs `work` in one transaction. Inside it only `tx` may be used: a query on `db`, or a job
   * sent without `tx`, throws an assertion.
   */
  transaction<T>(work: (tx: Transaction<Tables>) => Promise<T>): Promise<T>;
  readonly jobs: JobDatabase;
  /** A gzip copy of the embedded database's directory; undefined on PostgreSQL (use pg_dump). */
  dump(): Promise<Uint8Array | undefined>;
  /** Stop everything that uses the store first. Idempotent. */
  close(): Promise<void>;
};

export type StoreOptions = {
  /** Holds the embedded database and the lock; made where needed. */
  readonly dataDir: string;
  readonly databaseUrl?: string;
  /** The database or its lock was lost: the process must not go on. */
  onLost(error: Error): void;
};

type Opened = {
  readonly pool: PostgresPool;
  readonly jobs: JobDatabase;
  dump(): Promise<Uint8Array | undefined>;
  unlock(): Promise<void>;
};

/** Opens, locks and migrates; throws UserError when another server has it. */
export async function openStore(options: StoreOptions): Promise<Store> {
  const opened = await openDatabase(options);
  const db = new Kysely<Tables>({ dialect: new PostgresDialect({ pool: opened.pool }) });
  const close = async () => {
    await db.destroy();
    await opened.unlock();
  };
  try {
    await migrate(db);
  } catch (error) {
    await close();
    throw error;
  }
  return {
    db,
    transaction: (work) => db.transaction().execute((tx) => insideTransaction(() => work(tx))),
    jobs: opened.jobs,
    dump: opened.dump,
    close,
  };
}

async function openDatabase(options: StoreOptions): Promise<Opened> {
  if (options.databaseUrl !== undefined) {
    const { pool, unlock } = await openPostgres(options.databaseUrl, options.onLost);
    return {
      pool,
      jobs: {
        kind: "postgres",
        connectionString: options.databaseUrl,
        assertOutsideTransaction,
      },
      dump: async () => undefined,
      unlock,
    };
  }
  const lock = await lockDirectory(options.dataDir, { onLost: options.onLost });
  try {
    const directory = join(options.dataDir, "database");
    await mkdir(directory, { recursive: true, mode: 0o700 });
    const embedded = await openEmbedded(directory, options.onLost);
    return {
      pool: embedded as unknown as PostgresPool,
      jobs: { kind: "embedded", executeSql: embedded.executeSql, assertOutsideTransaction },
      dump: embedded.dump,
      unlock: lock.release,
    };
  } catch (error) {
    await lock.release();
    throw error;
  }
}

async function migrate(db: Database): Promise<void> {
  const { error, results } = await new Migrator({ db, provider: migrations }).migrateToLatest();
  if (error === undefined) return;
  const failed = results?.find((result) => result.status === "Error")?.migrationName;
  throw new Error(`migrating the database${failed === undefined ? "" : ` (${failed})`}`, {
    cause: error,
  });
}
