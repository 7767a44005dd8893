// Regressions that were accepted by a command. They belong to one pull request: what it is merged
// into accepts nothing by that, its configuration does.
import type { Database } from "./open-store.ts";
import type { WaiverRow } from "./schema.ts";

/** Adds the waiver; one for the same metric of the same benchmark is replaced. */
export async function addWaiver(tx: Database, waiver: WaiverRow): Promise<void> {
  const { author, reason, until_day, limit_change, head_sha } = waiver;
  await tx
    .insertInto("waivers")
    .values(waiver)
    .onConflict((conflict) =>
      conflict
        .columns(["repository", "pull_request", "benchmark", "package", "metric"])
        .doUpdateSet({ author, reason, until_day, limit_change, head_sha }),
    )
    .execute();
}

export async function waiversOf(
  db: Database,
  pullRequest: { readonly repository: string; readonly number: number },
): Promise<WaiverRow[]> {
  return db
    .selectFrom("waivers")
    .selectAll()
    .where("repository", "=", pullRequest.repository)
    .where("pull_request", "=", pullRequest.number)
    .orderBy("package")
    .orderBy("benchmark")
    .orderBy("metric")
    .execute();
}
