// The migrations, in order, in code: the published package needs no migration files beside it.
// SQL stays within what PostgreSQL 14 to 18 and PGlite share. A migration is never changed after a
// release; a new one is added below.
import { type Kysely, sql } from "kysely";
import type { Migration, MigrationProvider } from "kysely/migration";

const first: Migration = {
  up: async (db: Kysely<unknown>) => {
    await db.schema
      .createTable("deliveries")
      .addColumn("id", "text", (column) => column.primaryKey())
      .addColumn("event", "text", (column) => column.notNull())
      .addColumn("payload", "jsonb")
      .addColumn("state", "text", (column) => column.notNull())
      .addColumn("note", "text")
      .addColumn("received_at", "timestamptz", (column) => column.notNull().defaultTo(sql`now()`))
      .execute();
    await db.schema
      .createTable("runs")
      .addColumn("id", "uuid", (column) => column.primaryKey())
      .addColumn("repository", "text", (column) => column.notNull())
      .addColumn("pull_request", "integer", (column) => column.notNull())
      .addColumn("head_sha", "text", (column) => column.notNull())
      .addColumn("attempt", "integer", (column) => column.notNull())
      .addColumn("trigger", "jsonb", (column) => column.notNull())
      .addColumn("state", "text", (column) => column.notNull())
      .addColumn("plan", "jsonb")
      .addColumn("check_run_id", "int8")
      .addColumn("superseded_by", "uuid")
      .addColumn("lease", "uuid")
      .addColumn("lease_expires_at", "timestamptz")
      .addColumn("runner", "text")
      .addColumn("claims", "integer", (column) => column.notNull().defaultTo(0))
      .addColumn("progress", "jsonb")
      .addColumn("evidence_digest", "text")
      .addColumn("report_digest", "text")
      .addColumn("page_digest", "text")
      .addColumn("draft", "jsonb")
      .addColumn("conclusion", "text")
      .addColumn("title", "text")
      .addColumn("created_at", "timestamptz", (column) => column.notNull().defaultTo(sql`now()`))
      .addColumn("planned_at", "timestamptz")
      .addColumn("claimed_at", "timestamptz")
      .addColumn("collected_at", "timestamptz")
      .addColumn("completed_at", "timestamptz")
      .addUniqueConstraint("runs_attempt", ["repository", "head_sha", "attempt"])
      .execute();
    await db.schema
      .createIndex("runs_unfinished")
      .on("runs")
      .column("created_at")
      .where(sql.ref("state"), "<>", sql.lit("completed"))
      .execute();
    await db.schema.createIndex("runs_created").on("runs").column("created_at").execute();
    await db.schema
      .createIndex("runs_pull_request")
      .on("runs")
      .columns(["repository", "pull_request"])
      .execute();
  },
};

const history: Migration = {
  up: async (db: Kysely<unknown>) => {
    await db.schema
      .createTable("main_values")
      .addColumn("run_id", "uuid", (column) => column.notNull())
      .addColumn("repository", "text", (column) => column.notNull())
      .addColumn("machine", "text", (column) => column.notNull())
      .addColumn("cell", "text", (column) => column.notNull())
      .addColumn("package", "text", (column) => column.notNull())
      .addColumn("name", "text", (column) => column.notNull())
      .addColumn("commit_sha", "text", (column) => column.notNull())
      .addColumn("measured_at", "timestamptz", (column) => column.notNull())
      .addColumn("metrics", "jsonb", (column) => column.notNull())
      .addPrimaryKeyConstraint("main_values_key", ["run_id", "cell", "package", "name"])
      .execute();
    await db.schema
      .createIndex("main_values_series")
      .on("main_values")
      .columns(["repository", "machine", "cell", "package", "name", "measured_at"])
      .execute();
    await db.schema
      .createTable("releases")
      .addColumn("repository", "text", (column) => column.notNull())
      .addColumn("name", "text", (column) => column.notNull())
      .addColumn("released_at", "timestamptz", (column) => column.notNull())
      .addPrimaryKeyConstraint("releases_key", ["repository", "name"])
      .execute();
    await db.schema
      .createTable("misfires")
      .addColumn("run_id", "uuid", (column) => column.notNull())
      .addColumn("repository", "text", (column) => column.notNull())
      .addColumn("cell", "text", (column) => column.notNull())
      .addColumn("package", "text", (column) => column.notNull())
      .addColumn("name", "text", (column) => column.notNull())
      .addColumn("misfired_at", "timestamptz", (column) => column.notNull())
      .addPrimaryKeyConstraint("misfires_key", ["run_id", "cell", "package", "name"])
      .execute();
    await db.schema
      .createIndex("misfires_repository")
      .on("misfires")
      .columns(["repository", "misfired_at"])
      .execute();
  },
};

const conversations: Migration = {
  up: async (db: Kysely<unknown>) => {
    await db.schema.alterTable("runs").addColumn("conversation", "jsonb").execute();
    await db.schema
      .createTable("pull_requests")
      .addColumn("repository", "text", (column) => column.notNull())
      .addColumn("number", "integer", (column) => column.notNull())
      .addColumn("comment_id", "int8")
      .addColumn("regressed", "jsonb", (column) => column.notNull())
      .addColumn("remarked", "jsonb", (column) => column.notNull())
      .addColumn("told_run", "uuid")
      .addPrimaryKeyConstraint("pull_requests_key", ["repository", "number"])
      .execute();
  },
};

const requests: Migration = {
  up: async (db: Kysely<unknown>) => {
    await db.schema
      .alterTable("runs")
      .addColumn("purpose", "text", (column) => column.notNull().defaultTo("gate"))
      .execute();
    await db.schema
      .createTable("requests")
      .addColumn("id", "text", (column) => column.primaryKey())
      .addColumn("repository", "text", (column) => column.notNull())
      .addColumn("pull_request", "integer")
      .addColumn("request", "jsonb", (column) => column.notNull())
      .addColumn("state", "text", (column) => column.notNull())
      .addColumn("answer", "jsonb")
      .addColumn("created_at", "timestamptz", (column) => column.notNull().defaultTo(sql`now()`))
      .execute();
    await db.schema
      .createIndex("requests_pull_request")
      .on("requests")
      .columns(["repository", "pull_request", "created_at"])
      .execute();
    await db.schema
      .createTable("waivers")
      .addColumn("repository", "text", (column) => column.notNull())
      .addColumn("pull_request", "integer", (column) => column.notNull())
      .addColumn("benchmark", "text", (column) => column.notNull())
      .addColumn("package", "text", (column) => column.notNull())
      .addColumn("metric", "text", (column) => column.notNull())
      .addColumn("author", "text", (column) => column.notNull())
      .addColumn("reason", "text", (column) => column.notNull())
      .addColumn("until_day", "text", (column) => column.notNull())
      .addColumn("limit_change", "float8")
      .addColumn("head_sha", "text", (column) => column.notNull())
      .addPrimaryKeyConstraint("waivers_key", [
        "repository",
        "pull_request",
        "benchmark",
        "package",
        "metric",
      ])
      .execute();
  },
};

const configurations: Migration = {
  up: async (db: Kysely<unknown>) => {
    await db.schema.alterTable("runs").addColumn("configuration", "jsonb").execute();
  },
};

const repositories: Migration = {
  up: async (db: Kysely<unknown>) => {
    await db.schema
      .createTable("repositories")
      .addColumn("id", "int8", (column) => column.primaryKey())
      .addColumn("name", "text", (column) => column.notNull().unique())
      // As text, so that it reads back as it was written.
      .addColumn("ref", "json", (column) => column.notNull())
      .addColumn("told_at", "timestamptz")
      .execute();
  },
};

export const migrations: MigrationProvider = {
  getMigrations: async () => ({
    "0001-first": first,
    "0002-conversations": conversations,
    "0003-history": history,
    "0004-requests": requests,
    "0005-configurations": configurations,
    "0006-repositories": repositories,
  }),
};
