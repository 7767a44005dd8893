// PostgreSQL by DATABASE_URL: pg's pool, with the types of the embedded database, and a lock that
// keeps a second server away for as long as this one lives.

import { setTimeout as pause } from "node:timers/promises";
import type { PostgresPool, PostgresPoolClient } from "kysely";
import pg from "pg";
import { UserError } from "../errors.ts";
import { safeInteger } from "./safe-integer.ts";
import { assertOutsideTransaction } from "./transaction-guard.ts";

/** "TGRD" as a number: the advisory lock's key within the database. */
const LOCK_KEY = 0x54475244;

/** A killed server's session may outlive it for a moment; a living one holds on. */
const LOCK_PATIENCE_MS = 10_000;

const types: pg.CustomTypesConfig = {
  getTypeParser: ((oid: number, format?: "text" | "binary") =>
    oid === pg.types.builtins.INT8
      ? safeInteger
      : pg.types.getTypeParser(oid, format as "text")) as pg.CustomTypesConfig["getTypeParser"],
};

export type PostgresDatabase = {
  /** For Kysely, which ends it. */
  readonly pool: PostgresPool;
  /** Frees the lock; after the pool has ended. */
  unlock(): Promise<void>;
};

/** Connects and takes the lock; throws UserError when another server holds it. */
export async function openPostgres(
  connectionString: string,
  onLost: (error: Error) => void,
): Promise<PostgresDatabase> {
  const lock = await takeLock(connectionString, onLost);
  const pool = new pg.Pool({ connectionString, types, max: 8 });
  // An idle connection that breaks is replaced at the next use; unheard, the event would end us.
  pool.on("error", () => {});
  return {
    pool: {
      connect: async () => {
        assertOutsideTransaction();
        return (await pool.connect()) as unknown as PostgresPoolClient;
      },
      end: () => pool.end(),
      options: pool.options,
    },
    unlock: lock.release,
  };
}

async function takeLock(connectionString: string, onLost: (error: Error) => void) {
  const client = new pg.Client({ connectionString, keepAlive: true });
  let releasing = false;
  client.on("error", (cause) => {
    if (!releasing)
      onLost(new Error("the connection that holds the server's lock broke", { cause }));
  });
  try {
    await client.connect();
  } catch (cause) {
    throw new UserError("TG_SETTINGS", "The database of DATABASE_URL cannot be reached.", {
      hint: "Check that PostgreSQL runs there and that the user, password and database exist.",
      cause,
    });
  }
  // So that the lock of a host that vanished is freed within half a minute.
  await client.query(
    "set tcp_keepalives_idle = 10; set tcp_keepalives_interval = 5; set tcp_keepalives_count = 3",
  );
  for (let waitedMs = 0; ; waitedMs += 200) {
    const { rows } = await client.query<{ taken: boolean }>(
      "select pg_try_advisory_lock($1) as taken",
      [LOCK_KEY],
    );
    if (rows[0]?.taken === true) break;
    if (waitedMs >= LOCK_PATIENCE_MS) {
      releasing = true;
      await client.end();
      throw new UserError(
        "TG_DATA_DIRECTORY_BUSY",
        "Another Tailguard server uses this database.",
        {
          hint: "Stop that server first, or give this one a database of its own in DATABASE_URL.",
        },
      );
    }
    await pause(200);
  }
  return {
    release: async () => {
      releasing = true;
      await client.end();
    },
  };
}
