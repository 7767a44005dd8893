// The last report of a pull request, for commands that speak of it.
import { type Report, reportSchema } from "../../report/report-schema.ts";
import type { Run } from "../../store/schema.ts";
import type { ServerContext } from "./context.ts";

/** A report of 10,000 benchmarks has 20 MB; reading more than this would hold up other requests. */
const MAX_REPORT_BYTES = 8 * 1024 * 1024;

/** The run's report; undefined when it is too large to be read here. */
export async function reportOf(context: ServerContext, run: Run): Promise<Report | undefined> {
  const digest = run.report_digest ?? "";
  const size = await context.blobs.size(digest);
  if (size === undefined || size > MAX_REPORT_BYTES) return undefined;
  return reportSchema.parse(JSON.parse((await context.blobs.read(digest)).toString("utf8")));
}
