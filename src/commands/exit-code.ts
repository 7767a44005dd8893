// What a report means for a script: the exit code of compare, report and policy test.
import type { Report } from "../report/report-schema.ts";

/** 0 nothing blocks, 1 a regression or a rule does, 2 the caller must fix something, 3 no answer. */
export type ExitCode = 0 | 1 | 2 | 3;

/** As much of a report as the exit code stands on. */
type Ending = {
  readonly conclusion: Report["conclusion"];
  readonly outcome: Pick<Report["outcome"], "kind">;
  readonly benchmarks: readonly { readonly status: string }[];
  /** Rules of the team about the run as a whole that hold it. */
  readonly policy?: { readonly held: readonly unknown[] } | undefined;
};

/** Exit codes as docs and `--help` promise them. */
export function exitCodeOf(report: Ending): ExitCode {
  if (report.conclusion === "failure") return 1;
  switch (report.outcome.kind) {
    case "build-failed":
      return 2;
    case "could-not-measure":
      return 3;
    case "nothing-to-measure":
      return 0;
    case "collected":
      if ((report.policy?.held.length ?? 0) > 0) return 1;
      return isMeasured(report) ? 0 : 3;
  }
}

/** Nothing measured although something should have been: every benchmark failed, or no time. */
function isMeasured(report: Ending): boolean {
  const wanted = report.benchmarks.filter((at) =>
    ["measured", "failed", "not-measured"].includes(at.status),
  );
  return wanted.length === 0 || wanted.some((at) => at.status === "measured");
}
