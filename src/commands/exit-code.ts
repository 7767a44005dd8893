// What a report means for a script: the exit code of compare and report.
import type { Report } from "../report/report-schema.ts";

/** 0 no blocking regression, 1 one, 2 the caller must fix something, 3 could not measure. */
export type ExitCode = 0 | 1 | 2 | 3;

/** Exit codes as docs and `--help` promise them. */
export function exitCodeOf(report: Report): ExitCode {
  if (report.conclusion === "failure") return 1;
  switch (report.outcome.kind) {
    case "build-failed":
      return 2;
    case "could-not-measure":
      return 3;
    case "nothing-to-measure":
      return 0;
    case "collected":
      return isMeasured(report) ? 0 : 3;
  }
}

/** Nothing measured although something should have been: every benchmark failed, or no time. */
function isMeasured(report: Report): boolean {
  const wanted = report.benchmarks.filter((at) =>
    ["measured", "failed", "not-measured"].includes(at.status),
  );
  return wanted.length === 0 || wanted.some((at) => at.status === "measured");
}
