// The history of main as rows: what pushes measured, what was released, which benchmarks misfired.
import { sql } from "kysely";
import type { Database } from "./open-store.ts";

/** A benchmark of a repository in its cell. */
type BenchmarkKey = { readonly cell: string; readonly package: string; readonly name: string };

export type MainValue = BenchmarkKey & { readonly metrics: unknown };

export type MainRun = {
  readonly runId: string;
  readonly repository: string;
  readonly machine: string;
  readonly commitSha: string;
  readonly measuredAt: Date;
};

/** Rows of one statement: each has nine parameters, and PostgreSQL takes 65,535. */
const ROWS_AT_ONCE = 1000;
/** Nobody looks back further, and the table must not grow for ever. */
const KEPT_DAYS = 730;

/** Keeps what a push to main measured; repeating it changes nothing. */
export async function addMainValues(
  tx: Database,
  run: MainRun,
  values: readonly MainValue[],
): Promise<void> {
  const rows = values.map((value) => ({
    run_id: run.runId,
    repository: run.repository,
    machine: run.machine,
    cell: value.cell,
    package: value.package,
    name: value.name,
    commit_sha: run.commitSha,
    measured_at: run.measuredAt,
    metrics: JSON.stringify(value.metrics),
  }));
  for (let from = 0; from < rows.length; from += ROWS_AT_ONCE) {
    await tx
      .insertInto("main_values")
      .values(rows.slice(from, from + ROWS_AT_ONCE))
      .onConflict((conflict) => conflict.doNothing())
      .execute();
  }
  await tx
    .deleteFrom("main_values")
    .where("repository", "=", run.repository)
    .where("measured_at", "<", sql<Date>`now() - make_interval(days => ${KEPT_DAYS})`)
    .execute();
}

/** The newest `limit` rows of each benchmark of `names` on a machine, oldest first. */
export async function mainValues(
  db: Database,
  of: {
    readonly repository: string;
    readonly machine: string;
    readonly names: readonly string[];
    readonly limit: number;
  },
) {
  if (of.names.length === 0) return [];
  const ranked = db
    .selectFrom("main_values")
    .select(["cell", "package", "name", "commit_sha", "measured_at", "metrics"])
    .select(
      sql<string>`row_number() over (partition by cell, package, name order by measured_at desc)`.as(
        "rank",
      ),
    )
    .where("repository", "=", of.repository)
    .where("machine", "=", of.machine)
    .where(
      sql<boolean>`name = any(array(select jsonb_array_elements_text(${JSON.stringify(of.names)}::jsonb)))`,
    );
  return db
    .selectFrom(ranked.as("ranked"))
    .select(["cell", "package", "name", "commit_sha", "measured_at", "metrics"])
    .where("rank", "<=", String(of.limit))
    .orderBy("cell")
    .orderBy("package")
    .orderBy("name")
    .orderBy("measured_at")
    .execute();
}

/** Notes that a version was tagged; a tag that moved counts from its newest push. */
export async function addRelease(
  tx: Database,
  release: { readonly repository: string; readonly name: string; readonly at: string },
): Promise<void> {
  await tx
    .insertInto("releases")
    .values({ repository: release.repository, name: release.name, released_at: release.at })
    .onConflict((conflict) =>
      conflict.columns(["repository", "name"]).doUpdateSet({ released_at: release.at }),
    )
    .execute();
}

/** The newest release of a repository. */
export async function lastRelease(
  db: Database,
  repository: string,
): Promise<{ readonly name: string; readonly at: Date } | undefined> {
  const row = await db
    .selectFrom("releases")
    .selectAll()
    .where("repository", "=", repository)
    .orderBy("released_at", "desc")
    .limit(1)
    .executeTakeFirst();
  return row && { name: row.name, at: row.released_at };
}

/** Notes benchmarks that moved although nothing they can reach had changed. */
export async function addMisfires(
  tx: Database,
  run: { readonly runId: string; readonly repository: string; readonly at: Date },
  benchmarks: readonly BenchmarkKey[],
): Promise<void> {
  if (benchmarks.length === 0) return;
  await tx
    .insertInto("misfires")
    .values(
      benchmarks.slice(0, ROWS_AT_ONCE).map(({ cell, package: importPath, name }) => ({
        run_id: run.runId,
        repository: run.repository,
        cell,
        package: importPath,
        name,
        misfired_at: run.at,
      })),
    )
    .onConflict((conflict) => conflict.doNothing())
    .execute();
}

/** The newest misfire of each benchmark of a repository. */
export async function lastMisfires(
  db: Database,
  repository: string,
): Promise<readonly (BenchmarkKey & { readonly at: Date })[]> {
  return db
    .selectFrom("misfires")
    .select(["cell", "package", "name"])
    .select((select) => select.fn.max("misfired_at").as("at"))
    .where("repository", "=", repository)
    .groupBy(["cell", "package", "name"])
    .execute();
}
