// Explaining: everything the last report of the pull request holds of one benchmark.
import { matchesBenchmark } from "../../plan/glob.ts";
import { explainAnswer, noSuchBenchmark, SHORT_ANSWERS } from "../../report/answers.ts";
import { runsOfPullRequest } from "../../store/runs.ts";
import { type Decision, declines, type RequestTrigger, says } from "./answer.ts";
import { nameOf } from "./begin-runs.ts";
import type { ServerContext } from "./context.ts";
import { reportOf } from "./last-result.ts";

export async function decideExplain(
  context: ServerContext,
  request: RequestTrigger,
  name: string,
): Promise<Decision> {
  const { by, repository } = request;
  if (by.kind !== "comment") return says(request, { reaction: "confused" });
  const key = { repository: nameOf(repository), pullRequest: by.pullRequest };
  const runs = await runsOfPullRequest(context.store.db, key, ["gate", "asked"]);
  const run = runs.find(({ report_digest: digest }) => digest !== null);
  if (run === undefined) return declines(request, SHORT_ANSWERS.noResult);
  const report = await reportOf(context, run);
  if (report === undefined) return declines(request, SHORT_ANSWERS.tooLarge);
  const benchmarks = report.benchmarks.filter((at) => matchesBenchmark(name, at.name));
  if (benchmarks.length === 0) return declines(request, noSuchBenchmark(name, report));
  const { templates } = context;
  const detailsUrl = context.detailsUrl(run.id);
  const body = explainAnswer({ report, benchmarks, templates, detailsUrl });
  return says(request, { reaction: "+1", body });
}
